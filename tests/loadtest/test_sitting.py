"""A robot in one room: what it answers, and what it does when."""

from __future__ import annotations

import msgspec

from loadtest.sitting import Build, CheckOut, Part, Pass, Say, Share, Sitting
from signalling import wire

START, END = 600_000, 780_000
ANA = wire.Person(member="m_ana", name="Ana", zone="Europe/Berlin", sessions=3)


def sitting() -> Sitting:
    return Sitting("b1", "m_ada", "Robo Ada", START, END)


def seat(**what: bool) -> wire.Seat:
    return wire.Seat(**{"here": True, "joined": True, "camera": True, "mic": True} | what)


def room(*log: wire.Entry, them: wire.Seat | None = None) -> wire.Room:
    return wire.Room(
        booking="b1",
        pair="p1",
        start_ms=START,
        end_ms=END,
        opens_ms=START - 60_000,
        closes_ms=END + 30_000,
        title="",
        partner=ANA,
        you=seat(),
        them=them or seat(),
        log=list(log),
        break_budget_ms=36_000,
        break_max_ms=300_000,
    )


def seated() -> Sitting:
    one = sitting()
    one.tick(START)
    one.handle(room(), START)
    return one


def lines(deeds: list) -> list[str]:
    return [d.entry.text for d in deeds if isinstance(d, Share) and d.entry.kind == "chat"]


def test_it_does_nothing_before_its_time_and_then_takes_its_seat() -> None:
    one = sitting()
    assert one.tick(START - 60_000) == []
    assert one.tick(START - 1) == [Say(wire.Enter(booking="b1", camera=True, mic=True))]
    assert one.entered


def test_it_greets_the_partner_by_name_and_says_what_it_is() -> None:
    (greeting,) = lines(seated().tick(START))
    assert "Ana" in greeting
    assert "Robo Ada" in greeting
    assert "robot" in greeting


def test_it_keeps_the_greeting_until_somebody_is_there() -> None:
    one = sitting()
    one.tick(START)
    one.handle(room(them=seat(here=False, joined=False)), START)
    assert lines(one.tick(START)) == []
    one.handle(wire.Seats(you=seat(), them=seat()), START)
    assert len(lines(one.tick(START))) == 1


def test_it_writes_tasks_and_ticks_those_it_wrote() -> None:
    one = seated()
    shared = [
        d.entry for now in range(START, END, 1_000) for d in one.tick(now) if isinstance(d, Share)
    ]
    tasks = {e.id for e in shared if e.kind == "task"}
    ticks = {e.ref for e in shared if e.kind == "tick" and e.done}
    assert len(tasks) == 3
    assert ticks == tasks


def test_a_jump_of_the_clock_makes_up_for_everything_in_order() -> None:
    one = seated()
    kinds = [d.entry.kind for d in one.tick(END - 1_000) if isinstance(d, Share)]
    assert kinds.count("task") == kinds.count("tick") == 3
    assert kinds.index("task") < kinds.index("tick")


def test_it_agrees_to_end_together() -> None:
    deeds = seated().handle(wire.Seats(you=seat(), them=seat(wants_end=True)), START)
    assert deeds == [Say(wire.EndTogether())]
    agreed = wire.Seats(you=seat(wants_end=True), them=seat(wants_end=True))
    assert seated().handle(agreed, START) == []


def test_it_answers_the_first_line_only() -> None:
    one = seated()
    said = [wire.Entry(id=m, kind="chat", by="m_ana", at_ms=1, text="Hi") for m in "xxy"]
    assert [len(one.handle(entry, START)) for entry in said] == [1, 0, 0]


def test_after_the_end_it_leaves_and_checks_out_with_its_tasks() -> None:
    one = seated()
    one.tick(END)
    leave, out = one.tick(END + 60_000)
    assert leave == Say(wire.Leave())
    assert isinstance(out, CheckOut)
    assert len(out.tasks) == 3
    assert one.over


def test_a_closed_room_is_checked_out_of_once() -> None:
    one = seated()
    over = wire.Over(reason="closed")
    assert [type(d) for d in one.handle(over, END)] == [CheckOut]
    assert one.handle(over, END) == []
    assert one.tick(END + 60_000) == []


def test_a_refused_seat_ends_it() -> None:
    one = sitting()
    one.tick(START)
    one.handle(wire.Refused(code="not_found", text="", ref="enter"), START)
    assert one.over


def test_before_the_doors_open_it_asks_again_a_moment_later() -> None:
    one = sitting()
    (enter,) = one.tick(START)
    one.handle(wire.Refused(code="too_early", text="", ref="enter"), START)
    assert one.tick(START + 500) == []
    assert one.tick(START + 1_000) == [enter]
    assert not one.over


def test_a_lost_socket_is_followed_by_taking_the_seat_again() -> None:
    assert sitting().resume() == []
    assert seated().resume() == [Say(wire.Enter(booking="b1", camera=True, mic=True))]


def test_connections_are_left_to_the_world() -> None:
    asked = wire.Negotiate(gen=2, path="relay", offer=True, ice_servers=[])
    signal = wire.Signal(gen=2, kind="candidate")
    assert seated().handle(asked, START) == [Build(asked)]
    assert seated().handle(signal, START) == [Pass(signal)]


def test_what_a_robot_cannot_restart_it_asks_to_have_built_anew() -> None:
    asked = wire.Negotiate(gen=2, path="direct", offer=True, ice_servers=[], round=3)
    assert seated().handle(asked, START) == [Say(wire.Failed(gen=2, round=3))]


def test_said_again_after_a_restart_it_is_the_same_entry() -> None:
    first, second = (lines_of(seated()) for _ in range(2))
    assert first == second


def lines_of(one: Sitting) -> list[str]:
    return [d.entry.id for d in one.tick(START + 60_000) if isinstance(d, Share)]


def late(change_from_ms: int) -> wire.PartnerLate:
    return wire.PartnerLate(no_show=False, next_ms=START + 90_000, change_from_ms=change_from_ms)


def alone() -> Sitting:
    one = sitting()
    one.tick(START)
    one.handle(room(them=seat(here=False, joined=False)), START)
    return one


def sought(deeds: list) -> bool:
    return Say(wire.Seek(newcomers=True)) in deeds


def test_it_looks_for_somebody_else_as_soon_as_it_may() -> None:
    one = alone()
    assert one.handle(late(START + 60_000), START + 30_000) == []
    assert not sought(one.tick(START + 59_999))
    assert sought(one.tick(START + 60_000))


def test_it_looks_for_nobody_once_its_partner_came() -> None:
    one = alone()
    one.handle(late(START + 60_000), START + 30_000)
    one.handle(wire.Seats(you=seat(), them=seat()), START + 40_000)
    assert not sought(one.tick(START + 60_000))


def test_it_asks_again_when_it_was_too_early() -> None:
    one = alone()
    refused = wire.Refused(
        code="not_yet", text="", ref="seek", data={"change_from_ms": START + 45_000}
    )
    one.handle(refused, START + 30_000)
    assert sought(one.tick(START + 45_000))


def test_it_says_yes_to_whoever_asks() -> None:
    asked = wire.Asked(newcomer=True, until_ms=START + 15_000)
    assert alone().handle(asked, START) == [Say(wire.Answer(accept=True))]


def test_it_lets_go_of_a_former_partner_and_keeps_its_own_tasks() -> None:
    one = seated()
    one.tick(START + 5_000)
    own = {id: e for id, e in one.desk.entries.items() if e.kind == "task"}
    changed = wire.PartnerChanged(pair="p2", partner=ANA)
    assert one.handle(changed, START + 6_000) == [Part()]
    assert one.desk.entries == own


def test_it_comes_back_to_wait_when_its_partner_went_on_without_it() -> None:
    deeds = alone().handle(wire.Over(reason="replaced"), START + 60_000)
    assert deeds == [Part(), Say(wire.Enter(booking="b1", camera=True, mic=True))]


def test_it_goes_on_into_the_next_session_without_entering_it() -> None:
    one = seated()
    assert any(isinstance(deed, CheckOut) for deed in one.end())
    following = msgspec.structs.replace(
        room(), booking="b2", start_ms=END, end_ms=END + 180_000, carried=True
    )
    after = Sitting.carried(following, "m_ada", "Robo Ada", END)
    deeds = after.tick(END)
    assert after.entered
    assert not any(isinstance(deed, Say) for deed in deeds)
    assert "Ana" in lines(deeds)[0]

"""A robot in one room: what it answers, and what it does when."""

from __future__ import annotations

from loadtest.sitting import Build, CheckOut, Pass, Say, Share, Sitting
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


def test_said_again_after_a_restart_it_is_the_same_entry() -> None:
    first, second = (lines_of(seated()) for _ in range(2))
    assert first == second


def lines_of(one: Sitting) -> list[str]:
    return [d.entry.id for d in one.tick(START + 60_000) if isinstance(d, Share)]

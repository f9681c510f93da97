"""Pages that go from room to room: partners come, go and change, names become known, two go on."""

from __future__ import annotations

import msgspec

from media import control
from scheduler.bookings import Pair, State
from scheduler.events import Cancelled, Matched, Unmatched
from scheduler.rules import DEFAULT
from signalling import wire
from signalling.commands import LookUp, TellWorker
from signalling.events import FoundNext, Told, WorkerSaid, WorkerUp
from tests.signalling.stage import (
    DOORS_OPEN,
    LEGS,
    LENGTH_MIN,
    MINUTE,
    SECOND,
    E,
    Stage,
    T,
    booking,
)

ALONE = booking(state=State.WAITING)
MATCHED = Told(
    "1001-0",
    Matched(
        at_ms=T,
        pair="p9",
        bookings=("b1", "b2"),
        members=("m_ana", "m_ben"),
        start_ms=T,
        length_min=LENGTH_MIN,
    ),
)
BEN_CANCELS = (
    Told(
        "1002-0",
        Cancelled(
            at_ms=T,
            booking="b2",
            member="m_ben",
            start_ms=T,
            length_min=LENGTH_MIN,
            created_ms=0,
            pair="p9",
            partner="m_ana",
        ),
    ),
    Told(
        "1003-0",
        Unmatched(
            at_ms=T, booking="b1", member="m_ana", former="m_ben", start_ms=T, length_min=LENGTH_MIN
        ),
    ),
)


def code_of(stage: Stage, conn: str) -> str:
    (refused,) = stage.told(conn, wire.Refused)
    return str(refused.code)


def test_who_waits_alone_has_a_room_without_a_partner() -> None:
    stage = Stage().hello("ana", "m_ana").enter("ana", ALONE, alone=True)
    (room,) = stage.told("ana", wire.Room)
    assert room.pair == ""
    assert room.partner is None
    assert stage.recorded == []


def test_a_partner_found_while_the_store_is_away_is_introduced_when_it_is_back() -> None:
    stage = Stage().hello("ana", "m_ana").enter("ana", ALONE, alone=True)
    stage.feed(MATCHED).no_answer("ana", away=True)
    stage.told()
    stage.after(SECOND).no_answer("ana", away=True).after(SECOND).answer("ana", booking())
    (introduced,) = stage.told("ana", wire.PartnerChanged)
    assert introduced.partner.name == "Ben"
    stage.after(SECOND)
    assert stage.see(LookUp) == []


def test_a_partner_found_while_waiting_is_introduced() -> None:
    stage = Stage().hello("ana", "m_ana").enter("ana", ALONE, alone=True)
    stage.told()
    stage.feed(MATCHED).answer("ana", booking())
    (introduced,) = stage.told("ana", wire.PartnerChanged)
    assert introduced.partner.name == "Ben"
    assert stage.seen() == ["join"]
    stage.ben_enters()
    assert [m.gen for m in stage.told("ana", wire.Negotiate)] == [1]


def test_tasks_go_along_to_a_new_partner_and_chat_does_not() -> None:
    stage = Stage().both_enter()
    task = wire.Entry(id="a1", kind="task", by="m_ana", at_ms=DOORS_OPEN, text="Thesis")
    chat = wire.Entry(id="a2", kind="chat", by="m_ana", at_ms=DOORS_OPEN, text="Dear Ben")
    stage.say("ana", task, chat)
    stage.told()
    stage.feed(*BEN_CANCELS).answer("ana", ALONE, alone=True)
    assert stage.told("ana", wire.Entry) == [task]


def test_a_partner_who_cancels_is_shown_out_and_the_other_waits_again() -> None:
    stage = Stage().both_enter()
    stage.feed(*BEN_CANCELS)
    assert wire.Over(reason="cancelled") in stage.told("ben")
    stage.answer("ana", ALONE, alone=True)
    (changed,) = stage.told("ana", wire.PartnerChanged)
    assert changed.partner is None
    assert changed.pair == ""


def test_nothing_is_recorded_for_a_dissolved_pair() -> None:
    stage = Stage().both_enter()
    stage.feed(*BEN_CANCELS)
    stage.say("ana", wire.Media(camera=False, mic=False)).lose("ana").after(MINUTE)
    assert stage.seen() == ["join"]


def test_an_answer_that_was_overtaken_is_ignored() -> None:
    stage = Stage().hello("ana", "m_ana")
    stage.say("ana", wire.Enter(booking="b1", camera=True, mic=True))
    first = stage.asks["ana"]
    stage.feed(MATCHED)
    second = stage.asks["ana"]
    stage.asks["ana"] = first
    stage.told()
    stage.answer("ana", ALONE, alone=True)
    assert not stage.told("ana", wire.Room)
    stage.asks["ana"] = second
    stage.answer("ana", booking())
    (room,) = stage.told("ana", wire.Room)
    assert room.pair == "p9"


def test_a_second_tab_of_who_waits_alone_finds_the_pair_and_the_first_is_told() -> None:
    stage = Stage().hello("ana", "m_ana").enter("ana", ALONE, alone=True)
    stage.told()
    stage.feed(MATCHED)
    stage.ana_enters("tablet")
    assert wire.Over(reason="other_tab") in stage.told("ana")
    stage.answer("ana", booking())
    stage.say("ana", wire.Leave())
    assert code_of(stage, "ana") == "not_seated"


# Late partners who are given up for another.

SLOT = {"start_ms": T, "length_min": LENGTH_MIN}
REPLACED = Unmatched(
    at_ms=T, booking="b2", member="m_ben", former="m_ana", pair="p9", why="replaced", **SLOT
)


def test_who_was_given_up_while_about_to_enter_is_looked_up_again() -> None:
    stage = Stage(now_ms=T + 3 * MINUTE).hello("ben", "m_ben")
    stage.say("ben", wire.Enter(booking="b2", camera=True, mic=True))
    stage.see(LookUp)
    stage.tell(REPLACED)
    assert [ask.booking for ask in stage.see(LookUp)] == ["b2"]


def test_who_was_given_up_while_lost_has_no_seat_to_come_back_to_without_the_ledger() -> None:
    stage = Stage(now_ms=T).both_enter()
    stage.lose("ben").at(T + 3 * MINUTE).tell(REPLACED)
    stage.hello("ben2", "m_ben")
    stage.told()
    stage.say("ben2", wire.Enter(booking="b2", camera=True, mic=True)).no_answer("ben2", away=True)
    assert code_of(stage, "ben2") == "unavailable"


def test_what_ended_with_an_earlier_pair_moves_nobody_out_of_this_one() -> None:
    stage = Stage(now_ms=T).both_enter()
    stage.tell(msgspec.structs.replace(REPLACED, pair="p8"))
    assert stage.told("ben", wire.Over) == []


# Names that become known later.


def test_a_partner_whose_name_is_kept_back_is_introduced_when_it_is_told() -> None:
    rules = msgspec.structs.replace(DEFAULT, reveal_ms=2 * MINUTE)
    stage = Stage(now_ms=T - 8 * MINUTE, rules=rules).hello("ana", "m_ana")
    stage.enter("ana", booking(pair=None), alone=True)
    assert stage.told("ana", wire.Room)[0].partner is None
    stage.at(T - 2 * MINUTE - 1)
    assert stage.see(LookUp) == []
    stage.after(1)
    assert [ask.booking for ask in stage.see(LookUp)] == ["b1"]
    stage.answer("ana", booking())
    assert stage.told("ana", wire.PartnerChanged)[0].partner.name == "Ben"


def test_a_name_that_is_still_kept_back_is_asked_for_again() -> None:
    rules = msgspec.structs.replace(DEFAULT, reveal_ms=2 * MINUTE)
    stage = Stage(now_ms=T - 8 * MINUTE, rules=rules).hello("ana", "m_ana")
    stage.enter("ana", booking(pair=None), alone=True).at(T - 2 * MINUTE)
    stage.answer("ana", booking(pair=None), alone=True)
    stage.see(LookUp)
    stage.after(SECOND)
    assert [ask.booking for ask in stage.see(LookUp)] == ["b1"]


# Going on together.

NEXT = Pair(
    id="p20", start_ms=E, length_min=25, members=("m_ana", "m_ben"), bookings=("b11", "b12")
)


def next_found(stage: Stage) -> FoundNext:
    found = stage.found(booking("b11", start_ms=E, length_min=25, pair="p20"), pair=NEXT)
    return FoundNext("p9", found, ("", ""))


def test_a_room_that_is_gone_goes_nowhere() -> None:
    assert Stage().feed(next_found(Stage())).told() == []


def test_whoever_went_ahead_is_followed_by_entering() -> None:
    stage = Stage(now_ms=T).both_connected().at(E)
    stage.enter("ben", booking("b12", "m_ben", start_ms=E, length_min=25, pair="p20"), pair=NEXT)
    stage.told()
    stage.feed(next_found(stage))
    assert stage.told(kind=wire.Room) == []


def test_pages_come_back_to_the_room_they_were_carried_into() -> None:
    stage = Stage(now_ms=T).both_connected().at(E).feed(next_found(Stage()))
    stage.lose("ana").after(SECOND).hello("ana2", "m_ana", "tab-ana")
    stage.told()
    stage.enter("ana2", booking("b11", start_ms=E, length_min=25, pair="p20"), pair=NEXT, gen=1)
    (room,) = stage.told("ana2", wire.Room)
    assert (room.booking, room.carried) == ("b11", False)
    assert stage.told(kind=wire.Negotiate) == []


def test_an_address_that_is_hidden_by_now_is_not_carried_along() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1")).both_connected().at(E)
    stage.members = {
        key: msgspec.structs.replace(member, hide_address=key == "m_ben")
        for key, member in stage.members.items()
    }
    stage.see(TellWorker)
    stage.feed(next_found(stage))
    assert stage.see(TellWorker) == [
        TellWorker("w1", control.OpenPair(pair="p9", gen=2, moved=True))
    ]
    stage.feed(WorkerSaid("w1", control.PairOpened(pair="p9", gen=2, legs=LEGS)))
    assert [(m.gen, m.path) for m in stage.told("ana", wire.Negotiate)] == [(2, "relay")]


def test_a_relayed_call_goes_on_under_its_first_name_and_its_cameras_with_it() -> None:
    rules = msgspec.structs.replace(DEFAULT, media_direct="nobody")
    stage = Stage(now_ms=T, rules=rules).feed(WorkerUp("w1")).both_enter()
    stage.feed(WorkerSaid("w1", control.PairOpened(pair="p9", gen=1, legs=LEGS)))
    connected = wire.Connected(gen=1, first_frame_ms=200)
    stage.say("ana", connected).say("ben", connected).at(E)
    stage.feed(WorkerSaid("w1", camera(off=False))).feed(next_found(stage))
    stage.told()
    stage.after(SECOND).feed(WorkerSaid("w1", camera(off=True)))
    assert not stage.told("ben", wire.Seats)[-1].them.camera
    assert [e.seen.value for e in stage.by_pair["p20"] if e.member == "m_ana"] == [
        "join",
        "camera_off",
    ]


def camera(*, off: bool) -> control.Camera:
    state = "off" if off else "on"
    return control.Camera(pair="p9", gen=1, side=0, state=state, since_ms=0)

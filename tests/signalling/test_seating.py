"""Who gets a seat, who keeps it, and what happens to it when partners change."""

from __future__ import annotations

import pytest

from scheduler.bookings import Pair, State
from scheduler.events import Closed, Matched
from signalling import wire
from signalling.commands import LookUp, Send
from signalling.events import Told, Woke
from tests.signalling.stage import (
    DOORS_CLOSE,
    DOORS_OPEN,
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


def code_of(stage: Stage, conn: str) -> str:
    (refused,) = stage.told(conn, wire.Refused)
    return str(refused.code)


def test_entering_asks_the_ledger_first() -> None:
    stage = Stage().hello("c1", "m_ana")
    stage.told()
    stage.say("c1", wire.Enter(booking="b1", camera=True, mic=True))
    stage.expect(LookUp("c1", 1, "b1"))


@pytest.mark.parametrize(
    ("now_ms", "code"),
    [(DOORS_OPEN - 1, "too_early"), (DOORS_CLOSE, "closed")],
)
def test_doors_decide_when(now_ms: int, code: str) -> None:
    stage = Stage(now_ms=now_ms).ana_enters()
    assert code_of(stage, "ana") == code


@pytest.mark.parametrize("now_ms", [DOORS_OPEN, DOORS_CLOSE - 1])
def test_doors_let_in_from_the_first_to_the_last_moment(now_ms: int) -> None:
    stage = Stage(now_ms=now_ms).ana_enters()
    assert stage.told("ana", wire.Room)


def test_too_early_says_when_doors_open() -> None:
    stage = Stage(now_ms=DOORS_OPEN - 1).ana_enters()
    (refused,) = stage.told("ana", wire.Refused)
    assert refused.data == {"opens_ms": DOORS_OPEN}


def test_anothers_booking_looks_like_none_at_all() -> None:
    stage = Stage().hello("c1", "m_dov").enter("c1", booking())
    (foreign,) = stage.told("c1", wire.Refused)
    stage.say("c1", wire.Enter(booking="b404", camera=True, mic=True)).no_answer("c1", away=False)
    (missing,) = stage.told("c1", wire.Refused)
    assert foreign == missing
    assert missing.code == "not_found"


def test_a_cancelled_booking_has_no_seat() -> None:
    stage = Stage().ana_enters()
    stage.told()
    stage.hello("c2", "m_ana").enter("c2", booking(state=State.CANCELLED), alone=True)
    assert code_of(stage, "c2") == "cancelled"


def test_an_id_that_cannot_be_one_is_not_looked_up() -> None:
    stage = Stage().hello("c1", "m_ana")
    stage.told()
    stage.say("c1", wire.Enter(booking="b" * 999, camera=True, mic=True))
    assert code_of(stage, "c1") == "not_found"


def test_the_room_tells_who_and_when() -> None:
    stage = Stage().ana_enters()
    (room,) = stage.told("ana", wire.Room)
    assert (room.pair, room.start_ms, room.end_ms, room.title) == ("p9", T, E, "Thesis")
    assert (room.opens_ms, room.closes_ms) == (DOORS_OPEN, DOORS_CLOSE)
    assert (room.partner.name, room.partner.sessions) == ("Ben", 12)
    assert room.you.here
    assert not room.them.joined


def test_the_partner_sees_who_came() -> None:
    stage = Stage().ana_enters()
    stage.told()
    stage.ben_enters()
    (seats,) = stage.told("ana", wire.Seats)
    assert seats.them.here
    assert seats.them.joined


def test_a_reload_takes_the_own_seat_back_without_a_trace() -> None:
    stage = Stage().both_connected()
    stage.lose("ana")
    (seats,) = stage.told("ben", wire.Seats)
    assert seats.them.stalled
    stage.after(2 * SECOND).ana_enters("ana2", tab="tab-ana")
    assert stage.told("ana2", wire.Room)
    assert stage.seen() == ["join"]


def test_a_reload_makes_both_build_a_new_connection() -> None:
    stage = Stage().both_connected()
    stage.lose("ana").after(SECOND).ana_enters("ana2", tab="tab-ana")
    assert [m.gen for m in stage.told(kind=wire.Negotiate)] == [2, 2]


def test_a_lost_socket_alone_leaves_the_connection_alone() -> None:
    stage = Stage().both_connected()
    stage.lose("ana").after(SECOND).ana_enters("ana2", tab="tab-ana", gen=1)
    assert stage.told("ana2", wire.Room)
    assert not stage.told(kind=wire.Negotiate)


def test_another_tab_takes_the_seat_over() -> None:
    stage = Stage().both_connected()
    stage.ana_enters("tablet")
    said = stage.told()
    assert wire.Over(reason="other_tab") in said
    stage.say("ana", wire.Leave())
    assert code_of(stage, "ana") == "not_seated"
    assert stage.seen() == ["join"]


def test_entering_twice_from_one_page_changes_nothing_recorded() -> None:
    stage = Stage().ana_enters()
    stage.enter("ana", booking())
    assert stage.seen() == ["join"]


def test_a_store_that_is_away_keeps_strangers_out_and_lets_the_room_s_own_back_in() -> None:
    stage = Stage().both_connected()
    stage.lose("ana").hello("ana2", "m_ana")
    stage.told()
    stage.say("ana2", wire.Enter(booking="b1", camera=True, mic=True)).no_answer("ana2", away=True)
    assert stage.told("ana2", wire.Room)
    stage.hello("dov", "m_dov")
    stage.say("dov", wire.Enter(booking="b1", camera=True, mic=True)).no_answer("dov", away=True)
    assert code_of(stage, "dov") == "not_found"
    stage.say("dov", wire.Enter(booking="b7", camera=True, mic=True)).no_answer("dov", away=True)
    assert code_of(stage, "dov") == "unavailable"


def test_going_to_the_next_session_leaves_the_last_one() -> None:
    stage = Stage(now_ms=E).both_connected()
    other = Pair(
        id="p10", start_ms=E, length_min=50, members=("m_ana", "m_dov"), bookings=("b3", "b4")
    )
    stage.pair = other
    stage.enter("ana", booking("b3", start_ms=E, pair="p10"))
    assert stage.told("ana", wire.Room)[0].pair == "p10"
    stage.say("ana", wire.Media(camera=False, mic=False))
    assert stage.told("ana", wire.Seats)[0].you.camera is False
    assert stage.seen() == ["join", "leave", "join", "camera_off"]


def test_looking_up_one_booking_never_seats_a_page_by_another() -> None:
    stage = Stage().ben_enters()
    stage.told()
    stage.say("ben", wire.Enter(booking="b1", camera=True, mic=True))
    into_anas = stage.asks["ben"]
    stage.feed(MATCHED).answer("ben", booking("b2", "m_ben"))
    stage.asks["ben"] = into_anas
    stage.told()
    stage.answer("ben", booking("b2", "m_ben"))
    assert code_of(stage, "ben") == "not_found"
    stage.ana_enters()
    assert not stage.told("ben", wire.Over)


# Late partners and closing doors.


LATE = wire.PartnerLate(no_show=False, next_ms=T + 5 * MINUTE, change_from_ms=T + 2 * MINUTE)
MISSING = wire.PartnerLate(no_show=True, next_ms=T + 5 * MINUTE, change_from_ms=T + 2 * MINUTE)


def test_who_is_here_hears_of_a_late_partner_and_of_a_missing_one() -> None:
    stage = Stage(now_ms=T).ana_enters()
    stage.told()
    stage.at(T + 2 * MINUTE - 1)
    assert stage.told("ana") == []
    stage.after(1)
    assert stage.told("ana") == [LATE]
    stage.at(T + 5 * MINUTE)
    assert stage.told("ana") == [MISSING]
    stage.at(E)
    assert stage.told("ana", wire.PartnerLate) == []


def test_who_came_early_and_went_again_is_missed_like_one_who_did_not_come() -> None:
    stage = Stage(now_ms=T - 5 * MINUTE).both_connected()
    stage.lose("ben", closed=True)
    stage.at(T + 2 * MINUTE)
    assert stage.told("ana", wire.PartnerLate) == [LATE]
    stage.at(T + 5 * MINUTE)
    assert stage.told("ana", wire.PartnerLate) == [MISSING]
    stage.ben_enters("ben2")
    stage.told()
    stage.lose("ana").ana_enters("ana2")
    assert stage.told("ana2", wire.PartnerLate) == []


def test_whose_seat_is_held_at_the_limit_is_not_late() -> None:
    stage = Stage(now_ms=T + MINUTE).both_connected()
    stage.lose("ben").at(T + 2 * MINUTE)
    assert stage.told("ana", wire.PartnerLate) == []
    stage.at(T + 5 * MINUTE)
    [missing] = stage.told("ana", wire.PartnerLate)
    assert missing.no_show
    assert missing.change_from_ms == T + 2 * MINUTE + SECOND  # a minute after the loss was heard of


def test_who_drops_out_of_a_running_session_is_not_called_late() -> None:
    stage = Stage(now_ms=T + 20 * MINUTE).both_connected()
    stage.lose("ben").after(10 * MINUTE)
    stage.lose("ana").ana_enters("ana2")
    assert stage.told(kind=wire.PartnerLate) == []


def test_who_said_goodbye_is_not_called_late() -> None:
    stage = Stage(now_ms=T - MINUTE).both_connected()
    stage.say("ben", wire.Leave()).at(T + 5 * MINUTE)
    assert stage.told("ana", wire.PartnerLate) == []


def test_time_that_is_set_beyond_both_limits_is_told_of_once() -> None:
    stage = Stage(now_ms=T).ana_enters()
    stage.told()
    stage.now_ms = T + 6 * MINUTE
    stage.feed(Woke())
    assert stage.told("ana") == [MISSING]


def test_who_comes_after_that_hears_it_too() -> None:
    stage = Stage(now_ms=T + 3 * MINUTE).ana_enters()
    assert [m.no_show for m in stage.told("ana", wire.PartnerLate)] == [False]


def test_nobody_is_called_late_who_joined_in_the_same_moment() -> None:
    stage = Stage(now_ms=T + 2 * MINUTE).both_enter()
    stage.at(T + 6 * MINUTE)
    assert not stage.told("ana", wire.PartnerLate)


def test_doors_close_by_the_clock() -> None:
    stage = Stage().both_enter()
    stage.at(DOORS_CLOSE)
    assert [m for m in stage.told() if isinstance(m, wire.Over)] == [wire.Over(reason="closed")] * 2
    stage.say("ana", wire.Leave())
    assert code_of(stage, "ana") == "not_seated"


def test_doors_close_by_the_ledger() -> None:
    stage = Stage().both_enter()
    stage.feed(Told("1001-0", Closed(at_ms=T, pair="p9")))
    said = stage.see(Send)
    assert [s.conn for s in said] == ["ana", "ben"]

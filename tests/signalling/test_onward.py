"""When a room asks whether its two go on together, and when they go."""

from __future__ import annotations

from scheduler.rules import DEFAULT
from signalling.onward import AGAIN_MS, GAP_MS, LOOK_MS, Onward
from signalling.plan import Plan
from tests.signalling.stage import ANA, BEN, DOORS_CLOSE, LENGTH_MIN, MINUTE, E, T

PLAN = Plan(pair="p9", bookings=("b1", "b2"), members=(ANA, BEN), start_ms=T, length_min=LENGTH_MIN)
ALONE = Plan(pair="", bookings=("b1",), members=(ANA,), start_ms=T, length_min=LENGTH_MIN)


def onward(plan: Plan = PLAN) -> Onward:
    return Onward(plan, DEFAULT, DOORS_CLOSE)


def looked(at_ms: int = E - MINUTE) -> Onward:
    one = onward()
    assert one.look(at_ms)
    return one


def test_it_looks_once_in_the_last_two_minutes_for_sessions_right_after_this_one() -> None:
    one = onward()
    due_ms = one.next_deadline()
    assert due_ms is not None
    assert E - LOOK_MS <= due_ms < E - LOOK_MS + MINUTE
    assert not one.look(due_ms - 1)
    assert one.look(due_ms)
    assert not one.look(due_ms)
    assert (one.from_ms, one.to_ms) == (E, E + GAP_MS + 1)


def test_rooms_that_end_together_do_not_all_look_together() -> None:
    plans = [
        Plan(**{**{f: getattr(PLAN, f) for f in PLAN.__struct_fields__}, "pair": f"p{n}"})
        for n in range(50)
    ]
    assert len({onward(plan).next_deadline() for plan in plans}) > 40


def test_who_waits_alone_goes_nowhere() -> None:
    assert onward(ALONE).next_deadline() is None


def test_they_go_at_the_end_if_the_doors_are_open_then() -> None:
    one = looked()
    assert not one.found(E - MINUTE, E - MINUTE)
    assert one.next_deadline() == E
    assert one.look(E)
    assert one.found(E - MINUTE, E)


def test_they_go_when_the_doors_open_after_the_end() -> None:
    one = looked()
    assert not one.found(E + MINUTE, E)
    assert one.next_deadline() == E + MINUTE
    assert one.found(E + MINUTE, E + MINUTE)


def test_they_go_before_the_end_if_both_wish_so() -> None:
    one = looked()
    one.wish(E - MINUTE)
    assert one.look(E - MINUTE)
    assert one.found(E - 5 * MINUTE, E - MINUTE)


def test_leaving_for_the_next_session_is_possible_where_it_is_no_early_leave() -> None:
    assert not onward().may_wish(E - 2 * MINUTE - 1)
    assert onward().may_wish(E - 2 * MINUTE)


def test_without_a_next_session_nothing_more_is_asked() -> None:
    one = looked()
    one.none()
    one.returned(E)
    assert one.next_deadline() is None


def test_a_store_that_is_away_is_asked_again_until_the_doors_close() -> None:
    one = looked()
    one.away(E)
    assert one.next_deadline() == E + AGAIN_MS
    one.away(DOORS_CLOSE)
    assert not one.look(DOORS_CLOSE + AGAIN_MS)


def test_it_looks_again_when_the_missing_one_is_back() -> None:
    one = looked()
    one.found(E - MINUTE, E)
    one.returned(E + MINUTE)
    assert one.look(E + MINUTE)


def test_a_session_that_was_booked_meanwhile_is_looked_for_near_the_end_only() -> None:
    early, near = onward(), looked()
    due_ms = early.next_deadline()
    early.may_exist(T)
    assert early.next_deadline() == due_ms
    near.may_exist(E)
    assert near.look(E)

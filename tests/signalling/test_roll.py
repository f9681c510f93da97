"""Who is missing, and from when on the other may look for somebody else."""

from __future__ import annotations

import msgspec
import pytest

from scheduler.rules import DEFAULT
from signalling.plan import Plan
from signalling.roll import Roll
from signalling.seat import Seat
from tests.signalling.stage import ANA, BEN, LENGTH_MIN, MINUTE, SECOND, E, T

PLAN = Plan(pair="p9", bookings=("b1", "b2"), members=(ANA, BEN), start_ms=T, length_min=LENGTH_MIN)
ALONE = Plan(pair="", bookings=("b1",), members=(ANA,), start_ms=T, length_min=LENGTH_MIN)
HURRIED = msgspec.structs.replace(PLAN, zero_gap=(False, True))
MET = msgspec.structs.replace(PLAN, met_ms=T + 10 * MINUTE)


def seats(plan: Plan = PLAN, *, ana_ms: int = T - MINUTE) -> list[Seat]:
    """Ana came then, and Ben did not."""
    made = [
        Seat(member, booking, DEFAULT, start_ms=T, length_min=LENGTH_MIN)
        for member, booking in zip(plan.members, plan.bookings, strict=True)
    ]
    made[0].enter("ana", "tab", True, True, ana_ms)
    return made


def roll(plan: Plan = PLAN, now_ms: int = T) -> Roll:
    return Roll(plan, DEFAULT, now_ms)


def test_the_roll_is_called_at_each_limit_once() -> None:
    one = roll()
    assert one.next_deadline() == T + 2 * MINUTE
    assert not one.call(T + 2 * MINUTE - 1)
    assert one.call(T + 2 * MINUTE)
    assert not one.call(T + 2 * MINUTE)
    assert one.next_deadline() == T + 5 * MINUTE
    assert one.call(T + 5 * MINUTE)
    assert one.next_deadline() is None


def test_a_limit_is_not_told_before_it_has_come() -> None:
    assert roll().missing(0, seats(), T + 2 * MINUTE - 1) is None
    late = roll().missing(0, seats(), T + 2 * MINUTE)
    assert late is not None
    assert not late.no_show
    assert (late.next_ms, late.change_from_ms) == (T + 5 * MINUTE, T + 2 * MINUTE)


def test_after_five_minutes_it_is_a_no_show() -> None:
    late = roll().missing(0, seats(), T + 5 * MINUTE)
    assert late is not None
    assert late.no_show


def test_nobody_is_missing_who_is_here_or_after_the_end_or_without_a_partner() -> None:
    assert roll().missing(1, seats(), T + 5 * MINUTE) is None
    assert roll().missing(0, seats(), E) is None
    assert roll(ALONE).missing(0, seats(ALONE), T + 5 * MINUTE) is None


def test_a_partner_from_another_session_has_a_minute_more() -> None:
    assert roll(HURRIED).missing(0, seats(), T + 3 * MINUTE - 1) is None
    assert roll(HURRIED).change_from_ms(0, seats()) == T + 3 * MINUTE
    assert roll(HURRIED).change_from_ms(1, seats()) == T + 2 * MINUTE


@pytest.mark.parametrize(
    ("came_ms", "from_ms"),
    [
        (T - 5 * MINUTE, T + 2 * MINUTE),
        (T + MINUTE, T + 2 * MINUTE),
        (T + 3 * MINUTE, T + 4 * MINUTE),
        (T + 4 * MINUTE + 30 * SECOND, T + 5 * MINUTE),
        (T + 9 * MINUTE, T + 5 * MINUTE),
    ],
)
def test_who_came_late_waits_a_minute_but_not_beyond_the_no_show(
    came_ms: int, from_ms: int
) -> None:
    assert roll().change_from_ms(0, seats(ana_ms=came_ms)) == from_ms


def test_a_partner_who_went_may_come_back_for_a_minute_of_which_the_ledger_hears_in_a_second() -> (
    None
):
    both = seats()
    ben = both[1]
    ben.enter("ben", "tab", True, True, T)
    assert roll().change_from_ms(0, both) == T + 2 * MINUTE
    ben.lose(T + 7 * MINUTE, 3 * SECOND)
    assert roll().change_from_ms(0, both) == T + 8 * MINUTE + SECOND
    ben.leave(T + 8 * MINUTE)
    assert roll().change_from_ms(0, both) == T + 9 * MINUTE + SECOND


def test_who_waits_for_nobody_may_look_from_two_minutes_on() -> None:
    assert roll(ALONE).change_from_ms(0, seats(ALONE)) == T + 2 * MINUTE


def test_who_comes_late_and_has_no_partner_need_not_wait_for_one() -> None:
    late = seats(ALONE, ana_ms=T + 3 * MINUTE)
    assert roll(ALONE).change_from_ms(0, late) == T + 2 * MINUTE


def test_two_who_were_brought_together_late_are_not_late() -> None:
    one = roll(MET, T + 10 * MINUTE)
    assert one.missing(0, seats(), T + 10 * MINUTE) is None
    late = one.missing(0, seats(), T + 11 * MINUTE)
    assert late is not None
    assert not late.no_show
    assert late.change_from_ms == T + 11 * MINUTE

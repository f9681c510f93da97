"""Cancelling is fine until an hour before T, and for a while after booking at short notice."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.bookings import Booking, State
from scheduler.cancelling import in_time_until_ms, late_cancel_from_ms, release_until_ms
from scheduler.events import Cancelled
from scheduler.judge import judge_cancel
from scheduler.rules import DEFAULT, MINUTE_MS

T = 1_795_510_800_000


def booking(**more: Any) -> Booking:
    given = {"state": State.MATCHED, "created_ms": 0, **more}
    return Booking(id="b1", member="m_ana", start_ms=T, length_min=25, version=1, **given)


@pytest.mark.parametrize(
    ("created_ms", "until_ms"),
    [
        (0, T - 60 * MINUTE_MS),
        (T - 60 * MINUTE_MS - 1, T - 60 * MINUTE_MS),
        (T - 60 * MINUTE_MS, T - 55 * MINUTE_MS),
        (T - 15 * MINUTE_MS, T - 10 * MINUTE_MS),
    ],
)
def test_who_books_at_short_notice_may_regret_it(created_ms: int, until_ms: int) -> None:
    assert in_time_until_ms(T, created_ms, DEFAULT) == until_ms


@pytest.mark.parametrize(
    "created_ms", [0, T - 61 * MINUTE_MS, T - 60 * MINUTE_MS, T - 7 * MINUTE_MS]
)
@pytest.mark.parametrize("after_ms", [0, 1])
def test_the_judge_draws_the_same_line(created_ms: int, after_ms: int) -> None:
    told = Cancelled(
        at_ms=in_time_until_ms(T, created_ms, DEFAULT) + after_ms, booking="b1", member="m_ana",
        start_ms=T, length_min=25, created_ms=created_ms, pair="p1", partner="m_ben",
    )  # fmt: skip
    assert (judge_cancel(told, DEFAULT) is not None) == (after_ms == 1)


def test_nobody_is_let_down_where_nobody_would_come() -> None:
    assert late_cancel_from_ms(booking(state=State.WAITING), DEFAULT) is None
    assert late_cancel_from_ms(booking(free_to_cancel=True), DEFAULT) is None


@pytest.mark.parametrize(
    ("left_ms", "until_ms"),
    [
        (T - 3 * 60 * MINUTE_MS, T - 60 * MINUTE_MS),
        (T - 61 * MINUTE_MS, T - 56 * MINUTE_MS),
        (T - 30 * MINUTE_MS, T - 25 * MINUTE_MS),
        (T - 2 * MINUTE_MS, T),
    ],
)
def test_who_was_left_by_a_lock_in_may_be_released_though_somebody_was_found(
    left_ms: int, until_ms: int
) -> None:
    assert late_cancel_from_ms(booking(left_ms=left_ms), DEFAULT) == until_ms


def test_how_long_one_may_be_released_is_told_while_somebody_is_there() -> None:
    left_ms = T - 30 * MINUTE_MS
    assert release_until_ms(booking(left_ms=left_ms), DEFAULT) == left_ms + 5 * MINUTE_MS
    assert release_until_ms(booking(left_ms=T - MINUTE_MS), DEFAULT) == T
    assert release_until_ms(booking(), DEFAULT) is None
    assert release_until_ms(booking(state=State.WAITING, left_ms=left_ms), DEFAULT) is None


@pytest.mark.parametrize(("parted_ms", "late"), [(26 * MINUTE_MS, False), (24 * MINUTE_MS, True)])
def test_who_was_left_and_parts_from_somebody_new_is_judged_by_when(
    parted_ms: int, late: bool
) -> None:
    alone = booking(state=State.WAITING, left_ms=T - 30 * MINUTE_MS, gave_up_ms=T - parted_ms)
    assert (late_cancel_from_ms(alone, DEFAULT) is not None) is late


@pytest.mark.parametrize(("parted_ms", "late"), [(61 * MINUTE_MS, False), (5 * MINUTE_MS, True)])
def test_who_gave_a_partner_up_late_and_waits_is_bound(parted_ms: int, late: bool) -> None:
    alone = booking(state=State.WAITING, gave_up_ms=T - parted_ms)
    assert (late_cancel_from_ms(alone, DEFAULT) is not None) is late


def test_no_cancelling_is_late_after_the_start() -> None:
    assert late_cancel_from_ms(booking(), DEFAULT) == T - 60 * MINUTE_MS
    assert late_cancel_from_ms(booking(created_ms=T - MINUTE_MS), DEFAULT) == T

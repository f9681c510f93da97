"""Breaks, their length and their budget."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.presence import Seen
from scheduler.rules import DEFAULT, DEMO, MINUTE_MS
from signalling.breaks import Breaks
from signalling.errors import BreakUsedUp, SignallingError

steps = st.lists(
    st.tuples(st.sampled_from(["start", "back", "tick"]), st.integers(1, 5), st.integers(0, 400)),
    max_size=30,
)


def breaks() -> Breaks:
    return Breaks(DEFAULT, 50)


def test_a_break_runs_to_its_due_time_and_no_further() -> None:
    away = breaks()
    away.start(3, 0)
    assert away.until_ms == 3 * MINUTE_MS
    assert away.used_ms(MINUTE_MS) == MINUTE_MS
    assert away.used_ms(60 * MINUTE_MS) == 3 * MINUTE_MS


def test_asking_again_during_a_break_changes_nothing() -> None:
    away = breaks()
    away.start(3, 0)
    assert away.start(5, MINUTE_MS) == []
    assert away.until_ms == 3 * MINUTE_MS


def test_a_new_break_after_an_overrun_ends_the_old_one() -> None:
    away = breaks()
    away.start(1, 0)
    assert [t.seen for t in away.start(1, 5 * MINUTE_MS)] == [Seen.BACK, Seen.BREAK]


def test_the_last_break_is_cut_to_what_is_left() -> None:
    away = breaks()
    away.start(5, 0)
    away.back(4 * MINUTE_MS)
    away.start(4, 4 * MINUTE_MS)
    away.back(8 * MINUTE_MS)
    away.start(5, 10 * MINUTE_MS)
    assert away.until_ms == 12 * MINUTE_MS


def test_a_short_session_of_the_demo_has_a_short_break() -> None:
    away = Breaks(DEMO, 3)
    away.start(1, 0)
    assert away.until_ms == 36_000


def test_back_without_a_break_is_nothing() -> None:
    assert breaks().back(0) == []


def test_its_end_is_told_once() -> None:
    away = breaks()
    away.start(1, 0)
    assert away.next_deadline() == MINUTE_MS
    assert not away.woke(MINUTE_MS - 1)
    assert away.woke(MINUTE_MS)
    assert away.next_deadline() is None
    assert not away.woke(MINUTE_MS)


def test_replaying_the_log_gives_the_same_breaks() -> None:
    lived, replayed = breaks(), breaks()
    for t in [*lived.start(5, 0), *lived.back(MINUTE_MS), *lived.start(3, 2 * MINUTE_MS)]:
        replayed.replay(t.seen, t.at_ms, t.minutes)
    now = 4 * MINUTE_MS
    assert (replayed.until_ms, replayed.used_ms(now)) == (lived.until_ms, lived.used_ms(now))


@given(steps)
def test_the_budget_holds_whatever_is_pressed(steps: list[tuple[str, int, int]]) -> None:
    away, now = breaks(), 0
    for press, minutes, seconds in steps:
        now += seconds * 1_000
        with contextlib.suppress(BreakUsedUp):
            if press == "start":
                away.start(minutes, now)
            elif press == "back":
                away.back(now)
            else:
                away.woke(now)
        assert 0 <= away.used_ms(now) <= away.budget_ms


@pytest.mark.parametrize("minutes", [0, 6, -3])
def test_other_lengths_are_refused(minutes: int) -> None:
    with pytest.raises(SignallingError):
        breaks().start(minutes, 0)

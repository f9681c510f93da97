"""What the outbox must have told: each invariant sees the history that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler import events
from scheduler.invariants import TOLD, examine
from scheduler.rules import MINUTE_MS
from scheduler.snapshot import Snapshot
from tests.scheduler.snapshots import BEFORE, T, whole


def broken(s: Snapshot) -> set[str]:
    return {str(each) for one in examine(s, TOLD) for each in one.violations}


def unmatched(at_ms: int, **more: Any) -> events.Unmatched:
    fields = {"booking": "b1", "member": "ana", "former": "ben", "start_ms": T, "length_min": 25}
    return events.Unmatched(at_ms=at_ms, **{**fields, **more})


def reminder(minutes: int) -> events.ReminderDue:
    fields: dict[str, Any] = {"booking": "b1", "member": "ana", "partner": "ben", "start_ms": T}
    return events.ReminderDue(at_ms=T - minutes * MINUTE_MS, minutes=minutes, **fields)


LATE = {"pair": "p1", "booking": "b1", "member": "ana"}

HISTORIES: dict[str, list[events.AnyEvent]] = {
    "1 what_is_over_stays_over: booking b4 was over and is done again": [
        events.Ended(at_ms=T, bookings=("b4",), members=("dia",))
    ],
    "10 a_lock_in_ends_only_by_its_two: booking b1 was locked in, and improved": [
        unmatched(BEFORE + 20, why="improved", was_locked=True)
    ],
    "15 who_was_displaced_is_told_what_became_of_it: booking b1 was told of another": [
        unmatched(BEFORE + 20, rematched=True)
    ],
    "16 partners_change_only_while_one_is_missing: booking b1 lost its partner 60000 ms": [
        unmatched(T + MINUTE_MS, why="improved")
    ],
    "16 partners_change_only_while_one_is_missing: booking b1 was replaced 119999 ms": [
        unmatched(T + 2 * MINUTE_MS - 1, why="replaced")
    ],
    "16 partners_change_only_while_one_is_missing: booking b1 was replaced 1500000 ms": [
        unmatched(T + 25 * MINUTE_MS, why="replaced")
    ],
    "17 nothing_fires_twice: booking b1 heard LateDue 2 times": [
        events.LateDue(at_ms=T + 2 * MINUTE_MS, **LATE),
        events.LateDue(at_ms=T + 3 * MINUTE_MS, **LATE),
    ],
    "17 nothing_fires_twice: booking b1 heard ReminderDue 2 times": [reminder(10), reminder(10)],
    "21 partners_are_told_of_each_other: booking b2 saw b1, who saw somebody else": [
        events.Matched(
            at_ms=BEFORE + 30,
            pair="p2",
            bookings=("b1", "b3"),
            members=("ana", "cem"),
            start_ms=T,
            length_min=25,
        )
    ],
    "22 the_outbox_tells_the_state_of_every_booking: booking b1 is matched, told waiting": [
        unmatched(BEFORE + 20),
        unmatched(BEFORE + 20, booking="b2"),
    ],
}


def test_a_whole_history_breaks_nothing() -> None:
    assert broken(whole()) == set()


@pytest.mark.parametrize("expected", HISTORIES)
def test_a_history_that_must_not_be_is_seen(expected: str) -> None:
    s = whole()
    s.news += HISTORIES[expected]
    assert any(found.startswith(expected) for found in broken(s)), broken(s)


def test_two_reminders_of_one_session_are_two_things() -> None:
    s = whole()
    s.news += [reminder(10), reminder(1)]
    assert broken(s) == set()


def test_of_an_outbox_that_was_trimmed_only_what_is_left_is_held_against_bookings() -> None:
    s = whole()
    s.news = s.news[3:]
    assert any(found.startswith("22") for found in broken(s))
    s.all_news = False
    assert broken(s) == set()


def test_a_pair_of_after_T_had_both_in_the_room() -> None:
    s = whole()
    s.pairs["p1"] |= {"met_ms": str(T + 3 * MINUTE_MS), "joined:ana": str(T)}
    assert any(found.startswith("16") for found in broken(s))
    s.pairs["p1"]["joined:ben"] = str(T)
    assert broken(s) == set()


def test_every_invariant_of_the_outbox_is_broken_by_something_here() -> None:
    assert {text.split()[0] for text in HISTORIES} == {str(each.number) for each in TOLD}

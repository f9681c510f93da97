"""What people want of a slot does not depend on how they are matched, and makes sense in itself."""

from __future__ import annotations

from loadtest.bench.matching.arrivals import HOUR_MS, Intent, scene
from loadtest.bench.matching.people import HOURS, community
from scheduler.rules import DAY_MS, MINUTE_MS

TOWN = community(8, "1")
INTENTS = [intent for number in range(200) for intent in scene(TOWN, 8, number, "1").intents]


def share(of: list[Intent], there: list[Intent]) -> float:
    return len(of) / len(there)


def test_the_same_slot_is_the_same_again() -> None:
    assert scene(TOWN, 8, 5, "1") == scene(TOWN, 8, 5, "1")
    assert scene(TOWN, 8, 5, "1") != scene(TOWN, 8, 6, "1")


def test_slots_follow_each_other_by_the_hour_and_the_day() -> None:
    starts = [scene(TOWN, 8, number, "1").start_ms for number in range(len(HOURS) + 1)]
    assert starts[1] - starts[0] == HOUR_MS
    assert starts[-1] - starts[0] == DAY_MS


def test_everybody_books_once_before_it_begins_and_cancels_after_that() -> None:
    for number in range(20):
        intents = scene(TOWN, 8, number, "1").intents
        assert len({intent.person.id for intent in intents}) == len(intents)
        assert intents == sorted(intents, key=lambda intent: intent.books_ms)
    assert all(intent.books_ms <= 0 for intent in INTENTS)
    cancelled = [intent for intent in INTENTS if intent.cancels_ms is not None]
    assert all(intent.books_ms <= (intent.cancels_ms or 0) <= 0 for intent in cancelled)


def test_slots_have_as_many_bookings_as_asked_for() -> None:
    assert 7.5 < len(INTENTS) / 200 < 8.5


def test_most_come_some_late_and_some_not() -> None:
    come = [intent for intent in INTENTS if intent.comes_ms is not None]
    assert 0.85 < share(come, INTENTS) < 0.95
    early = [intent for intent in come if (intent.comes_ms or 0) <= 0]
    assert 0.55 < share(early, come) < 0.65
    assert all(-3 * MINUTE_MS <= (intent.comes_ms or 0) <= 5 * MINUTE_MS for intent in come)


def test_first_timers_book_late() -> None:
    new = [intent for intent in INTENTS if intent.person.new]
    others = [intent for intent in INTENTS if not intent.person.new]
    assert 0.05 < share(new, INTENTS) < 0.11

    def last_minute(of: list[Intent]) -> float:
        return share([intent for intent in of if intent.books_ms >= -10 * MINUTE_MS], of)

    assert last_minute(new) > 0.45 > 0.32 > last_minute(others)

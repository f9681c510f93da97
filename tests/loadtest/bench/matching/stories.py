"""Slots told by hand: who wants what."""

from __future__ import annotations

from typing import Any

from loadtest.bench.matching.arrivals import Intent, Scene
from loadtest.bench.matching.people import Person
from scheduler.bookings import Gender, Task
from scheduler.rules import MINUTE_MS


def minutes(number: float) -> int:
    return round(number * MINUTE_MS)


def who(id: str, **what: Any) -> Person:
    plain: dict[str, Any] = {
        "gender": Gender.WOMAN, "only_gender": None, "takes_quiet": True,
        "task": Task.ANYTHING, "no_show": 0.1,
    }  # fmt: skip
    return Person(id=id, **{**plain, **what})


def wants(person: Person, books: float, **what: Any) -> Intent:
    """This person books so many minutes before T, comes a minute before it and does nothing else."""
    plain: dict[str, Any] = {
        "quiet": False, "cancels_ms": None, "locks": False, "writes": 0.9, "writes_after_ms": 0,
        "comes_ms": -MINUTE_MS // 2, "asks_after_ms": 0,
    }  # fmt: skip
    return Intent(person=person, books_ms=minutes(-books), **{**plain, **what})


def told(*intents: Intent) -> Scene:
    ordered = sorted(intents, key=lambda intent: intent.books_ms)
    return Scene(start_ms=1_900_000_000_000, intents=ordered)

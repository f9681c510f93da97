"""Few people meet more often where there are fewer starts, where they see who waits, and who goes first."""

from __future__ import annotations

from loadtest.bench.matching.small import CALENDARS, day
from scheduler.rules import COMMUNITIES

DAYS = {
    name: [day(10, offer, str(seed)) for seed in range(40)] for name, offer in CALENDARS.items()
}


def share(name: str) -> float:
    return sum(day.worked for day in DAYS[name]) / sum(day.shows for day in DAYS[name])


def test_the_calendars_are_the_presets() -> None:
    assert CALENDARS.keys() == {"quarter-hours-unseen", *COMMUNITIES}
    assert [CALENDARS[name].grid_min for name in ("large", "medium", "small")] == [15, 30, 60]
    assert [CALENDARS[name].cross_lengths for name in COMMUNITIES] == [False, True, True]


def test_a_day_is_the_same_again() -> None:
    assert day(10, CALENDARS["small"], "1") == day(10, CALENDARS["small"], "1")


def test_each_preset_for_fewer_people_brings_more_of_them_together() -> None:
    assert share("quarter-hours-unseen") < share("large") < share("medium") < share("small")


def test_it_costs_the_distance_to_the_wanted_start() -> None:
    def shift(name: str) -> float:
        return sum(day.shifted_min for day in DAYS[name]) / sum(day.bookings for day in DAYS[name])

    assert shift("large") < shift("medium") < shift("small") < 30


def test_one_alone_meets_nobody_and_nobody_works_twice() -> None:
    assert day(1, CALENDARS["small"], "1").worked == 0
    assert all(day.worked <= day.shows <= day.bookings for days in DAYS.values() for day in days)

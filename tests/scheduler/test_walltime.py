"""The same wall time on another day: by the clocks of the zone, whatever they do in between."""

from __future__ import annotations

from datetime import datetime

import pytest

from scheduler.walltime import days_later_ms


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1_000


@pytest.mark.parametrize(
    ("start", "days", "zone", "then"),
    [
        ("2026-11-24T09:00+01:00", 7, "Europe/Berlin", "2026-12-01T09:00+01:00"),
        ("2026-10-20T09:00+02:00", 7, "Europe/Berlin", "2026-10-27T09:00+01:00"),
        ("2026-03-24T09:00+01:00", 7, "Europe/Berlin", "2026-03-31T09:00+02:00"),
        ("2026-10-30T23:45-04:00", 2, "America/New_York", "2026-11-01T23:45-05:00"),
        ("2026-11-24T09:15+05:45", 1, "Asia/Kathmandu", "2026-11-25T09:15+05:45"),
    ],
)
def test_the_clock_on_the_wall_shows_the_same(start: str, days: int, zone: str, then: str) -> None:
    assert days_later_ms(ms(start), days, zone) == ms(then)


def test_a_time_that_is_left_out_moves_on_by_as_much() -> None:
    night = ms("2026-03-22T02:30+01:00")
    assert days_later_ms(night, 7, "Europe/Berlin") == ms("2026-03-29T03:30+02:00")

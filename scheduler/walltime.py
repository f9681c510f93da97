"""The same wall time on another day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.repeats import instant_of


def days_later_ms(start_ms: int, days: int, zone: str) -> int:
    """The instant that many days after another which has the same wall time in this zone."""
    there = datetime.fromtimestamp(start_ms / 1_000, ZoneInfo(zone))
    day = there.date() + timedelta(days=days)
    return instant_of(day, f"{there:%H:%M}", zone).start_ms

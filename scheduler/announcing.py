"""Telling the partner before T that one comes late: the flag stays, and says so.

Nobody reads what was written. A line of one's own to the partner, shortly before T, is the announcement.
"""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.bookings import Pair
from scheduler.people import Line
from scheduler.rules import Rules


def announced(pair: Pair, lines: Iterable[Line], rules: Rules) -> frozenset[str]:
    """Who of the two wrote to the other within `announce_ms` before T."""
    from_ms = pair.start_ms - rules.announce_ms
    return frozenset(line.by for line in lines if from_ms <= line.at_ms < pair.start_ms)

"""Stretches of time that a call asks about."""

from __future__ import annotations

from scheduler.errors import BadField
from scheduler.rules import DAY_MS
from scheduler.web.endpoint import Call
from scheduler.web.schemas import Span, ms_of

SPAN_MAX_MS = 366 * DAY_MS
"""The longest stretch one call may ask for."""


def span_of(call: Call) -> tuple[int, int]:
    """From, and up to but not including; or `BadField`."""
    asked: Span = call.query
    from_ms, to_ms = ms_of(asked.from_, "from"), ms_of(asked.to, "to")
    if not 0 <= to_ms - from_ms <= SPAN_MAX_MS:
        raise BadField(field="to", least=0, most_days=SPAN_MAX_MS // DAY_MS)
    return from_ms, to_ms

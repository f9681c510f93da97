"""An event of the ledger → who is told that something they see has changed.

A notice carries no contents: the page fetches them by REST, where access is decided. So one may be
told twice, and none can tell too much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from scheduler.events import (
    AnyEvent,
    Booked,
    Cancelled,
    ClockMoved,
    Ended,
    LateDue,
    Matched,
    NoShowDue,
    PoolChanged,
    Settled,
    Unmatched,
)
from signalling.wire import Changed

Reason = Literal[
    "", "booked", "matched", "unmatched", "cancelled", "late", "no_show", "ended", "settled"
]


class Notice(msgspec.Struct, frozen=True):
    """One message for all tabs of a member, or of everybody."""

    message: Changed
    to: str | None = None
    """A member's id; None is everybody."""


def notices(offset: str, event: AnyEvent) -> list[Notice]:
    """Who is told of an event, and what."""
    tell = TELL.get(type(event))
    return [] if tell is None else tell(offset, event)


Own = Booked | Unmatched | Cancelled


def _own(reason: Reason) -> Callable[[str, Own], list[Notice]]:
    def tell(offset: str, event: Own) -> list[Notice]:
        return [
            _booking(event.member, event.booking, offset, reason, event.start_ms, event.length_min)
        ]

    return tell


def _matched(offset: str, event: Matched) -> list[Notice]:
    return [
        _booking(member, booking, offset, "matched", event.start_ms, event.length_min)
        for member, booking in zip(event.members, event.bookings, strict=True)
    ]


def _missing(reason: Reason) -> Callable[[str, LateDue | NoShowDue], list[Notice]]:
    def tell(offset: str, event: LateDue | NoShowDue) -> list[Notice]:
        return [_booking(event.member, event.booking, offset, reason)]

    return tell


def _ended(offset: str, event: Ended) -> list[Notice]:
    return [
        _booking(member, booking, offset, "ended")
        for member, booking in zip(event.members, event.bookings, strict=False)
    ]


def _settled(offset: str, event: Settled) -> list[Notice]:
    # Both are told alike, flagged or not: each learns only what a fetch of the own flags shows.
    changed = Changed(what="flags", offset=offset, reason="settled")
    return [Notice(changed, member) for member in event.members]


def _pool(offset: str, event: PoolChanged) -> list[Notice]:
    changed = Changed(
        what="pool", offset=offset, start_ms=event.start_ms, length_min=event.length_min
    )
    return [Notice(changed)]


def _clock(offset: str, event: ClockMoved) -> list[Notice]:
    return [Notice(Changed(what="clock", offset=offset))]


def _booking(
    member: str, booking: str, offset: str, reason: Reason, start_ms: int = 0, length_min: int = 0
) -> Notice:
    changed = Changed(
        what="booking",
        offset=offset,
        booking=booking,
        reason=reason,
        start_ms=start_ms,
        length_min=length_min,
    )
    return Notice(changed, member)


TELL: dict[type[AnyEvent], Callable[[str, Any], list[Notice]]] = {
    Booked: _own("booked"),
    Unmatched: _own("unmatched"),
    Cancelled: _own("cancelled"),
    Matched: _matched,
    LateDue: _missing("late"),
    NoShowDue: _missing("no_show"),
    Ended: _ended,
    Settled: _settled,
    PoolChanged: _pool,
    ClockMoved: _clock,
}
"""Events that are not here (closed doors, ended sign-ins) change nothing a page would fetch."""

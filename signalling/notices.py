"""An event of the ledger → who is told that something they see has changed.

A notice carries no contents: the page fetches them by REST, where access is decided. So one may be
told twice, and none can tell too much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from scheduler.events import (
    AnyEvent,
    Awaited,
    Booked,
    BookingChanged,
    Cancelled,
    ClockMoved,
    Ended,
    Flagged,
    FriendAsked,
    FriendMade,
    Invited,
    LateDue,
    Locked,
    Matched,
    NoShowDue,
    PeopleChanged,
    PoolChanged,
    ReminderDue,
    Revealed,
    Settled,
    Suspended,
    Unmatched,
    Written,
)
from signalling.wire import Changed, Reason, What


class Notice(msgspec.Struct, frozen=True):
    """One message for all tabs of a member, or of everybody."""

    message: Changed
    to: str | None = None
    """A member's id; None is everybody."""


def notices(offset: str, event: AnyEvent) -> list[Notice]:
    """Who is told of an event, and what."""
    tell = TELL.get(type(event))
    return [] if tell is None else tell(offset, event)


Own = Booked | BookingChanged | Cancelled
Between = FriendAsked | FriendMade | Written

WHY: dict[str, Reason] = {"locked_in": "locked", "replaced": "replaced", "improved": "improved"}
"""Ways to lose a partner that a member reads another sentence about."""


def _own(reason: Reason) -> Callable[[str, Own], list[Notice]]:
    def tell(offset: str, event: Own) -> list[Notice]:
        return [
            _booking(event.member, event.booking, offset, reason, event.start_ms, event.length_min)
        ]

    return tell


def _matched(offset: str, event: Matched) -> list[Notice]:
    reason: Reason = "locked" if event.locked else "matched"
    return [
        _booking(member, booking, offset, reason, event.start_ms, event.length_min)
        for member, booking in zip(event.members, event.bookings, strict=True)
    ]


def _revealed(offset: str, event: Revealed) -> list[Notice]:
    # To who did not know the name it is what a match is to everybody else.
    return [
        _booking(member, booking, offset, "matched", event.start_ms, event.length_min)
        for member, booking in zip(event.members, event.bookings, strict=True)
    ]


def _locked(offset: str, event: Locked) -> list[Notice]:
    return [
        _booking(member, booking, offset, "locked")
        for member, booking in zip(event.members, event.bookings, strict=True)
    ]


def _unmatched(offset: str, event: Unmatched) -> list[Notice]:
    reason = WHY.get(event.why, "unmatched")
    return [_booking(event.member, event.booking, offset, reason, event.start_ms, event.length_min)]


def _reminder(offset: str, event: ReminderDue) -> list[Notice]:
    return [_booking(event.member, event.booking, offset, "reminder", event.start_ms)]


def _awaited(offset: str, event: Awaited) -> list[Notice]:
    return [_booking(event.member, event.booking, offset, "awaited", event.start_ms)]


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


def _only(what: What) -> Callable[[str, Any], list[Notice]]:
    """Told to the member whom it concerns."""
    return lambda offset, event: [Notice(Changed(what=what, offset=offset), event.member)]


def _each(what: What) -> Callable[[str, Between], list[Notice]]:
    """Told to both, for who did it may have another page open."""

    def tell(offset: str, event: Between) -> list[Notice]:
        changed = Changed(what=what, offset=offset)
        return [Notice(changed, event.member), Notice(changed, event.by)]

    return tell


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
    BookingChanged: _own("changed"),
    Cancelled: _own("cancelled"),
    Unmatched: _unmatched,
    Matched: _matched,
    Revealed: _revealed,
    Locked: _locked,
    ReminderDue: _reminder,
    Awaited: _awaited,
    LateDue: _missing("late"),
    NoShowDue: _missing("no_show"),
    Ended: _ended,
    Settled: _settled,
    Flagged: _only("flags"),
    PoolChanged: _pool,
    ClockMoved: _clock,
    PeopleChanged: _only("people"),
    FriendAsked: _each("people"),
    FriendMade: _each("people"),
    Written: _each("messages"),
    Invited: _only("invites"),
    Suspended: _only("flags"),
}
"""Events that are not here (closed doors, ended sign-ins, what rooms tell by messages of their own) change
nothing a page would fetch."""

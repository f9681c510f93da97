"""What a journal's entries are about, and what they are called in a store that counts anew.

A store that took over gives the next number to the next booking: one that was lost comes back under another
id, and what was done to it has to name that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from scheduler import errors
from scheduler.bookings import Booking
from scheduler.journal import Entry
from scheduler.people import Invite
from scheduler.standby import Search

NO_COMMANDS = frozenset({"hold", "stop_seeking"})
"""Acknowledged without a request id; harmless to do again by their nature."""

BOOKING_AT = {"cancel": 2, "edit": 2, "seek": 2, "stop_seeking": 1}
INVITE_AT = {"revoke_invite": 2, "hold": 0}
HOW_AT = 4
"""Where `lock_in` says which invite and which own bookings it is about."""
TELLS: dict[str, type[Booking] | type[Search] | type[Invite]] = {
    **dict.fromkeys(("book", "lock_in", "cancel", "edit", "stop_seeking"), Booking),
    "seek": Search,
    "invite": Invite,
}

Names = Callable[[str], str]

_how = msgspec.msgpack.Decoder(dict[str, Any])
_pack = msgspec.msgpack.Encoder().encode


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """An acknowledged change that could not be done again."""

    at_ms: int
    """When it was acknowledged."""
    op: str
    member: str
    """Empty if nobody had signed in yet."""
    request: str
    code: str
    """Why not."""
    start_ms: int | None = None
    """Of the session it was about."""


def thing_of(entry: Entry) -> Booking | Invite | None:
    """The booking or the invite that the answer told of."""
    if entry.op not in TELLS:
        return None
    told = msgspec.msgpack.decode(entry.answer, type=TELLS[entry.op])
    return told.booking if isinstance(told, Search) else told


def booking_named(entry: Entry) -> Booking | None:
    """The booking that the arguments name, as it was; None if they name none."""
    thing = thing_of(entry) if entry.op in BOOKING_AT else None
    return thing if isinstance(thing, Booking) else None


def renamed(entry: Entry, now: Names, *, booking: str | None) -> tuple[bytes, ...]:
    """The arguments with the ids of today; `booking` is that of the one booking that they name."""
    args = list(entry.args)
    if booking is not None:
        args[BOOKING_AT[entry.op]] = booking.encode()
    if (at := INVITE_AT.get(entry.op)) is not None:
        args[at] = now(args[at].decode()).encode()
    if entry.op == "lock_in":
        args[HOW_AT] = _renamed_how(args[HOW_AT], now)
    return tuple(args)


def _renamed_how(packed: bytes, now: Names) -> bytes:
    how = _how.decode(packed)
    names = {"invite": now(how["invite"]), "replace": [now(id) for id in how["replace"]]}
    # As it came unless something changed: a repeat has to read the same to the last byte.
    return packed if names.items() <= how.items() else _pack({**how, **names})


def same_booking(now: Booking, was: Booking) -> bool:
    """Whether this is that one, and not another that was given its id."""
    return (now.member, now.start_ms) == (was.member, was.start_ms)


def fulfilled(entry: Entry, refusal: errors.SchedulerError, live: list[Booking]) -> bool:
    """Whether the refusal says that it is as was asked for: another process may have done it again, by the
    name that the booking had then, and who saw it gone may have asked anew. `live` are the member's live
    bookings at that start."""
    if isinstance(refusal, errors.OtherRequest):
        return True
    if entry.op in ("cancel", "stop_seeking"):
        return isinstance(refusal, errors.AlreadyOver)
    was = thing_of(entry)
    if entry.op != "book" or not isinstance(was, Booking):
        return False
    return isinstance(refusal, errors.Overlap) and _wished(was) in map(_wished, live)


def _wished(booking: Booking) -> int:
    return booking.wished_min or booking.length_min


def conflict_of(entry: Entry, refusal: errors.SchedulerError) -> Conflict:
    """What an operator reads of it."""
    thing = thing_of(entry)
    request, member = (b"", b"") if entry.op in NO_COMMANDS else entry.args[:2]
    return Conflict(
        at_ms=entry.at_ms,
        op=entry.op,
        member=member.decode(),
        request=request.decode(),
        code=refusal.code,
        start_ms=thing.start_ms if thing is not None else None,
    )

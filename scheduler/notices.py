"""What a member is told outside the page: which events are worth a notice, and its words.

An event becomes notices; several of one thing within a short while become one, because a notice about a
booking is composed from what the booking is when it is sent, against what was said last. Words and links
are the same whatever carries them. Nothing of the partner's stands in a subject, which lock screens show.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from scheduler import events
from scheduler.bookings import Booking, State
from scheduler.events import AnyEvent
from scheduler.rules import DAY_MS, MINUTE_MS, SECOND_MS

WINDOW_MS = 10 * SECOND_MS
"""Changes of one booking within this are one notice."""
LINES_MS = MINUTE_MS
"""Messages of one member within this are one notice."""
OLD_MS = 60 * MINUTE_MS
"""What is heard of later than this is not mailed, unless it puts a calendar right."""
QUIET_MS = DAY_MS
"""One member causes one mail of a kind to another within this."""
STALE_MS = 5 * MINUTE_MS
"""A reminder later than this is none any more."""


class Kind(StrEnum):
    """What a notice is about."""

    MATCHED = "matched"
    LOCKED = "locked"
    CHANGED = "changed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    AWAITED = "awaited"
    FRIEND_ASKED = "friend_asked"
    FRIEND_MADE = "friend_made"
    INVITED = "invited"
    WRITTEN = "written"


OF_BOOKINGS = frozenset({Kind.MATCHED, Kind.LOCKED, Kind.CHANGED, Kind.WAITING, Kind.CANCELLED})
"""These carry the calendar entry, and are judged anew when they are sent."""


OF_TIME = frozenset({Kind.REMINDER, Kind.AWAITED})
"""These are of use for a moment only."""


class Notice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to tell one member."""

    kind: Kind
    member: str
    at_ms: int
    booking: str = ""
    other: str = ""
    """The other member it is about."""
    start_ms: int = 0
    length_min: int = 0
    minutes: int = 0
    """Of a reminder how long before the start; of a hint that the partner waits how long after it."""
    invite: str = ""
    tries: int = 0

    @property
    def key(self) -> str:
        """Notices of one key that wait at the same time are one."""
        about = self.booking or self.invite or f"{self.member}:{self.other}"
        group = "booking" if self.kind in OF_BOOKINGS else f"{self.kind}{self.minutes or ''}"
        return f"{group}:{about}"

    @property
    def due_ms(self) -> int:
        if self.kind in OF_BOOKINGS:
            return self.at_ms + WINDOW_MS
        return self.at_ms + (LINES_MS if self.kind is Kind.WRITTEN else 0)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a member's calendar says of a booking, as far as we know."""

    state: State
    partner: str | None
    start_ms: int
    length_min: int
    locked: bool


class Mailed(msgspec.Struct, frozen=True, kw_only=True):
    """The last mail of a kind that one member caused to another."""

    letter: str
    at_ms: int
    sent: bool = False
    since: str = ""
    """Of a mail about messages: the first line that was not read then."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in words: a heading for the subject, sentences, and where a press leads."""

    subject: str
    lines: list[str]
    action: str
    path: str
    """Of this site."""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a notice is about, as far as its reader may know them."""

    id: str = ""
    name: str = ""
    zone: str = ""
    sessions: int = 0


# From events to notices.


def notices_of(event: AnyEvent) -> list[Notice]:
    """Who is to be told what of this event. One change is one notice: whoever lost a partner and got
    another in the same call hears of the match alone."""
    make = MAKERS.get(type(event))
    return make(event) if make else []


def _matched(event: events.Matched) -> list[Notice]:
    if event.start_ms <= event.at_ms:  # a change of partners in the room: both see it there
        return []
    kind = Kind.LOCKED if event.locked else Kind.MATCHED
    return [
        Notice(kind=kind, member=member, at_ms=event.at_ms, booking=booking, other=other)
        for member, booking, other in zip(
            event.members, event.bookings, reversed(event.members), strict=True
        )
    ]


def _of_both(kind: Kind, event: events.Locked | events.Revealed) -> list[Notice]:
    return [
        Notice(kind=kind, member=member, at_ms=event.at_ms, booking=booking)
        for member, booking in zip(event.members, event.bookings, strict=True)
    ]


def _unmatched(event: events.Unmatched) -> list[Notice]:
    if event.rematched or event.start_ms <= event.at_ms:
        return []
    return [_of_booking(Kind.WAITING, event)]


def _of_booking(kind: Kind, event: Any) -> Notice:
    return Notice(kind=kind, member=event.member, at_ms=event.at_ms, booking=event.booking)


def _of_time(kind: Kind, event: events.ReminderDue | events.Awaited) -> list[Notice]:
    return [
        Notice(
            kind=kind,
            member=event.member,
            at_ms=event.at_ms,
            booking=event.booking,
            start_ms=event.start_ms,
            minutes=event.minutes,
        )
    ]


def _invited(event: events.Invited) -> list[Notice]:
    return [
        Notice(
            kind=Kind.INVITED,
            member=event.member,
            at_ms=event.at_ms,
            other=event.by,
            invite=event.invite,
            start_ms=event.start_ms,
            length_min=event.length_min,
        )
    ]


def _between(kind: Kind, member: str, other: str, at_ms: int) -> list[Notice]:
    return [Notice(kind=kind, member=member, other=other, at_ms=at_ms)]


MAKERS: dict[type, Callable[[Any], list[Notice]]] = {
    events.Matched: _matched,
    events.Locked: lambda event: _of_both(Kind.LOCKED, event),
    events.Revealed: lambda event: _of_both(Kind.MATCHED, event),
    events.Unmatched: _unmatched,
    events.BookingChanged: lambda event: [_of_booking(Kind.CHANGED, event)],
    events.Cancelled: lambda event: [_of_booking(Kind.CANCELLED, event)],
    events.ReminderDue: lambda event: _of_time(Kind.REMINDER, event),
    events.Awaited: lambda event: _of_time(Kind.AWAITED, event),
    events.FriendAsked: lambda event: _between(
        Kind.FRIEND_ASKED, event.member, event.by, event.at_ms
    ),
    events.FriendMade: lambda event: _between(
        Kind.FRIEND_MADE, event.by, event.member, event.at_ms
    ),
    events.Invited: _invited,
    events.Written: lambda event: _between(Kind.WRITTEN, event.member, event.by, event.at_ms),
}


# When it is sent.


def told_of(booking: Booking) -> Told:
    """What a notice sent now says."""
    return Told(
        state=booking.state,
        partner=booking.partner,
        start_ms=booking.start_ms,
        length_min=booking.length_min,
        locked=booking.locked,
    )


def news(told: Told | None, booking: Booking) -> Kind | None:
    """What is new of a booking since its member was told last; None if nothing is worth a notice.

    A booking that only waits is none: its member just made it. Once it was told of, it is followed to
    the end, because it stands in a calendar.
    """
    now = told_of(booking)
    if booking.state is State.DONE or now == told:
        return None
    if told is None:
        return _first_news(booking)
    if booking.state is State.CANCELLED:
        return Kind.CANCELLED
    if booking.state is State.WAITING:
        return Kind.WAITING
    if told.state is not State.MATCHED or told.partner != now.partner or told.locked != now.locked:
        return Kind.LOCKED if booking.locked else Kind.MATCHED
    return Kind.CHANGED


def _first_news(booking: Booking) -> Kind | None:
    if booking.state is State.MATCHED:
        return Kind.LOCKED if booking.locked else Kind.MATCHED
    return None


def wanted(kind: Kind, *, changes: bool, reminders: bool) -> bool:
    """Whether a member with these switches gets it by mail. A cancellation is news only of what stands in their
    calendar, because we put it there: it is taken out again whatever they want by now."""
    if kind is Kind.CANCELLED:
        return True
    return reminders if kind in OF_TIME else changes


def may_mail(before: Mailed | None, fresh: Mailed) -> bool:
    """Whether a member may be written to again because of the other.

    However often somebody asks, invites and takes it back, it is one mail a day; of messages one until they
    were read. The page tells of each. A letter that did not get away is no mail yet.
    """
    if before is None or fresh.at_ms - before.at_ms >= QUIET_MS:
        return True
    if before.letter == fresh.letter:
        return not before.sent
    return before.since != fresh.since


def outlived(notice: Notice, now_ms: int) -> bool:
    """Whether it would come too late to be of use. What is new of a booking never does: that is judged
    by the booking itself."""
    if notice.kind is Kind.REMINDER:
        return now_ms > min(notice.at_ms + STALE_MS, notice.start_ms + MINUTE_MS)
    if notice.kind is Kind.AWAITED:
        return now_ms > notice.at_ms + MINUTE_MS
    return notice.kind not in OF_BOOKINGS and now_ms > notice.at_ms + DAY_MS


# In words.


def day_and_time(start_ms: int, length_min: int, zone: str) -> str:
    """`Tuesday 24 November, 10:00–10:50 (Europe/Berlin)`."""
    start, end = _local(start_ms, zone), _local(start_ms + length_min * MINUTE_MS, zone)
    return f"{start:%A} {start.day} {start:%B}, {start:%H:%M}–{end:%H:%M} ({zone or 'UTC'})"


def _short(start_ms: int, zone: str) -> str:
    start = _local(start_ms, zone)
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M}"


def _local(at_ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at_ms / 1_000, ZoneInfo(zone or "UTC"))


def booking_words(
    kind: Kind, booking: Booking, other: Other, zone: str, *, release_ms: int = 0
) -> Words:
    """A booking's news for its owner, who lives in `zone`, and may yet be released until `release_ms`."""
    subject, first = BOOKING_WORDS[kind]
    named = {
        "short": _short(booking.start_ms, zone),
        "when": day_and_time(booking.start_ms, booking.length_min, zone),
        "name": other.name or "somebody whose name you learn before it begins",
        "length": booking.length_min,
    }
    ended = kind is Kind.CANCELLED
    return Words(
        subject=subject.format(**named),
        lines=[first.format(**named), *_about(booking, other), *_ways(booking, zone, release_ms)],
        action="Open the calendar" if ended else "Open the session",
        path="/" if ended else f"/sessions/{booking.id}",
    )


BOOKING_WORDS = {
    Kind.MATCHED: ("{short}: you have a partner", "{when}: you will work with {name}."),
    Kind.LOCKED: (
        "{short}: a session is locked in",
        "{when}: you will work with {name}. It is locked in: only a cancellation ends it.",
    ),
    Kind.CHANGED: ("{short}: your session changed", "{when}: {length} minutes, with {name}."),
    Kind.WAITING: (
        "{short}: looking for another partner",
        "{when}: you have no partner at the moment. You keep your place, and hear from us as soon as "
        "there is somebody.",
    ),
    Kind.CANCELLED: (
        "{short}: session cancelled",
        "{when}: this session is cancelled. There is nothing left to do.",
    ),
}


def unasked(words: Words) -> Words:
    """The words for somebody who wants no such mails any more: why this one comes."""
    return msgspec.structs.replace(words, lines=[*words.lines, UNASKED_WORDS])


UNASKED_WORDS = "You turned these mails off. This one comes because your calendar still has the entry: it takes it out."


def _ways(booking: Booking, zone: str, release_ms: int) -> list[str]:
    """What whoever was left by the partner of a lock-in may choose."""
    until = f"until {_short(release_ms, zone)} ({zone or 'UTC'})" if release_ms else ""
    if booking.state is State.WAITING and booking.free_to_cancel:
        until = "while nobody is found"
    return [LEFT_WORDS.format(until=until)] if until else []


LEFT_WORDS = (
    "The partner you were locked in with could not come. If you would rather not meet somebody else, "
    "cancel the session: {until} that is not noted."
)


def _about(booking: Booking, other: Other) -> list[str]:
    if not other.name or booking.state is not State.MATCHED:
        return []
    there = _local(booking.start_ms, other.zone)
    kept = (
        f"{other.sessions} sessions kept so far"
        if other.sessions > 1
        else "one session kept so far"
    )
    first = f"This will be the first session of {other.name}."
    return [
        f"For {other.name} it will be {there:%A} {there:%H:%M} ({other.zone or 'UTC'}).",
        f"{other.name}: {kept}." if other.sessions else first,
    ]


def reminder_words(notice: Notice, booking: Booking, other: Other, zone: str) -> Words:
    """A reminder before a session, or a hint that it has begun."""
    if notice.kind is Kind.AWAITED:
        return awaited_words(booking, other, zone)
    unit = "minute" if notice.minutes == 1 else "minutes"
    company = f" with {other.name}" if other.name else ""
    return Words(
        subject=f"In {notice.minutes} {unit}: your session",
        lines=[f"{day_and_time(booking.start_ms, booking.length_min, zone)}{company}."],
        action="Enter the room",
        path=f"/room/{booking.id}",
    )


def awaited_words(booking: Booking, other: Other, zone: str) -> Words:
    """The partner sits in the room, and waits."""
    who = other.name or "Your partner"
    return Words(
        subject="Your session has begun",
        lines=[
            f"{who} is in the room: {day_and_time(booking.start_ms, booking.length_min, zone)}."
        ],
        action="Enter the room",
        path=f"/room/{booking.id}",
    )


def people_words(notice: Notice, other: Other, zone: str) -> Words:
    """A notice about somebody rather than a booking."""
    subject, line, action, path = PEOPLE_WORDS[notice.kind]
    when = day_and_time(notice.start_ms, notice.length_min, zone)
    return Words(
        subject=subject,
        lines=[line.format(name=other.name, when=when)],
        action=action,
        path=path.format(id=other.id),
    )


PEOPLE_WORDS = {
    Kind.FRIEND_ASKED: (
        "Somebody would like to be friends",
        "{name} would like to be friends: you could then always write to each other and lock in sessions.",
        "Answer",
        "/people/{id}",
    ),
    Kind.FRIEND_MADE: (
        "You have a new friend",
        "{name} accepted: you are friends now.",
        "See their free times",
        "/people/{id}",
    ),
    Kind.INVITED: (
        "You are invited to a session",
        "{name} invites you to work together: {when}.",
        "Answer",
        "/people/{id}",
    ),
    Kind.WRITTEN: (
        "You have a new message",
        "{name} wrote to you.",
        "Read and answer",
        "/messages/{id}",
    ),
}

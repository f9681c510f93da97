"""A booking as a calendar entry: for the mail that tells of it, and for the member's own feed.

An entry keeps its UID for good, and its SEQUENCE is the booking's version, so that calendars replace
what they have. Instants are UTC. The entry is its owner's: it may show the own title and the partner's
name, and never the partner's title or anybody's address but the owner's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec
from icalendar import Calendar, Event, vCalAddress, vText

from scheduler.bookings import Booking, State

PRODUCT = "-//Alongside//Sessions//EN"
REFRESH = timedelta(minutes=15)
"""How often programs that ask for the feed may ask."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATUS = {
    State.WAITING: "TENTATIVE",
    State.MATCHED: "CONFIRMED",
    State.DONE: "CONFIRMED",
    State.CANCELLED: "CANCELLED",
}


class Method(StrEnum):
    """What a mailed entry asks the member's calendar to do."""

    REQUEST = "REQUEST"
    """Put the entry in, or in the place of what it was before."""
    CANCEL = "CANCEL"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The instance an entry leads to."""

    origin: str
    name: str
    sender: str
    """The address mails come from."""

    @property
    def host(self) -> str:
        """What makes an id the instance's own."""
        return urlsplit(self.origin).hostname or "localhost"


def uid(booking: str, place: Place) -> str:
    return f"{booking}@{place.host}"


def links(booking: Booking, place: Place) -> dict[str, str]:
    """Where a member goes from an entry, by what for. Once it is over, there is nothing to join or cancel."""
    session, over = _session(booking, place), booking.state is State.DONE
    met = booking.partner is not None
    found = {
        "Join": "" if over else f"{place.origin}/room/{booking.id}",
        "Message your partner": f"{place.origin}/messages/{booking.partner}" if met else "",
        "Report": f"{session}#report" if met or not over else "",
        "Cancel": "" if over else f"{session}#cancel",
    }
    return {what: where for what, where in found.items() if where}


def _session(booking: Booking, place: Place) -> str:
    return f"{place.origin}/sessions/{booking.id}"


def summary(booking: Booking, partner: str) -> str:
    """`Thesis, with Ben`: the own title if there is one, and who comes if that is known."""
    title = booking.title or "Session"
    if partner:
        return f"{title}, with {partner}"
    if booking.state is State.DONE:
        return title if booking.partner else f"{title}, without a partner"
    named_later = booking.state is State.MATCHED
    return f"{title}, partner named later" if named_later else f"{title}, waiting for a partner"


def entry(booking: Booking, partner: str, place: Place, *, stamp_ms: int) -> Event:
    """One booking as its owner's entry; `partner` is a name, empty if there is none or none is told."""
    event = Event()
    event.add("uid", uid(booking.id, place))
    event.add("sequence", booking.version)
    event.add("dtstamp", _utc(stamp_ms))
    event.add("created", _utc(booking.created_ms))
    event.add("dtstart", _utc(booking.start_ms))
    event.add("dtend", _utc(booking.end_ms))
    event.add("summary", summary(booking, partner))
    event.add("status", STATUS[booking.state])
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    if booking.state is not State.CANCELLED:
        _lead(event, links(booking, place), _session(booking, place))
    return event


def _lead(event: Event, found: dict[str, str], session: str) -> None:
    """Where the entry is, and leads."""
    event.add("url", found.get("Join", session))
    if "Join" in found:
        event.add("location", found["Join"])
    if found:
        event.add("description", "\n".join(f"{what}: {where}" for what, where in found.items()))


def mailed(
    booking: Booking, partner: str, place: Place, *, method: Method, to: str, name: str, at_ms: int
) -> str:
    """The calendar part of a mail to the booking's owner."""
    event = entry(booking, partner, place, stamp_ms=at_ms)
    organizer = vCalAddress(f"mailto:{place.sender}")
    organizer.params["CN"] = vText(place.name)
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["CN"] = vText(name)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    return _calendar([event], place, method=method).decode()


def feed(bookings: Iterable[Booking], partners: dict[str, str], place: Place) -> bytes:
    """All of a member's bookings; `partners` are names by member. Equal bookings give equal bytes."""
    # What a booking was last changed at is not kept; its version tells changes apart.
    events = [
        entry(each, partners.get(each.partner or "", ""), place, stamp_ms=each.created_ms)
        for each in bookings
    ]
    return _calendar(events, place, method=None)


def etag(content: bytes) -> str:
    """Names a feed's content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _calendar(events: list[Event], place: Place, *, method: Method | None) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method.value)
    else:
        calendar.add("x-wr-calname", place.name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT15M")
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _utc(at_ms: int) -> datetime:
    return EPOCH + timedelta(seconds=at_ms // 1_000)

"""Webhooks: what is told to a member's own programs, how it is signed, when it is tried again. Pure.

Their addresses are written by members, so where we call is guarded twice: the address must look right
when it is written down, and the network address it leads to must be public when we connect.
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import msgspec

from scheduler import events
from scheduler.bookings import Booking
from scheduler.errors import BadField
from scheduler.events import AnyEvent
from scheduler.flags import Fault, Flag
from scheduler.rules import DAY_MS, MINUTE_MS, SECOND_MS
from scheduler.signin import keyed_hash
from scheduler.work import Lane

WEBHOOKS_MAX = 10
URL_MAX = 500
PAUSES_MS = (10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 120 * MINUTE_MS)
"""Before each further try: five of them."""
DISABLED_AFTER_MS = 3 * DAY_MS
"""Nothing arrived for this long: nothing is sent any more until a test arrives."""
SIGNATURE = "Alongside-Signature"
OF_MEMBER = 2
"""Calls for one member that are under way at the same time."""
OF_HOST = 1
"""Calls of one receiver that are under way at the same time."""
WAITING_MAX = 100
"""Calls of one webhook that wait: of more the oldest are dropped."""
OLD_MS = DAY_MS
"""What happened longer ago is told to nobody."""

NAT64 = ip_network("64:ff9b::/96")
"""IPv6 addresses that lead to an IPv4 one."""


class Topic(StrEnum):
    """What a webhook may be told."""

    MATCHED = "matched"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    FLAGGED = "flagged"
    TEST = "test"
    """Only when its owner asks."""


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The last time we called."""

    at_ms: int
    status: int | None
    """None if nobody answered."""
    ok: bool


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How calls go."""

    last: Last | None = None
    failing_since_ms: int | None = None
    disabled: bool = False


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a member's own that is called."""

    id: str
    member: str
    url: str
    topics: tuple[Topic, ...]
    created_ms: int


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell one member's webhooks."""

    topic: Topic
    member: str
    booking: str = ""
    pair: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One call that waits to be made."""

    id: str
    """The same in every try."""
    hook: str
    member: str
    topic: Topic
    body: str
    tries: int = 0
    host: str = ""
    """Where it goes, with the port."""

    @property
    def key(self) -> str:
        """What it waits under."""
        return f"{self.hook}:{self.id}"

    @property
    def lanes(self) -> list[Lane]:
        """Whoever answers slowly holds up their own calls, and nobody else's."""
        return [Lane(f"member {self.member}", OF_MEMBER), Lane(f"host {self.host}", OF_HOST)]


# What is told.


def occasions_of(event: AnyEvent) -> list[Occasion]:
    """Whose webhooks hear what of this event."""
    match event:
        case events.Matched():
            return _of_both(Topic.MATCHED, event)
        case events.Locked() | events.Revealed():
            return _of_both(Topic.CHANGED, event)
        case events.Unmatched() if not event.rematched:
            return [Occasion(topic=Topic.CHANGED, member=event.member, booking=event.booking)]
        case events.BookingChanged():
            return [Occasion(topic=Topic.CHANGED, member=event.member, booking=event.booking)]
        case events.Cancelled():
            return [Occasion(topic=Topic.CANCELLED, member=event.member, booking=event.booking)]
        case events.Flagged():
            return [Occasion(topic=Topic.FLAGGED, member=event.member, booking=event.booking)]
        case events.Settled():
            return [
                Occasion(topic=Topic.FLAGGED, member=member, pair=event.pair)
                for member in event.flagged
            ]
    return []


def with_flag(occasion: Occasion, flags: list[Flag]) -> Occasion:
    """The occasion with both booking and pair: of a flag its event names one of them."""
    for flag in flags if occasion.topic is Topic.FLAGGED else []:
        by_cancelling = flag.fault is Fault.LATE_CANCEL
        asked = flag.booking == occasion.booking if by_cancelling else flag.pair == occasion.pair
        if asked:
            return msgspec.structs.replace(occasion, booking=flag.booking, pair=flag.pair)
    return occasion


def is_news(at_ms: int, hook: Webhook, now_ms: int) -> bool:
    """Whether a webhook hears of what happened then: not of what was before it, nor of what is long past.

    Whoever reads the outbox from its beginning, as after a loss, does not tell it all again.
    """
    return at_ms >= max(hook.created_ms, now_ms - OLD_MS)


def _of_both(
    topic: Topic, event: events.Matched | events.Locked | events.Revealed
) -> list[Occasion]:
    return [
        Occasion(topic=topic, member=member, booking=booking)
        for member, booking in zip(event.members, event.bookings, strict=True)
    ]


def body_of(
    id: str,
    topic: Topic,
    at: str,
    *,
    pair: str = "",
    booking: Booking | None = None,
    times: dict[str, str] | None = None,
    name: str = "",
) -> str:
    """What is sent, as JSON. Of a partner the id and the name; no title, of nobody."""
    told: dict[str, Any] = {"id": id, "event": topic.value, "at": at}
    if pair:
        told["pair"] = pair
    if booking:
        told["booking"] = {
            "id": booking.id,
            **(times or {}),
            "length_min": booking.length_min,
            "state": booking.state.value,
            "locked": booking.locked,
            "partner": {"id": booking.partner, "name": name} if booking.partner else None,
        }
    return msgspec.json.encode(told).decode()


# How it is signed.


def secret_of(instance_secret: str, hook: str) -> str:
    """What a webhook's calls are signed with: made from the instance's secret, so that it is kept nowhere."""
    return f"whsec_{keyed_hash(instance_secret, 'webhook', hook)}"


def signature(secret: str, at_s: int, body: str) -> str:
    """The header that proves who calls, and when."""
    signed = hmac.new(secret.encode(), f"{at_s}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at_s},v1={signed}"


# How calls go.


def after_call(health: Health, last: Last) -> Health:
    """What is known after one more call. A call that arrived forgets all before it."""
    if last.ok:
        return Health(last=last)
    since_ms = last.at_ms if health.failing_since_ms is None else health.failing_since_ms
    worn_out = last.at_ms - since_ms >= DISABLED_AFTER_MS
    return Health(last=last, failing_since_ms=since_ms, disabled=health.disabled or worn_out)


# Where we may call.


def clean_url(url: str, *, loopback: bool) -> str:
    """An address we may try to call, or `BadField`. Plain http is for an instance on this machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadField(field="url") from None
    plain = url.isascii() and url.isprintable() and not set(url) & set(" \\<>\"'")
    if len(url) > URL_MAX or not plain or not parts.hostname or port == 0:
        raise BadField(field="url", most=URL_MAX)
    if parts.scheme not in ({"http", "https"} if loopback else {"https"}):
        raise BadField(field="url", why="https")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadField(field="url", why="name or fragment")
    if is_address(parts.hostname) and not may_reach(parts.hostname, loopback=loopback):
        raise BadField(field="url", why="not public")
    return url


def host_of(url: str) -> str:
    """The receiver behind an address: host and port."""
    return urlsplit(url).netloc.lower()


def is_address(host: str) -> bool:
    """Whether this is a network address rather than a name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def may_reach(address: str, *, loopback: bool) -> bool:
    """Whether a network address is public: nothing of ours, and nobody's own network.

    An instance of this machine alone may call this machine, because whoever writes the address owns both.
    """
    try:
        found = _inner(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if found.is_loopback:
        return loopback
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one, where such addresses lead to it."""
    if isinstance(found, IPv4Address):
        return found
    if found in NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo[1] if found.teredo else None
    return found.ipv4_mapped or found.sixtofour or teredo or found

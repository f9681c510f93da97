"""What goes over the wire, as types: decoding checks them, and the OpenAPI page is made from them.

Instants are RFC 3339 text in UTC. Requests may hold no field that is not named here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from scheduler.bookings import Gender, State, Task
from scheduler.errors import BadField
from scheduler.flags import Fault
from scheduler.presence import Seen
from scheduler.rules import Rules

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
RequestId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9_-]{8,64}$(?!\n)",
        description="Chosen by the caller, one for each wish: asking again with it changes nothing.",
    ),
]
Length = Annotated[int, msgspec.Meta(ge=1, le=24 * 60, description="Minutes.")]

ITEMS_MAX = 20
"""Bookings one call may ask for."""


def instant(at_ms: int) -> datetime:
    """A stored instant as it is written."""
    return EPOCH + at_ms * MILLISECOND


def ms_of(at: datetime, field: str) -> int:
    """A written instant as it is stored, or `BadField` if it is finer than a millisecond."""
    whole, rest = divmod(at - EPOCH, MILLISECOND)
    if rest:
        raise BadField(field=field, why="milliseconds are the finest")
    return whole


class In(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what comes in."""


class Out(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what goes out."""


# What comes in.


class LinkIn(In, frozen=True, kw_only=True):
    """Ask for a sign-in link. `next` is the page to open afterwards, a path of this site."""

    mail: Annotated[str, msgspec.Meta(max_length=320)]
    next: Annotated[str, msgspec.Meta(max_length=200)] = ""


class TokenIn(In, frozen=True, kw_only=True):
    """The token of a sign-in link."""

    token: Annotated[str, msgspec.Meta(max_length=200)]


class ItemIn(In, frozen=True, kw_only=True):
    """One slot to book."""

    start: Instant
    length_min: Length
    title: str = ""
    quiet: bool = False
    task: Task = Task.ANYTHING
    prefer_favourites: bool = True


class BookIn(In, frozen=True, kw_only=True):
    """Slots to book, each by itself."""

    request_id: RequestId
    items: Annotated[list[ItemIn], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


class SoonIn(In, frozen=True, kw_only=True):
    """Book the soonest start."""

    request_id: RequestId
    length_min: Length


class DemoIn(In, frozen=True, kw_only=True):
    """Be somebody of the demo. Robots show the instance's secret as `key`."""

    who: Annotated[str, msgspec.Meta(max_length=20)]
    key: Annotated[str, msgspec.Meta(max_length=200)] = ""
    n: int = 0


class AdvanceIn(In, frozen=True, kw_only=True):
    """How far to travel in time."""

    advance_s: Annotated[int, msgspec.Meta(ge=1, le=86_400)]


# What stands in the address.


class Span(In, frozen=True, kw_only=True):
    """`from` inclusive, `to` exclusive."""

    from_: Instant = msgspec.field(name="from")
    to: Instant


class SlotSpan(Span, frozen=True, kw_only=True):
    """Where to look for somebody who waits, for sessions of this length."""

    length_min: Length


class RequestQuery(In, frozen=True, kw_only=True):
    request_id: RequestId


# What goes out.


class Problem(Out, frozen=True, kw_only=True):
    """Why something was refused; nothing has changed."""

    code: str
    text: str
    field: str | None
    data: dict[str, Any]


class ProblemOut(Out, frozen=True, kw_only=True):
    error: Problem


class Nothing(Out, frozen=True, kw_only=True):
    """An empty object."""


class InstanceOut(Out, frozen=True, kw_only=True):
    """What anybody may know of this instance."""

    name: str
    demo: bool
    mail_page: bool
    demo_people: list[str]
    rules: Rules
    build: str
    server_time: Instant


class MeOut(Out, frozen=True, kw_only=True):
    """The own account. `csrf` is what the header `X-CSRF-Token` of every change must carry."""

    id: str
    name: str
    mail: str
    zone: str
    welcomed: bool
    gender: Gender
    only_gender: Gender | None
    accepts_quiet: bool
    hide_address: bool
    day_start_hour: int
    day_end_hour: int
    sessions_kept: int
    csrf: str


class Person(Out, frozen=True, kw_only=True):
    """A partner, as partners see each other. `sessions` are those kept so far; 0 is a first session."""

    id: str
    name: str
    zone: str
    sessions: int


class BookingView(Out, frozen=True, kw_only=True):
    """An own booking. `title` is for its owner alone; doors open at `opens` and close at `closes`."""

    id: str
    start: Instant
    end: Instant
    length_min: int
    state: State
    title: str
    quiet: bool
    task: Task
    prefer_favourites: bool
    locked: bool
    opens: Instant
    closes: Instant
    partner: Person | None


class BookingOut(Out, frozen=True, kw_only=True):
    booking: BookingView


class BookingsOut(Out, frozen=True, kw_only=True):
    bookings: list[BookingView]


class Result(Out, frozen=True, kw_only=True):
    """What became of one item: the booking, or the error; never both."""

    booking: BookingView | msgspec.UnsetType = msgspec.UNSET
    error: Problem | msgspec.UnsetType = msgspec.UNSET


class ResultsOut(Out, frozen=True, kw_only=True):
    """One outcome for each item, in order."""

    results: list[Result]


class Waiting(Out, frozen=True, kw_only=True):
    """Somebody who waits."""

    id: str
    name: str


class Slot(Out, frozen=True, kw_only=True):
    """A start at which `count` members wait; `people` are the first three."""

    start: Instant
    count: int
    people: list[Waiting]


class SlotsOut(Out, frozen=True, kw_only=True):
    slots: list[Slot]


class SeenView(Out, frozen=True, kw_only=True):
    """One thing that was seen in the room."""

    who: Literal["you", "partner"]
    seen: Seen
    at: Instant
    minutes: int
    closed: bool
    """Of a drop: the page was closed, no line was lost."""


class FlagView(Out, frozen=True, kw_only=True):
    """An own flag: the fault, what was measured, the limit it passed, and what was seen."""

    pair: str
    booking: str
    fault: Fault
    at: Instant
    measured_ms: int
    limit_ms: int
    start: Instant
    length_min: int
    timeline: list[SeenView]


class FlagsOut(Out, frozen=True, kw_only=True):
    flags: list[FlagView]


class MailView(Out, frozen=True, kw_only=True):
    id: str
    to: str
    subject: str
    text: str
    html: str
    at: Instant


class MailsOut(Out, frozen=True, kw_only=True):
    mails: list[MailView]


class ClockOut(Out, frozen=True, kw_only=True):
    server_time: Instant

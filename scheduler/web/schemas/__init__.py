"""What goes over the wire, as types: decoding checks them, and the OpenAPI page is made from them.

Instants are RFC 3339 text in UTC. Requests may hold no field that is not named here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from scheduler.errors import BadField

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
BookingId = Annotated[str, msgspec.Meta(pattern=r"^b[0-9]{1,15}$(?!\n)")]
Length = Annotated[int, msgspec.Meta(ge=1, le=24 * 60, description="Minutes.")]


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


class Span(In, frozen=True, kw_only=True):
    """`from` inclusive, `to` exclusive."""

    from_: Instant = msgspec.field(name="from")
    to: Instant


class RequestIn(In, frozen=True, kw_only=True):
    """A change that needs nothing but its name."""

    request_id: RequestId


class RequestQuery(In, frozen=True, kw_only=True):
    request_id: RequestId


class Named(Out, frozen=True, kw_only=True):
    """A member by name."""

    id: str
    name: str


class Time(Out, frozen=True, kw_only=True):
    """A slot: a start and a length."""

    start: Instant
    length_min: int


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

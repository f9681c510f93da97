"""Messages on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scheduler.web.schemas import In, Instant, Out, RequestId


class LineIn(In, frozen=True, kw_only=True):
    """A message to write."""

    request_id: RequestId
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]


class Empty(In, frozen=True, kw_only=True):
    """Nothing but the wish itself."""


class LineView(Out, frozen=True, kw_only=True):
    """One message; `by` is a member's id."""

    id: str
    by: str
    at: Instant
    text: str


class Correspondent(Out, frozen=True, kw_only=True):
    """The other member of a thread."""

    id: str
    name: str


class ThreadView(Out, frozen=True, kw_only=True):
    """The newest 200 lines, oldest first; in the list of threads the last one only. `open_until` is null
    without end (friends), and when it is over."""

    member: Correspondent
    lines: list[LineView]
    unread: int
    open: bool
    open_until: Instant | None


class ThreadsOut(Out, frozen=True, kw_only=True):
    threads: list[ThreadView]

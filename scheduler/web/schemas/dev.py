"""What goes over the wire at this machine's doors, and the demo's."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scheduler.web.schemas import In, Instant, Out


class DemoIn(In, frozen=True, kw_only=True):
    """Be somebody of the demo. Robots show the instance's secret as `key`."""

    who: Annotated[str, msgspec.Meta(max_length=20)]
    key: Annotated[str, msgspec.Meta(max_length=200)] = ""
    n: int = 0


class AdvanceIn(In, frozen=True, kw_only=True):
    """How far to travel in time."""

    advance_s: Annotated[int, msgspec.Meta(ge=1, le=86_400)]


class MailView(Out, frozen=True, kw_only=True):
    id: str
    to: str
    subject: str
    text: str
    html: str
    calendar: str
    """The part for the reader's calendar, or empty."""
    at: Instant


class MailsOut(Out, frozen=True, kw_only=True):
    mails: list[MailView]


class ClockOut(Out, frozen=True, kw_only=True):
    server_time: Instant

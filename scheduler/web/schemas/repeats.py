"""Repeats on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from scheduler.bookings import Task
from scheduler.repeats import DateState
from scheduler.web.schemas import In, Instant, Length, Out, RequestId

Weekday = Annotated[int, msgspec.Meta(ge=0, le=6, description="0 is Monday.")]
WallTime = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)",
        description="On the clock of the owner's zone, as `15:00`.",
    ),
]


class RepeatIn(In, frozen=True, kw_only=True):
    """A series to book. `zone` is the own one unless said; `from` and `until` are its first and last date."""

    request_id: RequestId
    days: Annotated[list[Weekday], msgspec.Meta(min_length=1, max_length=7)]
    time: WallTime
    length_min: Length
    zone: str = ""
    title: str = ""
    quiet: bool = False
    task: Task = Task.ANYTHING
    prefer_favourites: bool = True
    also_shorter: bool = False
    from_: date | None = msgspec.field(name="from", default=None)
    until: date | None = None


class SkipIn(In, frozen=True, kw_only=True):
    """The date to take out."""

    request_id: RequestId
    date: date


class StopQuery(In, frozen=True, kw_only=True):
    """`cancel` cancels the coming bookings too, by the usual rules."""

    request_id: RequestId
    cancel: bool = False


class RepeatDate(Out, frozen=True, kw_only=True):
    """One coming date. `moved`: the clocks leave its time out, so it is at the next that exists; `taken`:
    it could not be booked, `why` is the error's code."""

    date: date
    start: Instant
    state: DateState
    booking: str | None
    why: str | None


class Shift(Out, frozen=True, kw_only=True):
    """From this date on it is at another time on your own clock."""

    date: date
    time: str


class RepeatView(Out, frozen=True, kw_only=True):
    """A series, and its next dates. `shifts` of the coming eight weeks: where your own zone and the repeat's
    change their clocks on different days, the hour moves for you."""

    id: str
    days: list[int]
    time: str
    zone: str
    length_min: int
    title: str
    quiet: bool
    task: Task
    prefer_favourites: bool
    also_shorter: bool
    from_: date = msgspec.field(name="from")
    until: date | None
    next: list[RepeatDate]
    shifts: list[Shift]


class RepeatsOut(Out, frozen=True, kw_only=True):
    repeats: list[RepeatView]

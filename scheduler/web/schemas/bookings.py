"""What goes over the wire of bookings, and of who waits."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scheduler.bookings import State, Task
from scheduler.web.schemas import In, Instant, Length, Out, Problem, RequestId, Span

ITEMS_MAX = 20
"""Bookings one call may ask for."""


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


class SlotSpan(Span, frozen=True, kw_only=True):
    """Where to look for somebody who waits, for sessions of this length."""

    length_min: Length


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

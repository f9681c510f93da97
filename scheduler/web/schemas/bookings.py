"""What goes over the wire of bookings, and of who waits."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scheduler.bookings import Came, State, Task
from scheduler.people import Friendship
from scheduler.web.schemas import (
    BookingId,
    In,
    Instant,
    Length,
    Out,
    Problem,
    RequestId,
    Span,
)
from scheduler.web.schemas.invites import InviteView

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
    also_shorter: bool = False


class BookIn(In, frozen=True, kw_only=True):
    """Slots to book, each by itself."""

    request_id: RequestId
    items: Annotated[list[ItemIn], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


class SoonIn(In, frozen=True, kw_only=True):
    """Book the soonest start, for a session that is as wished for."""

    request_id: RequestId
    length_min: Length
    title: str = ""
    quiet: bool = False
    task: Task = Task.ANYTHING
    prefer_favourites: bool = True
    also_shorter: bool = False


class LockIn(ItemIn, frozen=True, kw_only=True):
    """A slot to share with one member. `replace` names own bookings that give way to it."""

    request_id: RequestId
    member: Annotated[str, msgspec.Meta(max_length=60)]
    replace: Annotated[list[BookingId], msgspec.Meta(max_length=ITEMS_MAX)] = []
    invite: Annotated[str, msgspec.Meta(max_length=60)] = ""


class EditIn(In, frozen=True, kw_only=True):
    """What to change of a booking; what is absent stays. With `rematch`, a partner who does not go with
    it is given up."""

    request_id: RequestId
    rematch: bool = False
    title: str | msgspec.UnsetType = msgspec.UNSET
    quiet: bool | msgspec.UnsetType = msgspec.UNSET
    task: Task | msgspec.UnsetType = msgspec.UNSET
    prefer_favourites: bool | msgspec.UnsetType = msgspec.UNSET
    also_shorter: bool | msgspec.UnsetType = msgspec.UNSET


class AgainIn(In, frozen=True, kw_only=True):
    """How far after that session: in whole weeks or in days, at the same wall time. One week by itself."""

    request_id: RequestId
    weeks: Annotated[int, msgspec.Meta(ge=0, le=8)] = 0
    days: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0


class SlotSpan(Span, frozen=True, kw_only=True):
    """Where to look for somebody who waits, for sessions of this length; with `also_shorter`, where
    lengths cross, for shorter ones too."""

    length_min: Length
    also_shorter: bool = False


class SlotQuery(In, frozen=True, kw_only=True):
    """Whether a shorter session is welcome too, where lengths cross."""

    also_shorter: bool = False


class Partner(Out, frozen=True, kw_only=True):
    """A partner, as partners see each other. `sessions` are those kept so far; 0 is a first session.
    `favourite` is whether they are one of yours."""

    id: str
    name: str
    zone: str
    sessions: int
    favourite: bool
    friendship: Friendship


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
    partner: Partner | None
    revealed: bool
    wished_min: int
    also_shorter: bool
    free_to_cancel: bool
    late_cancel_from: Instant | None
    release_until: Instant | None
    outcome: Came | None
    """What came of a session that is over, in the room; None until it was looked at."""
    together_min: int | None
    sequence: int
    repeat: str | None


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


class AgainOut(Out, frozen=True, kw_only=True):
    """The new booking, and the invite the former partner got for it."""

    booking: BookingView
    invite: InviteView | None


class Waiting(Out, frozen=True, kw_only=True):
    """Somebody who waits. `favourite` is whether they are one of yours, `length_min` how long the session
    with them would be: less than was asked for where they wait for a shorter one."""

    id: str
    name: str
    favourite: bool
    length_min: int


class Free(Waiting, frozen=True, kw_only=True):
    """Somebody who waits at a slot, or who can be locked in there."""

    lockable: bool


class WaitingOut(Out, frozen=True, kw_only=True):
    waiting: list[Free]


class Slot(Out, frozen=True, kw_only=True):
    """A start at which `count` members wait; `people` are the first three, `length_min` is the longest
    session that can be had there now."""

    start: Instant
    count: int
    length_min: int
    people: list[Waiting]


class SlotsOut(Out, frozen=True, kw_only=True):
    slots: list[Slot]

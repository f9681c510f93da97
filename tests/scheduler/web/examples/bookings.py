"""Bookings, check-ins, and who waits."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.bookings import Booking, State, Task, WaitingSlot
from scheduler.checkins import Checkin, Outcome, TaskOutcome
from scheduler.rules import DAY_MS, DEFAULT
from scheduler.web import views
from scheduler.web.schemas import instant
from scheduler.web.schemas.bookings import (
    AgainIn,
    AgainOut,
    BookIn,
    BookingOut,
    BookingsOut,
    EditIn,
    Free,
    ItemIn,
    LockIn,
    Result,
    ResultsOut,
    SlotsOut,
    SoonIn,
    WaitingOut,
)
from scheduler.web.views.bookings import booking, slot
from scheduler.web.views.invites import invite
from tests.scheduler.web.examples.invites import AGAIN, NAMES
from tests.scheduler.web.examples.world import ANA, BEN, BOOKED, KNOWN, NOW, OWN, TAKEN, T

ITEM = ItemIn(start=instant(T), length_min=50, title="Thesis", task=Task.DESK)
SOON = SoonIn(request_id="3f9c6e0a-8d53", length_min=50, title="Thesis", task=Task.DESK)
CHECKIN = Checkin(
    outcomes=[
        TaskOutcome(task="Write the introduction", outcome=Outcome.DONE),
        TaskOutcome(task="Find two sources", outcome=Outcome.NOT_TODAY),
    ],
    again=True,
)
CANCELLED = Booking(
    id="b41",
    member=ANA.id,
    start_ms=T,
    length_min=50,
    state=State.CANCELLED,
    title="Thesis",
    task=Task.DESK,
    created_ms=NOW,
    version=3,
)
WAITS = WaitingSlot(start_ms=T, length_min=50, members=(BEN.id,))
NEXT_WEEK = Booking(
    id="b52",
    member=ANA.id,
    start_ms=T + 7 * DAY_MS,
    length_min=50,
    state=State.WAITING,
    title="Thesis",
    task=Task.DESK,
    created_ms=NOW,
    version=1,
)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /bookings": (None, BookingsOut(bookings=[BOOKED.booking])),
    "POST /bookings": (
        BookIn(request_id="3f9c6e0a-8d52", items=[ITEM, ITEM]),
        ResultsOut(results=[Result(booking=BOOKED.booking), Result(error=views.problem(TAKEN))]),
    ),
    "POST /bookings/lock": (
        LockIn(
            request_id="3f9c6e0a-8d54",
            member=BEN.id,
            start=instant(T),
            length_min=50,
            title="Thesis",
            task=Task.DESK,
            replace=["b36"],
        ),
        BookingOut(
            booking=booking(msgspec.structs.replace(OWN, locked=True), {BEN.id: KNOWN}, DEFAULT)
        ),
    ),
    "PATCH /bookings/{booking}": (
        EditIn(request_id="3f9c6e0a-8d55", rematch=True, quiet=True),
        BookingOut(booking=booking(msgspec.structs.replace(OWN, quiet=True), {}, DEFAULT)),
    ),
    "POST /bookings/{booking}/again": (
        AgainIn(request_id="3f9c6e0a-8d56", weeks=1),
        AgainOut(booking=booking(NEXT_WEEK, {}, DEFAULT), invite=invite(AGAIN, NAMES)),
    ),
    "GET /waiting/{start}/{length}": (
        None,
        WaitingOut(
            waiting=[Free(id=BEN.id, name=BEN.name, favourite=True, length_min=50, lockable=True)]
        ),
    ),
    "POST /bookings/soon": (SOON, BOOKED),
    "GET /bookings/{booking}": (None, BOOKED.booking),
    "DELETE /bookings/{booking}": (
        None,
        BookingOut(booking=booking(CANCELLED, {}, DEFAULT)),
    ),
    "GET /bookings/{booking}/checkin": (None, CHECKIN),
    "PUT /bookings/{booking}/checkin": (CHECKIN, None),
    "GET /slots": (None, SlotsOut(slots=[slot([WAITS], {BEN.id: BEN.name}, {BEN.id})])),
}

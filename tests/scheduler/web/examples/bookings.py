"""Bookings, check-ins, and who waits."""

from __future__ import annotations

from typing import Any

from scheduler.bookings import Booking, State, Task, WaitingSlot
from scheduler.checkins import Checkin, Outcome, TaskOutcome
from scheduler.rules import DEFAULT
from scheduler.web import views
from scheduler.web.schemas import instant
from scheduler.web.schemas.bookings import (
    BookIn,
    BookingOut,
    BookingsOut,
    ItemIn,
    Result,
    ResultsOut,
    SlotsOut,
    SoonIn,
)
from tests.scheduler.web.examples.world import ANA, BEN, BOOKED, NOW, TAKEN, T

ITEM = ItemIn(start=instant(T), length_min=50, title="Thesis", task=Task.DESK)
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

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /bookings": (None, BookingsOut(bookings=[BOOKED.booking])),
    "POST /bookings": (
        BookIn(request_id="3f9c6e0a-8d52", items=[ITEM, ITEM]),
        ResultsOut(results=[Result(booking=BOOKED.booking), Result(error=views.problem(TAKEN))]),
    ),
    "POST /bookings/soon": (SoonIn(request_id="3f9c6e0a-8d53", length_min=50), BOOKED),
    "GET /bookings/{booking}": (None, BOOKED.booking),
    "DELETE /bookings/{booking}": (
        None,
        BookingOut(booking=views.booking(CANCELLED, {}, DEFAULT)),
    ),
    "GET /bookings/{booking}/checkin": (None, CHECKIN),
    "PUT /bookings/{booking}/checkin": (CHECKIN, None),
    "GET /slots": (None, SlotsOut(slots=[views.slot(WAITS, {BEN.id: BEN.name})])),
}

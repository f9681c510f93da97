"""Bookings, who waits, and how sessions went."""

from __future__ import annotations

from scheduler.checkins import Checkin
from scheduler.web import bookings, locks, slots
from scheduler.web.endpoint import Route
from scheduler.web.routes.patterns import BOOKING, SLOT
from scheduler.web.schemas import RequestQuery, Span
from scheduler.web.schemas.bookings import (
    AgainIn,
    AgainOut,
    BookIn,
    BookingOut,
    BookingsOut,
    BookingView,
    EditIn,
    LockIn,
    ResultsOut,
    SlotQuery,
    SlotsOut,
    SlotSpan,
    SoonIn,
    WaitingOut,
)

ROUTES = (
    Route(
        method="GET", scope="read", path="/bookings", handle=bookings.listed, query=Span,
        answer=BookingsOut, about="Own bookings that start in a span, by start.",
    ),
    Route(
        method="POST", scope="book", path="/bookings", handle=bookings.book, body=BookIn,
        answer=ResultsOut, about="Book slots, each by itself.",
    ),
    Route(
        method="POST", scope="book", path="/bookings/soon", handle=bookings.book_soon, body=SoonIn,
        answer=BookingOut, about="Book the soonest start, beside somebody who waits if there is one.",
    ),
    Route(
        method="POST", scope="book", path="/bookings/lock", handle=locks.lock_in, body=LockIn,
        answer=BookingOut, about="Share a slot with one member for good.",
    ),
    Route(
        method="GET", scope="read", path=f"/bookings/{BOOKING}", handle=bookings.show,
        answer=BookingView, about="One own booking.",
    ),
    Route(
        method="PATCH", scope="book", path=f"/bookings/{BOOKING}", handle=locks.edit, body=EditIn,
        answer=BookingOut, about="Change what was wished for; what is absent stays.",
    ),
    Route(
        method="DELETE", scope="book", path=f"/bookings/{BOOKING}", handle=bookings.cancel,
        query=RequestQuery, answer=BookingOut, about="Cancel an own booking.",
    ),
    Route(
        method="POST", scope="book", also="people", path=f"/bookings/{BOOKING}/again", handle=locks.again,
        body=AgainIn, answer=AgainOut, about="Book the same time again, and invite the partner there.",
    ),
    Route(
        method="GET", scope="read", path=f"/bookings/{BOOKING}/checkin", handle=bookings.checkin,
        answer=Checkin, about="How an own session went; empty if nothing was said.",
    ),
    Route(
        method="PUT", scope="book", path=f"/bookings/{BOOKING}/checkin", handle=bookings.check_in,
        body=Checkin, status=204, about="Say how an own session went. Nobody else reads it.",
    ),
    Route(
        method="GET", scope="read", path="/slots", handle=slots.listed, query=SlotSpan,
        answer=SlotsOut, about="Starts at which somebody waits whom you may meet.",
    ),
    Route(
        method="GET", scope="read", path=f"/waiting/{SLOT}", handle=slots.at, query=SlotQuery,
        answer=WaitingOut, about="Who waits at a slot, and who could be locked in there.",
    ),
)  # fmt: skip

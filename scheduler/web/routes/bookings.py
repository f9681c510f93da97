"""Bookings, who waits, and how sessions went."""

from __future__ import annotations

from scheduler.checkins import Checkin
from scheduler.web import bookings
from scheduler.web.endpoint import Route
from scheduler.web.routes.patterns import BOOKING
from scheduler.web.schemas import RequestQuery, Span
from scheduler.web.schemas.bookings import (
    BookIn,
    BookingOut,
    BookingsOut,
    BookingView,
    ResultsOut,
    SlotsOut,
    SlotSpan,
    SoonIn,
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
        method="GET", scope="read", path=f"/bookings/{BOOKING}", handle=bookings.show,
        answer=BookingView, about="One own booking.",
    ),
    Route(
        method="DELETE", scope="book", path=f"/bookings/{BOOKING}", handle=bookings.cancel,
        query=RequestQuery, answer=BookingOut, about="Cancel an own booking.",
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
        method="GET", scope="read", path="/slots", handle=bookings.slots, query=SlotSpan,
        answer=SlotsOut, about="Starts at which somebody waits whom you may meet.",
    ),
)  # fmt: skip

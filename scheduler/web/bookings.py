"""Bookings and check-ins."""

from __future__ import annotations

from scheduler.accounts import clean_title
from scheduler.bookings import SOONEST, Booking, Wish
from scheduler.checkins import Checkin
from scheduler.errors import SchedulerError
from scheduler.web import views
from scheduler.web.endpoint import Call
from scheduler.web.schemas import RequestQuery, ms_of
from scheduler.web.schemas.bookings import (
    BookIn,
    BookingOut,
    BookingsOut,
    BookingView,
    ItemIn,
    Result,
    ResultsOut,
    SoonIn,
)
from scheduler.web.spans import span_of
from scheduler.web.views import bookings as booking_views


async def book(call: Call) -> ResultsOut:
    """Each item by itself: what can be booked is booked, whatever happens to the others."""
    asked: BookIn = call.body
    service, member = call.api.service, call.who.member
    wishes = [wish_of(item) for item in asked.items]
    done = await service.bookings.book_all(asked.request_id, member, wishes)
    booked = [wish for wish, each in zip(wishes, done, strict=True) if isinstance(each, Booking)]
    if booked:
        await service.members.remember(call.account, booked[-1])
    seen = iter(await shown(call, [each for each in done if isinstance(each, Booking)]))
    return ResultsOut(
        results=[
            Result(error=views.problem(each))
            if isinstance(each, SchedulerError)
            else Result(booking=next(seen))
            for each in done
        ]
    )


def wish_of(item: ItemIn | SoonIn) -> Wish:
    """What is asked for, as the ledger takes it."""
    return Wish(
        start_ms=ms_of(item.start, "start") if isinstance(item, ItemIn) else SOONEST,
        length_min=item.length_min,
        title=clean_title(item.title),
        quiet=item.quiet,
        task=item.task,
        prefer_favourites=item.prefer_favourites,
        also_shorter=item.also_shorter,
    )


async def book_soon(call: Call) -> BookingOut:
    asked: SoonIn = call.body
    service, member, wish = call.api.service, call.who.member, wish_of(asked)
    booked = await service.bookings.book_soon(asked.request_id, member, wish)
    await service.members.remember(call.account, wish)
    return await one(call, booked)


async def cancel(call: Call) -> BookingOut:
    asked: RequestQuery = call.query
    service, member = call.api.service, call.who.member
    return await one(
        call, await service.bookings.cancel(asked.request_id, member, call.path("booking"))
    )


async def show(call: Call) -> BookingView:
    own = await call.api.service.bookings.one(call.who.member, call.path("booking"))
    return (await shown(call, [own]))[0]


async def listed(call: Call) -> BookingsOut:
    own = await call.api.service.bookings.coming(call.who.member, *span_of(call))
    return BookingsOut(bookings=await shown(call, own))


async def check_in(call: Call) -> None:
    await call.api.service.history.keep_checkin(call.who.member, call.path("booking"), call.body)


async def checkin(call: Call) -> Checkin:
    return await call.api.service.history.checkin(call.who.member, call.path("booking"))


async def one(call: Call, own: Booking) -> BookingOut:
    """An own booking as the answer to a change."""
    return BookingOut(booking=(await shown(call, [own]))[0])


async def shown(call: Call, own: list[Booking]) -> list[BookingView]:
    """Own bookings, with what their owner may know of the partners."""
    partners = {each.partner for each in own if each.partner}
    people = await call.api.service.people.partners(call.who.member, partners)
    repeats = await call.api.tools.repeats.makers([each.id for each in own])
    rules = call.api.config.rules
    return [booking_views.booking(each, people, rules, repeat=repeats.get(each.id)) for each in own]

"""Bookings, the slots where somebody waits, and check-ins."""

from __future__ import annotations

from scheduler.bookings import Booking, Wish
from scheduler.checkins import Checkin
from scheduler.errors import BadField, SchedulerError
from scheduler.rules import DAY_MS
from scheduler.web import views
from scheduler.web.endpoint import Call
from scheduler.web.schemas import RequestQuery, Span, ms_of
from scheduler.web.schemas.bookings import (
    BookIn,
    BookingOut,
    BookingsOut,
    BookingView,
    ItemIn,
    Result,
    ResultsOut,
    SlotsOut,
    SlotSpan,
    SoonIn,
)

SPAN_MAX_MS = 366 * DAY_MS
"""The longest stretch one call may ask for."""


async def book(call: Call) -> ResultsOut:
    """Each item by itself: what can be booked is booked, whatever happens to the others."""
    asked: BookIn = call.body
    wishes = [_wish(item) for item in asked.items]
    done = await call.api.service.bookings.book_all(asked.request_id, call.who.member, wishes)
    shown = iter(await _shown(call, [each for each in done if isinstance(each, Booking)]))
    return ResultsOut(
        results=[
            Result(error=views.problem(each))
            if isinstance(each, SchedulerError)
            else Result(booking=next(shown))
            for each in done
        ]
    )


def _wish(item: ItemIn) -> Wish:
    return Wish(
        start_ms=ms_of(item.start, "start"),
        length_min=item.length_min,
        title=item.title.strip(),
        quiet=item.quiet,
        task=item.task,
        prefer_favourites=item.prefer_favourites,
    )


async def book_soon(call: Call) -> BookingOut:
    asked: SoonIn = call.body
    service, member = call.api.service, call.who.member
    return await _one(
        call, await service.bookings.book_soon(asked.request_id, member, asked.length_min)
    )


async def cancel(call: Call) -> BookingOut:
    asked: RequestQuery = call.query
    service, member = call.api.service, call.who.member
    return await _one(
        call, await service.bookings.cancel(asked.request_id, member, call.path("booking"))
    )


async def show(call: Call) -> BookingView:
    own = await call.api.service.bookings.one(call.who.member, call.path("booking"))
    return (await _shown(call, [own]))[0]


async def listed(call: Call) -> BookingsOut:
    from_ms, to_ms = _span(call.query)
    own = await call.api.service.bookings.coming(call.who.member, from_ms, to_ms)
    return BookingsOut(bookings=await _shown(call, own))


async def slots(call: Call) -> SlotsOut:
    asked: SlotSpan = call.query
    from_ms, to_ms = _span(asked)
    service = call.api.service
    found = await service.bookings.slots(call.who.member, from_ms, to_ms, asked.length_min)
    named = {id for slot in found for id in slot.members[: views.PEOPLE_SHOWN]}
    names = {id: member.name for id, member in (await service.members.named(named)).items()}
    return SlotsOut(slots=[views.slot(slot, names) for slot in found])


async def check_in(call: Call) -> None:
    await call.api.service.history.keep_checkin(call.who.member, call.path("booking"), call.body)


async def checkin(call: Call) -> Checkin:
    return await call.api.service.history.checkin(call.who.member, call.path("booking"))


async def _one(call: Call, own: Booking) -> BookingOut:
    return BookingOut(booking=(await _shown(call, [own]))[0])


async def _shown(call: Call, own: list[Booking]) -> list[BookingView]:
    partners = {each.partner for each in own if each.partner}
    people = await call.api.service.members.named(partners)
    return [views.booking(each, people, call.api.config.rules) for each in own]


def _span(asked: Span) -> tuple[int, int]:
    from_ms, to_ms = ms_of(asked.from_, "from"), ms_of(asked.to, "to")
    if not 0 <= to_ms - from_ms <= SPAN_MAX_MS:
        raise BadField(field="to", least=0, most_days=SPAN_MAX_MS // DAY_MS)
    return from_ms, to_ms

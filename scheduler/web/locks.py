"""Sharing a slot with one member: locking in, changing what was booked, and booking again."""

from __future__ import annotations

import msgspec

from scheduler.accounts import clean_title
from scheduler.bookings import Edit
from scheduler.errors import BadField
from scheduler.web.bookings import one, shown, wish_of
from scheduler.web.endpoint import Call
from scheduler.web.schemas.bookings import AgainIn, AgainOut, BookingOut, EditIn, LockIn
from scheduler.web.views import invites as views

WEEK = 7


async def lock_in(call: Call) -> BookingOut:
    asked: LockIn = call.body
    own = await call.api.service.bookings.lock_in(
        asked.request_id,
        call.who.member,
        asked.member,
        wish_of(asked),
        invite=asked.invite,
        replace=asked.replace,
    )
    return await one(call, own)


async def edit(call: Call) -> BookingOut:
    asked: EditIn = call.body
    wanted = {name: getattr(asked, name) for name in Edit.__struct_fields__}
    if asked.title is not msgspec.UNSET:
        wanted["title"] = clean_title(asked.title)
    member, booking = call.who.member, call.path("booking")
    own = await call.api.service.bookings.edit(
        asked.request_id, member, booking, Edit(**wanted), rematch=asked.rematch
    )
    return await one(call, own)


async def again(call: Call) -> AgainOut:
    """One week on, unless weeks or days are named."""
    asked: AgainIn = call.body
    if asked.weeks and asked.days:
        raise BadField(field="days", why="weeks or days")
    days = asked.weeks * WEEK or asked.days or WEEK
    service, member = call.api.service, call.who.member
    made, invite = await service.bookings.again(
        asked.request_id, member, call.path("booking"), call.account.zone, days
    )
    booking = (await shown(call, [made]))[0]
    if invite is None:
        return AgainOut(booking=booking, invite=None)
    named = await service.members.named([each for each in (invite.by, invite.to) if each])
    names = {id: known.name for id, known in named.items()}
    return AgainOut(booking=booking, invite=views.invite(invite, names))

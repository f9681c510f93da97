"""Who waits: over a stretch of time, and at one slot."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

import msgspec

from scheduler.errors import BadField
from scheduler.web.endpoint import Call
from scheduler.web.schemas import Instant, ms_of
from scheduler.web.schemas.bookings import Free, SlotQuery, SlotsOut, SlotSpan, WaitingOut
from scheduler.web.spans import span_of
from scheduler.web.views import bookings as views


async def listed(call: Call) -> SlotsOut:
    asked: SlotSpan = call.query
    service, member = call.api.service, call.who.member
    found = await service.bookings.slots(
        member, *span_of(call), asked.length_min, also_shorter=asked.also_shorter
    )
    favourites = await service.people.favourites(member)
    starts = [list(slots) for _, slots in groupby(found, key=lambda slot: slot.start_ms)]
    wanted = {id for slots in starts for id in views.first_of(slots, favourites)}
    names = {id: known.name for id, known in (await service.members.named(wanted)).items()}
    return SlotsOut(slots=[views.slot(slots, names, favourites) for slots in starts])


async def at(call: Call) -> WaitingOut:
    """Who waits at a slot, or could be locked in there."""
    start_ms = ms_of(_instant(call.path("start")), "start")
    length_min = int(call.path("length"))
    asked: SlotQuery = call.query
    found = await call.api.service.people.at(
        call.who.member, start_ms, length_min, also_shorter=asked.also_shorter
    )
    return WaitingOut(
        waiting=[
            Free(
                id=each.member.id,
                name=each.member.name,
                favourite=each.favourite,
                length_min=each.length_min,
                lockable=each.lockable,
            )
            for each in found
        ]
    )


def _instant(text: str) -> datetime:
    try:
        found: datetime = msgspec.convert(text, Instant)
    except msgspec.ValidationError:
        raise BadField(field="start") from None
    return found

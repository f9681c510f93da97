"""People: favourites, friends, whom one keeps away from, and when they can be locked in."""

from __future__ import annotations

from scheduler.errors import BadField
from scheduler.people import FreeTime
from scheduler.web.endpoint import Call
from scheduler.web.schemas import RequestIn, RequestQuery, ms_of
from scheduler.web.schemas.people import PeopleOut, RelationView, SnoozeIn, TimesOut
from scheduler.web.spans import span_of
from scheduler.web.views import people as views

FOR_GOOD = 0


async def listed(call: Call) -> PeopleOut:
    known = await call.api.service.people.known(call.who.member)
    return PeopleOut(people=[views.relation(each) for each in known])


async def show(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.one(*_both(call)))


async def favour(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.favour(_sent(call), *_both(call)))


async def unfavour(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.unfavour(_asked(call), *_both(call)))


async def befriend(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.befriend(_sent(call), *_both(call)))


async def unfriend(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.unfriend(_asked(call), *_both(call)))


async def snooze(call: Call) -> RelationView:
    wish: SnoozeIn = call.body
    until_ms = FOR_GOOD if wish.until is None else ms_of(wish.until, "until")
    if wish.until is not None and until_ms <= FOR_GOOD:
        raise BadField(field="until")
    people = call.api.service.people
    return views.relation(await people.snooze(wish.request_id, *_both(call), until_ms))


async def unsnooze(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.unsnooze(_asked(call), *_both(call)))


async def block(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.block(_sent(call), *_both(call)))


async def unblock(call: Call) -> RelationView:
    return views.relation(await call.api.service.people.unblock(_asked(call), *_both(call)))


async def free_of(call: Call) -> TimesOut:
    """When one member can be locked in."""
    return await _times(call, await call.api.service.people.free_of(*_both(call), *span_of(call)))


async def free(call: Call) -> TimesOut:
    """When any favourite or friend can be locked in."""
    member = call.who.member
    return await _times(call, await call.api.service.people.free(member, *span_of(call)))


async def _times(call: Call, found: list[FreeTime]) -> TimesOut:
    named = await call.api.service.members.named({each.member for each in found})
    times = [
        views.free_time(each, named[each.member].name) for each in found if each.member in named
    ]
    return TimesOut(times=times)


def _both(call: Call) -> tuple[str, str]:
    """Who asks, and about whom."""
    return call.who.member, call.path("member")


def _sent(call: Call) -> str:
    body: RequestIn = call.body
    return body.request_id


def _asked(call: Call) -> str:
    query: RequestQuery = call.query
    return query.request_id

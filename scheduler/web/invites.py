"""Invites: the own ones, and what anybody with a link may see and take."""

from __future__ import annotations

import logging

from scheduler.bookings import Wish
from scheduler.errors import TooMany
from scheduler.people import InviteKind
from scheduler.rules import MINUTE_MS, SECOND_MS
from scheduler.signin import cookie_in, hash_of
from scheduler.store.limits import Limit
from scheduler.web import metrics
from scheduler.web.bookings import one
from scheduler.web.endpoint import Call
from scheduler.web.schemas import RequestIn, RequestQuery, instant, ms_of
from scheduler.web.schemas.bookings import BookingOut
from scheduler.web.schemas.invites import (
    HoldIn,
    HoldOut,
    Host,
    InviteIn,
    InviteOut,
    InvitesOut,
    OpenInviteOut,
    TakeIn,
)
from scheduler.web.views import invites as views
from scheduler.web.views.people import times

LINKS_SEEN_FROM = Limit(name="invite_from", burst=60, every_ms=SECOND_MS)
"""Links one network may look at: far from what guessing needs, enough for many behind one address."""
HOLDS_FROM = Limit(name="hold_from", burst=10, every_ms=MINUTE_MS)
"""Slots one network may have held."""
HOLDS_OF = Limit(name="hold_of", burst=30, every_ms=MINUTE_MS)
"""Slots that may be held through one link, whoever follows it."""
TAKES_OF = Limit(name="take_of", burst=30, every_ms=MINUTE_MS)
"""Slots that may be taken through one link, whoever signs up by it."""

log = logging.getLogger(__name__)


async def listed(call: Call) -> InvitesOut:
    service, member = call.api.service, call.who.member
    mine, for_me = await service.invites.mine(member), await service.invites.for_me(member)
    wanted = {id for each in [*mine, *for_me] for id in (each.by, each.to) if id}
    names = {id: known.name for id, known in (await service.members.named(wanted)).items()}
    return InvitesOut(
        mine=[views.invite(each, names) for each in mine],
        for_me=[views.invite(each, names) for each in for_me],
    )


async def create(call: Call) -> InviteOut:
    asked: InviteIn = call.body
    member, kind = call.who.member, InviteKind(asked.kind)
    link = await call.api.service.invites.create(
        asked.request_id, member, kind, always=asked.always
    )
    shown = views.invite(link.invite, {member: call.account.name})
    return InviteOut(invite=shown, url=f"{call.api.config.origin}/i/{link.token}")


async def revoke(call: Call) -> None:
    asked: RequestQuery = call.query
    member, invite = call.who.member, call.path("invite")
    await call.api.service.invites.revoke(asked.request_id, member, invite)


async def decline(call: Call) -> None:
    asked: RequestIn = call.body
    member, invite = call.who.member, call.path("invite")
    await call.api.service.invites.revoke(asked.request_id, member, invite)


async def _viewer(call: Call) -> str | None:
    """Who is signed in, where nobody has to be."""
    cookie = cookie_in(call.request.cookies, call.api.config.origin)
    who = await call.api.service.sign_ins.signed_in(cookie)
    return who.member if who else None


async def follow(call: Call) -> OpenInviteOut:
    """For anybody; whoever is signed in sees what they may take."""
    seen = await call.api.service.invites.open(call.path("token"), await _viewer(call))
    return OpenInviteOut(
        by=Host(name=seen.name),
        times=times(seen.times),
        held=views.held(seen.held) if seen.held else None,
        expires=instant(seen.invite.expires_ms),
    )


async def hold(call: Call) -> HoldOut:
    asked: HoldIn = call.body
    token = call.path("token")
    await _through(call, token, HOLDS_OF)
    start_ms = ms_of(asked.start, "start")
    held = await call.api.service.invites.hold(
        token, await _viewer(call), start_ms, asked.length_min, asked.hold
    )
    return HoldOut(until=instant(held.until_ms), hold=held.key)


async def _through(call: Call, token: str, limit: Limit) -> None:
    """Use a link once more. Whoever runs the instance hears of one that many people or programs use; by the
    beginning of its hash, which the store knows it by."""
    try:
        await call.api.limiter.take(limit, hash_of(token))
    except TooMany:
        metrics.links_limited.inc()
        log.warning("invites: link %s reached its limit %s", hash_of(token)[:8], limit.name)
        raise


async def take(call: Call) -> BookingOut:
    asked: TakeIn = call.body
    wish = Wish(start_ms=ms_of(asked.start, "start"), length_min=asked.length_min)
    member, token = call.who.member, call.path("token")
    await _through(call, token, TAKES_OF)
    booking = await call.api.service.invites.take(asked.request_id, member, token, wish, asked.hold)
    return await one(call, booking)

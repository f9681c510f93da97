"""Invites."""

from __future__ import annotations

from typing import Any

from scheduler.people import Invite, InviteKind
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.web.schemas import RequestIn, instant
from scheduler.web.schemas.invites import (
    HeldTime,
    HoldIn,
    HoldOut,
    Host,
    InviteIn,
    InviteOut,
    InvitesOut,
    OpenInviteOut,
    TakeIn,
)
from scheduler.web.views.invites import invite
from scheduler.web.views.people import times
from tests.scheduler.web.examples.world import ANA, BEN, BOOKED, CONFIG, FREE, NOW, T

NAMES = {ANA.id: ANA.name, BEN.id: BEN.name}
LINK = Invite(
    id="i8",
    by=ANA.id,
    kind=InviteKind.PERSONAL,
    created_ms=NOW,
    expires_ms=NOW + 30 * DAY_MS,
)
AGAIN = Invite(
    id="i9",
    by=ANA.id,
    kind=InviteKind.MEMBER,
    to=BEN.id,
    start_ms=T + 7 * DAY_MS,
    length_min=50,
    created_ms=NOW,
    expires_ms=T + 7 * DAY_MS,
)
FROM_BEN = Invite(
    id="i4",
    by=BEN.id,
    kind=InviteKind.MEMBER,
    to=ANA.id,
    start_ms=T + 2 * DAY_MS,
    length_min=25,
    created_ms=NOW,
    expires_ms=T + 2 * DAY_MS,
)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /invites": (
        None,
        InvitesOut(mine=[invite(LINK, NAMES)], for_me=[invite(FROM_BEN, NAMES)]),
    ),
    "POST /invites": (
        InviteIn(request_id="3f9c6e0a-8d57", kind="personal"),
        InviteOut(
            invite=invite(LINK, NAMES),
            url=f"{CONFIG.origin}/i/0mS8sEuZ2fFyvHAFBVZqhaPBQ9FJC2-R7RE1ZsRXGoE",
        ),
    ),
    "POST /invites/{invite}/decline": (RequestIn(request_id="3f9c6e0a-8d58"), None),
    "GET /i/{token}": (
        None,
        OpenInviteOut(
            by=Host(name=BEN.name),
            times=times([FREE]),
            held=HeldTime(
                start=instant(FREE.start_ms), length_min=50, until=instant(NOW + 30 * MINUTE_MS)
            ),
            expires=instant(NOW + 30 * DAY_MS),
        ),
    ),
    "POST /i/{token}/hold": (
        HoldIn(start=instant(FREE.start_ms), length_min=50, hold="yb1K4RhO8n0qzW3sVbXcJd2u"),
        HoldOut(until=instant(NOW + 30 * MINUTE_MS), hold="yb1K4RhO8n0qzW3sVbXcJd2u"),
    ),
    "POST /i/{token}/take": (
        TakeIn(
            request_id="3f9c6e0a-8d59",
            start=instant(FREE.start_ms),
            length_min=50,
            hold="yb1K4RhO8n0qzW3sVbXcJd2u",
        ),
        BOOKED,
    ),
}

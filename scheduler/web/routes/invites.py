"""Invites: made, followed, turned off."""

from __future__ import annotations

from scheduler.web import invites
from scheduler.web.endpoint import Route
from scheduler.web.guard import Access
from scheduler.web.routes.patterns import INVITE, LINK
from scheduler.web.schemas import RequestIn, RequestQuery
from scheduler.web.schemas.bookings import BookingOut
from scheduler.web.schemas.invites import (
    HoldIn,
    HoldOut,
    InviteIn,
    InviteOut,
    InvitesOut,
    OpenInviteOut,
    TakeIn,
)

ROUTES = (
    Route(
        method="GET", scope="read", path="/invites", handle=invites.listed, answer=InvitesOut,
        about="Your invites that stand, and what others invite you to.",
    ),
    Route(
        method="POST", scope="people", path="/invites", handle=invites.create, body=InviteIn,
        answer=InviteOut, about="Make a link to hand out. It is shown this once.",
    ),
    Route(
        method="DELETE", scope="people", path=f"/invites/{INVITE}", handle=invites.revoke,
        query=RequestQuery, status=204, about="Turn an own invite off.",
    ),
    Route(
        method="POST", scope="people", path=f"/invites/{INVITE}/decline", handle=invites.decline,
        body=RequestIn, status=204, about="Decline what somebody invites you to. They are not told.",
    ),
    Route(
        method="GET", path=f"/i/{LINK}", handle=invites.follow, access=Access.PUBLIC,
        answer=OpenInviteOut, limits=(invites.LINKS_SEEN_FROM,),
        about="What a link shows: who invites, and when.",
    ),
    Route(
        method="POST", path=f"/i/{LINK}/hold", handle=invites.hold, access=Access.PUBLIC,
        body=HoldIn, answer=HoldOut, limits=(invites.LINKS_SEEN_FROM, invites.HOLDS_FROM),
        about="Keep a slot for half an hour while signing up.",
    ),
    Route(
        method="POST", scope="book", path=f"/i/{LINK}/take", handle=invites.take, body=TakeIn,
        answer=BookingOut, about="Lock in with whoever made the link.",
    ),
)  # fmt: skip

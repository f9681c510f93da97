"""What goes over the wire of invites."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from scheduler.people import InviteKind
from scheduler.web.schemas import In, Instant, Length, Named, Out, RequestId, Time

HoldKey = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")]


class InviteIn(In, frozen=True, kw_only=True):
    """A link to hand out: again and again, or once. With `always` it shows times although you are
    available to nobody."""

    request_id: RequestId
    kind: Literal["personal", "single"]
    always: bool = False


OwnKey = Annotated[
    str, msgspec.Meta(min_length=22, max_length=64, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")
]


class ChosenIn(In, frozen=True, kw_only=True):
    start: Instant
    length_min: Length


class HoldIn(ChosenIn, frozen=True, kw_only=True):
    """The slot a newcomer chose, and the random key that will hold it; one is made if none is given."""

    hold: OwnKey | None = None


class TakeIn(ChosenIn, frozen=True, kw_only=True):
    """The slot to be locked in for; `hold` is the key that holds it."""

    request_id: RequestId
    hold: HoldKey = ""


class InviteView(Out, frozen=True, kw_only=True):
    """An invite. `to` and `start` are those of one to one member; 0 minutes for any length."""

    id: str
    kind: InviteKind
    by: Named
    to: Named | None
    always: bool
    start: Instant | None
    length_min: int
    created: Instant
    expires: Instant
    uses: int


class InviteOut(Out, frozen=True, kw_only=True):
    """A new invite and its link, which is shown this once."""

    invite: InviteView
    url: str


class InvitesOut(Out, frozen=True, kw_only=True):
    """Those you made, and those others made for you."""

    mine: list[InviteView]
    for_me: list[InviteView]


class Host(Out, frozen=True, kw_only=True):
    name: str


class HeldTime(Time, frozen=True, kw_only=True):
    """One of the times, kept for you until then."""

    until: Instant


class OpenInviteOut(Out, frozen=True, kw_only=True):
    """What anybody with an invite's link sees. `held` is the one of the times that was kept for you in
    whatever browser, since you followed the sign-in link you asked for with its key."""

    by: Host
    times: list[Time]
    held: HeldTime | None
    expires: Instant


class HoldOut(Out, frozen=True, kw_only=True):
    """Nobody else gets the slot before `until`; `hold` is the key to it."""

    until: Instant
    hold: str

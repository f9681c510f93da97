"""Invites: links to hand out, and what whoever follows one may see and take.

An invite leads past its maker's availability setting and past nothing else. A link that is off,
expired, used up, one's own, or of somebody one does not meet looks like one that never was.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from scheduler.bookings import Booking, Wish
from scheduler.config import Config
from scheduler.errors import NotFound
from scheduler.people import FreeTime, Held, Invite, InviteKind
from scheduler.ports import Clock, Holds, Ledger
from scheduler.ports import Invites as Store
from scheduler.services.bookings import Bookings
from scheduler.services.members import Members
from scheduler.signin import hash_of, keyed_hash, token_of

HOLD_BYTES = 18


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A new invite, and the token of its link, which nobody can read again."""

    invite: Invite
    token: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever follows a link sees."""

    invite: Invite
    name: str
    times: list[FreeTime]
    held: Held | None
    """One of the times, if it is kept for the viewer."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that is kept while somebody signs up, and the key to it."""

    until_ms: int
    key: str


class Invites:
    """Making invites, following them, and turning them off."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        invites: Store,
        holds: Holds,
        bookings: Bookings,
        members: Members,
        clock: Clock,
        config: Config,
        random: Callable[[int], bytes],
    ) -> None:
        self._ledger = ledger
        self._invites = invites
        self._holds = holds
        self._bookings = bookings
        self._members = members
        self._clock = clock
        self._config = config
        self._random = random

    # Whose they are.

    async def create(self, request_id: str, member: str, kind: InviteKind, *, always: bool) -> Link:
        """Make a link. Asked again, it is the same one: the token follows from the request."""
        digest = keyed_hash(self._config.secret, "invite", f"{member}\0{request_id}")
        token = token_of(bytes.fromhex(digest))
        made = await self._invites.create(
            request_id, member, kind, always=always, token_hash=hash_of(token)
        )
        return Link(invite=made, token=token)

    async def mine(self, member: str) -> list[Invite]:
        return await self._invites.mine(member)

    async def for_me(self, member: str) -> list[Invite]:
        """What others invite this member to, as far as it can be followed now."""
        return await self._invites.for_me(member)

    async def revoke(self, request_id: str, member: str, invite: str) -> None:
        """Turn an own one off, or decline one that is for this member."""
        await self._invites.revoke(request_id, member, invite)

    # Whoever follows a link.

    async def open(self, token: str, viewer: str | None) -> Opened:
        """What a link shows: somebody's name, and when they can be had; or `NotFound`."""
        invite = await self._invites.by_token(hash_of(token))
        now_ms = self._clock.now_ms()
        span = (now_ms, now_ms + self._config.rules.free_times_ms)
        held = await self._holds.of_member(viewer) if viewer else None
        holder = held.holder if held else ""
        times = await self._invites.times(invite.id, viewer, *span, holder=holder)
        account = await self._members.account(invite.by)
        # The ledger's word: what was taken, or let go of with its link, is held no more, though it was handed over.
        there = held and any(
            time.held and held.covers(invite.id, time.start_ms, time.length_min) for time in times
        )
        return Opened(invite=invite, name=account.name, times=times, held=held if there else None)

    async def hold(
        self,
        token: str,
        viewer: str | None,
        start_ms: int,
        length_min: int,
        own_key: str | None = None,
    ) -> Hold:
        """Keep a slot for somebody who signs up now. Whoever brings a key may ask again after a lost answer."""
        invite = await self._standing(token, viewer)
        key = own_key or token_of(self._random(HOLD_BYTES))
        holder = hash_of(key)
        until_ms = await self._ledger.hold(invite.id, holder, start_ms, length_min)
        await self._holds.keep(
            Held(
                holder=holder,
                invite=invite.id,
                start_ms=start_ms,
                length_min=length_min,
                until_ms=until_ms,
            )
        )
        return Hold(until_ms=until_ms, key=key)

    async def take(
        self, request_id: str, member: str, token: str, wish: Wish, hold: str
    ) -> Booking:
        """Lock in with whoever made the link; a slot held by the same one is theirs: by the key, or because
        a sign-in link handed it to them."""
        try:
            invite = await self._standing(token, member)
        except NotFound:
            return await self._taken_before(member, token, wish)
        return await self._bookings.lock_in(
            request_id,
            member,
            invite.by,
            wish,
            invite=invite.id,
            holder_key=hash_of(hold) if hold else await self._handed(member, invite, wish),
        )

    async def _handed(self, member: str, invite: Invite, wish: Wish) -> str:
        held = await self._holds.of_member(member)
        own = held and held.covers(invite.id, wish.start_ms, wish.length_min)
        return held.holder if held and own else ""

    async def _taken_before(self, member: str, token: str, wish: Wish) -> Booking:
        """A link for one use is used up by whoever asks again after a lost answer."""
        spent = await self._invites.spent(hash_of(token))
        own = await self._ledger.bookings_of(member, wish.start_ms, wish.start_ms + 1)
        for booking in own:
            with_maker = booking.locked and booking.partner == spent.by
            if with_maker and booking.length_min == wish.length_min:
                return booking
        raise NotFound(field="invite")

    async def _standing(self, token: str, viewer: str | None) -> Invite:
        """The invite of a link, if it is there for this viewer; `NotFound` whatever is against it."""
        invite = await self._invites.by_token(hash_of(token))
        await self._invites.times(invite.id, viewer, 0, 0)
        return invite

"""Bookings: made, locked in, changed, given up, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from scheduler.bookings import Booking, Edit, WaitingSlot, Wish
from scheduler.errors import BadField, InThePast, NotFound, Overlap, SchedulerError, Taken
from scheduler.people import Invite, InviteKind
from scheduler.ports import Invites, Ledger, People
from scheduler.rules import DAY_MS
from scheduler.walltime import days_later_ms

SOON_TRIES = 5
"""How often "as soon as possible" looks again because the slot it found was taken meanwhile."""


OTHERS_MS = 3 * DAY_MS
"""How far from a time that was just taken others are looked for."""
OTHERS_SHOWN = 3


class Bookings:
    """What members do with bookings."""

    def __init__(self, *, ledger: Ledger, people: People, invites: Invites) -> None:
        self._ledger = ledger
        self._people = people
        self._invites = invites

    async def book_all(
        self, request_id: str, member: str, wishes: list[Wish]
    ) -> list[Booking | SchedulerError]:
        """Book each wish by itself: one outcome each, in order."""
        return [
            await self._book_one(f"{request_id}:{number}", member, wish)
            for number, wish in enumerate(wishes)
        ]

    async def _book_one(self, request_id: str, member: str, wish: Wish) -> Booking | SchedulerError:
        try:
            return await self._ledger.book(request_id, member, wish)
        except SchedulerError as refusal:
            return refusal

    async def book_soon(self, request_id: str, member: str, wish: Wish) -> Booking:
        """Book the soonest start for a wish, beside somebody who goes with it if there is one."""
        for _ in range(SOON_TRIES - 1):
            try:
                return await self._book_soonest(request_id, member, wish)
            except (InThePast, Overlap):
                continue
        return await self._book_soonest(request_id, member, wish)

    async def _book_soonest(self, request_id: str, member: str, wish: Wish) -> Booking:
        # One request id for all tries: the ledger remembers the one that worked and answers a repeat with it.
        start_ms = await self._ledger.soonest(member, wish)
        found = msgspec.structs.replace(wish, start_ms=start_ms)
        asked = f"soon:{msgspec.json.encode(wish).decode()}"
        return await self._ledger.book(f"{request_id}:soon", member, found, asked=asked)

    async def lock_in(
        self,
        request_id: str,
        member: str,
        other: str,
        wish: Wish,
        *,
        invite: str = "",
        replace: Sequence[str] = (),
        holder_key: str = "",
    ) -> Booking:
        """Share a slot with one member for good; `Taken` names close times of theirs."""
        try:
            return await self._ledger.lock_in(
                request_id,
                member,
                other,
                wish,
                invite=invite,
                replace=replace,
                holder_key=holder_key,
            )
        except Taken as refusal:
            data = {**refusal.data, "others": await self._instead(member, other, wish, invite)}
            raise Taken(field=refusal.field, **data) from None

    async def _instead(
        self, member: str, other: str, wish: Wish, invite: str
    ) -> list[dict[str, Any]]:
        """Other times of that member, the closest first."""
        from_ms, to_ms = wish.start_ms - OTHERS_MS, wish.start_ms + OTHERS_MS
        free = (
            await self._invites.times(invite, member, from_ms, to_ms)
            if invite
            else await self._people.free_times(member, [other], from_ms, to_ms)
        )
        closest = sorted(free, key=lambda each: (abs(each.start_ms - wish.start_ms), each.start_ms))
        return [
            {
                "start": datetime.fromtimestamp(each.start_ms / 1_000, UTC),
                "length_min": each.length_min,
            }
            for each in closest[:OTHERS_SHOWN]
        ]

    async def edit(
        self, request_id: str, member: str, booking: str, edit: Edit, *, rematch: bool
    ) -> Booking:
        """Change an own booking; a partner who does not go with it is given up only with `rematch`."""
        return await self._ledger.edit(request_id, member, booking, edit, rematch=rematch)

    async def again(
        self, request_id: str, member: str, booking: str, zone: str, days: int
    ) -> tuple[Booking, Invite | None]:
        """Book the same wall time some days after a session, and invite its partner there."""
        former = await self.one(member, booking)
        wish = Wish(
            start_ms=days_later_ms(former.start_ms, days, zone),
            length_min=former.wished_min or former.length_min,
            title=former.title,
            quiet=former.quiet,
            task=former.task,
            prefer_favourites=former.prefer_favourites,
            also_shorter=former.also_shorter,
        )
        made = await self._ledger.book(f"{request_id}:again", member, wish)
        return made, await self._invite_to(request_id, former.partner, made)

    async def _invite_to(
        self, request_id: str, partner: str | None, made: Booking
    ) -> Invite | None:
        if partner is None:
            return None
        try:
            return await self._invites.create(
                f"{request_id}:invite",
                made.member,
                InviteKind.MEMBER,
                to=partner,
                start_ms=made.start_ms,
                length_min=made.length_min,
            )
        except (
            BadField
        ):  # They have as many invites as there may be: the booking stands all the same.
            return None

    async def cancel(self, request_id: str, member: str, booking: str) -> Booking:
        return await self._ledger.cancel(request_id, member, booking)

    async def one(self, member: str, booking: str) -> Booking:
        """One own booking; somebody else's is `NotFound` like one that never was."""
        found = await self._ledger.booking(booking)
        if found.member != member:
            raise NotFound(field="booking")
        return found

    async def coming(self, member: str, from_ms: int, to_ms: int) -> list[Booking]:
        return await self._ledger.bookings_of(member, from_ms, to_ms)

    async def slots(
        self, member: str, from_ms: int, to_ms: int, length_min: int, *, also_shorter: bool
    ) -> list[WaitingSlot]:
        """Where somebody waits whom this member may meet; by start, the longest session first."""
        return await self._ledger.waiting(
            member, from_ms, to_ms, length_min, also_shorter=also_shorter
        )

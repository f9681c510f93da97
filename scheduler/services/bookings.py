"""Bookings: made, given up, looked at."""

from __future__ import annotations

from scheduler.bookings import Booking, WaitingSlot, Wish
from scheduler.errors import InThePast, NotFound, Overlap, SchedulerError
from scheduler.ports import Ledger

SOON_TRIES = 5
"""How often "as soon as possible" looks again because the slot it found was taken meanwhile."""


class Bookings:
    """What members do with bookings."""

    def __init__(self, *, ledger: Ledger) -> None:
        self._ledger = ledger

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

    async def book_soon(self, request_id: str, member: str, length_min: int) -> Booking:
        """Book the soonest start, beside somebody who waits if there is one."""
        for _ in range(SOON_TRIES - 1):
            try:
                return await self._book_soonest(request_id, member, length_min)
            except (InThePast, Overlap):
                continue
        return await self._book_soonest(request_id, member, length_min)

    async def _book_soonest(self, request_id: str, member: str, length_min: int) -> Booking:
        # One request id for all tries: the ledger remembers the one that worked and answers a repeat with it.
        start_ms = await self._ledger.soonest(member, length_min)
        wish = Wish(start_ms=start_ms, length_min=length_min)
        asked = f"soon:{length_min}"
        return await self._ledger.book(f"{request_id}:soon", member, wish, asked=asked)

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
        self, member: str, from_ms: int, to_ms: int, length_min: int
    ) -> list[WaitingSlot]:
        """Where somebody waits whom this member may meet."""
        return await self._ledger.waiting(member, from_ms, to_ms, length_min)

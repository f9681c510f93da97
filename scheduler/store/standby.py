"""Another partner after T, for whoever is in the room without one.

The hub says who is here; the ledger decides who may meet, and tells by the outbox what is asked and what
came of it.
"""

from __future__ import annotations

from scheduler.bookings import Booking
from scheduler.standby import Search
from scheduler.store.calls import Caller, unpack


class Standby:
    """Presence in rooms, and the change of partners."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls

    async def here(self, member: str, booking: str, *, lost: bool = False) -> bool:
        """The member sits in the room: said at seating and every five seconds after. False once the
        booking is over. `lost`: sat there until now, and may come back; nobody is offered them."""
        return unpack(await self._calls.write("here", member, booking, _flag(lost)), bool)

    async def gone(self, booking: str) -> None:
        """The seat is empty; what was asked of or for this booking is over."""
        await self._calls.write("gone", booking)

    async def seek(
        self,
        request_id: str,
        member: str,
        booking: str,
        *,
        newcomers: bool = False,
        locked: bool = False,
    ) -> Search:
        """Ask for another partner than the absent one, or for any at all.

        `newcomers`: a first-timer is welcome. `locked`: the lock-in is given up. Refuses with `NotYet`
        (`from_ms` says when), `PartnerHere`, `AlreadyOver`, `NeedsRematch` (a lock-in, not given up).
        """
        answer = await self._calls.command(
            "seek", request_id, member, booking, _flag(newcomers), _flag(locked)
        )
        return unpack(answer, Search)

    async def answer(self, member: str, booking: str, accept: bool) -> Booking:
        """Say yes or no to what is asked now; `NotFound` if nothing is, `PartnerHere` if the own partner
        came, `Taken` if the one who asked is not free any more."""
        return unpack(await self._calls.write("answer", member, booking, _flag(accept)), Booking)

    async def stop(self, member: str, booking: str) -> Booking:
        """Look no longer; who has no partner stays free to be met."""
        return unpack(await self._calls.write("stop_seeking", member, booking), Booking)


def _flag(yes: bool) -> str:
    return "1" if yes else ""

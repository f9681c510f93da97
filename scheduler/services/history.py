"""What remains of sessions: how they went in their owners' words, and flags with their evidence."""

from __future__ import annotations

import msgspec

from scheduler.bookings import State
from scheduler.checkins import Checkin, checked
from scheduler.config import Config
from scheduler.errors import AlreadyOver
from scheduler.flags import Flag
from scheduler.ports import Accounts, Ledger
from scheduler.presence import PresenceEvent
from scheduler.services.bookings import Bookings
from scheduler.timeline import in_order


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A flag, and what was seen of both in that session."""

    flag: Flag
    log: list[PresenceEvent]


class History:
    """Check-ins and flags: nobody reads anybody else's."""

    def __init__(
        self, *, ledger: Ledger, accounts: Accounts, bookings: Bookings, config: Config
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._bookings = bookings
        self._config = config

    async def keep_checkin(self, member: str, booking: str, checkin: Checkin) -> None:
        """Keep how an own session went."""
        own = await self._bookings.one(member, booking)
        if own.state is State.CANCELLED:
            raise AlreadyOver(field="booking", state=own.state.value)
        packed = msgspec.json.encode(checked(checkin, self._config.rules))
        await self._accounts.keep_checkin(booking, packed)

    async def checkin(self, member: str, booking: str) -> Checkin:
        """What was kept of an own session; empty if nothing was."""
        await self._bookings.one(member, booking)
        packed = await self._accounts.checkin(booking)
        return msgspec.json.decode(packed, type=Checkin) if packed else Checkin()

    async def flags(self, member: str) -> list[Evidence]:
        """A member's flags with their evidence, the newest first."""
        return [
            Evidence(flag=flag, log=in_order(await self._ledger.log_of(flag.pair)))
            for flag in await self._ledger.flags_of(member)
        ]

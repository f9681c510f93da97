"""What the hub needs of the rest of the system, as interfaces only.

`serve.py` hands in the live objects: the ledger, the standby, the people and the accounts of `scheduler`,
and the links to SFU workers. Tests hand in the same.
"""

from __future__ import annotations

from typing import Protocol

from scheduler.accounts import Account as Account
from scheduler.accounts import Member as Member
from scheduler.accounts import SignedIn as SignedIn
from scheduler.bookings import Booking, Pair
from scheduler.events import AnyEvent
from scheduler.presence import PresenceEvent
from scheduler.standby import Search


class Clock(Protocol):
    """The ledger's time, kept here without asking each time."""

    def now_ms(self) -> int:
        """Server time in milliseconds since the epoch; never steps back."""

    async def sync(self) -> None:
        """Ask the ledger for its time now; it was set forward."""


class Accounts(Protocol):
    async def signed_in(self, cookie: str) -> SignedIn | None:
        """Whose sign-in cookie this is."""

    async def account(self, member: str) -> Account:
        """A member's account, or raise `scheduler.errors.NotFound`."""

    async def member(self, member: str) -> Member:
        """Look a member up, or raise `scheduler.errors.NotFound`."""


class Ledger(Protocol):
    async def booking(self, booking: str) -> Booking:
        """One booking, or `NotFound`."""

    async def pair(self, pair: str) -> Pair:
        """One pair, or `NotFound`."""

    async def bookings_of(self, member: str, from_ms: int, to_ms: int) -> list[Booking]:
        """A member's waiting, matched and done bookings that start in [from, to), by start."""

    async def log_of(self, pair: str) -> list[PresenceEvent]:
        """A session's event log so far, in order of recording."""

    async def record(self, pair: str, events: list[PresenceEvent]) -> None:
        """Append to a session's event log; events already there are ignored."""

    async def beat(self) -> None:
        """A hub serves now. Where beats are missing, nobody was seen, and nobody is to blame."""

    async def epoch(self) -> str:
        """Changes whenever the outbox began anew, so that old offsets mean nothing."""

    async def last_offset(self) -> str:
        """The newest outbox offset; `0-0` in an empty one."""

    async def outbox_after(
        self, offset: str, *, count: int = 500, block_ms: int = 0
    ) -> list[tuple[str, AnyEvent]]:
        """Outbox entries after `offset`, waiting up to `block_ms` for the first."""

    async def outbox_begins(self) -> str:
        """The oldest offset still held; resuming from before it is lost."""


class Standby(Protocol):
    """Members who are in a room without their partner."""

    async def here(self, member: str, booking: str, *, lost: bool = False) -> object:
        """The member is in the seat; forgotten unless it is said again within 20 s. `lost`: was there
        until now."""

    async def gone(self, booking: str) -> object:
        """The member gave the seat up."""

    async def seek(
        self,
        request_id: str,
        member: str,
        booking: str,
        *,
        newcomers: bool = False,
        locked: bool = False,
    ) -> Search:
        """Look for another partner, or `NotYet`, `PartnerHere`, `AlreadyOver`."""

    async def answer(self, member: str, booking: str, accept: bool) -> object:
        """Yes or no to what the ledger asks this member, or a `Conflict` if it does not any more."""

    async def stop(self, member: str, booking: str) -> object:
        """Look no longer."""


class People(Protocol):
    async def friends(self, a: str, b: str) -> bool:
        """Whether two members are friends."""

"""What the hub needs of the rest of the system, as interfaces only.

`serve.py` hands in the live objects: the ledger and the accounts of `scheduler`, and the links to
SFU workers. Tests hand in the same.
"""

from __future__ import annotations

from typing import Protocol

from scheduler.accounts import Member as Member
from scheduler.accounts import SignedIn as SignedIn
from scheduler.bookings import Booking, Pair
from scheduler.events import AnyEvent
from scheduler.presence import PresenceEvent


class Clock(Protocol):
    """The ledger's time, kept here without asking each time."""

    def now_ms(self) -> int:
        """Server time in milliseconds since the epoch; never steps back."""

    async def sync(self) -> None:
        """Ask the ledger for its time now; it was set forward."""


class Accounts(Protocol):
    async def signed_in(self, cookie: str) -> SignedIn | None:
        """Whose sign-in cookie this is."""

    async def member(self, member: str) -> Member:
        """Look a member up, or raise `scheduler.errors.NotFound`."""


class Ledger(Protocol):
    async def booking(self, booking: str) -> Booking:
        """One booking, or `NotFound`."""

    async def pair(self, pair: str) -> Pair:
        """One pair, or `NotFound`."""

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

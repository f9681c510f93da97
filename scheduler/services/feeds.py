"""A member's calendar feed: its secret address, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scheduler import calendars
from scheduler.calendars import Place
from scheduler.config import Config
from scheduler.errors import NotFound
from scheduler.ports import Accounts, Clock, Ledger
from scheduler.rules import DAY_MS
from scheduler.signin import hash_of, keyed_hash

NONCE_BYTES = 16
SECRET_LENGTH = 43
PAST_MS = 30 * DAY_MS
"""How far back a feed reaches."""


class Seed(Protocol):
    """`scheduler.store.feeds.FeedSeed`."""

    @property
    def nonce(self) -> str: ...


class Store(Protocol):
    """`scheduler.store.feeds.FeedStore`."""

    async def seed(self, member: str) -> Seed | None: ...
    async def owner(self, hashed: str) -> str | None: ...
    async def put(self, member: str, nonce: str, hashed: str) -> None: ...
    async def drop(self, member: str) -> None: ...


class Feeds:
    """The address is made from the instance's secret and a random part that is kept, so it can be shown
    again, although the store alone does not tell it."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        accounts: Accounts,
        store: Store,
        clock: Clock,
        config: Config,
        random: Callable[[int], bytes],
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._store = store
        self._clock = clock
        self._config = config
        self._random = random
        self._place = Place(origin=config.origin, name=config.name, sender="")

    async def url(self, member: str) -> str | None:
        """The feed's address, if there is one."""
        seed = await self._store.seed(member)
        return self._url(self._secret(member, seed.nonce)) if seed else None

    async def make(self, member: str) -> str:
        """A new address; the one before opens nothing any more."""
        nonce = self._random(NONCE_BYTES).hex()
        secret = self._secret(member, nonce)
        await self._store.put(member, nonce, hash_of(secret))
        return self._url(secret)

    async def drop(self, member: str) -> None:
        await self._store.drop(member)

    async def content(self, secret: str) -> bytes:
        """What the feed shows now, or `NotFound`."""
        member = await self._store.owner(hash_of(secret))
        if member is None:
            raise NotFound
        now_ms = self._clock.now_ms()
        until_ms = now_ms + self._config.rules.horizon_ms + DAY_MS
        own = await self._ledger.bookings_of(member, now_ms - PAST_MS, until_ms)
        partners = {each.partner for each in own if each.partner}
        names = {id: each.name for id, each in (await self._accounts.accounts(partners)).items()}
        return calendars.feed(own, names, self._place)

    def _secret(self, member: str, nonce: str) -> str:
        return keyed_hash(self._config.secret, "feed", f"{member}:{nonce}")[:SECRET_LENGTH]

    def _url(self, secret: str) -> str:
        return f"{self._config.origin}/calendar/{secret}.ics"

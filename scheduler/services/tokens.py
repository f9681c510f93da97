"""Personal tokens: made, listed, revoked, and shown by programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scheduler.errors import Full, NotFound
from scheduler.ports import Clock
from scheduler.signin import TOKEN_BYTES, hash_of, token_of
from scheduler.tokens import PREFIX, TOKENS_MAX, TOUCH_MS, PersonalToken, Scope, checked

ID_BYTES = 9


class Store(Protocol):
    """`scheduler.store.tokens.TokenStore`."""

    async def keep(self, hashed: str, token: PersonalToken) -> None: ...
    async def known(self, hashed: str) -> PersonalToken | None: ...
    async def touch(self, hashed: str, token: PersonalToken, now_ms: int) -> None: ...
    async def of(self, member: str) -> list[PersonalToken]: ...
    async def drop(self, member: str, id: str) -> bool: ...


class Tokens:
    """What members do with tokens, and who a token speaks for."""

    def __init__(self, *, store: Store, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._store = store
        self._clock = clock
        self._random = random

    async def make(self, member: str, name: str, scopes: list[Scope]) -> tuple[str, PersonalToken]:
        """A new token, said this once, and what is kept of it."""
        called, good_for = checked(name, scopes)
        if len(await self._store.of(member)) >= TOKENS_MAX:
            raise Full(limit=TOKENS_MAX)
        said = PREFIX + token_of(self._random(TOKEN_BYTES))
        kept = PersonalToken(
            id=f"t_{self._random(ID_BYTES).hex()}",
            member=member,
            name=called,
            scopes=good_for,
            created_ms=self._clock.now_ms(),
        )
        await self._store.keep(hash_of(said), kept)
        return said, kept

    async def mine(self, member: str) -> list[PersonalToken]:
        return await self._store.of(member)

    async def revoke(self, member: str, id: str) -> None:
        """From now on it opens nothing."""
        if not await self._store.drop(member, id):
            raise NotFound(field="token")

    async def known(self, said: str) -> PersonalToken | None:
        """Whom a token speaks for, or None."""
        hashed = hash_of(said)
        token = await self._store.known(hashed)
        now_ms = self._clock.now_ms()
        if token and now_ms - (token.used_ms or 0) > TOUCH_MS:
            await self._store.touch(hashed, token, now_ms)
        return token

"""Personal tokens: made, listed, revoked, and shown by programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scheduler.errors import Full, NotFound, OtherRequest
from scheduler.ports import Clock
from scheduler.signin import TOKEN_BYTES, hash_of, keyed_hash, token_of
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

    def __init__(
        self, *, store: Store, clock: Clock, secret: str, random: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._clock = clock
        self._secret = secret
        self._random = random

    async def make(
        self, member: str, name: str, scopes: list[Scope], *, request_id: str | None = None
    ) -> tuple[str, PersonalToken]:
        """A new token, said this once, and what is kept of it. It follows from the request, if that has an
        id: asked again, it is the same one."""
        called, good_for = checked(name, scopes)
        seed = self._seed(member, request_id)
        said, id = PREFIX + token_of(seed[:TOKEN_BYTES]), f"t_{_id_of(seed)}"
        mine = {each.id: each for each in await self._store.of(member)}
        if id in mine:
            return said, _the_same(mine[id], called, good_for)
        if len(mine) >= TOKENS_MAX:
            raise Full(limit=TOKENS_MAX)
        kept = PersonalToken(
            id=id,
            member=member,
            name=called,
            scopes=good_for,
            created_ms=self._clock.now_ms(),
        )
        await self._store.keep(hash_of(said), kept)
        return said, kept

    def _seed(self, member: str, request_id: str | None) -> bytes:
        if request_id is None:
            return self._random(TOKEN_BYTES)
        return bytes.fromhex(keyed_hash(self._secret, "token", f"{member}\0{request_id}"))

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


def _id_of(seed: bytes) -> str:
    """What a token is listed by; nobody gets from it to the token."""
    return hash_of(f"id {seed.hex()}")[: 2 * ID_BYTES]


def _the_same(made: PersonalToken, name: str, scopes: tuple[Scope, ...]) -> PersonalToken:
    """The token of a request that comes again, if it asks for the same."""
    if (made.name, made.scopes) != (name, scopes):
        raise OtherRequest(field="request_id")
    return made

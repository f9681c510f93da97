"""Whose sign-in cookie it is, also while the store is away.

A page that reloads in a running call opens a new socket. While the store cannot say whose cookie it
brings, what it said before counts: for members this hub let in, for a while, and until the sign-in
ends. Nobody can sign out without the store, so nothing is missed meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

import structlog

from signalling.ports import Accounts, SignedIn

log = structlog.get_logger(__name__)

LOOK_UP_S = 3.0
REMEMBERED_MS = 2 * 60 * 60_000
"""Longer than any session lasts, doors included."""
REMEMBERED_MAX = 20_000


class Remembered(NamedTuple):
    """What the store said last, and when."""

    signed_in: SignedIn
    at_ms: int


class SignIns:
    """Looks sign-ins up and remembers those of cookies that were good, by their hash."""

    def __init__(self, accounts: Accounts, now_ms: Callable[[], int]) -> None:
        self._accounts = accounts
        self._now_ms = now_ms
        self._known: OrderedDict[bytes, Remembered] = OrderedDict()

    async def look_up(self, cookie: str) -> SignedIn | None:
        """Whose cookie this is; raises what ails the store if nothing is remembered."""
        key = hashlib.sha256(cookie.encode()).digest()
        try:
            async with asyncio.timeout(LOOK_UP_S):
                signed_in = await self._accounts.signed_in(cookie)
        except Exception as problem:
            log.warning("hub.sign_in_unread", problem=type(problem).__name__)
            known = self._known.get(key)
            if known is None or self._now_ms() > known.at_ms + REMEMBERED_MS:
                raise
            return known.signed_in
        self._known.pop(key, None)
        if signed_in is not None:
            self._known[key] = Remembered(signed_in, self._now_ms())
            if len(self._known) > REMEMBERED_MAX:
                self._known.popitem(last=False)
        return signed_in

    def forget(self, member: str, session: str | None) -> None:
        """A member signed out: of one sign-in, or of all."""
        for key, known in list(self._known.items()):
            mine = known.signed_in.member == member
            if mine and session in (None, known.signed_in.session):
                del self._known[key]

    def forget_all(self) -> None:
        """Some who signed out may have been missed."""
        self._known.clear()

"""Messages between members who are matched, met lately, or are friends."""

from __future__ import annotations

import unicodedata
from typing import Protocol

from scheduler.config import Config
from scheduler.errors import BadField
from scheduler.people import Line, Thread

CONTROLS = frozenset({"Cc", "Cs"})
"""Unicode categories no message holds, but for line ends and tabs."""
WHITE = frozenset("\n\t")


class Store(Protocol):
    """`scheduler.store.messages.MessageStore`."""

    async def write(self, request_id: str, member: str, other: str, text: str) -> Line: ...
    async def read(self, member: str, other: str) -> None: ...
    async def thread(self, member: str, other: str) -> Thread: ...
    async def threads(self, member: str) -> list[Thread]: ...


class Messages:
    """What members write to each other. Who may is the ledger's to say."""

    def __init__(self, *, store: Store, config: Config) -> None:
        self._store = store
        self._most = config.rules.chat_max

    async def write(self, request_id: str, member: str, other: str, text: str) -> Line:
        return await self._store.write(request_id, member, other, clean_text(text, self._most))

    async def read(self, member: str, other: str) -> None:
        """Seen up to now."""
        await self._store.read(member, other)

    async def thread(self, member: str, other: str) -> Thread:
        return await self._store.thread(member, other)

    async def threads(self, member: str) -> list[Thread]:
        """All, with their last line."""
        return await self._store.threads(member)


def clean_text(text: str, most: int) -> str:
    """A message as it is kept: trimmed, with plain line ends; or `BadField`."""
    clean = text.replace("\r\n", "\n").strip()
    if not 1 <= len(clean) <= most:
        raise BadField(field="text", least=1, most=most)
    if any(unicodedata.category(mark) in CONTROLS and mark not in WHITE for mark in clean):
        raise BadField(field="text", why="characters")
    return clean

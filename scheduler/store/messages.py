"""Messages between members: one method a function of the store."""

from __future__ import annotations

from scheduler.people import Line, Thread
from scheduler.store.calls import Caller, unpack


class MessageStore:
    """Threads of two, in the ledger, because who may write follows from who is matched."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls

    async def write(self, request_id: str, member: str, other: str, text: str) -> Line:
        """Write a line, or `NoContact` if the two may not (any more)."""
        answer = await self._calls.command("write_message", request_id, member, other, text)
        return unpack(answer, Line)

    async def read(self, member: str, other: str) -> None:
        """All lines of the other have been seen."""
        await self._calls.write("read_thread", member, other)

    async def thread(self, member: str, other: str) -> Thread:
        """One thread, or `NotFound` if there is none and none can begin."""
        return unpack(await self._calls.read("thread", member, other), Thread)

    async def threads(self, member: str) -> list[Thread]:
        """All threads with their last line, the newest first."""
        return unpack(await self._calls.read("threads", member), list[Thread])

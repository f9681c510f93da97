"""What members are to each other, and when they could be locked in: one method a function of the store.

Commands carry a request id like the ledger's. Nothing here tells a member who blocks or snoozes them: such a
one is answered like somebody who is not free.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from scheduler.people import FreeTime, Relation
from scheduler.store.calls import Caller, unpack

ROOM = 200
"""Bookings looked at in one call of `free_times`, more or less: the store answers nobody else meanwhile."""

_pack = msgspec.msgpack.Encoder().encode


class _FreeTimes(msgspec.Struct, frozen=True):
    times: list[FreeTime]
    next: tuple[int, int] | None = None
    """Number (from one) and start of the member to go on with."""


class PeopleStore:
    """Favourites, friends, snoozes and blocks, and the free times of others."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls

    # Commands of members

    async def favourite(self, request_id: str, member: str, other: str) -> None:
        """Meet the other rather than others, and let them lock in; they are not told."""
        await self._calls.command("favourite", request_id, member, other)

    async def unfavourite(self, request_id: str, member: str, other: str) -> None:
        await self._calls.command("unfavourite", request_id, member, other)

    async def ask_friend(self, request_id: str, member: str, other: str) -> None:
        """Ask for a friendship; accepts one that the other asked for."""
        await self._calls.command("ask_friend", request_id, member, other)

    async def accept_friend(self, request_id: str, member: str, other: str) -> None:
        """Accept what the other asked for; `NotFound` if they did not."""
        await self._calls.command("accept_friend", request_id, member, other)

    async def end_friendship(self, request_id: str, member: str, other: str) -> None:
        """End it, decline it, or withdraw the own asking."""
        await self._calls.command("end_friendship", request_id, member, other)

    async def snooze(self, request_id: str, member: str, other: str, *, until_ms: int = 0) -> None:
        """Keep away from the other until then, 0 for good; coming matches of the two are dissolved."""
        await self._calls.command("snooze", request_id, member, other, until_ms)

    async def unsnooze(self, request_id: str, member: str, other: str) -> None:
        """Lift this member's own snooze; a block, or the other's snooze, stays."""
        await self._calls.command("unsnooze", request_id, member, other)

    async def block(self, request_id: str, member: str, other: str) -> None:
        """The two never meet from now on; coming matches and friendship of them end."""
        await self._calls.command("block", request_id, member, other)

    async def unblock(self, request_id: str, member: str, other: str) -> None:
        """Lift this member's own block; what it ended stays ended."""
        await self._calls.command("unblock", request_id, member, other)

    # Reading

    async def people_of(self, member: str) -> list[Relation]:
        """Everybody the member has a relation to, or met."""
        return unpack(await self._calls.read("people", member), list[Relation])

    async def relation(self, member: str, other: str) -> Relation:
        """What the other is to the member: an empty one for strangers."""
        return unpack(await self._calls.read("relation", member, other), Relation)

    async def favourites(self, member: str) -> set[str]:
        """Whom the member favours."""
        return unpack(await self._calls.read("favourites", member), set[str])

    async def friends(self, one: str, other: str) -> bool:
        """Whether the two are friends."""
        return unpack(await self._calls.read("friends", one, other), bool)

    async def free_times(
        self, viewer: str, others: Iterable[str] | None, from_ms: int, to_ms: int
    ) -> list[FreeTime]:
        """Starts in [from, to) at which the viewer could lock in with these members now, by start.

        None asks for all favourites and friends.
        """
        members = await self._close_to(viewer) if others is None else sorted(set(others))
        times: list[FreeTime] = []
        first_from = from_ms
        while members:
            packed = _pack(members)
            span = (first_from, from_ms, to_ms, ROOM)
            answer = await self._calls.read("free_times", viewer, packed, *span)
            part = unpack(answer, _FreeTimes)
            times += part.times
            if part.next is None:
                break
            number, first_from = part.next
            members = members[number - 1 :]
        return sorted(times, key=lambda time: (time.start_ms, time.member))

    async def _close_to(self, member: str) -> list[str]:
        return unpack(await self._calls.read("close_people", member), list[str])

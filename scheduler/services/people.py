"""People: whom a member knows, what they are to each other, and when they can be locked in.

A member knows whom they met, whom they are about to meet, and whoever they have a tie to. All others
are as unknown as nobody. Whoever does not want to be met stays as known as before, and is never free.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable

import msgspec

from scheduler.accounts import Member
from scheduler.config import Config
from scheduler.errors import NotFound
from scheduler.people import FreeTime, Relation
from scheduler.ports import Clock, Ledger
from scheduler.ports import People as Store
from scheduler.rules import DAY_MS
from scheduler.services.members import Members

FREE_SHOWN = 3
"""How many of the next free times go with each member of a list."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to meet at a slot."""

    member: Member
    favourite: bool
    lockable: bool
    """Whether they can be locked in there."""
    length_min: int
    """Of a session with them."""


Step = Callable[[str, str, str], Awaitable[None]]
"""A command of the store: request id, member, the other."""

MANY = 10
"""Of more partners than this it is cheaper to ask for all relations at once."""
RECENT_MS = 14 * DAY_MS
"""For how long a partner who did not come is known from the session that was booked."""


class Acquaintance(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody this member may know, and what they are to each other."""

    member: Member
    relation: Relation
    free: tuple[FreeTime, ...] = ()
    """The next times in which they can be locked in."""


def is_tie(relation: Relation) -> bool:
    """Whether there is anything between the two, as far as the first may see."""
    return relation != Relation(member=relation.member)


class People:
    """What members do about each other."""

    def __init__(
        self, *, ledger: Ledger, people: Store, members: Members, clock: Clock, config: Config
    ) -> None:
        self._ledger = ledger
        self._people = people
        self._members = members
        self._clock = clock
        self._rules = config.rules

    # Who they are.

    async def known(self, member: str) -> list[Acquaintance]:
        """Everybody the member has a tie to, met or is about to meet, with their next free times; by
        name."""
        relations = {each.member: each for each in await self._people.people_of(member)}
        for other in await self._partners(member) - set(relations):
            relations[other] = Relation(member=other)
        named = await self._members.named(relations)
        free = await self._next_free(member, [id for id in named if not _hidden(relations[id])])
        found = [
            Acquaintance(member=named[id], relation=relations[id], free=free.get(id, ()))
            for id in named
        ]
        return sorted(found, key=lambda each: (each.member.name.casefold(), each.member.id))

    async def one(self, member: str, other: str) -> Acquaintance:
        """Somebody the member knows, or `NotFound`: the same for strangers and whom they block."""
        relation = await self._relation(member, other)
        if relation.blocked:
            raise NotFound(field="member")
        return await self._as_seen(member, relation)

    async def partners(self, member: str, others: Iterable[str]) -> dict[str, Acquaintance]:
        """Partners of the member's own bookings, without free times."""
        named = await self._members.named(others)
        ties = await self._ties(member, list(named))
        return {
            id: Acquaintance(member=found, relation=ties.get(id, Relation(member=id)))
            for id, found in named.items()
        }

    async def _ties(self, member: str, others: list[str]) -> dict[str, Relation]:
        if len(others) > MANY:
            return {each.member: each for each in await self._people.people_of(member)}
        return {id: await self._people.relation(member, id) for id in others}

    async def favourites(self, member: str) -> set[str]:
        """Whom the member favours."""
        return await self._people.favourites(member)

    async def _relation(self, member: str, other: str) -> Relation:
        relation = await self._people.relation(member, other)
        if not is_tie(relation) and other not in await self._partners(member):
            raise NotFound(field="member")
        return relation

    async def _partners(self, member: str) -> set[str]:
        """Whom the member has a session with to come, or had one of late."""
        now_ms = self._clock.now_ms()
        span = (now_ms - RECENT_MS, now_ms + self._rules.horizon_ms + 1)
        own = await self._ledger.bookings_of(member, *span)
        return {booking.partner for booking in own if booking.partner}

    async def _as_seen(self, member: str, relation: Relation) -> Acquaintance:
        other = relation.member
        named = await self._members.named([other])
        if other not in named:
            raise NotFound(field="member")
        free = {} if _hidden(relation) else await self._next_free(member, [other])
        return Acquaintance(member=named[other], relation=relation, free=free.get(other, ()))

    # What they are to each other.

    async def favour(self, request_id: str, member: str, other: str) -> Acquaintance:
        return await self._do(self._people.favourite, request_id, member, other)

    async def unfavour(self, request_id: str, member: str, other: str) -> Acquaintance:
        return await self._do(self._people.unfavourite, request_id, member, other)

    async def befriend(self, request_id: str, member: str, other: str) -> Acquaintance:
        """Ask for a friendship, or accept it if the other asked."""
        return await self._do(self._people.ask_friend, request_id, member, other)

    async def unfriend(self, request_id: str, member: str, other: str) -> Acquaintance:
        """End a friendship, or what was asked for of it by either side."""
        return await self._do(self._people.end_friendship, request_id, member, other)

    async def snooze(self, request_id: str, member: str, other: str, until_ms: int) -> Acquaintance:
        """Keep away until then; 0 for good."""
        step = functools.partial(self._people.snooze, until_ms=until_ms)
        return await self._do(step, request_id, member, other)

    async def unsnooze(self, request_id: str, member: str, other: str) -> Acquaintance:
        return await self._do(self._people.unsnooze, request_id, member, other)

    async def block(self, request_id: str, member: str, other: str) -> Acquaintance:
        return await self._do(self._people.block, request_id, member, other)

    async def unblock(self, request_id: str, member: str, other: str) -> Acquaintance:
        return await self._do(self._people.unblock, request_id, member, other)

    async def _do(self, step: Step, request_id: str, member: str, other: str) -> Acquaintance:
        """Do it to somebody the member knows; gives what the two are to each other then."""
        await self._relation(member, other)
        await step(request_id, member, other)
        return await self._as_seen(member, await self._people.relation(member, other))

    # When they can be had.

    async def free_of(self, member: str, other: str, from_ms: int, to_ms: int) -> list[FreeTime]:
        """When one member can be locked in; `NotFound` for strangers."""
        await self.one(member, other)
        return await self._people.free_times(member, [other], from_ms, to_ms)

    async def free(self, member: str, from_ms: int, to_ms: int) -> list[FreeTime]:
        """When favourites and friends can be locked in, by start: the coming two weeks of it."""
        last_ms = self._clock.now_ms() + self._rules.free_times_ms
        found = await self._people.free_times(member, None, from_ms, min(to_ms, last_ms))
        return sorted(found, key=lambda each: (each.start_ms, each.length_min, each.member))

    async def at(
        self, member: str, start_ms: int, length_min: int, *, also_shorter: bool = False
    ) -> list[Candidate]:
        """Who waits at a slot, the longest waiting first, and which favourites and friends could be locked
        in there besides. Whoever would have a shorter session comes after the others."""
        slots = await self._ledger.waiting(
            member, start_ms, start_ms + 1, length_min, also_shorter=also_shorter
        )
        waits = {id: slot.length_min for slot in slots for id in slot.members}
        of_close = await self._free_at(member, None, start_ms)
        close = {id: length for id, length in of_close.items() if length == length_min}
        lockable = await self._free_at(member, [*waits], start_ms) | close
        found = close | waits
        named = await self._members.named(found)
        favourites = await self.favourites(member)
        return [
            Candidate(
                member=named[id],
                favourite=id in favourites,
                lockable=lockable.get(id) == found[id],
                length_min=found[id],
            )
            for id in [*waits, *sorted(close.keys() - waits)]
            if id in named
        ]

    async def _free_at(
        self, member: str, others: list[str] | None, start_ms: int
    ) -> dict[str, int]:
        """Who can be locked in at a start, and for how long."""
        free = await self._people.free_times(member, others, start_ms, start_ms + 1)
        return {each.member: each.length_min for each in free}

    async def _next_free(self, member: str, others: list[str]) -> dict[str, tuple[FreeTime, ...]]:
        now_ms = self._clock.now_ms()
        if not others:
            return {}
        times = await self._people.free_times(
            member, others, now_ms, now_ms + self._rules.free_times_ms
        )
        free: dict[str, list[FreeTime]] = {}
        for each in sorted(times, key=lambda each: each.start_ms):
            free.setdefault(each.member, []).append(each)
        return {id: tuple(own[:FREE_SHOWN]) for id, own in free.items()}


def _hidden(relation: Relation) -> bool:
    return relation.blocked or relation.snoozed_until_ms is not None

"""Walks at random through all that members can do to each other, the store checked after each step.

ALONGSIDE_TEST_EXAMPLES=500 python -m pytest tests/scheduler/store/test_locks_walk.py
"""

from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Booking, Gender, Lockable, Task
from scheduler.people import Invite, InviteKind
from scheduler.rules import MINUTE_MS, Rules, of
from tests.scheduler.store.invariants import Snapshot, check, snapshot
from tests.scheduler.store.town import Town

WALKS = int(os.environ.get("ALONGSIDE_TEST_EXAMPLES", "3"))
STEPS = 60
MEMBERS = [f"m{n}" for n in range(7)]

RULES = {
    "at_once": of(),
    "t2": of(reveal="t2"),
    "small": msgspec.structs.replace(of(community="small"), grid_ms=15 * MINUTE_MS),
}


class Walk:
    """One history: what was refused changed nothing, what was done kept every invariant."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.dice = random.Random(seed)
        self.invites: list[Invite] = []

    async def step(self) -> None:
        names = [name for name in dir(self) if name.startswith("do_")]
        act: Callable[[], Awaitable[Any]] = getattr(self, self.dice.choice(names))
        before = await self.state()
        try:
            await act()
        except (errors.BadRequest, errors.Forbidden, errors.NotFound, errors.Conflict):
            after = await self.state()
            after.now_ms = before.now_ms
            assert after == before
        state = await self.state()
        check(state)
        locks_agree(state)

    async def state(self) -> Snapshot:
        return await snapshot(self.town.redis, "a", await self.town.ledger.now_ms())

    # What is chosen

    def two(self) -> tuple[str, str]:
        one, other = self.dice.sample(MEMBERS, 2)
        return one, other

    def start(self) -> int:
        return self.town.noon + self.dice.randrange(3) * self.town.rules.grid_ms

    def length(self) -> int:
        return self.dice.choice([25, 25, 50])

    def wish(self) -> dict[str, Any]:
        return {
            "length_min": self.length(),
            "quiet": self.dice.random() < 0.2,
            "task": self.dice.choice([Task.ANYTHING, Task.ANYTHING, Task.DESK, Task.MOVING]),
            "also_shorter": self.dice.random() < 0.5,
        }

    async def booking(self) -> Booking | None:
        live = (await self.state()).live()
        return await self.town.ledger.booking(self.dice.choice(live)["id"]) if live else None

    # What may happen

    async def do_book(self) -> None:
        await self.town.book(self.dice.choice(MEMBERS), self.start(), **self.wish())

    do_book_again = do_book_more = do_book

    async def do_lock_in(self) -> None:
        """What is shown as free can be locked in, and nothing else."""
        member, other = self.two()
        start, length = self.start(), self.length()
        times = await self.town.people.free_times(member, [other], start, start + 1)
        free = length in [time.length_min for time in times]
        own = await self.town.ledger.bookings_of(
            member, start - 75 * MINUTE_MS, start + 50 * MINUTE_MS
        )
        replace = [each.id for each in own if self.dice.random() < 0.7]
        try:
            mine = await self.town.lock(member, other, start, length_min=length, replace=replace)
        except (errors.NotAvailable, errors.Taken):
            # An own booking of the slot may wish for what the other does not go with.
            assert not free or own
            raise
        except errors.TooLate:
            assert not free or own
            raise
        assert mine.locked
        assert mine.partner == other

    do_lock_in_again = do_lock_in_more = do_lock_in

    async def do_cancel(self) -> None:
        if booking := await self.booking():
            await self.town.cancel(booking.member, booking)

    async def do_edit(self) -> None:
        if booking := await self.booking():
            changes = self.wish()
            del changes["length_min"]
            rematch = self.dice.random() < 0.5
            await self.town.edit(booking.member, booking, rematch=rematch, **changes)

    async def do_relate(self) -> None:
        act = self.dice.choice(
            ["favour", "favour", "disfavour", "ask_friend", "accept_friend", "end_friendship"]
        )
        await getattr(self.town, act)(*self.two())

    async def do_keep_away(self) -> None:
        await getattr(self.town, self.dice.choice(["block", "snooze"]))(*self.two())

    async def do_come_near(self) -> None:
        for member in MEMBERS:
            for relation in await self.town.people.people_of(member):
                if relation.blocked:
                    await self.town.unblock(member, relation.member)
                if relation.snoozed_until_ms is not None:
                    await self.town.unsnooze(member, relation.member)

    async def do_snooze_a_while(self) -> None:
        until_ms = await self.town.ledger.now_ms() + 10 * MINUTE_MS
        await self.town.snooze(*self.two(), until_ms=until_ms)

    async def do_profile(self) -> None:
        await self.town.profile(
            self.dice.choice(MEMBERS),
            gender=self.dice.choice([Gender.WOMAN, Gender.MAN, Gender.UNSAID]),
            only_gender=self.dice.choice([None, None, None, Gender.WOMAN]),
            accepts_quiet=self.dice.random() < 0.7,
            lockable=self.dice.choice(list(Lockable)),
        )

    async def do_open_up(self) -> None:
        await self.town.open_to(Lockable.EVERYONE, self.dice.choice(MEMBERS))

    async def do_pause(self) -> None:
        member = self.dice.choice(MEMBERS)
        await self.town.suspend(member)
        await self.town.unsuspend(member)

    async def do_invite(self) -> None:
        self.invites.append(
            await self.town.invite(
                self.dice.choice(MEMBERS),
                self.dice.choice([InviteKind.PERSONAL, InviteKind.SINGLE]),
                always=self.dice.random() < 0.5,
            )
        )

    async def do_hold(self) -> None:
        if self.invites:
            invite, key = self.dice.choice(self.invites), self.dice.choice(["key", "another"])
            await self.town.ledger.hold(invite.id, key, self.start(), self.length())

    async def do_follow_an_invite(self) -> None:
        if not self.invites:
            return
        invite = self.dice.choice(self.invites)
        await self.town.lock(
            self.dice.choice(MEMBERS),
            invite.by,
            self.start(),
            length_min=self.length(),
            invite=invite.id,
            holder_key=self.dice.choice(["", "key"]),
        )

    async def do_join(self) -> None:
        pairs = [pair for pair in (await self.state()).pairs.values() if pair["dissolved"] == "0"]
        if pairs:
            pair = self.dice.choice(pairs)
            await self.town.see(pair["id"], self.dice.choice([pair["member_a"], pair["member_b"]]))

    async def do_wait(self) -> None:
        await self.town.ledger.move_clock(self.dice.choice([1, 5, 15]) * MINUTE_MS)
        while (await self.town.tick()).fired:
            pass


def locks_agree(s: Snapshot) -> None:
    """The two bookings and the pair say the same of being locked in."""
    for booking in s.bookings.values():
        if booking["state"] == "matched":
            theirs, pair = s.bookings[booking["partner_booking"]], s.pairs[booking["pair"]]
            assert booking["locked"] == theirs["locked"] == pair["locked"]
        elif booking["state"] == "waiting":
            assert booking["locked"] == "0"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(WALKS))
@pytest.mark.parametrize("kind", RULES)
async def test_any_walk_keeps_the_ledger_whole(redis_client: Redis, kind: str, seed: int) -> None:
    rules: Rules = RULES[kind]
    town = await Town(redis_client, rules=rules).open()
    walk = Walk(town, seed)
    for _ in range(STEPS):
        await walk.step()

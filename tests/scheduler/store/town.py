"""A small town of members around one ledger, for tests that read as stories."""

from __future__ import annotations

from itertools import count
from typing import Any

from redis.asyncio import Redis

from scheduler.bookings import Booking, Edit, Lockable, Profile, Wish
from scheduler.events import AnyEvent
from scheduler.people import Invite, InviteKind
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS, Rules
from scheduler.standby import Search
from scheduler.store.invites import InviteStore
from scheduler.store.ledger import Ledger, Tick
from scheduler.store.people import PeopleStore
from scheduler.store.plans import Plans
from scheduler.store.standby import Standby

LOCK_OPTIONS = {"invite", "replace", "holder_key"}


class Town:
    """Members book, cancel and join; `noon` is an instant on the grid a while ahead."""

    def __init__(self, redis: Redis, *, rules: Rules = DEFAULT, tag: str = "a") -> None:
        self.redis = redis
        self.rules = rules
        self.ledger = Ledger(redis, tag=tag, rules=rules)
        self.people = PeopleStore(self.ledger.calls)
        self.invites = InviteStore(self.ledger.calls)
        self.standby = Standby(self.ledger.calls)
        self.plans = Plans(self.ledger.calls)
        self.noon = 0
        self._requests = (f"request-{n}" for n in count())
        self._read = "0-0"

    async def open(self) -> Town:
        """Functions loaded; the clock half a minute past the grid, so that no test crosses it."""
        await self.ledger.load_functions()
        await self.set_clock()
        return self

    async def set_clock(self) -> None:
        now = await self.ledger.now_ms()
        grid = self.rules.grid_ms
        await self.go_to(now - now % grid + grid + 30_000)
        self.noon = now - now % grid + 9 * grid

    # Commands

    async def book(self, member: str, at: int | None = None, **wish: object) -> Booking:
        return await self.ledger.book(next(self._requests), member, self.wish(at, **wish))

    def wish(self, at: int | None = None, **wish: object) -> Wish:
        return Wish(**{"start_ms": at or self.noon, "length_min": 25, **wish})  # type: ignore[arg-type]

    async def soonest(self, member: str, **wish: object) -> int:
        """Where "as soon as possible" would be for this wish."""
        return await self.ledger.soonest(member, self.wish(**wish))  # type: ignore[arg-type]

    async def cancel(self, member: str, booking: Booking | str) -> Booking:
        id = booking if isinstance(booking, str) else booking.id
        return await self.ledger.cancel(next(self._requests), member, id)

    async def block(self, member: str, other: str) -> None:
        await self.ledger.block(next(self._requests), member, other)

    async def unblock(self, member: str, other: str) -> None:
        await self.ledger.unblock(next(self._requests), member, other)

    async def profile(self, member: str, **profile: object) -> None:
        await self.ledger.set_profile(
            next(self._requests),
            member,
            Profile(**profile),  # type: ignore[arg-type]
        )

    async def open_to(self, lockable: Lockable, *members: str) -> None:
        """Set who may lock in with these members."""
        for member in members:
            await self.profile(member, lockable=lockable)

    async def lock(self, member: str, other: str, at: int | None = None, **how: Any) -> Booking:
        """Lock in; what is no option of `lock_in` goes into the wish."""
        options = {name: how.pop(name) for name in LOCK_OPTIONS & how.keys()}
        wish = self.wish(at, **how)
        return await self.ledger.lock_in(next(self._requests), member, other, wish, **options)

    async def locked_pair(
        self, one: str, other: str, at: int | None = None
    ) -> tuple[Booking, Booking]:
        """Two locked in with each other, as `one` asked for; gives the bookings of both."""
        await self.favour(other, one)
        theirs = await self.book(other, at)
        mine = await self.lock(one, other, at)
        return mine, await self.ledger.booking(theirs.id)

    async def edit(
        self, member: str, booking: Booking, *, rematch: bool = False, **changes: Any
    ) -> Booking:
        edit = Edit(**changes)
        return await self.ledger.edit(
            next(self._requests), member, booking.id, edit, rematch=rematch
        )

    async def suspend(self, member: str, until_ms: int = 0) -> None:
        await self.ledger.suspend(next(self._requests), member, until_ms)

    async def unsuspend(self, member: str) -> None:
        await self.ledger.unsuspend(next(self._requests), member)

    # People

    async def favour(self, member: str, other: str) -> None:
        await self.people.favourite(next(self._requests), member, other)

    async def disfavour(self, member: str, other: str) -> None:
        await self.people.unfavourite(next(self._requests), member, other)

    async def ask_friend(self, member: str, other: str) -> None:
        await self.people.ask_friend(next(self._requests), member, other)

    async def accept_friend(self, member: str, other: str) -> None:
        await self.people.accept_friend(next(self._requests), member, other)

    async def end_friendship(self, member: str, other: str) -> None:
        await self.people.end_friendship(next(self._requests), member, other)

    async def befriend(self, one: str, other: str) -> None:
        await self.ask_friend(one, other)
        await self.accept_friend(other, one)

    async def snooze(self, member: str, other: str, until_ms: int = 0) -> None:
        await self.people.snooze(next(self._requests), member, other, until_ms=until_ms)

    async def unsnooze(self, member: str, other: str) -> None:
        await self.people.unsnooze(next(self._requests), member, other)

    async def free(self, viewer: str, *others: str) -> list[tuple[str, int]]:
        """Who can be locked in when, in the coming fortnight; of favourites and friends if nobody is named."""
        now = await self.ledger.now_ms()
        times = await self.people.free_times(viewer, others or None, now, now + 14 * DAY_MS)
        return [(time.member, time.start_ms) for time in times]

    async def invite(
        self, member: str, kind: InviteKind = InviteKind.PERSONAL, **options: Any
    ) -> Invite:
        if kind is not InviteKind.MEMBER:
            options.setdefault("token_hash", f"hash-{next(self._requests)}")
        return await self.invites.create(next(self._requests), member, kind, **options)

    async def revoke(self, member: str, invite: Invite) -> Invite:
        return await self.invites.revoke(next(self._requests), member, invite.id)

    async def pair_of(self, one: str, other: str, at: int | None = None) -> str:
        """Book both into one slot; gives the pair they become."""
        await self.book(one, at)
        pair = (await self.book(other, at)).pair
        assert pair is not None
        return pair

    # Sessions

    async def see(self, pair: str, member: str, seen: Seen = Seen.JOIN) -> PresenceEvent:
        event = PresenceEvent(
            id=f"hub:{next(self._requests)}",
            member=member,
            seen=seen,
            at_ms=await self.ledger.now_ms(),
        )
        await self.ledger.record(pair, [event])
        return event

    async def session(self, one: str, other: str, *, joined: bool = True) -> str:
        """A whole session of the two, over and closed; gives its pair."""
        now = await self.ledger.now_ms()
        at = now - now % self.rules.grid_ms + 2 * self.rules.grid_ms
        pair = await self.pair_of(one, other, at)
        for member in (one, other) if joined else ():
            await self.see(pair, member)
        await self.go_to(at + 31 * MINUTE_MS)
        await self.tick()
        await self.tick()
        return pair

    # In the room after T

    async def sit(self, booking: Booking) -> None:
        """Take the seat: the session's log hears of it, and the ledger that somebody is here."""
        now = await self.ledger.booking(booking.id)
        if now.pair:
            await self.see(now.pair, now.member)
        await self.standby.here(now.member, now.id)

    async def seek(self, booking: Booking, **how: bool) -> Search:
        return await self.standby.seek(next(self._requests), booking.member, booking.id, **how)

    async def now(self, booking: Booking) -> Booking:
        """The booking as it is now."""
        return await self.ledger.booking(booking.id)

    async def stay(self, until_ms: int, *bookings: Booking) -> None:
        """Time passes, timers fire, and these say every few seconds that they are here."""
        while (at := await self.ledger.now_ms()) < until_ms:
            await self.go_to(min(at + 10_000, until_ms))
            await self.tick()
            for booking in bookings:
                await self.standby.here(booking.member, booking.id)

    # Time and news

    async def go_to(self, instant_ms: int) -> None:
        """Set the clock forward. Again if it falls short: the machine's own may be set back a little.

        Time never goes back behind what `move_clock` told, so it is asked, and not `now_ms`.
        """
        told_ms = await self.ledger.move_clock(instant_ms - await self.ledger.now_ms())
        while told_ms < instant_ms:
            told_ms = await self.ledger.move_clock(instant_ms - told_ms)

    async def tick(self) -> Tick:
        return await self.ledger.tick()

    async def news(self) -> list[AnyEvent]:
        """Events since last asked, in order; the clock's own left out."""
        entries = await self.ledger.outbox_after(self._read)
        if entries:
            self._read = entries[-1][0]
        return [event for _, event in entries if type(event).__name__ != "ClockMoved"]

    async def told(self) -> list[str]:
        """The names of the events since last asked."""
        return [type(event).__name__ for event in await self.news()]

    async def state_of(self, booking: Booking | str) -> str:
        id = booking if isinstance(booking, str) else booking.id
        return (await self.ledger.booking(id)).state

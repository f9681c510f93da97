"""Twenty members who book and cancel all the time, and know what they were promised.

Who gets no answer asks again with the same request id, as the page does; the promise is the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from itertools import count

from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Booking, Wish
from scheduler.store.ledger import Ledger
from scheduler.store.reconcile import reconcile
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

MEMBERS = 20
STARTS = 40
GIVE_UP_S = 30


class Crowd:
    """`ledgers` are the processes that serve them: each command goes to one of these."""

    def __init__(self, *ledgers: Ledger, seed: int = 1) -> None:
        self.ledgers = list(ledgers)
        self.noon = 0
        self.promised: dict[tuple[str, int], Booking] = {}
        """By member and start: the last answer about it."""
        self.promises = 0
        self.doubts = 0
        """Answers that did not come, or promised nothing."""
        self._random = random.Random(seed)
        self._requests = count()
        self._more = asyncio.Condition()

    @property
    def ids(self) -> set[str]:
        return {booking.id for booking in self.promised.values()}

    def redirect(self, *ledgers: Ledger) -> None:
        """From now on these serve them."""
        self.ledgers[:] = ledgers

    async def until(self, promises: int) -> None:
        """Wait until so many answers came."""
        async with self._more, asyncio.timeout(GIVE_UP_S):
            await self._more.wait_for(lambda: self.promises >= promises)

    @contextlib.asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """All of them at it, until the block ends; what they had begun is brought to its end."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for number in range(MEMBERS):
                tasks.create_task(self._live(f"m{number}", stop))
            yield
            stop.set()

    async def _live(self, member: str, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.act(member)

    async def act(self, member: str) -> None:
        """One command of a member, asked until it is answered."""
        start = self.noon + self._random.randrange(STARTS) * 30 * 60_000
        mine = self.promised.get((member, start))
        request = f"r{next(self._requests)}"
        if mine is None or mine.state == "cancelled":
            wish = Wish(start_ms=start, length_min=25, quiet=self._random.random() < 0.3)
            answer = await self.asked(lambda ledger: ledger.book(request, member, wish))
        else:
            answer = await self.asked(lambda ledger: ledger.cancel(request, member, mine.id))
        self.promised[member, start] = answer
        async with self._more:
            self.promises += 1
            self._more.notify_all()

    async def asked(self, ask) -> Booking:  # type: ignore[no-untyped-def]
        """Ask one of the processes, and again until there is an answer."""
        async with asyncio.timeout(GIVE_UP_S):
            while True:
                try:
                    return await ask(self._random.choice(self.ledgers))  # type: ignore[no-any-return]
                except errors.Unavailable:
                    self.doubts += 1
                    await asyncio.sleep(0.02)

    async def open(self, redis: Redis) -> None:
        """Functions loaded; the slots they choose from are a while ahead."""
        self.noon = (await Town(redis).open()).noon

    async def broken(self, redis: Redis) -> list[str]:
        """What was promised and is not so."""
        ledger, wrong = Ledger(redis), []
        for (member, start), promised in sorted(self.promised.items()):
            live = await ledger.bookings_of(member, start, start + 1)
            if bool(live) != (promised.state != "cancelled"):
                wrong.append(f"{promised.id} was {promised.state}, and now {live}")
        return wrong


async def assert_whole(redis: Redis) -> None:
    """After reconciling nothing is missing, no timer either, and all invariants hold."""
    ledger = Ledger(redis)
    await reconcile(ledger.calls)
    assert (await reconcile(ledger.calls, mend=False)).wrong == 0
    check(await snapshot(redis, "a", await ledger.now_ms()))

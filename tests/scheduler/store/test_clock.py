"""The copy of the ledger's time."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from scheduler import errors
from scheduler.store.clock import StoreClock


class Source:
    """A ledger's time, set by hand; answering takes as long as the test says."""

    def __init__(self) -> None:
        self.at_ms = 1_000_000
        self.local_s = 50.0
        self.takes_s = 0.0
        self.away = False
        self.asked = asyncio.Event()

    async def now_ms(self) -> int:
        self.asked.set()
        if self.away:
            raise errors.Unavailable
        self.local_s += self.takes_s
        return self.at_ms

    def monotonic(self) -> float:
        return self.local_s


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock(source: Source) -> StoreClock:
    return StoreClock(source, every_s=0.001, monotonic=source.monotonic)


async def test_it_tells_nothing_before_its_first_look(clock: StoreClock) -> None:
    with pytest.raises(errors.Unavailable):
        clock.now_ms()


async def test_between_looks_it_runs_on_its_own(clock: StoreClock, source: Source) -> None:
    await clock.sync()
    assert clock.now_ms() == 1_000_000
    source.local_s += 1.5
    assert clock.now_ms() == 1_001_500


async def test_half_of_the_way_counts_as_the_way_back(clock: StoreClock, source: Source) -> None:
    source.takes_s = 0.2
    await clock.sync()
    assert clock.now_ms() == 1_000_100


async def test_it_follows_a_jump_ahead_and_never_goes_back(
    clock: StoreClock, source: Source
) -> None:
    await clock.sync()
    source.at_ms = 1_600_000
    await clock.sync()
    assert clock.now_ms() == 1_600_000
    source.at_ms = 1_000_000
    await clock.sync()
    assert clock.now_ms() == 1_600_000


async def test_it_goes_on_while_the_store_is_away(clock: StoreClock, source: Source) -> None:
    await clock.sync()
    source.away = True
    loop = asyncio.create_task(clock.run())
    for _ in range(2):
        source.asked.clear()
        await source.asked.wait()
    source.local_s += 1
    assert clock.now_ms() == 1_001_000
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop

"""The outbox is read once, in order, and a loss is noticed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from scheduler.events import Booked, ClockMoved
from signalling.config import HubConfig
from signalling.events import OutboxBroken, Told
from signalling.web import feed as module
from signalling.web.feed import Feed
from tests.signalling.web.border import ORIGIN, HandClock, HandLedger, until

CONFIG = HubConfig(origins=(ORIGIN,), backlog_ms=1_000)
EVENT = Booked(at_ms=0, booking="b1", member="m_ana", start_ms=0, length_min=50)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES_S", (0.001,))
    monkeypatch.setattr(module, "BLOCK_MS", 10)


@contextlib.asynccontextmanager
async def feeding(ledger: HandLedger) -> AsyncIterator[list[Told | OutboxBroken]]:
    told: list[Told | OutboxBroken] = []
    feed = Feed(ledger, HandClock(), CONFIG, told.append)
    await feed.begin()
    task = asyncio.create_task(feed.run())
    yield told
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def offsets(told: list[Told | OutboxBroken]) -> list[str]:
    return [event.offset for event in told]


async def test_a_new_hub_knows_what_happened_lately_and_tells_only_what_comes() -> None:
    ledger = HandLedger()
    for offset in ("1000-0", "5000-0", "5500-0"):
        ledger.tell(offset, EVENT)
    backlog = await Feed(ledger, HandClock(), CONFIG, print).begin()
    assert backlog.offset == "5500-0"
    assert backlog.after("outbox-1", "4500-0") == [("5000-0", EVENT), ("5500-0", EVENT)]
    assert backlog.after("outbox-1", "1000-0") is None
    async with feeding(ledger) as told:
        ledger.tell("6000-0", EVENT)
        await until(lambda: told)
    assert told == [Told("6000-0", EVENT)]


async def test_it_waits_for_a_store_that_is_not_there_yet() -> None:
    ledger = HandLedger()
    ledger.away = True
    beginning = asyncio.create_task(Feed(ledger, HandClock(), CONFIG, print).begin())
    await asyncio.sleep(0)
    ledger.away = False
    assert (await beginning).epoch == "outbox-1"


async def test_a_pause_of_the_store_loses_nothing() -> None:
    ledger = HandLedger()
    async with feeding(ledger) as told:
        ledger.away = True
        ledger.tell("6000-0", EVENT)
        await asyncio.sleep(0.01)
        ledger.away = False
        ledger.tell("7000-0", EVENT)
        await until(lambda: len(told) == 2)
    assert offsets(told) == ["6000-0", "7000-0"]


async def test_another_outbox_is_noticed() -> None:
    ledger = HandLedger()
    ledger.tell("6000-0", EVENT)
    async with feeding(ledger) as told:
        ledger.away = True
        ledger.told.set()
        await asyncio.sleep(0.01)
        ledger.outbox, ledger.epoch_is, ledger.away = [("3-0", EVENT)], "outbox-2", False
        await until(lambda: told)
    assert told == [OutboxBroken("outbox-2", "3-0")]


async def test_events_that_were_trimmed_unread_are_a_loss() -> None:
    ledger = HandLedger()
    ledger.tell("6000-0", EVENT)
    async with feeding(ledger) as told:
        ledger.away = True
        ledger.told.set()
        await asyncio.sleep(0.01)
        ledger.outbox, ledger.begins_at, ledger.away = [("9000-0", EVENT)], "9000-0", False
        await until(lambda: told)
    assert told == [OutboxBroken("outbox-1", "9000-0")]


async def test_a_clock_that_was_moved_is_asked_before_anybody_is_told() -> None:
    ledger, clock = HandLedger(), HandClock()
    told: list[int] = []
    feed = Feed(ledger, clock, CONFIG, lambda _: told.append(clock.synced))
    await feed.begin()
    task = asyncio.create_task(feed.run())
    ledger.tell("6000-0", ClockMoved(at_ms=0, offset_ms=1))
    await until(lambda: told)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert told == [1]

"""What was seen reaches the ledger: in order, once, however long the store is away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from scheduler.errors import BadField, Unavailable
from scheduler.presence import PresenceEvent, Seen
from signalling.web import recorder as module
from signalling.web.recorder import Recorder
from tests.signalling.web.border import HandLedger, until


def event(n: int) -> PresenceEvent:
    return PresenceEvent(id=f"hub:{n}", member="m_ana", seen=Seen.JOIN, at_ms=n)


@contextlib.asynccontextmanager
async def recording(ledger: HandLedger) -> AsyncIterator[Recorder]:
    recorder = Recorder(ledger)
    task = asyncio.create_task(recorder.run())
    yield recorder
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_events_are_written_in_order() -> None:
    ledger = HandLedger()
    async with recording(ledger) as recorder:
        recorder.add("p9", [event(1)])
        recorder.add("p9", [event(2), event(3)])
        assert await recorder.flush(5)
    assert [e.at_ms for e in ledger.recorded] == [1, 2, 3]


async def test_a_store_that_is_away_gets_them_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.001)
    ledger = HandLedger()
    ledger.away = True
    async with recording(ledger) as recorder:
        recorder.add("p9", [event(1)])
        assert not await recorder.flush(0.02)
        recorder.add("p9", [event(2)])
        ledger.away = False
        assert await recorder.flush(5)
    assert [e.at_ms for e in ledger.recorded] == [1, 2]


async def test_a_pair_that_does_not_exist_does_not_hold_up_the_others() -> None:
    ledger = HandLedger()
    async with recording(ledger) as recorder:
        recorder.add("p404", [event(1)])
        recorder.add("p9", [event(2)])
        assert await recorder.flush(5)
    assert [e.at_ms for e in ledger.recorded] == [2]


async def test_what_comes_during_a_write_is_written_next() -> None:
    ledger = HandLedger()
    hold, writing = asyncio.Event(), asyncio.Event()
    write = ledger.record

    async def slowly(pair: str, events: list[PresenceEvent]) -> None:
        writing.set()
        await hold.wait()
        await write(pair, events)

    ledger.record = slowly  # type: ignore[method-assign]
    async with recording(ledger) as recorder:
        recorder.add("p9", [event(1)])
        await writing.wait()
        recorder.add("p9", [event(2)])
        hold.set()
        await until(lambda: len(ledger.recorded) == 2)
    assert [e.at_ms for e in ledger.recorded] == [1, 2]


async def test_a_long_log_is_written_in_slices() -> None:
    ledger = HandLedger()
    sizes: list[int] = []
    write = ledger.record

    async def measured(pair: str, events: list[PresenceEvent]) -> None:
        sizes.append(len(events))
        await write(pair, events)

    ledger.record = measured  # type: ignore[method-assign]
    async with recording(ledger) as recorder:
        recorder.add("p9", [event(n) for n in range(1_200)])
        assert await recorder.flush(5)
    assert sizes == [500, 500, 200]
    assert [e.at_ms for e in ledger.recorded] == list(range(1_200))


@pytest.mark.parametrize("problem", [Unavailable(), RuntimeError()])
async def test_pairs_whose_writes_fail_do_not_hold_up_the_others(problem: Exception) -> None:
    ledger = HandLedger()
    write = ledger.record

    async def moody(pair: str, events: list[PresenceEvent]) -> None:
        if pair != "p9":
            raise problem
        await write(pair, events)

    ledger.record = moody  # type: ignore[method-assign]
    async with recording(ledger) as recorder:
        for n in range(module.PAIRS_AT_ONCE + 1):
            recorder.add(f"bad{n}", [event(n)])
        recorder.add("p9", [event(2)])
        await until(lambda: ledger.recorded)
        assert not await recorder.flush(0)


async def test_what_the_ledger_refuses_is_not_offered_again() -> None:
    ledger = HandLedger()

    async def strict(pair: str, events: list[PresenceEvent]) -> None:
        raise BadField(field="minutes")

    ledger.record = strict  # type: ignore[method-assign]
    async with recording(ledger) as recorder:
        recorder.add("p9", [event(1)])
        assert await recorder.flush(5)
    assert ledger.recorded == []

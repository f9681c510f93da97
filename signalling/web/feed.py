"""The outbox, read from where the hub is, for as long as it lives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from scheduler.events import ClockMoved
from signalling.backlog import NOWHERE, Backlog, earlier, place
from signalling.config import HubConfig
from signalling.events import OutboxBroken, Told
from signalling.ports import Clock, Ledger

log = structlog.get_logger(__name__)

PAGE = 500
BLOCK_MS = 1_000
CHECK_EVERY_S = 10.0
PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)

Tell = Callable[[Told | OutboxBroken], None]


class Feed:
    """One reader. It notices when events were lost to it, and says so instead of going on."""

    def __init__(self, ledger: Ledger, clock: Clock, config: HubConfig, tell: Tell) -> None:
        self._ledger = ledger
        self._clock = clock
        self._config = config
        self._tell = tell
        self._epoch = ""
        self._offset = ""

    async def begin(self) -> Backlog:
        """Find the place to read from, with what happened lately; waits for the store."""
        failures = 0
        while True:
            try:
                return await self._load()
            except Exception as problem:
                await self._pause(failures, problem)
                failures += 1

    async def run(self) -> None:
        """Tell every event once, in order, for ever."""
        failures = 0
        checked_s = asyncio.get_running_loop().time()
        while True:
            try:
                now_s = asyncio.get_running_loop().time()
                if failures or now_s - checked_s > CHECK_EVERY_S:
                    await self._check()
                    checked_s = now_s
                await self._read()
                failures = 0
            except Exception as problem:
                await self._pause(failures, problem)
                failures += 1

    async def _load(self) -> Backlog:
        epoch = await self._ledger.epoch()
        last = await self._ledger.last_offset()
        begins = await self._ledger.outbox_begins()
        start = max(earlier(last, self._config.backlog_ms), begins, key=_order)
        backlog = Backlog(epoch, start, self._config.backlog_max)
        while _order(backlog.offset) < _order(last):
            page = await self._ledger.outbox_after(backlog.offset, count=PAGE)
            for offset, event in page:
                backlog.add(offset, event)
            if not page:
                break
        self._epoch, self._offset = epoch, backlog.offset
        return backlog

    async def _read(self) -> None:
        entries = await self._ledger.outbox_after(self._offset, count=PAGE, block_ms=BLOCK_MS)
        for offset, event in entries:
            if isinstance(event, ClockMoved):
                # Pages ask for the time as soon as they are told, and must not get the old one.
                await self._clock.sync()
            self._offset = offset
            self._tell(Told(offset, event))
        if not entries:
            # A reader that does not block must not spin.
            await asyncio.sleep(0.01)

    async def _check(self) -> None:
        """Whether the events after our place are all still there, in the same outbox."""
        epoch = await self._ledger.epoch()
        begins = await self._ledger.outbox_begins()
        if epoch == self._epoch and _order(begins) <= _order(self._offset):
            return
        last = await self._ledger.last_offset()
        log.warning("outbox.lost")
        self._epoch, self._offset = epoch, last
        self._tell(OutboxBroken(epoch, last))

    async def _pause(self, failures: int, problem: Exception) -> None:
        if failures == 0:
            log.warning("outbox.unread", problem=type(problem).__name__)
        await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])


def _order(offset: str) -> tuple[int, int]:
    return place(offset) or NOWHERE

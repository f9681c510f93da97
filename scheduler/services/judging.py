"""The judging of sessions: what the outbox tells has ended is judged, once."""

from __future__ import annotations

from scheduler.announcing import announced
from scheduler.bookings import Pair
from scheduler.errors import NotFound
from scheduler.events import AnyEvent, Cancelled, Closed
from scheduler.judge import judge, judge_cancel
from scheduler.outcomes import outcomes
from scheduler.people import Line
from scheduler.ports import Ledger, Threads
from scheduler.rules import Rules


class Judging:
    """Reads the outbox, and judges what ended. A repeated event changes nothing."""

    def __init__(self, ledger: Ledger, threads: Threads, rules: Rules) -> None:
        self._ledger = ledger
        self._threads = threads
        self._rules = rules

    async def on_event(self, offset: str, event: AnyEvent) -> None:
        """Judge a session that closed, or a booking that was cancelled; leave the rest alone."""
        match event:
            case Closed():
                await self._judge(event.pair)
            case Cancelled():
                await self._judge_cancel(event)

    async def _judge(self, id: str) -> None:
        pair = await self._ledger.pair(id)
        if not pair.dissolved:
            log = await self._ledger.log_of(id)
            outages = await self._ledger.outages(
                pair.start_ms - self._rules.doors_open_ms, pair.end_ms + self._rules.doors_close_ms
            )
            told = announced(pair, await self._lines(pair), self._rules)
            flags = judge(pair, log, self._rules, outages, told)
            await self._ledger.keep_outcomes(id, outcomes(pair, log, self._rules))
            await self._ledger.settle(id, flags, lines=len(log))

    async def _lines(self, pair: Pair) -> list[Line]:
        """What the two wrote to each other; nothing, for most."""
        try:
            return (await self._threads.thread(*pair.members)).lines
        except NotFound:
            return []

    async def _judge_cancel(self, event: Cancelled) -> None:
        flag = judge_cancel(event, self._rules)
        if flag:
            await self._ledger.flag_late_cancel(flag)

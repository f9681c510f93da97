"""Opens probes at workers, hands them to whoever waits, and ends them in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from media import control
from signalling.commands import TellWorker
from signalling.probing import Probe, Probing, WorkerEvent
from signalling.web import metrics

ANSWER_S = 2.0
"""A worker answers within this."""
LATE_S = 0.05
"""Probes are ended a little late: a timer that came early would find none that is over."""


class Prober:
    """The probes of one hub. Its clock is the machine's: a probe lasts for real seconds."""

    def __init__(self, hub: str, tell: Callable[[TellWorker], None]) -> None:
        self._probing = Probing(hub)
        self._tell = tell
        self._waiting: dict[str, asyncio.Future[control.Leg | None]] = {}

    async def leg(self, member: str) -> control.Leg | None:
        """A worker's leg that this member may try for some seconds. None: not now."""
        now_ms = self._now_ms()
        probe, told = self._probing.ask(member, now_ms)
        self._say(told)
        if probe is None:
            return _counted("busy", None)
        later_s = (probe.ends_ms - now_ms) / 1000 + LATE_S
        asyncio.get_running_loop().call_later(later_s, self._expire)
        if probe.leg is not None:
            return _counted("shared", probe.leg)
        return await self._opened(probe)

    def hear(self, event: WorkerEvent) -> None:
        """Whatever the link to a worker says."""
        for probe in self._probing.hear(event):
            waiting = self._waiting.pop(probe.name, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(probe.leg)

    def end(self) -> None:
        """The hub goes: workers need not wait for what is left."""
        self._say(self._probing.end())

    async def _opened(self, probe: Probe) -> control.Leg | None:
        """Wait for the worker, with whoever else waits for this probe."""
        waiting = self._waiting.get(probe.name)
        if waiting is None:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting[probe.name] = waiting
        try:
            async with asyncio.timeout(ANSWER_S):
                leg = await asyncio.shield(waiting)
        except TimeoutError:
            self._waiting.pop(probe.name, None)
            self._say(self._probing.give_up(probe.name))
            return _counted("unanswered", None)
        return _counted("opened" if leg is not None else "refused", leg)

    def _expire(self) -> None:
        self._say(self._probing.expire(self._now_ms()))

    def _say(self, told: list[TellWorker]) -> None:
        for command in told:
            self._tell(command)

    def _now_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000)


def _counted(result: str, leg: control.Leg | None) -> control.Leg | None:
    metrics.PROBES.labels(result).inc()
    return leg

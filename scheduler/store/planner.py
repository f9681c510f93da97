"""Where the optimiser runs: beside the loop when a slot is large, so that timers do not wait for it."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from scheduler.optimiser import ROOM, improve
from scheduler.plan import Slot, Stage, Step
from scheduler.store import metrics


class Planner:
    """Improves slots, and tells operators how long that took and what it changed.

    Its thread is its own: a pass has a minute, and waits for nobody who shares a pool of threads.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="planner")

    def close(self) -> None:
        """Give the thread back; what it works on is of no use any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def improve(self, slot: Slot, *, stage: Stage, seed: int) -> list[Step]:
        """The steps for a slot."""
        metrics.match_pool_size.labels(stage).observe(len(slot.claims))
        work = functools.partial(improve, slot, stage=stage, seed=seed)
        begun = time.perf_counter()
        steps = work() if len(slot.claims) <= ROOM else await self._beside(work)
        metrics.plan_seconds.labels(stage).observe(time.perf_counter() - begun)
        return steps

    async def _beside(self, work: Callable[[], list[Step]]) -> list[Step]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def count(self, stage: Stage, steps: list[Step], done: list[bool]) -> None:
        """What the ledger made of the steps: members whose partner changed, or would have."""
        for step, was_done in zip(steps, done, strict=True):
            result = "done" if was_done else "stale"
            metrics.plan_changes.labels(stage, result).inc(len(step.versions))

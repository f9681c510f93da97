"""The optimiser's answer does not depend on where it ran, and operators see what it did."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from prometheus_client import REGISTRY

from scheduler.optimiser import ROOM, improve
from scheduler.plan import Step
from scheduler.store.planner import Planner
from tests.scheduler.slots import claim, slot


def told(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_large_slot_gets_the_same_steps_beside_the_loop() -> None:
    large = slot([claim(number) for number in range(ROOM + 2)])
    steps = await Planner().improve(large, stage="pass", seed=1)
    assert steps == improve(large, stage="pass", seed=1)
    assert sum(len(step.pairs) for step in steps) == ROOM // 2 + 1


async def test_a_large_slot_does_not_wait_for_threads_that_others_hold() -> None:
    held, loop = threading.Event(), asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    busy = loop.run_in_executor(None, held.wait)
    planner = Planner()
    steps = await planner.improve(
        slot([claim(number) for number in range(ROOM + 2)]), stage="pass", seed=1
    )
    assert steps
    assert not busy.done()
    held.set()
    await busy
    planner.close()


async def test_each_run_is_measured() -> None:
    before = told("cw_plan_seconds_count", stage="reveal")
    size = told("cw_match_pool_size_sum", stage="reveal")
    await Planner().improve(slot([claim(0), claim(1), claim(2)]), stage="reveal", seed=1)
    assert told("cw_plan_seconds_count", stage="reveal") == before + 1
    assert told("cw_match_pool_size_sum", stage="reveal") == size + 3


def test_changes_are_counted_by_members_and_by_what_came_of_them() -> None:
    labels = [{"stage": "pass", "result": result} for result in ("done", "stale")]
    before = [told("cw_plan_changes_total", **each) for each in labels]
    two = Step(versions={"b0": 1, "b1": 1}, pairs=[("b0", "b1")])
    three = Step(versions={"b2": 1, "b3": 1, "b4": 1}, pairs=[("b2", "b3")])
    Planner().count("pass", [two, three], [True, False])
    after = [told("cw_plan_changes_total", **each) for each in labels]
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 3]

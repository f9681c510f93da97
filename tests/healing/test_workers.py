"""A relay worker that dies or freezes takes no call with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.support.couple import Couple
from tests.support.gaps import quantiles
from tests.support.system import Server, System

APART_S = 6.0
"""A session moves once in five seconds at most."""
Fault = Callable[[Server], Awaitable[None]]
P50_S, P99_S = 1.2, 2.0


async def kill(worker: Server) -> None:
    worker.process.kill()


async def freeze(worker: Server) -> None:
    worker.freeze()


@pytest.mark.timeout(60 + 20 * ROUNDS)
@pytest.mark.parametrize("fault", [kill, freeze])
async def test_another_worker_takes_over(
    fault: Fault, relayed: System, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    gaps = []
    for n in range(ROUNDS):
        since = time.time()
        gaps += await without_its_worker(couple, fault)
        if n + 1 < ROUNDS:
            await asyncio.sleep(max(0.0, since + APART_S - time.time()))
    figure = quantiles(gaps)
    tell(
        f"gap_s worker {fault.__name__}",
        goal_p50=P50_S,
        goal_p99=P99_S,
        **figure,
        noise=couple.noise_s,
    )
    assert figure["p50"] < P50_S + couple.noise_s
    assert figure["p99"] < P99_S + couple.noise_s
    await couple.unharmed()


async def without_its_worker(couple: Couple, fault: Fault) -> list[float]:
    """The gaps of both; the worker is back before the next round."""
    carrier, since = await couple.carrier(), time.time()
    await fault(carrier)
    gaps = await couple.gaps(since)
    assert await couple.carrier() is not carrier
    await carrier.die()
    await carrier.come_back()
    return gaps

"""A worker that is told to stop hands its calls over first, and ends by itself."""

from __future__ import annotations

import asyncio
import signal
import time

from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.support.gaps import quantiles
from tests.support.system import System

HANDED_OVER_S = 0.3
ENDS_WITHIN_S = 25.0
APART_S = 6.0


async def test_a_worker_that_is_told_to_stop_hands_its_calls_over(
    relayed: System, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    gaps = []
    for n in range(ROUNDS):
        carrier, since = await couple.carrier(), time.time()
        carrier.process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(carrier.process.wait, ENDS_WITHIN_S)
        gaps += await couple.gaps(since)
        assert code == 0
        assert await couple.carrier() is not carrier
        await carrier.come_back()
        if n + 1 < ROUNDS:
            await asyncio.sleep(max(0.0, since + APART_S - time.time()))
    figure = quantiles(gaps)
    tell("gap_s worker drained", goal=HANDED_OVER_S, **figure, noise=couple.noise_s)
    assert figure["p50"] < HANDED_OVER_S + couple.noise_s
    await couple.unharmed()

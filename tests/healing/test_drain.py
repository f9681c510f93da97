"""A deploy under a call: what is told to stop hands its calls over first, ends by itself, and is started
again. Gaps are counted where packets come out of the line, and where pictures come out of the decoder."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.support.couple import Couple
from tests.support.gaps import quantiles, rtp_gaps
from tests.support.network.lab import Lab
from tests.support.system import Server, System

HANDED_OVER_S = 0.3
ENDS_WITHIN_S = 25.0
APART_S = 6.0
"""A session moves once in five seconds at most."""


class Gaps:
    """Of all rounds: between packets, between pictures."""

    def __init__(self) -> None:
        self.rtp: list[float] = []
        self.frames: list[float] = []

    @property
    def longest(self) -> float:
        return max(*self.rtp, *self.frames)


async def told_to_stop(server: Server) -> float:
    """How long it took to end, in order."""
    began = time.time()
    server.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(server.process.wait, ENDS_WITHIN_S) == 0
    return time.time() - began


async def restarted(couple: Couple, lab: Lab, server: Server, found: Gaps) -> float:
    """Let a process be told to stop and started again under a call; how long it took to end."""
    lab.record(True)
    since = time.time()
    took_s = await told_to_stop(server)
    await server.come_back()
    found.frames += await couple.gaps(since)
    found.rtp += rtp_gaps(lab.record(False), lab.clients, since, time.time())
    return took_s


@pytest.mark.timeout(90 + 60 * ROUNDS)
async def test_a_deploy_is_not_noticed_in_a_call(
    relayed: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    generation, of_hub, of_workers = await couple.generation(), Gaps(), Gaps()
    ends: list[float] = []
    for _ in range(ROUNDS):
        since = time.time()
        ends.append(await restarted(couple, lab, relayed.hub, of_hub))
        await couple.in_their_seats(since)
    assert await couple.generation() == generation
    told(tell, couple, "hub told to stop", of_hub, ends)
    ends.clear()
    for _ in range(ROUNDS):
        carrier, since = await couple.carrier(), time.time()
        ends.append(await restarted(couple, lab, carrier, of_workers))
        assert await couple.carrier() is not carrier
        await asyncio.sleep(max(0.0, since + APART_S - time.time()) if ROUNDS > 1 else 0)
    told(tell, couple, "worker told to stop", of_workers, ends)
    assert of_hub.longest < HANDED_OVER_S + couple.noise_s
    assert of_workers.longest < HANDED_OVER_S + couple.noise_s
    await couple.hear_each_other("Still here")
    await couple.unharmed()


def told(tell: Tell, couple: Couple, what: str, gaps: Gaps, ends: list[float]) -> None:
    said = {"goal": HANDED_OVER_S, "noise": couple.noise_s}
    tell(f"rtp_gap_s {what}", **said, **quantiles(gaps.rtp), max=max(gaps.rtp))
    tell(f"gap_s {what}", **said, **quantiles(gaps.frames), max=max(gaps.frames), ends_s=max(ends))

"""What calls do not need every moment may be gone for a while: the hub, the store."""

from __future__ import annotations

import asyncio
import time

from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.support.couple import Couple
from tests.support.gaps import quantiles
from tests.support.people import MINUTE
from tests.support.system import System, eventually

UNTOUCHED_S = 0.3
"""Fifteen pictures a second, while a hub starts beside two browsers; that a connection is the same as
before says its generation."""
RESUME_P50_S, RESUME_MOST_S = 1.0, 1.5
"""Pages in a room try about twice a second, so that the last wait is 0.6 s at most."""
STORE_GONE_S = 6.0


async def without_a_hub(couple: Couple, tell: Tell, path: str) -> None:
    generation, since = await couple.generation(), time.time()
    seats: list[float] = []
    for _ in range(ROUNDS):
        seats += await back_in_their_seats(couple)
    gaps = await couple.gaps(since, back_s=2)
    figure = quantiles(seats)
    tell(f"gap_s hub killed, {path}", goal=UNTOUCHED_S, **quantiles(gaps), noise=couple.noise_s)
    tell(f"resume_s after the hub is up, {path}", goal_p50=RESUME_P50_S, **figure)
    assert max(gaps) < UNTOUCHED_S + 2 * couple.noise_s
    assert await couple.generation() == generation
    assert figure["p50"] < RESUME_P50_S + couple.noise_s
    assert figure["p99"] < RESUME_MOST_S + couple.noise_s
    await couple.hear_each_other("Still here")
    await they_share_a_task(couple, "Outlive the hub")


async def they_share_a_task(couple: Couple, task: str) -> None:
    ana, ben = couple.people
    await ana.add_task(task)
    await ben.sees(task)


async def back_in_their_seats(couple: Couple) -> list[float]:
    """The hub is killed and started: how long after it is up each page is told of its room again."""
    hub = couple.system.hub
    await hub.die()
    dark = time.time()
    await hub.come_back()
    up = time.time()
    seats = await couple.in_their_seats(dark)
    return [max(0.0, dark + seat - up) for seat in seats]


async def test_media_does_not_notice_that_the_hub_is_killed(
    relayed: System, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    await without_a_hub(couple, tell, "relayed")
    await couple.unharmed()


async def test_nor_does_it_directly(direct: System, meet: Meet, tell: Tell) -> None:
    couple = await meet(direct)
    await without_a_hub(couple, tell, "direct")
    await couple.unharmed()


async def test_a_store_that_is_gone_for_minutes_harms_nobody(
    relayed: System, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    generation, since = await couple.generation(), time.time()
    relayed.freeze_store()
    try:
        await asyncio.sleep(STORE_GONE_S)
        await couple.hear_each_other("Without a store")
    finally:
        relayed.thaw_store()
    back = time.time()
    await relayed.ledger.move_clock(5 * MINUTE)
    gaps = await couple.gaps(since, back_s=2)
    await they_share_a_task(couple, "Outlive the store")

    async def ready() -> bool:
        await relayed.hub.ready()
        return True

    await eventually(ready)
    tell(
        "gap_s store gone",
        goal=UNTOUCHED_S,
        **quantiles(gaps),
        noise=couple.noise_s,
        ready_s=time.time() - back,
    )
    assert max(gaps) < UNTOUCHED_S + 2 * couple.noise_s
    assert await couple.generation() == generation
    await couple.unharmed()

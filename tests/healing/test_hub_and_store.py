"""What calls do not need every moment may be gone for a while: the hub, the store."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

import pytest

from scheduler.presence import Seen
from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.support.couple import Couple
from tests.support.gaps import quantiles
from tests.support.people import MINUTE
from tests.support.store import StoreProcess
from tests.support.system import System, eventually

UNTOUCHED_S = 0.3
"""Fifteen pictures a second, while a hub starts beside two browsers; that a connection is the same as
before says its generation."""
RESUME_P50_S, RESUME_MOST_S = 1.0, 1.5
"""Pages in a room try about twice a second, so that the last wait is 0.6 s at most."""
STORE_GONE_S = float(os.environ.get("ALONGSIDE_TEST_STORE_GONE_S", "4"))
"""`figures` waits as long as members may have to."""


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


Way = tuple[Callable[[StoreProcess], None], Callable[[StoreProcess], None]]
WAYS: dict[str, Way] = {
    "frozen": (StoreProcess.freeze, StoreProcess.thaw),
    "killed": (StoreProcess.die, StoreProcess.come_back),
}


@pytest.mark.timeout(120 + STORE_GONE_S)
@pytest.mark.parametrize("how", WAYS)
async def test_a_store_that_is_gone_for_minutes_harms_nobody(
    how: str, relayed: System, meet: Meet, tell: Tell
) -> None:
    go, come_back = WAYS[how]
    couple = await meet(relayed)
    generation, since = await couple.generation(), time.time()
    recorded = len(await couple.recorded())
    await asyncio.to_thread(go, relayed.store)
    try:
        await what_needs_no_store(couple)
        await asyncio.sleep(max(0.0, since + STORE_GONE_S - time.time()))
        await couple.hear_each_other("Still without a store")
    finally:
        await asyncio.to_thread(come_back, relayed.store)
    back = time.time()
    await relayed.hub.ready()
    ready_s = time.time() - back

    async def all_is_kept() -> bool:
        return await waiting(relayed) == 0

    await eventually(all_is_kept)
    kept_s = time.time() - back
    await relayed.ledger.move_clock(max(0, 5 * MINUTE - round((back - since) * 1000)))
    gaps = await couple.gaps(since, back_s=2)
    await they_share_a_task(couple, "Outlive the store")
    tell(
        f"gap_s store {how}",
        goal=UNTOUCHED_S,
        **quantiles(gaps),
        noise=couple.noise_s,
        gone_s=back - since,
        ready_s=ready_s,
        kept_s=kept_s,
    )
    assert [line.seen for line in (await couple.recorded())[recorded:]] == WITHOUT_A_STORE
    assert max(gaps) < UNTOUCHED_S + 2 * couple.noise_s
    assert await couple.generation() == generation
    await couple.unharmed()


WITHOUT_A_STORE = [Seen.BREAK, Seen.BACK]
"""What is seen of the two while nothing can be written down."""


async def what_needs_no_store(couple: Couple) -> None:
    """They talk; one takes a break and comes back, which waits to be recorded."""
    _, ben = couple.people
    await couple.hear_each_other("Without a store")
    await ben.press("Break")
    await ben.press("5 min")
    await eventually(lambda: waiting(couple.system))
    await ben.press("I’m back")


async def waiting(system: System) -> float:
    """What the hub has to write down and cannot."""
    return (await system.hub.metrics())["cw_hub_records_pending"]

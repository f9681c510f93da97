"""A process says what it is and how late its loop runs."""

from __future__ import annotations

import asyncio
import contextlib

from prometheus_client import REGISTRY

from ops.metrics import version_of, watch_loop


def measurements() -> float:
    return REGISTRY.get_sample_value("cw_eventloop_lag_seconds_count") or 0.0


async def test_the_loop_is_measured_again_and_again() -> None:
    before = measurements()
    task = asyncio.create_task(watch_loop(every_s=0))
    for _ in range(100):  # turns of the loop
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert measurements() > before + 3


def test_an_installed_distribution_has_a_version_and_a_checkout_says_so() -> None:
    assert version_of("aiohttp")[0].isdigit()
    assert version_of("a-distribution-nobody-installed") == "checkout"

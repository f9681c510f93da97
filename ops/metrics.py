"""What every process says of itself: its version and roles, its state, and how late its loop runs."""

from __future__ import annotations

import asyncio
from importlib import metadata

from prometheus_client import Gauge, Histogram

build_info = Gauge("cw_build_info", "Always 1; the labels say what runs.", ["version", "role"])
process_state = Gauge("cw_process_state", "0 starting, 1 serving, 2 stopping.")
eventloop_lag_seconds = Histogram(
    "cw_eventloop_lag_seconds",
    "How much later than asked a sleep ended: what everything in this process waits too.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

STARTING, SERVING, STOPPING = range(3)
EVERY_S = 1.0


async def watch_loop(every_s: float = EVERY_S) -> None:
    """Measure the loop until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every_s
        await asyncio.sleep(every_s)
        eventloop_lag_seconds.observe(max(0.0, loop.time() - due))


def version_of(distribution: str = "alongside") -> str:
    """The installed version; a checkout that was never installed has none."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "checkout"

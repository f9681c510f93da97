"""The ledger against a model of it: any history of commands, sessions and time.

`model`, `relations` and `rooms` are the model; `bookings`, `people`, `sessions` and `world` the rules
that do a thing in both; `base` holds the two together after each step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from tests.scheduler.store.machine.base import Server
from tests.scheduler.store.machine.people import LockRules, PeopleRules
from tests.scheduler.store.machine.world import WorldRules


class LedgerMachine(WorldRules, LockRules, PeopleRules):
    """All rules together."""


@contextmanager
def server(directory: Path) -> Iterator[Server]:
    """A store for one machine after the other."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        running = Server(runner, directory)
        try:
            yield running
        finally:
            running.stop()

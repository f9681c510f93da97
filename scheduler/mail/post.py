"""The bounded queue between those who write letters and the one who carries them.

A request hands its letter over and answers at once: how long the mail server takes shows nowhere.
When more letters wait than the queue holds, the next one is refused, and its request with it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from scheduler.errors import Unavailable
from scheduler.mail import metrics
from scheduler.mail.letters import Letter

log = logging.getLogger(__name__)

ROOM = 500
"""Letters that may wait: two minutes of the busiest hour a machine can serve."""
HANDS = 4
"""Letters carried at the same time."""


class NotCarried(Exception):
    """The letter did not reach the mail server; the cause is logged by its class alone."""


class Mailer(Protocol):
    """Who carries letters."""

    async def send(self, letter: Letter) -> None:
        """Carry one letter, or raise `NotCarried`."""


class Courier:
    """Carries one letter while its writer waits, who keeps it if that fails."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def carry(self, letter: Letter) -> bool:
        """Whether the mail server took it."""
        try:
            await self._mailer.send(letter)
        except NotCarried as failure:
            metrics.mail.labels("failed").inc()
            log.warning("mail not sent: %s", type(failure.__cause__ or failure).__name__)
            return False
        metrics.mail.labels("sent").inc()
        return True


class Post:
    """Takes letters in, and carries them from its own task."""

    def __init__(self, mailer: Mailer, *, room: int = ROOM) -> None:
        self._mailer = mailer
        self._queue: asyncio.Queue[Letter] = asyncio.Queue(room)

    def offer(self, letter: Letter) -> None:
        """Take a letter in, or raise `Unavailable`."""
        try:
            self._queue.put_nowait(letter)
        except asyncio.QueueFull:
            metrics.mail.labels("refused").inc()
            raise Unavailable from None
        metrics.mail_waiting.set(self._queue.qsize())

    async def run(self) -> None:
        """Carry letters until cancelled; what is being carried then is given up."""
        async with asyncio.TaskGroup() as hands:
            for _ in range(HANDS):
                hands.create_task(self._carry())

    async def drained(self) -> None:
        """Wait until every letter taken in was carried or given up."""
        await self._queue.join()

    async def _carry(self) -> None:
        while True:
            letter = await self._queue.get()
            metrics.mail_waiting.set(self._queue.qsize())
            try:
                await self._mailer.send(letter)
                metrics.mail.labels("sent").inc()
            except Exception as failure:
                # One letter that cannot be carried, for whatever reason, must not stop the others.
                metrics.mail.labels("failed").inc()
                log.warning("mail not sent: %s", type(failure.__cause__ or failure).__name__)
            finally:
                self._queue.task_done()

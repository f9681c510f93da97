"""One SFU worker as a whole: port, relay, control link, and the task that keeps time."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import random
import socket
import time
from collections.abc import Callable

import structlog
from aiohttp import web

from media.config import MediaConfig
from media.frames.process import Decoder
from media.frames.sampler import Sampler
from media.rtc.proof import self_test
from media.rtc.sfu import TICK_S, Sfu
from media.udp.kernel import warn_of_little_room
from media.udp.opening import make_port
from media.udp.port import Port, open_socket
from media.udp.sampling import sampled
from media.web.control import Links

ALONE_S = 2.0
"""So long without any hub nobody comes to move what a draining worker carries."""

log = structlog.get_logger(__name__)


class Worker:
    """Made of a config; `start` it, serve its `app` on a private port, `stop` it.

    `app` holds `GET /control` only. The process may add routes of its own before it is served.
    """

    def __init__(
        self,
        config: MediaConfig,
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] | None = None,
    ) -> None:
        """`cpu` says how many seconds of a core this worker has used; None asks the process, if the
        config says that it is nothing else."""
        config.check()
        self.app = web.Application()
        self._config = config
        self._clock = clock
        self._cpu = cpu or (time.process_time if config.weigh_cpu else lambda: 0.0)
        self._links = Links(config.secret)
        self.app.router.add_get("/control", self._links.serve)
        self.app.on_shutdown.append(self._on_shutdown)
        self._port: Port | None = None
        self._sfu: Sfu | None = None
        self._ticking: asyncio.Task[None] | None = None
        self.decoder: Decoder | None = None
        """Looks at pictures, where the operator allows that."""
        self._left = asyncio.Event()
        """There is nobody here any more, or nobody to move them."""
        self._linked_at = clock()
        """When there last was a hub."""

    @property
    def port(self) -> int:
        """The UDP port browsers send to."""
        assert self._port is not None, "not started"
        return self._port.port

    @property
    def sfu(self) -> Sfu:
        assert self._sfu is not None, "not started"
        return self._sfu

    async def start(self) -> None:
        """Prove the libraries, open the port, listen. Raises `Unsupported` or `OSError`."""
        await self_test()
        self._port = port = make_port(*self._open(), fast=self._config.fast)
        warn_of_little_room(port.socket)
        port.clock = self._clock
        self._sfu = Sfu(self._config, port, tell=self._links.tell, clock=self._clock, cpu=self._cpu)
        port.handler = self._sfu.gate.datagram
        self._links.attach(self._sfu)
        if self._config.camera_samples:
            self.decoder = Decoder()
            self.decoder.start()
            self._sfu.sample = Sampler(
                self.decoder,
                ask=port.ask_key_frames,
                say=self._sfu.say,
                clock=self._clock,
                chance=random.random,
            ).tick
        for at, opened in enumerate(port.sockets):
            step = sampled(functools.partial(port.step, at), opened)
            asyncio.get_running_loop().add_reader(opened.fileno(), step)
        self._ticking = asyncio.create_task(self._tick(), name="sfu-tick")
        if self._config.freeze:
            gc.collect()
            gc.freeze()
        log.info("worker.started")

    def _open(self) -> list[socket.socket]:
        """The port's sockets: one, or one for each family of addresses."""
        config = self._config
        opened = [open_socket(config.host, config.port)]
        if config.host6:
            port = int(opened[0].getsockname()[1])
            try:
                opened.append(open_socket(config.host6, port, one_family=True))
            except OSError:
                opened[0].close()
                raise
        return opened

    async def stop(self) -> None:
        """Say goodbye on all legs and close the port. Stopping twice is fine."""
        if self._port is None or self._sfu is None or self._ticking is None:
            return
        self._ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._ticking
        await self._links.close()
        await self._sfu.close()
        if self.decoder is not None:
            await self.decoder.stop()
        for opened in self._port.sockets:
            asyncio.get_running_loop().remove_reader(opened.fileno())
        self._port.close()
        self._port = None

    def ready(self) -> bool:
        """Whether this worker takes new pairs."""
        return self._port is not None and self._sfu is not None and not self._sfu.pairs.draining

    def drain(self) -> None:
        """Take no new pairs, and let hubs know at once; the present ones stay until they end."""
        self.sfu.pairs.draining = True
        self._links.tell_all(self.sfu.load())

    async def hand_over(self, within_s: float) -> None:
        """Drain, and wait until hubs have moved all pairs, there is no hub to move them, or time is up."""
        self.drain()
        log.info("worker.draining", pairs=len(self.sfu.pairs))
        if self._must_stay():
            self._left.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), within_s)

    def idle(self) -> bool:
        """Whether no pair is left, so that a drained worker may stop."""
        return self._sfu is None or len(self._sfu.pairs) == 0

    def _must_stay(self) -> bool:
        """Whether there is somebody to move what is left here, or was a moment ago: links are made again."""
        if len(self._links) > 0:
            self._linked_at = self._clock()
        return not self.idle() and self._clock() - self._linked_at < ALONE_S

    async def _on_shutdown(self, _: web.Application) -> None:
        await self._links.close()

    async def _tick(self) -> None:
        while True:
            for part in (self.sfu.tick, self._beat):
                try:
                    part()
                except Exception:
                    # One part's trouble must not stop the heartbeat, or hubs would move all pairs.
                    log.exception("tick.failed")
            await asyncio.sleep(TICK_S)

    def _beat(self) -> None:
        self._links.tell_all(self.sfu.load())
        if not self._must_stay():
            self._left.set()

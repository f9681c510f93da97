"""The hub's end of the control link to one SFU worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import structlog

from media import codec
from media.control import HEARTBEAT_S, HubMessage
from media.errors import BadFrame
from signalling.config import WorkerAddress
from signalling.events import WorkerDown, WorkerSaid, WorkerSilent, WorkerUp

log = structlog.get_logger(__name__)

MISSES = 3
"""So many beats without a word, and the worker counts as silent."""
SILENCE_S = 5.0
"""A link without a word for this long is made anew."""
PAUSES_S = (0.1, 0.25, 0.5, 1.0, 2.0)
QUEUE_MAX = 10_000
CONNECT_S = 3.0

AnyWorkerEvent = WorkerUp | WorkerSilent | WorkerDown | WorkerSaid
NAMES = {WorkerUp: "worker.up", WorkerSilent: "worker.silent", WorkerDown: "worker.down"}
Tell = Callable[[AnyWorkerEvent], None]


class MediaLink:
    """Keeps one link up and says when the worker is there, when it is silent and when it is gone.

    A worker that was killed shows at once: its end of the link closes. One that is frozen does not
    beat. What is said while the link is down is lost: every answer the hub waits for has a deadline.
    """

    def __init__(self, address: WorkerAddress, secret: str, tell: Tell) -> None:
        self._address = address
        self._secret = secret
        self._tell = tell
        self._state: type[WorkerUp | WorkerSilent | WorkerDown] = WorkerDown
        self._frames: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_MAX)

    @property
    def up(self) -> bool:
        """Whether the worker is there and listens."""
        return self._state is WorkerUp

    def say(self, message: HubMessage) -> None:
        """Send a message, if the worker is there and listens."""
        if self.up and not self._frames.full():
            self._frames.put_nowait(codec.encode(message))

    async def run(self) -> None:
        """Connect, listen, and connect again, for ever."""
        failures = 0
        async with aiohttp.ClientSession() as session:
            while True:
                heard = False
                try:
                    heard = await self._talk(session)
                except (aiohttp.ClientError, TimeoutError, OSError, BadFrame) as problem:
                    if failures == 0:
                        log.warning("worker.unreachable", worker=self._name, problem=_kind(problem))
                finally:
                    self._now(WorkerDown)
                failures = 0 if heard else failures + 1
                await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])

    @property
    def _name(self) -> str:
        return self._address.name

    async def _talk(self, session: aiohttp.ClientSession) -> bool:
        """One connection, from its beginning to its end; whether the worker spoke at all."""
        headers = {"Authorization": f"Bearer {self._secret}"}
        async with asyncio.timeout(CONNECT_S):
            ws = await session.ws_connect(
                self._address.url, headers=headers, max_msg_size=codec.FRAME_MAX
            )
        self._frames = asyncio.Queue(QUEUE_MAX)
        writer = asyncio.create_task(self._write(ws))
        try:
            return await self._listen(ws)
        finally:
            self._now(WorkerDown)  # Before anything is waited for: calls are to move.
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            await ws.close()

    async def _write(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await ws.send_bytes(await self._frames.get())

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse) -> bool:
        heard = False
        misses = 0
        # Counted in beats of our own loop: if we were the one asleep, that is one miss only.
        while misses * HEARTBEAT_S < SILENCE_S:
            try:
                message = await ws.receive(timeout=HEARTBEAT_S)
            except TimeoutError:
                misses += 1
                if misses >= MISSES and self.up:
                    self._now(WorkerSilent)
                continue
            if message.type is not aiohttp.WSMsgType.BINARY:
                return heard
            misses, heard = 0, True
            self._now(WorkerUp)
            self._tell(WorkerSaid(self._name, codec.decode_worker(message.data)))
        return heard

    def _now(self, state: type[WorkerUp | WorkerSilent | WorkerDown]) -> None:
        if state is self._state:
            return
        self._state = state
        log.info(NAMES[state], worker=self._name)
        self._tell(state(self._name))


def _kind(problem: BaseException) -> str:
    return type(problem).__name__

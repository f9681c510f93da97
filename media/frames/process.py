"""Keeps one decoder process: asks it, bounds what waits for it, and starts it again when it died or hangs."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from media.frames.wire import FRAME_MAX, LENGTH, Ask, answer_of, encode
from media.keyframe import KeyFrame
from media.picture import Verdict

WAITING_MAX = 8
"""Pictures that wait for the decoder; more are not looked at."""
DEADLINE_S = 3.0
"""A decoder that needs longer for one picture is ended."""
PAUSE_S = 5.0
"""Before a decoder that died is started again."""

PR_SET_DUMPABLE = 4

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "media.frames.decoder")

log = structlog.get_logger(__name__)

Tell = Callable[[Verdict | None], None]


def hide() -> None:
    """Keep other processes of this user from reading this one's memory and environment. What decodes
    pictures of strangers is such a process, and here are keys and the secret of the control link."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


class Waiting(msgspec.Struct, frozen=True):
    """A picture on its way, and who wants to know."""

    ask: Ask
    tell: Tell


class Decoder:
    """One process and the task that speaks with it. Asking never blocks."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(WAITING_MAX)
        self._asked = 0
        self._answered = 0
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._asked > self._answered

    def start(self) -> None:
        """Be ready; the process itself starts with the first picture."""
        hide()
        self._task = asyncio.create_task(self._run(), name="frame-decoder")

    async def stop(self) -> None:
        """End the process. Stopping twice is fine."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._end()

    def ask(self, leg: int, frame: KeyFrame, *, first: bool, tell: Tell) -> bool:
        """Have a picture looked at; False if too many wait. `tell` is called once, with None for no answer."""
        try:
            self._queue.put_nowait(Waiting(Ask(self._asked, leg, first, frame), tell))
        except asyncio.QueueFull:
            return False
        self._asked += 1
        return True

    async def _run(self) -> None:
        while True:
            waiting = await self._queue.get()
            try:
                async with asyncio.timeout(DEADLINE_S):
                    found = await self._look(waiting.ask)
            except (OSError, EOFError, TimeoutError, msgspec.MsgspecError) as problem:
                log.warning("frames.failed", why=type(problem).__name__)
                await self._end()
                self._answer(waiting, None)
                await asyncio.sleep(PAUSE_S)
            else:
                self._answer(waiting, found)

    def _answer(self, waiting: Waiting, found: Verdict | None) -> None:
        self._answered += 1
        try:
            waiting.tell(found)
        except Exception:
            # Whoever asked has a fault; the others still want to know.
            log.exception("frames.not_told")

    async def _look(self, ask: Ask) -> Verdict | None:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(encode(ask))
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        answer = answer_of(await process.stdout.readexactly(min(length, FRAME_MAX)))
        if answer.id != ask.id:
            raise EOFError("an answer to something else")
        return answer.verdict

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            # Nothing of this process's environment goes along: it holds secrets.
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env={"PYTHONPATH": str(ROOT)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

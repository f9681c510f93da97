"""The journal: what this process acknowledged, on its own disk before the answer goes out.

Replication loses what the primary had not passed on when it died, and a promoted replica may lie further behind
than anybody hoped. Whoever acknowledged a change can then do it again (`store/replay.py`). Files are
appended by one thread, which flushes once for all who wait meanwhile; the loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from scheduler import errors
from scheduler.journal import KEPT_MS, Entry, decode, encode
from scheduler.rules import MINUTE_MS
from scheduler.store import metrics

log = logging.getLogger(__name__)

FILE_MS = 5 * MINUTE_MS
"""How long a file is appended to."""
SUFFIX = ".journal"


class JournalTaken(Exception):
    """Another process writes its journal into this folder."""


class Journal:
    """Appends entries to files of a folder that is this process's own.

    `ledger` names the ledger (its epoch), each of which has a folder of its own inside: what was done
    in one is never done again in another.
    """

    def __init__(self, folder: Path, *, ledger: str, now_ms: Callable[[], int]) -> None:
        self.ledger = ledger
        self._home = folder
        self._folder = folder / ledger
        self._now_ms = now_ms
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._lock = -1
        self._file = -1
        self._path = folder
        self._begun_ms = 0
        self._whole = 0
        """How much of the current file is known to be on the disk."""
        self.history = ""
        """The history of the store in which changes are done now, as far as was seen."""

    def open(self) -> None:
        """Take the folder, or raise `JournalTaken`; go on from what is there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self._home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            self._lock = -1
            raise JournalTaken(f"another process keeps its journal in {self._home}") from None
        self.history = next((entry.history for entry in reversed(list(self._read()))), "")

    async def close(self) -> None:
        """Write what waits, and give the folder back."""
        if self._flusher is not None:
            await asyncio.wait([self._flusher])
        self._thread.shutdown()
        self._shut()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    # Writing

    async def keep(self, op: str, args: tuple[Any, ...], answer: bytes = b"") -> None:
        """Return when this is on the disk; `Unavailable` if it cannot be: then nothing may be promised."""
        packed = tuple(arg if isinstance(arg, bytes) else str(arg).encode() for arg in args)
        at_ms = self._now_ms()
        entry = Entry(op=op, args=packed, at_ms=at_ms, history=self.history, answer=answer)
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((encode(entry), written))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await written

    async def mark(self, history: str) -> None:
        """From now on changes are done in this history; all of the one before was looked for."""
        self.history = history
        await self.keep("", ())

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            data = b"".join(record for record, _ in batch)
            try:
                await self._in_thread(self._append, data, self._now_ms())
            except Exception as failure:
                # Whatever it was: nobody may wait for ever, and nothing may be promised.
                self._failed(failure, batch)
                continue
            metrics.journal_writes.labels("ok").inc(len(batch))
            for _, written in batch:
                if not written.done():
                    written.set_result(None)

    def _failed(self, failure: Exception, batch: list[tuple[bytes, asyncio.Future[None]]]) -> None:
        metrics.journal_writes.labels("failed").inc(len(batch))
        log.error("journal: %s changes could not be written: %r", len(batch), failure)
        for _, written in batch:
            if not written.done():
                written.set_exception(errors.Unavailable())

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def _append(self, data: bytes, now_ms: int) -> None:
        try:
            self._turn_over(now_ms)
            write_all(self._file, data)
            os.fsync(self._file)
        except Exception:
            # What a failed flush leaves behind, nobody knows: the next record goes into a new file.
            self._cut()
            raise
        self._whole += len(data)

    def _turn_over(self, now_ms: int) -> None:
        """Have a file that is not too old."""
        self._shut_if_old(now_ms)
        if self._file >= 0:
            return
        self._begin(now_ms)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _begin(self, now_ms: int) -> None:
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        same_ms = len(list(self._folder.glob(f"{now_ms:015d}-*")))
        self._path = self._folder / f"{now_ms:015d}-{same_ms:04d}{SUFFIX}"
        self._file = os.open(self._path, how, 0o600)
        self._begun_ms, self._whole = now_ms, 0

    def _cut(self) -> None:
        """Give the room back that half a record takes."""
        if self._file < 0:
            return
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._whole)
            if self._whole == 0:
                self._path.unlink()
        self._shut()

    def _shut(self) -> None:
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = -1

    # Reading, and forgetting

    async def entries(self) -> list[Entry]:
        """All that is kept, file after file."""
        found: list[Entry] = await self._in_thread(lambda: list(self._read()))
        return found

    def _read(self) -> Iterator[Entry]:
        for path in self._files():
            yield from decode(path.read_bytes())

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    async def forget(self) -> None:
        """Drop files that are over an hour old. Only while the store answers that has all of it."""
        await self._in_thread(self._drop, self._now_ms())

    def _drop(self, now_ms: int) -> None:
        self._shut_if_old(now_ms)
        before_ms = now_ms - KEPT_MS - FILE_MS
        for path in self._files():
            if int(path.name.partition("-")[0]) < before_ms:
                path.unlink()

    def _shut_if_old(self, now_ms: int) -> None:
        if now_ms - self._begun_ms >= FILE_MS:
            self._shut()


def write_all(file: int, data: bytes) -> None:
    """A disk that is nearly full takes a part, and fails at the next."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]

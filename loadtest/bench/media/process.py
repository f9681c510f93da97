"""Server processes of the bench: pinned, talked to by lines of text, their CPU read from the kernel."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from loadtest.bench.media.caller import Line
from loadtest.bench.store.servers import NotHere

START_S = 30.0
STOP_S = 5.0
ROOT = Path(__file__).parents[3]


class Served:
    """A server that carries: its process, its callers' lines and what does its cryptography."""

    def __init__(self, pid: int, lines: Sequence[Line], crypto: str) -> None:
        self.pid = pid
        self.lines = lines
        self.crypto = crypto


class Wanted:
    """What is asked of every server alike."""

    def __init__(self, *, pairs: int, host: str, cores: tuple[int, int], cache: Path) -> None:
        self.pairs = pairs
        self.host = host
        """The address that servers and callers are bound to."""
        self.server_core, self.own_core = cores
        self.cache = cache


def cores_of(allowed: set[int]) -> tuple[int, int]:
    """One for servers and one for the load. `NotHere` with a single one: they would share it."""
    if len(allowed) < 2:
        raise NotHere("two cores are needed: one for the server, one for the load")
    ordered = sorted(allowed)
    return ordered[0], ordered[1]


def own_address() -> str:
    """This machine's own address: some servers offer no loopback candidates. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("198.51.100.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def cpu_s(pid: int) -> float:
    """CPU that all threads of a process have used so far, in seconds, to the nanosecond."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            total += int(task.read_text().split()[0])
    return total / 1e9


@contextlib.asynccontextmanager
async def running(
    command: Sequence[str], wanted: Wanted, log: Path, *, env: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process on the servers' core until the block ends; what it says for people goes to `log`."""
    os.sched_setaffinity(0, {wanted.server_core})
    try:
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, **(env or {})},
                limit=2**20,
            )
    except OSError as failure:
        raise NotHere(f"{command[0]}: {failure.strerror}") from failure
    finally:
        os.sched_setaffinity(0, {wanted.own_core})
    try:
        yield process
    finally:
        await stop(process)


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ask it to end, and see to it."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def say(process: asyncio.subprocess.Process, line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()


async def hear(process: asyncio.subprocess.Process, log: Path) -> str:
    """Its next line; `NotHere` with the end of its log if there is none."""
    assert process.stdout
    with contextlib.suppress(TimeoutError):
        line = await asyncio.wait_for(process.stdout.readline(), START_S)
        if line:
            return line.decode().strip()
    raise NotHere(last_words(log))


def last_words(log: Path) -> str:
    """The end of a log, on one line."""
    with contextlib.suppress(OSError):
        said = " ".join(log.read_text(errors="replace").split())
        if said:
            return said[-300:]
    return "it ended without a word"

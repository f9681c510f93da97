"""Real stores that are killed, parted from each other and promoted, and a Sentinel that watches them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from redis import Redis as Plain
from redis.asyncio import Redis

from scheduler.store.connection import CONNECTIONS, ask, connect
from tests.support import store

NOWHERE = ("127.0.0.1", "1")
QUICK = ("--repl-diskless-sync-delay", "0")
"""A replica copies at once, and not after waiting for others that may want a copy too."""
SENTINEL_STARTS_S = 30.0


async def connected(url: str) -> Redis:
    """A client that has all its connections, as a process has that serves for a while: made one after another,
    for hundreds at once in one loop take longer on a busy machine than one of them may."""
    client = connect(url)
    pool = client.connection_pool
    for connection in [await pool.get_connection() for _ in range(CONNECTIONS)]:
        await pool.release(connection)
    return client


class Server:
    """One real store, that can be killed and started again."""

    def __init__(self, directory: Path, *settings: str) -> None:
        directory.mkdir()
        self._directory, self._settings = directory, settings
        self.process: subprocess.Popen[bytes]
        self.process, self.port = store.start(directory, *settings)
        self.redis = connect(f"redis://127.0.0.1:{self.port}/0")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def again(self) -> None:
        self.process = store.launch(self._directory, self.port, *self._settings)
        assert store.wait_for_answer(self.process, self.port)

    async def follow(self, other: Server) -> None:
        """Become the other's replica, and have all that it has."""
        await ask(self.redis, "REPLICAOF", "127.0.0.1", other.port)
        while (await ask(self.redis, "INFO", "replication"))["master_link_status"] != "up":
            pass

    async def part(self) -> None:
        """Be cut off from the primary, with what was passed on so far."""
        await ask(self.redis, "REPLICAOF", *NOWHERE)

    async def promote(self) -> None:
        await ask(self.redis, "REPLICAOF", "NO", "ONE")

    async def close(self) -> None:
        await self.redis.aclose()
        store.stop(self.process)


@contextlib.asynccontextmanager
async def frozen(store: Redis) -> AsyncIterator[None]:
    """It hears and says nothing meanwhile, and is there all the same for whoever is connected."""
    pid = (await ask(store, "INFO", "server"))["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def sentinel(directory: Path, primary: Server, *, replicas: int) -> Iterator[str]:
    """One that decides alone, and quickly; gives the address for our roles."""
    directory.mkdir()
    conf = directory / "sentinel.conf"
    watched = {
        "monitor": f"127.0.0.1 {primary.port} 1",
        "down-after-milliseconds": "300",
        "failover-timeout": "5000",
    }
    lines = (f"sentinel {what} alongside {value}" for what, value in watched.items())
    conf.write_text("\n".join(["bind 127.0.0.1", *lines, ""]))
    port = store.free_port()
    command = [str(store.binary()), str(conf), "--sentinel", "--port", str(port)]
    with (directory / "sentinel.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=directory, preexec_fn=store.die_with_parent
        )
    try:
        assert store.wait_for_answer(process, port)
        _until_known(port, replicas)
        yield f"redis+sentinel://127.0.0.1:{port}/alongside"
    finally:
        store.stop(process)


def _until_known(port: int, replicas: int) -> None:
    """Which replicas there are it asks the primary every now and then."""
    deadline = time.monotonic() + SENTINEL_STARTS_S
    with contextlib.closing(Plain(port=port)) as client:
        while len(client.sentinel_slaves("alongside")) < replicas:
            assert time.monotonic() < deadline
            time.sleep(0.05)

"""What a forwarded packet costs the worker's process in CPU time: `python -m tests.media.cost`.

The worker runs pinned to one core, callers send from another what they protected beforehand. Prints
one line of JSON a rate; figures of different runs or machines do not compare.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from pathlib import Path

import aiohttp
import uvloop
from aiohttp import web

from media.codec import decode_worker, encode
from media.config import MediaConfig
from media.control import OpenPair, PairOpened
from media.web.worker import Worker
from tests.media.caller import Caller

SECRET = "a secret for measuring"
PAIRS = 20
OCTETS = 1100
RATES = (2_000, 5_000, 10_000, 15_000)
SECONDS = 5
VERIFY_EVERY = 16


async def serve() -> None:
    """The measured process; it ends when its input does."""
    config = MediaConfig(secret=SECRET, packets_per_s=10**6, bytes_per_s=10**9, freeze=True)
    worker = Worker(config)
    await worker.start()
    runner = web.AppRunner(worker.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    await worker.stop()


async def measure() -> None:
    os.sched_setaffinity(0, {1})
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.media.cost", "worker"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    os.sched_setaffinity(child.pid, {0})
    lines = [(await child.stdout.readline()).decode()]
    while not lines[-1].strip().isdigit():
        lines.append((await child.stdout.readline()).decode())
    async with aiohttp.ClientSession() as session:
        callers = await calls(session, int(lines[-1]))
        for rate in RATES:
            print(json.dumps(await run(callers, rate, child.pid)), flush=True)  # noqa: T201
    child.stdin.close()
    await child.wait()


async def calls(session: aiohttp.ClientSession, port: int) -> list[Caller]:
    headers = {"Authorization": f"Bearer {SECRET}"}
    hub = await session.ws_connect(f"http://127.0.0.1:{port}/control", headers=headers)
    callers: list[Caller] = []
    for n in range(PAIRS):
        await hub.send_bytes(encode(OpenPair(pair=f"p{n}", gen=1)))
        while not isinstance(opened := decode_worker((await hub.receive()).data), PairOpened):
            pass
        pair = [await Caller(leg).open() for leg in opened.legs]
        await hub.send_bytes(encode(pair[0].remote(f"p{n}", 1, 0)))
        await hub.send_bytes(encode(pair[1].remote(f"p{n}", 1, 1)))
        assert await asyncio.gather(*(caller.connect() for caller in pair)) == [True, True]
        callers += pair
    return callers


async def run(callers: list[Caller], rate: int, pid: int) -> dict[str, object]:
    """Send at this rate for a while; count, and decrypt a sample of, what arrives."""
    each = rate * SECONDS // len(callers)
    first = run.seq = getattr(run, "seq", 0) + 1  # type: ignore[attr-defined]
    for caller in callers:
        caller.packets = [  # type: ignore[attr-defined]
            caller.protected(caller.rtp(first * 4_000 % 60_000 + n, bytes(OCTETS)))
            for n in range(each)
        ]
    got = verified = 0
    begun, cpu = time.perf_counter(), cpu_of(pid)
    for n in range(each):
        for caller in callers:
            caller.send(caller.packets[n])  # type: ignore[attr-defined]
        for caller in callers:
            got, verified = drain(caller, got, verified)
        ahead = begun + (n + 1) * len(callers) / rate - time.perf_counter()
        if ahead > 0:
            time.sleep(ahead)  # noqa: ASYNC251
    time.sleep(0.2)  # noqa: ASYNC251
    for caller in callers:
        got, verified = drain(caller, got, verified)
    spent = cpu_of(pid) - cpu
    seconds = time.perf_counter() - begun
    return {
        "bench": "media",
        "figure": "cpu_us_per_packet",
        "subject": "ours",
        "at": f"{rate}pps",
        "value": round(spent / max(got, 1) * 1e6, 1),
        "unit": "us",
        "delivered": round(got / (each * len(callers)), 4),
        "verified": verified,
        "core": round(spent / seconds, 3),
    }


def drain(caller: Caller, got: int, verified: int) -> tuple[int, int]:
    opened: socket.socket = caller._socket
    while True:
        try:
            datagram = opened.recv(2048)
        except BlockingIOError:
            return got, verified
        if not 128 <= datagram[0] < 192 or 192 <= datagram[1] < 224:
            continue
        got += 1
        if got % VERIFY_EVERY == 0 and caller.keys is not None:
            assert caller.keys.rx.unprotect(datagram)[12:] == bytes(OCTETS)
            verified += 1


def cpu_of(pid: int) -> float:
    """CPU seconds of all threads so far."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


if __name__ == "__main__":
    uvloop.run(serve()) if sys.argv[1:] == ["worker"] else asyncio.run(measure())

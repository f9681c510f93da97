"""Our worker in a process of its own, with real callers."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from loadtest.bench.media.caller import Caller
from loadtest.bench.media.ours import backend, ours, remote
from loadtest.bench.media.process import Wanted
from loadtest.bench.media.worker import NO_LIMIT, config

HOST = "127.0.0.1"


async def test_two_callers_of_a_pair_get_each_others_packets(tmp_path: Path) -> None:
    allowed = os.sched_getaffinity(0)
    cores = (min(allowed), max(allowed))
    try:
        async with ours(
            Wanted(pairs=1, host=HOST, cores=cores, cache=tmp_path), tmp_path
        ) as served:
            one, other = served.lines
            packet = bytes.fromhex("80600001000000010000000174657374")
            one.sock.send(one.tx.protect(packet))
            assert other.rx.unprotect(await next_rtp(other.sock)) == packet
            for line in served.lines:
                line.sock.close()
    finally:
        os.sched_setaffinity(0, allowed)


async def next_rtp(sock: object) -> bytes:
    loop = asyncio.get_running_loop()
    while True:
        datagram = await asyncio.wait_for(loop.sock_recv(sock, 2048), 5)  # type: ignore[arg-type]
        if 128 <= datagram[0] < 192 and not 192 <= datagram[1] < 224:
            return datagram


def test_only_limits_differ_from_what_is_shipped() -> None:
    made = config(HOST, "a secret of a test")
    assert made.packets_per_s == made.handshakes_per_s == NO_LIMIT
    made.check()


def test_a_caller_is_expected_by_what_it_sends() -> None:
    caller = Caller(HOST, 9)
    said = remote("p", 1, caller)
    assert (said.side, said.camera_ssrcs, said.fingerprints) == (
        1,
        [9],
        [caller.end.fingerprint],
    )
    caller.sock.close()


def test_what_does_the_cryptography_is_named() -> None:
    assert "OpenSSL" in backend()

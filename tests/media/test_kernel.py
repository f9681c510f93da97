"""Datagrams that the kernel had no room for are seen all the same."""

from __future__ import annotations

import socket

from structlog.testing import capture_logs

from media.udp import kernel
from tests.media.conftest import MakeBench


def flooded(opened: socket.socket, count: int) -> None:
    with socket.socket(opened.family, socket.SOCK_DGRAM) as sender:
        for _ in range(count):
            sender.sendto(bytes(1000), opened.getsockname())


def test_what_did_not_fit_is_counted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.bind(("127.0.0.1", 0))
        assert kernel.drops(opened) == 0
        flooded(opened, 50)
        lost = kernel.drops(opened)
        assert 0 < lost < 50


def test_little_room_is_said_once_it_is_known() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened, capture_logs() as logs:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        assert not kernel.warn_of_little_room(opened, 8192)
        assert logs == []
        assert kernel.warn_of_little_room(opened, 16384)
    assert [(line["event"], line["granted"]) for line in logs] == [("port.small_buffer", 8192)]


async def test_a_worker_tells_of_them(make_bench: MakeBench) -> None:
    bench = await make_bench()
    opened = bench.worker.sfu._port.socket
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    flooded(opened, 50)  # at once: the worker has no turn to read
    bench.tick()
    told = bench.dropped["kernel"]
    assert 0 < told < 50
    bench.tick()
    assert bench.dropped["kernel"] == told

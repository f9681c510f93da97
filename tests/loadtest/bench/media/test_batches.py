"""Many datagrams a system call."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from loadtest.bench.media.batches import AT_ONCE, Letterbox, Sheaf


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    with one, other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        one.connect(other.getsockname())
        other.connect(one.getsockname())
        yield one, other


def test_what_is_sent_at_once_is_read_at_once(ends: tuple[socket.socket, socket.socket]) -> None:
    one, other = ends
    sheaf, box = Sheaf(5), Letterbox()
    for n in range(5):
        sheaf.put(n, bytes([n]) * (10 + n))
    assert sheaf.send(one.fileno(), 1, 3) == 3
    assert box.receive(other.fileno()) == 3
    assert [box.datagram(n) for n in range(3)] == [bytes([n]) * (10 + n) for n in (1, 2, 3)]


def test_where_nothing_is_nobody_waits(ends: tuple[socket.socket, socket.socket]) -> None:
    assert Letterbox().receive(ends[0].fileno()) == 0


def test_a_letterbox_takes_so_many_and_the_rest_next_time(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    one, other = ends
    for _ in range(AT_ONCE + 2):
        one.send(b"x" * 20)
    box = Letterbox()
    assert [box.receive(other.fileno()) for _ in range(2)] == [AT_ONCE, 2]

"""How long packets take, measured on a few of them by the kernel's own stamps."""

from __future__ import annotations

import os
import socket

import pytest
from prometheus_client import REGISTRY

from media.udp.port import open_socket
from media.udp.sampling import SAMPLE_EVERY, arrived, sampled


def told() -> float:
    return REGISTRY.get_sample_value("cw_sfu_forward_seconds_count") or 0.0


@pytest.fixture
def opened() -> socket.socket:
    return open_socket("127.0.0.1", 0)


def test_one_wake_up_of_many_is_measured(opened: socket.socket) -> None:
    steps: list[bytes] = []
    step = sampled(lambda: steps.append(opened.recv(10)), opened)
    before = told()
    for _ in range(2 * SAMPLE_EVERY):
        opened.sendto(b"x", opened.getsockname())
        step()
    assert len(steps) == 2 * SAMPLE_EVERY
    assert told() == before + 2
    opened.close()


def test_a_later_packet_came_later(opened: socket.socket) -> None:
    sampled(lambda: None, opened)
    stamps = []
    for _ in range(3):
        opened.sendto(b"x", opened.getsockname())
        opened.recv(10)
        stamps.append(arrived(opened))
    assert stamps == sorted(set(stamps))
    opened.close()


def test_where_nothing_is_stamped_nothing_is_measured() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as no_socket, open(writing, "wb"):
        step = lambda: None  # noqa: E731
        assert sampled(step, no_socket) is step  # type: ignore[arg-type]

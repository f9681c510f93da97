"""Servers of a bench's own."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from loadtest.bench.store.servers import NotHere, family, listens, running, used_s, valkey


def test_a_store_answers_and_its_cpu_is_counted(tmp_path: Path) -> None:
    with valkey(tmp_path) as server:
        port = int(server.url.rsplit(":", 1)[1].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), 5) as sock:
            sock.sendall(b"PING\r\n" * 20_000)
            assert sock.recv(5) == b"+PONG"
        assert server.cpu_s() >= 0
    assert not listens(port)
    assert server.process.returncode is not None


def test_a_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo no room left; exit 3"]
    with pytest.raises(NotHere, match="no room left"), running(command, tmp_path, lambda: False):
        raise AssertionError("it must not get here")


def test_cpu_of_a_process_is_what_the_kernel_counted() -> None:
    own = os.getpid()
    assert own in family(own)
    assert used_s(own) > 0
    assert used_s(2**30) == 0

"""Which loop a worker gets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from media.udp.batch import Arena, Inbox
from media.udp.fast import FastPort
from media.udp.metrics import FAST_PATH
from media.udp.opening import make_port, prove
from media.udp.port import Port, open_socket


@pytest.fixture
def sockets() -> Iterator[list[socket.socket]]:
    with open_socket("127.0.0.1", 0) as v4, open_socket("::1", 0, one_family=True) as v6:
        yield [v4, v6]


def gauge() -> float:
    return FAST_PATH.collect()[0].samples[0].value


def test_the_fast_one_where_it_proves_itself(sockets: list[socket.socket]) -> None:
    assert type(make_port(*sockets)) is FastPort
    assert gauge() == 1


def test_the_plain_one_where_it_is_asked_for(sockets: list[socket.socket]) -> None:
    assert type(make_port(*sockets, fast=False)) is Port
    assert gauge() == 0


@pytest.mark.parametrize("error", [OSError, AttributeError])
def test_the_plain_one_where_the_machine_has_no_batches(
    sockets: list[socket.socket], monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(self: Inbox) -> int:
        raise error

    monkeypatch.setattr(Inbox, "receive", fails)
    assert type(make_port(*sockets)) is Port
    assert gauge() == 0


def test_the_plain_one_where_the_fast_one_would_not_be_fast(
    sockets: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Inbox, "keys", lambda self, count: [0] * count)
    assert type(make_port(*sockets)) is Port


def test_the_plain_one_where_packets_come_out_wrong(
    sockets: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Arena, "set_lengths", lambda self, lengths: None)
    assert type(make_port(*sockets)) is Port


@pytest.mark.parametrize("kind", [Port, FastPort])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_both_loops_pass_the_test(kind: type[Port], host: str) -> None:
    prove(kind, host)

"""A network that does what it is told to packets of real sockets."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from tests.support.network.bridge import SERVER
from tests.support.network.conditions import Conditions
from tests.support.network.lab import Lab, LabFailed, running_lab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with running_lab("ana", "ben") as lab:
        yield lab


@pytest.fixture(autouse=True)
def whole(lab: Lab) -> Iterator[None]:
    yield
    lab.mend()


@pytest.fixture
def ends(lab: Lab) -> Iterator[dict[str, socket.socket]]:
    """A UDP socket each."""
    found = {who: lab.udp(who) for who in ("ana", "ben")}
    found[SERVER] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found[SERVER].bind((lab.server, 0))
    for each in found.values():
        each.settimeout(1)
    yield found
    for each in found.values():
        each.close()


def passes(source: socket.socket, target: socket.socket, *, within_s: float = 0.3) -> bool:
    target.settimeout(within_s)
    source.sendto(b"here", target.getsockname())
    try:
        return target.recv(99) == b"here"
    except TimeoutError:
        return False


def test_all_reach_each_other(ends: dict[str, socket.socket]) -> None:
    for one in ends.values():
        assert [passes(one, other) for other in ends.values() if other is not one] == [True, True]


@pytest.mark.usefixtures("lab")
def test_a_second_lab_is_refused_at_once() -> None:
    with pytest.raises(LabFailed), running_lab("eve"):
        pass


def test_a_service_of_the_server_s_loopback_is_reached(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with lab.inside("ana"):
            client = socket.create_connection(server.getsockname(), 2)
        accepted, source = server.accept()
        assert source[0] == lab.address("ana")
        client.sendall(b"page, please")
        assert accepted.recv(99) == b"page, please"
        client.close()
        accepted.close()


def test_two_may_lose_each_other_and_keep_the_server(
    lab: Lab, ends: dict[str, socket.socket]
) -> None:
    lab.cut("ana", "ben")
    assert not passes(ends["ana"], ends["ben"])
    assert not passes(ends["ben"], ends["ana"])
    assert passes(ends["ana"], ends[SERVER])


def test_a_network_may_block_udp_and_let_tcp_through(
    lab: Lab, ends: dict[str, socket.socket]
) -> None:
    lab.block_udp("ana")
    assert not passes(ends["ana"], ends[SERVER])
    assert passes(ends["ben"], ends[SERVER])
    with socket.create_server((lab.server, 0)) as server, lab.inside("ana"):
        socket.create_connection(server.getsockname(), 2).close()


def test_a_client_may_move_and_old_addresses_lead_nowhere(
    lab: Lab, ends: dict[str, socket.socket]
) -> None:
    ana, server = ends["ana"], ends[SERVER]
    lab.rebind("ana")
    ana.sendto(b"one", server.getsockname())
    _, first = server.recvfrom(99)
    assert first[0] != lab.address("ana")
    server.sendto(b"heard", first)
    assert ana.recv(99) == b"heard"
    lab.rebind("ana")
    ana.sendto(b"two", server.getsockname())
    _, second = server.recvfrom(99)
    assert second != first
    server.sendto(b"lost", first)
    server.sendto(b"heard again", second)
    assert ana.recv(99) == b"heard again"


def test_a_rough_line_loses_and_delays(lab: Lab, ends: dict[str, socket.socket]) -> None:
    ana, server = ends["ana"], ends[SERVER]
    lab.shape(Conditions(loss=0.2, delay_ms=30), ("ana", SERVER))
    lab.record(True)
    for n in range(200):
        ana.sendto(b"%d" % n, server.getsockname())
    server.settimeout(0.3)
    arrived = 0
    with contextlib.suppress(TimeoutError):
        while server.recv(99):
            arrived += 1
    assert len(lab.record(False)[SERVER]) == arrived
    assert 130 < arrived < 190

"""TURN with our shipped configuration is a relay between members, and no proxy into our network."""

from __future__ import annotations

import fcntl
import secrets
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aioice import stun

from signalling.config import IceConfig
from signalling.ice import password, servers
from tests.support.netns import NETWORK
from tests.support.network.coturn import REALM, SECRET, Coturn, running_coturn
from tests.support.network.wiring import set_address

UDP = 17 << 24
FAMILY_V6 = b"\x02\0\0\0"
FAMILY = (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_bytes, stun.unpack_bytes)
stun.ATTRIBUTES_BY_NAME[FAMILY[1]] = stun.ATTRIBUTES_BY_TYPE[FAMILY[0]] = FAMILY
"""Of RFC 8656; aioice never asks for it."""
OWN4, OWN6 = "13.77.9.1", "2600:77::1"
PEER4 = "13.77.9.2"
SIOCSIFADDR = 0x8916

SPECIAL_V4 = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.0.0.1", "10.0.0.1", "10.255.255.254", "100.64.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.0.1", "192.0.0.1", "192.168.0.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255",
)  # fmt: skip
SPECIAL_V6 = (
    "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:100.64.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "fe80::1",
    "fd00::1", "ff02::1", "2001:db8::1",
)  # fmt: skip


class Turn:
    """A client that may ask for anything."""

    def __init__(self, server: Coturn, username: str, credential: str) -> None:
        self._socket = socket.create_connection((server.host, server.port), 3)
        self._username, self._credential = username, credential
        self._challenge: dict[str, Any] = {}

    def ask(self, method: stun.Method, **attributes: Any) -> stun.Message:
        """One request, with the credentials once the server named its realm; the answer."""
        named = {name.replace("_", "-"): value for name, value in attributes.items()}
        request = stun.Message(method, stun.Class.REQUEST, attributes=named | self._challenge)
        if self._challenge:
            key = stun_key(self._username, self._credential)
            request.add_message_integrity(key)
        self._socket.sendall(bytes(request))
        return stun.parse_message(self._read())

    def allocate(self, **attributes: Any) -> int:
        """0, or the error that an allocation ends in."""
        asked = {"REQUESTED-TRANSPORT": UDP, "LIFETIME": 600} | attributes
        first = self.ask(stun.Method.ALLOCATE, **asked)
        self._challenge = {
            "USERNAME": self._username,
            "REALM": first.attributes["REALM"],
            "NONCE": first.attributes["NONCE"],
        }
        return code_of(self.ask(stun.Method.ALLOCATE, **asked))

    def permission(self, peer: str) -> int:
        return code_of(
            self.ask(stun.Method.CREATE_PERMISSION, **{"XOR-PEER-ADDRESS": (peer, 7000)})
        )

    def channel(self, peer: str, port: int = 7000, number: int = 0x4000) -> int:
        wanted = {"CHANNEL-NUMBER": number, "XOR-PEER-ADDRESS": (peer, port)}
        return code_of(self.ask(stun.Method.CHANNEL_BIND, **wanted))

    def say(self, text: bytes, number: int = 0x4000) -> None:
        """Through a bound channel, whatever it leads to."""
        padded = text + b"\0" * (-len(text) % 4)
        self._socket.sendall(struct.pack("!HH", number, len(text)) + padded)

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> bytes:
        head = self._exactly(20)
        return head + self._exactly(int.from_bytes(head[2:4]))

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            assert more, "the TURN server hung up"
            data += more
        return data


def stun_key(username: str, credential: str) -> bytes:
    from hashlib import md5

    return md5(f"{username}:{REALM}:{credential}".encode()).digest()


def code_of(answer: stun.Message) -> int:
    return int(answer.attributes["ERROR-CODE"][0]) if "ERROR-CODE" in answer.attributes else 0


def issued(who: str, now_ms: int | None = None) -> tuple[str, str]:
    """Credentials as the hub makes them."""
    config = IceConfig(turn_urls=("turn:x",), turn_secret=SECRET)
    (server,) = servers(config, who, now_ms or int(time.time() * 1000))
    return server.username, server.credential


@pytest.fixture(scope="module")
def addresses(pytestconfig: pytest.Config) -> None:
    """Public addresses for the relay, which nobody but this run's own network has."""
    if not pytestconfig.stash[NETWORK].startswith("private"):
        pytest.fail("This needs root on Linux: addresses are added to a network of its own.")
    # Each alone: with its whole network on the loopback nobody else's tests would reach theirs.
    set_address("lo:1", OWN4, "255.255.255.255")
    set_address("lo:2", PEER4, "255.255.255.255")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        packed = socket.inet_pton(socket.AF_INET6, OWN6)
        fcntl.ioctl(sock, SIOCSIFADDR, struct.pack("=16sIi", packed, 64, 1))


@pytest.fixture(scope="module")
def shipped(addresses: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    with running_coturn(tmp_path_factory.mktemp("turn"), OWN4, also=OWN6) as turn:
        yield turn


@pytest.fixture(scope="module")
def insecure(addresses: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    directory: Path = tmp_path_factory.mktemp("insecure")
    with running_coturn(directory, OWN4, also=OWN6, secure=False) as turn:
        yield turn


@pytest.fixture
def member() -> tuple[str, str]:
    return issued(secrets.token_hex(4))


def heard_behind(turn: Coturn, member: tuple[str, str]) -> bool:
    """Whether a service on the relay's loopback hears what a member sends through the relay."""
    client = Turn(turn, *member)
    assert client.allocate() == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as service:
        service.bind(("127.0.0.1", 0))
        service.settimeout(0.5)
        client.channel("127.0.0.1", service.getsockname()[1])
        client.say(b"SHUTDOWN")
        try:
            return service.recv(99) == b"SHUTDOWN"
        except TimeoutError:
            return False
        finally:
            client.close()


def test_no_member_reaches_a_special_address(shipped: Coturn, member: tuple[str, str]) -> None:
    client = Turn(shipped, *member)
    assert client.allocate() == 0
    assert client.permission(PEER4) == 0
    reached = [p for p in SPECIAL_V4 if not client.permission(p) or not client.channel(p)]
    client.close()
    assert reached == []


def test_nor_one_of_version_6(shipped: Coturn, member: tuple[str, str]) -> None:
    client = Turn(shipped, *member)
    allocated = client.allocate(**{"REQUESTED-ADDRESS-FAMILY": FAMILY_V6})
    assert allocated == 0
    assert client.permission("2600:77::2") == 0
    reached = [p for p in SPECIAL_V6 if not client.permission(p) or not client.channel(p)]
    client.close()
    assert reached == []


def test_what_is_sent_to_the_loopback_is_not_heard_there(
    shipped: Coturn, member: tuple[str, str]
) -> None:
    assert not heard_behind(shipped, member)


def test_without_its_guards_it_would_be_a_proxy(insecure: Coturn, member: tuple[str, str]) -> None:
    client = Turn(insecure, *member)
    assert client.allocate() == 0
    refused = [p for p in ("127.0.0.1", "10.0.0.1", "169.254.169.254") if client.permission(p)]
    client.close()
    assert refused == []
    assert heard_behind(insecure, member)


def test_credentials_end_and_are_nobody_else_s(shipped: Coturn) -> None:
    hour_ago = int(time.time() * 1000) - 3_600_000
    name, credential = issued("ana")
    later = f"{int(name.split(':')[0]) + 86_400}:{name.split(':')[1]}"
    other, _ = issued("ben")
    foreign = password("another secret", name)
    for username, offered in (
        issued("ana", hour_ago), (later, credential), (other, credential), (name, foreign), (name, ""),
    ):  # fmt: skip
        client = Turn(shipped, username, offered)
        assert client.allocate() == 401
        client.close()


def test_one_member_gets_so_many_allocations(shipped: Coturn, member: tuple[str, str]) -> None:
    clients = [Turn(shipped, *member) for _ in range(12)]
    codes = [client.allocate() for client in clients]
    for client in clients:
        client.close()
    assert codes == [0] * 8 + [486] * 4

"""The relay for strangers cannot be turned against this machine or its neighbours."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest

CONF = (Path(__file__).parents[2] / "ops/coturn/turnserver.conf").read_text()

Address = IPv4Address | IPv6Address


def ranges() -> list[tuple[Address, Address]]:
    found = re.findall(r"^denied-peer-ip=([^\s-]+)(?:-(\S+))?$", CONF, re.MULTILINE)
    return [(ip_address(first), ip_address(last or first)) for first, last in found]


def denied(text: str) -> bool:
    address = ip_address(text)
    return any(
        int(first) <= int(address) <= int(last)
        for first, last in ranges()
        if first.version == address.version
    )


@pytest.mark.parametrize(
    "peer",
    [
        "0.1.2.3", "127.0.0.1", "127.255.255.254", "10.1.2.3", "100.64.0.1", "169.254.169.254",
        "172.16.0.1", "172.30.17.2", "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:1::1", "fd00::1", "fe80::1", "ff02::1",
    ],
)  # fmt: skip
def test_no_permission_for_an_address_that_is_not_public(peer: str) -> None:
    assert denied(peer)


@pytest.mark.parametrize("peer", ["8.8.8.8", "193.0.6.139", "2001:67c:2e8::1", "2a00:1450::1"])
def test_public_addresses_are_what_it_is_for(peer: str) -> None:
    assert not denied(peer)


def test_no_range_begins_with_the_unspecified_address() -> None:
    """Tried: coturn takes such a range for every address, and then relays to nobody at all."""
    assert not any(first.is_unspecified for first, _ in ranges())


def test_no_range_is_upside_down() -> None:
    assert all(int(first) <= int(last) for first, last in ranges())


@pytest.mark.parametrize(
    "line", ["use-auth-secret", "no-tcp-relay", "no-multicast-peers", "no-cli", "stale-nonce=600"]
)
def test_it_is_locked_down(line: str) -> None:
    assert line in CONF.splitlines()


def test_nothing_is_allowed_past_the_rules() -> None:
    assert "allowed-peer-ip" not in CONF
    assert "allow-loopback-peers" not in CONF

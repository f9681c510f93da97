"""Addresses to sockaddr and back."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.udp.names import V4_SIZE, V6_SIZE, address_from, address_of, key_of, name_of

PORTS = st.integers(0, 65535)


@given(st.ip_addresses(v=4).map(str), PORTS)
def test_ipv4_comes_back_as_it_was(host: str, port: int) -> None:
    name = name_of((host, port))
    assert len(name) == V4_SIZE
    assert address_of(name) == (host, port)


@given(st.ip_addresses(v=6), PORTS)
def test_ipv6_comes_back_as_it_was(host: object, port: int) -> None:
    text = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, str(host)))
    name = name_of((text, port))
    assert len(name) == V6_SIZE
    assert address_of(name) == (text, port)


def test_a_link_local_address_keeps_its_link() -> None:
    assert address_of(name_of(("fe80::1%3", 9))) == ("fe80::1%3", 9)
    assert address_from(("fe80::1", 9, 0, 3)) == ("fe80::1%3", 9)


def test_sources_are_told_alike_for_both_families() -> None:
    assert address_from(("192.0.2.1", 9)) == ("192.0.2.1", 9)
    assert address_from(("2001:db8::1", 9, 0, 0)) == ("2001:db8::1", 9)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_keys_tell_hosts_and_ports_apart(host: str) -> None:
    near = [(host, 9), (host, 10), (host[:-1] + "2", 9)]
    assert len({key_of(name_of(address)) for address in near}) == 3

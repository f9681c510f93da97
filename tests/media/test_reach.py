"""Which addresses a browser may be at."""

from __future__ import annotations

import pytest

from media.reach import is_public, may_call

PUBLIC = ["8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8"]
NEAR = ["10.0.0.1", "192.168.1.9", "127.0.0.1", "169.254.1.1", "::1", "fe80::1%3", "fd00::2"]
NEAR += ["::ffff:127.0.0.1"]
NOBODY = ["224.0.0.1", "255.255.255.255", "0.0.0.0", "::", "ff02::1", "::ffff:224.0.0.1"]


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_always(host: str) -> None:
    assert is_public(host)
    assert may_call((host, 5000), private=False)
    assert may_call((host, 5000), private=True)


@pytest.mark.parametrize("host", NEAR)
def test_one_that_is_near_where_the_worker_is_near_its_callers(host: str) -> None:
    assert not is_public(host)
    assert not may_call((host, 5000), private=False)
    assert may_call((host, 5000), private=True)


@pytest.mark.parametrize("host", NOBODY)
def test_one_that_nobody_has_never(host: str) -> None:
    assert not may_call((host, 5000), private=True)


@pytest.mark.parametrize("port", [0, 53, 1023])
def test_the_port_of_a_service_never(port: int) -> None:
    assert not may_call(("8.8.8.8", port), private=True)

"""Settings a worker refuses."""

from __future__ import annotations

from typing import Any

import pytest

from media.config import MediaConfig
from media.errors import BadConfig

SECRET = "sixteen and more"


@pytest.mark.parametrize(
    "fields",
    [
        {"secret": "short"},
        {"host": "localhost"},
        {"public_host": "sfu.example"},
        {"host": "0.0.0.0"},
        {"host": "::"},
        {"host": "fe80::1%eth0"},
        {"host6": "fe80::1%2", "public_host6": "2001:db8::1"},
        {"host6": "::1", "host": "::1"},
        {"host6": "127.0.0.1"},
        {"host6": "localhost"},
        {"host6": "::"},
        {"public_host6": "2001:db8::1"},
    ],
)
def test_what_cannot_work(fields: dict[str, Any]) -> None:
    with pytest.raises(BadConfig):
        MediaConfig(**({"secret": SECRET} | fields)).check()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"host": "0.0.0.0", "public_host": "203.0.113.1"},
        {"host": "::1"},
        {"host6": "::1"},
        {"host6": "::", "public_host6": "2001:db8::1"},
    ],
)
def test_what_works(fields: dict[str, Any]) -> None:
    MediaConfig(secret=SECRET, **fields).check()


def test_browsers_are_told_the_public_address() -> None:
    config = MediaConfig(secret=SECRET, host="0.0.0.0", public_host="203.0.113.1")
    assert config.candidate_host == "203.0.113.1"
    assert MediaConfig(secret=SECRET).candidate_host == "127.0.0.1"


def test_a_second_family_is_a_second_address() -> None:
    assert MediaConfig(secret=SECRET).candidate_hosts == ("127.0.0.1",)
    assert MediaConfig(secret=SECRET, host6="::1").candidate_hosts == ("127.0.0.1", "::1")
    config = MediaConfig(secret=SECRET, host6="::", public_host6="2001:db8::1")
    assert config.candidate_hosts == ("127.0.0.1", "2001:db8::1")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"host": "192.168.1.9"},
        {"host": "0.0.0.0", "public_host": "8.8.8.8"},
        {"host": "10.0.0.2", "public_host": "8.8.8.8"},
        {"host": "8.8.8.8", "host6": "fd00::2"},
        {"host": "8.8.8.8", "private_sources": True},
    ],
)
def test_callers_may_be_near_where_the_worker_is(fields: dict[str, Any]) -> None:
    assert MediaConfig(secret=SECRET, **fields).takes_private


@pytest.mark.parametrize(
    "fields",
    [
        {"host": "8.8.8.8"},
        {"host": "8.8.8.8", "host6": "2a00:1450::1"},
        {"private_sources": False},
    ],
)
def test_on_a_public_address_they_are_not(fields: dict[str, Any]) -> None:
    assert not MediaConfig(secret=SECRET, **fields).takes_private

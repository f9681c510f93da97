"""ICE servers and TURN credentials."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from signalling.config import IceConfig
from signalling.ice import has_turn, relayed_from, servers

TURN = IceConfig(stun_urls=("stun:s.example",), turn_urls=("turn:t.example",), turn_secret="secret")
NOW = 1_790_000_000_000


def test_nothing_configured_is_nothing_told() -> None:
    assert servers(IceConfig(), "m_ana", NOW) == []


def test_turn_without_a_secret_is_not_told() -> None:
    assert not has_turn(IceConfig(turn_urls=("turn:t.example",)))


def test_credentials_expire_and_are_what_the_turn_server_computes() -> None:
    stun, turn = servers(TURN, "m_ana", NOW)
    assert (stun.username, stun.credential) == ("", "")
    expiry, _, _ = turn.username.partition(":")
    assert int(expiry) == NOW // 1000 + 300
    mac = hmac.new(b"secret", turn.username.encode(), hashlib.sha1).digest()
    assert turn.credential == base64.b64encode(mac).decode()


def test_the_turn_server_does_not_learn_who_it_is_but_can_count_them() -> None:
    names = [servers(TURN, who, NOW)[1].username for who in ("m_ana", "m_ana", "m_ben")]
    assert "m_ana" not in names[0]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(
    ("urls", "named", "known"),
    [
        (
            ("turn:192.0.2.9:3478", "turns:[2001:DB8::9]:443?transport=tcp"),
            (),
            ("192.0.2.9", "2001:db8::9"),
        ),
        (("turn:192.0.2.9",), ("198.51.100.1",), ("198.51.100.1",)),
        (("turn:t.example:3478",), (), ()),
        (("turn:192.0.2.9", "turn:t.example"), (), ()),
        ((), (), ()),
    ],
)
def test_where_relayed_candidates_may_lie_is_known_if_it_is_named(
    urls: tuple[str, ...], named: tuple[str, ...], known: tuple[str, ...]
) -> None:
    assert relayed_from(IceConfig(turn_urls=urls, turn_addresses=named)) == known

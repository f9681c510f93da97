"""Which address a request counts for, whatever a stranger writes into its headers."""

from __future__ import annotations

import pytest

from scheduler.addresses import client_address, network_of

EDGE, INNER = "10.0.0.1", "10.0.0.2"
PROXIES = (EDGE, INNER, "2001:db8:ffff::1")


@pytest.mark.parametrize(
    ("remote", "lines", "client"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),  # no proxy of ours: its word is nothing
        (EDGE, ["203.0.113.9"], "203.0.113.9"),
        (EDGE, ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        (EDGE, [f"203.0.113.9, {INNER}"], "203.0.113.9"),
        (EDGE, [f"1.1.1.1, 203.0.113.9 , {INNER} "], "203.0.113.9"),
        (EDGE, [], EDGE),
        (EDGE, [INNER], INNER),
        (EDGE, ["", " , "], EDGE),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(
    remote: str, lines: list[str], client: str
) -> None:
    assert client_address(remote, lines, PROXIES) == client


@pytest.mark.parametrize("spoofed", ["1.1.1.1", EDGE, f"1.1.1.1, {INNER}", "rubbish", ",,", "::1"])
def test_a_header_line_of_the_stranger_changes_nothing(spoofed: str) -> None:
    """A proxy may add a line of its own below the one it was sent, instead of adding to it."""
    assert client_address(EDGE, [spoofed, "203.0.113.9"], PROXIES) == "203.0.113.9"
    assert client_address(EDGE, [f"{spoofed}, 203.0.113.9"], PROXIES) == "203.0.113.9"


@pytest.mark.parametrize(
    "said", ["unknown", "_hidden", "203.0.113.9.1", "2001:db8::g", "[", "a:80"]
)
def test_a_proxy_that_names_no_address_stands_for_its_callers(said: str) -> None:
    assert client_address(EDGE, ["1.1.1.1", said], PROXIES) == EDGE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.9:51000", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("fe80::7%eth0", "fe80::7"),
    ],
)
def test_an_address_is_known_in_any_spelling(written: str, meant: str) -> None:
    assert client_address(EDGE, [written], PROXIES) == meant
    assert client_address(f"::ffff:{EDGE}", [written], PROXIES) == meant
    assert client_address("2001:0db8:ffff:0::1", [written], PROXIES) == meant


def test_limits_are_kept_by_what_one_subscriber_holds() -> None:
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9")
    assert network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::9") == "2001:db8:1:3::/64"
    assert network_of("fe80::7%eth0") == "fe80::/64"
    assert {network_of(text) for text in ("", "rubbish")} == {"unknown"}

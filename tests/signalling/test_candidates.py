"""Addresses: what passes to the other page, and what a changed client tries in vain."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media import sdp
from signalling.candidates import Policy, cleaned, cleaned_description
from signalling.errors import BadSignal

OPEN, HIDES = Policy(False), Policy(True)
OURS = Policy(True, ("203.0.113.5", "2001:db8::5"))
LOCAL = "0f4a1b2c-1111-4222-8333-444455556666.local"
HOST = "candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host"
RELAY = "candidate:3 1 udp 41885439 203.0.113.5 61000 typ relay"
ZEROS = "raddr 0.0.0.0 rport 0"
GOLDEN = Path(__file__).parent.parent / "golden" / "sdp"
OFFER = (GOLDEN / "chromium-offer.sdp").read_bytes().decode()


@pytest.mark.parametrize(
    ("candidate", "passed"),
    [
        (HOST, HOST),
        (
            HOST + " generation 0 ufrag WSQM network-id 3 network-cost 50",
            HOST + " generation 0 ufrag WSQM",
        ),
        (HOST.upper().replace("CANDIDATE", "candidate").replace("TYP", "typ"), HOST),
        (f"candidate:1 1 udp 1 {LOCAL} 5 typ host", f"candidate:1 1 udp 1 {LOCAL} 5 typ host"),
        (
            "candidate:1 1 tcp 1518214911 192.0.2.7 9 typ host tcptype active generation 0",
            "candidate:1 1 tcp 1518214911 192.0.2.7 9 typ host tcptype active generation 0",
        ),
        (
            "candidate:2 1 udp 1 198.51.100.4 6 typ srflx raddr 192.168.1.4 rport 50000 generation 0",
            f"candidate:2 1 udp 1 198.51.100.4 6 typ srflx {ZEROS} generation 0",
        ),
        (RELAY + " raddr 198.51.100.4 rport 6", f"{RELAY} {ZEROS}"),
        ("", ""),
    ],
)
def test_who_hides_nothing_is_passed_on_in_the_plain_form(candidate: str, passed: str) -> None:
    assert cleaned(candidate, OPEN) == passed


@pytest.mark.parametrize(
    "candidate",
    [
        HOST,
        f"candidate:1 1 udp 1 {LOCAL} 5 typ host",
        "candidate:2 1 udp 1 198.51.100.4 6 typ srflx raddr 192.168.1.4 rport 50000",
        "candidate:2 1 udp 1 198.51.100.4 6 typ prflx raddr 192.168.1.4 rport 50000",
        "candidate:1 1 tcp 1518214911 192.0.2.7 9 typ host tcptype passive",
        "candidate:1 1 UDP 1 192.0.2.7 5 typ HOST",
    ],
)
def test_a_hiding_pair_hears_of_relayed_candidates_only(candidate: str) -> None:
    with pytest.raises(BadSignal):
        cleaned(candidate, HIDES)


def test_and_not_where_they_were_relayed_from() -> None:
    assert cleaned(RELAY + " raddr 198.51.100.4 rport 6", HIDES) == f"{RELAY} {ZEROS}"


@pytest.mark.parametrize("address", ["198.51.100.66", "10.0.0.1", "203.0.113.50", "::1", LOCAL])
def test_a_place_that_only_calls_itself_a_relay_is_refused_where_ours_are_named(
    address: str,
) -> None:
    assert cleaned(RELAY, OURS)
    with pytest.raises(BadSignal):
        cleaned(RELAY.replace("203.0.113.5", address), OURS)


@pytest.mark.parametrize(
    "candidate",
    [
        HOST + " typ",
        HOST + "\r\na=candidate:9 1 udp 1 198.51.100.66 5 typ host",
        "candidate:1 1 udp 1 attacker.example 5 typ host",
        "candidate:1 1 udp 1 evil.local 5 typ host",
        f"candidate:1 1 udp 1 {LOCAL} 5 typ srflx",
        "candidate:1 1 udp 1 192.0.2.7 0 typ host",
        "candidate:1 1 udp 1 192.0.2.7 65536 typ host",
        "candidate:1 1 udp 1 224.0.0.1 5 typ host",
        "candidate:1 1 udp 1 0.0.0.0 5 typ host",
        "candidate:1 1 udp 1 255.255.255.255 5 typ host",
        "candidate:1 1 udp 1 192.0.2.7 5 typ prflx raddr 192.0.2.8 rport 5",
        "candidate:1 3 udp 1 192.0.2.7 5 typ host",
        "candidate:1 1 sctp 1 192.0.2.7 5 typ host",
        "candidate:1 1 udp 1 ٣.٣.٣.٣ 5 typ host",
        "candidate:1 1 udp 1 3232235777 5 typ host",
        "a=" + HOST,
        "something else",
    ],
)
def test_what_is_no_candidate_of_one_host_is_refused_to_everybody(candidate: str) -> None:
    for policy in (OPEN, HIDES):
        with pytest.raises(BadSignal):
            cleaned(candidate, policy)


def test_an_address_is_the_same_however_it_is_written() -> None:
    assert cleaned(RELAY.replace("203.0.113.5", "2001:DB8:0::5"), OURS)


@pytest.mark.parametrize("more", ["raddr 192.168.1.4 rport 5", "x-where 192.168.1.4", "typ relay"])
def test_what_else_follows_is_left_out(more: str) -> None:
    assert cleaned(f"{HOST} {more}", OPEN) == HOST


def with_line(line: str) -> str:
    return OFFER.replace("a=mid:0\r\n", f"{line}\r\na=mid:0\r\n")


def without_candidates() -> str:
    kept = (line for line in OFFER.split("\r\n") if not line.startswith("a=candidate:"))
    return "\r\n".join(kept)


def test_a_description_of_a_hiding_pair_names_no_address_at_all() -> None:
    text = without_candidates().replace("c=IN IP4 0.0.0.0", "c=IN IP4 198.51.100.4")
    text = text.replace("a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp:50001 IN IP4 198.51.100.4")
    passed = cleaned_description(text.replace("IN IP4 127.0.0.1", "IN IP4 198.51.100.4"), HIDES)
    assert "198.51.100.4" not in passed
    assert "m=audio 9 " in passed
    sdp.remote_of(passed)


@pytest.mark.parametrize(
    "line",
    [
        "a=" + HOST,
        "a=candidate:2 1 udp 1 198.51.100.4 6 typ srflx raddr 192.168.1.4 rport 50000",
        "a=remote-candidates:1 192.0.2.7 50000",
        "a=candidate:",
    ],
)
def test_a_description_that_smuggles_one_is_refused(line: str) -> None:
    text = without_candidates().replace("a=mid:0\r\n", f"{line}\r\na=mid:0\r\n")
    if line == "a=candidate:":
        with pytest.raises(BadSignal):
            cleaned_description(text, OPEN)
    with pytest.raises(BadSignal):
        cleaned_description(text, HIDES)


@pytest.mark.parametrize(
    "line",
    ["a=Candidate:" + HOST[10:], "a=candidate " + HOST[10:], "a=X:1", "b=AS:1", "a=Setup:active"],
)
@pytest.mark.parametrize("before", ["a=mid:0\r\n", "t=0 0\r\n"])
def test_what_some_parser_might_take_for_one_does_not_pass(line: str, before: str) -> None:
    text = without_candidates().replace(before, f"{line}\r\n{before}")
    for policy in (OPEN, HIDES):
        assert cleaned_description(text, policy) == cleaned_description(
            without_candidates(), policy
        )


def test_a_session_level_candidate_is_seen_too() -> None:
    text = without_candidates().replace("t=0 0\r\n", f"t=0 0\r\na={HOST}\r\n")
    with pytest.raises(BadSignal):
        cleaned_description(text, HIDES)


def test_fingerprints_and_credentials_are_nobody_s_to_change() -> None:
    def kept(text: str) -> list[str]:
        starts = ("a=fingerprint:", "a=ice-ufrag:", "a=ice-pwd:", "a=setup:")
        return [line for line in text.split("\r\n") if line.startswith(starts)]

    assert kept(cleaned_description(OFFER, OPEN)) == kept(OFFER)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from([OPEN, HIDES, OURS]))
def test_whatever_is_said_either_passes_plain_or_is_refused(text: str, policy: Policy) -> None:
    try:
        passed = cleaned("candidate:" + text, policy)
    except BadSignal:
        return
    assert cleaned(passed, policy) == passed

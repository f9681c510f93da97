"""Webhooks: what is told, how it is signed, where we call, and when we give up."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Any

import pytest

from scheduler import events
from scheduler.errors import BadField
from scheduler.flags import Fault, Flag
from scheduler.rules import DAY_MS
from scheduler.webhooks import (
    DISABLED_AFTER_MS,
    Health,
    Last,
    Occasion,
    Topic,
    after_call,
    clean_url,
    is_address,
    may_reach,
    occasions_of,
    secret_of,
    signature,
    with_flag,
)

PAGE = Path(__file__).parents[2] / "docs/integrations.md"
T = 1_795_510_800_000
SLOT: dict[str, Any] = {"start_ms": T, "length_min": 50, "at_ms": T - DAY_MS}
ANA = Occasion(topic=Topic.CHANGED, member="ana", booking="b1")


def flag(*, pair: str, booking: str, fault: Fault) -> Flag:
    numbers = {"at_ms": T, "measured_ms": 1, "limit_ms": 0, "start_ms": T, "length_min": 50}
    named = {"pair": pair, "booking": booking, "fault": fault}
    return Flag(member="ana", rules_version=1, **named, **numbers)  # type: ignore[arg-type]


# What is told


def test_a_match_is_told_to_both() -> None:
    event = events.Matched(pair="p1", bookings=("b1", "b2"), members=("ana", "ben"), **SLOT)
    assert occasions_of(event) == [
        Occasion(topic=Topic.MATCHED, member="ana", booking="b1"),
        Occasion(topic=Topic.MATCHED, member="ben", booking="b2"),
    ]


def test_a_lost_partner_is_a_change_unless_there_is_another_at_once() -> None:
    lost = {"booking": "b1", "member": "ana", "former": "ben", **SLOT}
    assert occasions_of(events.Unmatched(**lost)) == [ANA]
    assert occasions_of(events.Unmatched(**lost, rematched=True)) == []


def test_a_lock_a_change_a_cancellation_and_a_flag_are_told() -> None:
    lock = events.Locked(
        at_ms=T, pair="p1", bookings=("b1", "b2"), members=("ana", "ben"), by="ben"
    )
    assert [each.topic for each in occasions_of(lock)] == [Topic.CHANGED, Topic.CHANGED]
    both = {"bookings": ("b1", "b2"), "members": ("ana", "ben")}
    told = occasions_of(events.Revealed(pair="p1", **both, **SLOT))
    assert [(each.topic, each.member) for each in told] == [
        (Topic.CHANGED, "ana"), (Topic.CHANGED, "ben")
    ]  # fmt: skip
    assert occasions_of(events.BookingChanged(booking="b1", member="ana", **SLOT)) == [ANA]
    cancelled = events.Cancelled(booking="b1", member="ana", created_ms=T - DAY_MS, **SLOT)
    [told] = occasions_of(cancelled)
    assert (told.topic, told.member) == (Topic.CANCELLED, "ana")
    settled = events.Settled(at_ms=T, pair="p1", members=("ana", "ben"), flagged=("ben",))
    assert occasions_of(settled) == [Occasion(topic=Topic.FLAGGED, member="ben", pair="p1")]
    late = events.Flagged(at_ms=T, member="ana", booking="b1")
    assert occasions_of(late) == [Occasion(topic=Topic.FLAGGED, member="ana", booking="b1")]


def test_a_flag_completes_what_its_event_left_out() -> None:
    late = flag(pair="p1", booking="b1", fault=Fault.LATE)
    dropped = flag(pair="p2", booking="b2", fault=Fault.LATE_CANCEL)
    judged = Occasion(topic=Topic.FLAGGED, member="ana", pair="p1")
    cancelled = Occasion(topic=Topic.FLAGGED, member="ana", booking="b2")
    assert with_flag(judged, [dropped, late]) == Occasion(
        topic=Topic.FLAGGED, member="ana", booking="b1", pair="p1"
    )
    assert with_flag(cancelled, [late, dropped]) == Occasion(
        topic=Topic.FLAGGED, member="ana", booking="b2", pair="p2"
    )
    assert with_flag(judged, []) == judged
    assert with_flag(ANA, [late]) == ANA


def test_what_is_nobodys_business_is_not_told() -> None:
    assert occasions_of(events.PoolChanged(**SLOT)) == []
    assert occasions_of(events.Booked(booking="b1", member="ana", **SLOT)) == []


# How it is signed


def test_a_signature_is_the_hmac_of_time_and_body() -> None:
    wanted = hmac.new(b"whsec_x", b'17.{"id":"1"}', hashlib.sha256).hexdigest()
    assert signature("whsec_x", 17, '{"id":"1"}') == f"t=17,v1={wanted}"


def test_the_documented_way_to_check_a_signature_works() -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    page: dict[str, Any] = {}
    exec(code, page)
    is_genuine = page["is_genuine"]
    secret, body = secret_of("s" * 32, "w_1"), '{"id":"é"}'
    header = signature(secret, 1_000, body)
    assert is_genuine(header, body.encode(), secret, 1_200.5)
    assert not is_genuine(header, body.encode(), secret, 1_301)
    assert not is_genuine(header, body.encode() + b" ", secret, 1_000)
    assert not is_genuine(header, body.encode(), secret_of("s" * 32, "w_2"), 1_000)
    assert not is_genuine(header.replace("t=1000", "t=1001"), body.encode(), secret, 1_000)
    assert not any(is_genuine(bad, b"", secret, 0) for bad in ("", "v1=", "t=x,v1=y", "t=0"))


def test_each_webhook_and_each_instance_has_a_secret_of_its_own() -> None:
    made = {secret_of(instance * 32, hook) for instance in "st" for hook in ("w_1", "w_2")}
    assert len(made) == 4


# Where we call


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.2.7", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::", "::127.0.0.1", "no address", "",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not_reached(address: str) -> None:
    assert not may_reach(address, loopback=False)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public_is_reached(address: str) -> None:
    assert may_reach(address, loopback=False)


def test_an_instance_of_one_machine_reaches_that_machine_and_no_network_of_its_own() -> None:
    assert may_reach("127.0.0.1", loopback=True)
    assert may_reach("::1", loopback=True)
    assert not may_reach("192.168.1.1", loopback=True)
    assert not may_reach("169.254.169.254", loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "javascript:1", "",
        "https://", "https:///path", "https://user:secret@hooks.example.org/", "https://user@h.example/",
        "https://hooks.example.org/#part", "https://hooks.example.org:0/", "https://hooks.example.org:99999/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/meta",
        "https://hooks.example.org/\r\nHost: evil", "https://hooks.example.org/ x", "https://hööks.example/",
        "https://[::1", "https://hooks.example.org/" + "x" * 500, "//hooks.example.org/",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_called_is_refused(url: str) -> None:
    with pytest.raises(BadField) as refusal:
        clean_url(url, loopback=False)
    assert refusal.value.field == "url"


def test_an_ordinary_address_is_kept_as_it_is() -> None:
    url = "https://hooks.example.org:8443/alongside?key=a%20b"
    assert clean_url(url, loopback=False) == url
    assert clean_url("http://127.0.0.1:9999/x", loopback=True) == "http://127.0.0.1:9999/x"


def test_names_are_no_addresses() -> None:
    assert [is_address(host) for host in ("localhost", "::1", "10.0.0.1", "1.example")] == [
        False, True, True, False,
    ]  # fmt: skip


# When we give up


def test_three_days_of_failures_disable_and_a_call_that_arrives_forgets_them() -> None:
    failed = after_call(Health(), Last(at_ms=T, status=500, ok=False))
    assert (failed.failing_since_ms, failed.disabled) == (T, False)
    worn = after_call(failed, Last(at_ms=T + DISABLED_AFTER_MS, status=None, ok=False))
    assert worn.disabled
    well = after_call(worn, Last(at_ms=T + DISABLED_AFTER_MS + 1, status=204, ok=True))
    assert (well.failing_since_ms, well.disabled) == (None, False)

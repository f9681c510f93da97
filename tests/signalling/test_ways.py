"""Which way a pair takes."""

from __future__ import annotations

import pytest

from media.control import Load
from signalling.fleet import Fleet
from signalling.ways import Ways


def ways(*workers: str, direct: bool = True, turn: bool = False, private: bool = False) -> Ways:
    fleet = Fleet()
    for worker in workers:
        fleet.up(worker)
    return Ways(fleet, direct=direct, turn=turn, private=private)


@pytest.mark.parametrize(
    ("how", "path"),
    [
        (ways("w1"), "direct"),
        (ways("w1", direct=False), "relay"),
        (ways("w1", direct=False, turn=True), "relay"),
        (ways(direct=False, turn=True), "direct"),
        (ways(direct=False), None),
        (ways(), "direct"),
    ],
)
def test_what_is_allowed_and_there_decides(how: Ways, path: str | None) -> None:
    assert how.choose(again=False) == path


def test_a_direct_path_that_failed_is_tried_again_only_when_the_relay_did_too() -> None:
    failed = ways("w1")
    failed.direct_failed = True
    assert failed.choose(again=False) == "relay"
    assert failed.choose(again=True) == "direct"


def test_who_wants_privacy_gets_it_from_every_worker() -> None:
    assert ways("w1", private=True).blind("w1")
    assert not ways("w1").blind("w1")


def test_a_worker_under_stress_sees_nothing_more() -> None:
    fleet = Fleet()
    fleet.load("w1", Load(pairs=9, packets_per_s=0, draining=False, stress=0.8))
    assert Ways(fleet, direct=True, turn=False, private=False).blind("w1")


def test_after_a_dispute_the_relay_is_left_only_if_neither_page_reaches_it() -> None:
    disputed = ways("w1")
    disputed.dispute()
    assert disputed.choose(again=True) == "relay"
    disputed.refused(0)
    disputed.refused(0)
    assert disputed.choose(again=True) == "relay"
    disputed.refused(1)
    assert disputed.choose(again=True) == "direct"
    assert disputed.choose(again=False) == "relay"
    disputed.reached()
    assert disputed.choose(again=True) == "relay", "it was reached since"

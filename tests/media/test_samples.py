"""When a camera is looked at, by a hand-turned clock and given chances."""

from __future__ import annotations

import pytest

from media.samples import AGAIN_S, STILL_S, Schedule


def schedule(chance: float = 0.0) -> Schedule:
    return Schedule(1_000.0, lambda: chance)


@pytest.mark.parametrize(("chance", "after"), [(0.0, 60.0), (0.5, 90.0), (1.0, 120.0)])
def test_a_calm_camera_is_looked_at_between_one_and_two_minutes(
    chance: float, after: float
) -> None:
    plan = schedule(chance)
    assert not plan.due("on", 999.9 + after)
    assert plan.due("on", 1_000 + after)
    assert plan.looked("ok", 1_000 + after) == "ok"
    assert not plan.due("on", 1_000 + after + 59)


@pytest.mark.parametrize("packets", [None, "off"])
def test_without_a_picture_there_is_nothing_to_look_at(packets: str | None) -> None:
    assert not schedule().due(packets, 9_999)  # type: ignore[arg-type]


def test_packets_of_hardly_any_information_are_looked_at_at_once() -> None:
    plan = schedule()
    assert not plan.due("on", 1_001)
    assert plan.due("suspect", 1_002)


def test_something_seen_once_in_such_packets_proves_nothing_yet() -> None:
    plan = schedule()
    assert plan.due("suspect", 1_000)
    assert plan.first
    assert plan.looked("ok", 1_000) is None
    assert not plan.first
    assert not plan.due("suspect", 999.9 + STILL_S)
    assert plan.due("suspect", 1_000 + STILL_S)
    assert plan.looked("frozen", 1_000 + STILL_S) == "frozen"
    assert plan.first


def test_nothing_to_see_is_a_verdict_at_once_and_is_looked_at_again_soon() -> None:
    plan = schedule()
    assert plan.due("suspect", 1_000)
    assert plan.looked("black", 1_000) == "black"
    assert not plan.due("suspect", 999 + AGAIN_S)
    assert plan.due("suspect", 1_000 + AGAIN_S)


def test_a_look_without_success_is_tried_again() -> None:
    plan = schedule()
    assert plan.due("on", 1_060)
    assert plan.looked(None, 1_060) is None
    assert not plan.due("on", 1_061)
    assert plan.due("on", 1_060 + AGAIN_S)

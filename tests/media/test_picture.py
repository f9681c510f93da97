"""Statistics of a grey grid, over pictures that were painted and encoded as a browser would."""

from __future__ import annotations

import random

import pytest

from media.frames.decoder import grid_of
from media.keyframe import Codec
from media.picture import DARK, FLAT, SIZE, difference, mean_of, spread_of, verdict
from tests.media.frames import clips


def test_light_and_spread() -> None:
    half = bytes([0] * (SIZE // 2) + [200] * (SIZE // 2))
    assert (mean_of(half), spread_of(half)) == (100.0, 100.0)
    assert spread_of(bytes([77]) * SIZE) == 0.0


def test_difference_is_the_mean_over_all_places() -> None:
    assert difference(bytes([10, 20]), bytes([13, 19])) == 2.0


@pytest.mark.parametrize(
    ("grey", "found"), [(0, "black"), (DARK - 1, "black"), (DARK, "covered"), (255, "covered")]
)
def test_no_detail_is_black_or_covered_by_its_light(grey: float, found: str) -> None:
    assert verdict(bytes([int(grey)]) * SIZE) == found


def test_the_same_twice_is_frozen_and_noise_is_life() -> None:
    chance = random.Random(1)
    scene = bytes(chance.randrange(60, 180) for _ in range(SIZE))
    alive = bytes(value + chance.randrange(-1, 3) for value in scene)
    assert verdict(scene, scene) == "frozen"
    assert verdict(scene, alive) == "ok"


def test_black_stays_black_though_it_does_not_move() -> None:
    assert verdict(bytes(SIZE), bytes(SIZE)) == "black"


@pytest.mark.parametrize("codec", ["vp8", "h264"])
@pytest.mark.parametrize(
    ("paint", "found"),
    [
        (clips.black, "black"),
        (clips.dark, "black"),
        (clips.finger, "covered"),
        (clips.desk, "ok"),
        (clips.dim, "ok"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_what_a_camera_saw(codec: Codec, paint: clips.Painter, found: str) -> None:
    grid = grid_of(clips.key_frame(paint, codec))
    assert grid is not None
    assert verdict(grid) == found


def test_the_threshold_has_room_on_both_sides() -> None:
    spread = {paint: spread_of(grid_of(clips.key_frame(paint)) or b"") for paint in clips.ALL}
    assert max(spread[clips.dark], spread[clips.finger]) < FLAT / 3
    assert min(spread[clips.desk], spread[clips.dim]) > FLAT * 1.2

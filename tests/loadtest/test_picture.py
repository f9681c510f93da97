"""The drawn robot."""

from __future__ import annotations

import pytest

from loadtest.picture import FPS, HEIGHT, WIDTH, Scene, blank


def difference(one: bytearray, other: bytearray) -> int:
    return sum(1 for a, b in zip(one, other, strict=True) if a != b)


@pytest.mark.parametrize("number", range(4))
def test_a_frame_has_three_full_planes(number: int) -> None:
    planes = Scene(number).frame(0)
    assert len(planes.y) == WIDTH * HEIGHT
    assert len(planes.u) == len(planes.v) == WIDTH * HEIGHT // 4
    assert 16 <= min(planes.y) < max(planes.y) <= 235


def test_something_moves_from_each_frame_to_one_half_a_second_later() -> None:
    scene = Scene(0)
    for n in range(0, 20 * FPS, FPS // 2):
        assert difference(scene.frame(n).y, scene.frame(n + FPS // 2).y) > 50


def test_the_same_frame_is_the_same_picture() -> None:
    assert Scene(1).frame(7) == Scene(1).frame(7)


def test_robots_differ() -> None:
    assert difference(Scene(0).frame(0).u, Scene(1).frame(0).u) > 1_000


def test_what_lies_outside_the_picture_is_not_drawn() -> None:
    planes = blank(32, 16, (16, 128, 128))
    planes.disc(-100, -100, 5, (200, 1, 1))
    planes.box(28, 12, 50, 50, (200, 128, 128))
    assert planes.y.count(200) == 4 * 4

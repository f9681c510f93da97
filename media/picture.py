"""What a picture shows, by nothing but statistics of a small grey grid: something, black, covered, frozen.

No face, no person, no object is looked for. A grid of 80 by 45 grey values (16 is black, 235 white, as
video has it) is enough for that. Black has hardly any light and no detail; covered has light and no
detail; frozen is the same as a moment before though a camera never is, not even of a still life.

A camera's own noise would be detail where there is none: it is gone in the grid, each value of which is
the mean of many pixels.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal

WIDTH, HEIGHT = 80, 45

FLAT = 6.0
"""Less spread than this is no picture."""
DARK = 40.0
"""No picture with less light than this is black."""
SAME = 0.5
"""Two grids that differ by less on average are the same picture."""

Verdict = Literal["ok", "black", "covered", "frozen"]

SIZE = WIDTH * HEIGHT


def mean_of(grid: bytes) -> float:
    """The light of a picture."""
    return sum(grid) / len(grid)


def spread_of(grid: bytes) -> float:
    """The standard deviation of its values: how much there is to see."""
    mean = mean_of(grid)
    squares = sum(value * value for value in grid) / len(grid)
    return sqrt(max(0.0, squares - mean * mean))


def difference(one: bytes, other: bytes) -> float:
    """How far two grids are apart, on average over all places."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def verdict(grid: bytes, before: bytes | None = None) -> Verdict:
    """What a picture shows; with the one before it, also whether anything moves at all."""
    if spread_of(grid) < FLAT:
        return "black" if mean_of(grid) < DARK else "covered"
    if before is not None and difference(grid, before) < SAME:
        return "frozen"
    return "ok"

"""What a robot's camera would give: a drawn robot at its desk, as the three planes of YUV 4:2:0.

The room is drawn once; each frame copies it and draws what moves: eyes that follow the page and
blink, a hand that writes, the antenna's lamp and the hand of the wall clock. Everything is rows of
bytes, so a frame costs a few hundred slice assignments.
"""

from __future__ import annotations

from math import cos, pi, sin

import msgspec

WIDTH, HEIGHT, FPS = 480, 270, 12

Colour = tuple[int, int, int]
"""Y, U, V of studio range."""

WALL: Colour = (150, 122, 134)
WINDOW: Colour = (188, 140, 112)
DESK: Colour = (96, 112, 146)
DESK_EDGE: Colour = (72, 116, 142)
STEEL: Colour = (176, 130, 124)
FACE: Colour = (208, 128, 126)
INK: Colour = (40, 132, 124)
PAPER: Colour = (226, 122, 130)
GLOW: Colour = (222, 76, 150)
SHIRTS: tuple[Colour, ...] = ((158, 82, 152), (120, 146, 96), (126, 146, 150))
"""The body of each robot: amber, teal, violet."""


class Planes(msgspec.Struct):
    """One picture. U and V have half the width and half the height."""

    width: int
    height: int
    y: bytearray
    u: bytearray
    v: bytearray

    def copy(self) -> Planes:
        """A picture of its own to draw on."""
        return Planes(self.width, self.height, self.y[:], self.u[:], self.v[:])

    def bar(self, x0: int, x1: int, row: int, colour: Colour) -> None:
        """One row of pixels, cut to the picture."""
        x0, x1 = max(0, x0), min(self.width, x1)
        if not 0 <= row < self.height or x0 >= x1:
            return
        luma, blue, red = colour
        at = row * self.width
        self.y[at + x0 : at + x1] = bytes((luma,)) * (x1 - x0)
        if row % 2 == 0:
            half = (row // 2) * (self.width // 2)
            left, right = half + x0 // 2, half + (x1 + 1) // 2
            self.u[left:right] = bytes((blue,)) * (right - left)
            self.v[left:right] = bytes((red,)) * (right - left)

    def box(self, x: int, y: int, width: int, height: int, colour: Colour, round_: int = 0) -> None:
        """A filled rectangle with round corners."""
        for row in range(height):
            edge = max(round_ - row, row - (height - 1 - round_), 0)
            inset = round_ - int((round_ * round_ - edge * edge) ** 0.5) if edge else 0
            self.bar(x + inset, x + width - inset, y + row, colour)

    def disc(self, x: int, y: int, radius: int, colour: Colour) -> None:
        """A filled circle around a point."""
        for dy in range(-radius, radius + 1):
            reach = int((radius * radius - dy * dy) ** 0.5)
            self.bar(x - reach, x + reach + 1, y + dy, colour)

    def line(self, x0: int, y0: int, x1: int, y1: int, thick: int, colour: Colour) -> None:
        """A stroke, as a row of discs."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(0, steps + 1, 2):
            self.disc(x0 + (x1 - x0) * step // steps, y0 + (y1 - y0) * step // steps, thick, colour)


def blank(width: int, height: int, colour: Colour) -> Planes:
    """A picture of one colour; width and height are even."""
    quarter = (width // 2) * (height // 2)
    return Planes(
        width,
        height,
        bytearray((colour[0],)) * (width * height),
        bytearray((colour[1],)) * quarter,
        bytearray((colour[2],)) * quarter,
    )


class Scene:
    """One robot's room. `frame(n)` is the n-th picture, the same for the same number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._still = _room(SHIRTS[number % len(SHIRTS)])

    def frame(self, n: int) -> Planes:
        """The picture of frame n."""
        seconds = n / FPS + self.number * 1.7
        planes = self._still.copy()
        _clock(planes, seconds)
        _head(planes, seconds)
        _hand(planes, seconds, SHIRTS[self.number % len(SHIRTS)])
        return planes


def _room(shirt: Colour) -> Planes:
    planes = blank(WIDTH, HEIGHT, WALL)
    planes.box(28, 26, 104, 92, PAPER, 6)
    planes.box(34, 32, 92, 80, WINDOW, 4)
    planes.bar(34, 126, 72, PAPER)
    planes.box(78, 32, 4, 80, PAPER)
    planes.disc(400, 66, 36, STEEL)
    planes.disc(400, 66, 32, PAPER)
    planes.box(176, 172, 128, 90, shirt, 26)
    planes.box(228, 158, 24, 18, STEEL)
    planes.box(0, 218, WIDTH, 52, DESK)
    planes.box(0, 214, WIDTH, 5, DESK_EDGE)
    planes.box(286, 226, 116, 34, PAPER, 3)
    for row in range(232, 256, 6):
        planes.bar(294, 394, row, STEEL)
    planes.box(70, 190, 34, 32, shirt, 5)
    planes.disc(106, 206, 9, shirt)
    planes.disc(106, 206, 5, WALL)
    return planes


def _clock(planes: Planes, seconds: float) -> None:
    for turn, reach, thick in ((seconds / 60, 26, 1), (seconds / 720, 17, 2)):
        angle = 2 * pi * turn
        tip = (400 + round(reach * sin(angle)), 66 - round(reach * cos(angle)))
        planes.line(400, 66, *tip, thick, INK)


def _head(planes: Planes, seconds: float) -> None:
    nod = round(3 * sin(seconds * 1.1))
    look = round(7 * sin(seconds * 0.7))
    top = 78 + nod
    glow = 5 + round(2 * sin(seconds * 2.4))
    planes.line(240, top - 22, 240, top, 2, STEEL)
    planes.disc(240, top - 26, glow, GLOW)
    planes.box(184, top, 112, 84, STEEL, 22)
    planes.box(194, top + 12, 92, 58, FACE, 16)
    shut = seconds % 4.0 < 0.25
    for eye in (216, 264):
        if shut:
            planes.box(eye - 9, top + 36, 18, 3, INK)
        else:
            planes.disc(eye, top + 36, 10, INK)
            planes.disc(eye + look // 2, top + 33, 4, FACE)
    planes.line(228, top + 54, 234, top + 58, 1, INK)
    planes.line(234, top + 58, 246, top + 58, 1, INK)
    planes.line(246, top + 58, 252, top + 54, 1, INK)


def _hand(planes: Planes, seconds: float, shirt: Colour) -> None:
    x = 306 + round(38 * (0.5 + 0.5 * sin(seconds * 0.9)))
    y = 236 + round(5 * sin(seconds * 7.0))
    planes.line(286, 200, x - 8, y + 4, 8, shirt)
    planes.disc(x - 6, y + 4, 9, STEEL)
    planes.line(x, y, x + 12, y - 20, 2, GLOW)

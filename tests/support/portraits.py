"""Drawn people for the browsers' cameras: Chromium plays a file in place of a device.

Two members at their desks, breathing, blinking, looking down to write. Pictures taken of a room
then show what the room is for.
"""

from __future__ import annotations

from itertools import pairwise
from math import sin
from pathlib import Path

import msgspec

from loadtest.picture import Colour, Planes, blank

WIDTH, HEIGHT, FPS, SECONDS = 640, 480, 15, 6


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one member looks like, and where they sit. Colours are `#rrggbb`."""

    wall: str
    shade: str
    skin: str
    hair: str
    shirt: str
    desk: str
    long_hair: bool = False
    glasses: bool = False
    lamp: bool = False
    plant: bool = False


LOOKS = (
    Look(
        wall="#dfe6e4",
        shade="#cdd8d6",
        skin="#e3b592",
        hair="#4a2f25",
        shirt="#2f7d86",
        desk="#b98d62",
        long_hair=True,
        lamp=True,
    ),
    Look(
        wall="#e9e0d2",
        shade="#dccfba",
        skin="#a9744f",
        hair="#241d1b",
        shirt="#b4583f",
        desk="#8a6446",
        glasses=True,
        plant=True,
    ),
)


def write_portraits(directory: Path) -> list[Path]:
    """One film a look, as Chromium's fake camera wants it."""
    return [write_film(look, directory / f"camera{n}.y4m") for n, look in enumerate(LOOKS)]


def write_film(look: Look, path: Path) -> Path:
    still = _room(look)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for n in range(FPS * SECONDS):
            planes = still.copy()
            _person(planes, look, n / FPS)
            film.writelines((b"FRAME\n", planes.y, planes.u, planes.v))
    return path


def _room(look: Look) -> Planes:
    planes = blank(WIDTH, HEIGHT, yuv(look.wall))
    planes.box(0, 300, WIDTH, 180, yuv(look.shade))
    planes.box(38, 40, 128, 150, yuv("#fbfaf6"), 6)
    planes.box(48, 50, 108, 130, yuv("#a9cfe0"), 4)
    planes.box(98, 50, 8, 130, yuv("#fbfaf6"))
    planes.box(470, 92, 140, 10, yuv(look.desk), 3)
    for at, height, colour in ((482, 52, "#c9573f"), (500, 60, "#2f5d7c"), (520, 46, "#d9a441")):
        planes.box(at, 92 - height, 16, height, yuv(colour), 2)
    if look.lamp:
        planes.line(566, 92, 566, 52, 3, yuv("#6b5b4b"))
        planes.box(544, 22, 46, 34, yuv("#ffd489"), 12)
    if look.plant:
        planes.box(550, 66, 32, 26, yuv("#c98b5e"), 4)
        for tip in (-22, -8, 10, 24):
            planes.line(566, 66, 566 + tip, 24 + abs(tip) // 2, 5, yuv("#4e8a5b"))
    return planes


def _person(planes: Planes, look: Look, seconds: float) -> None:
    turn = 6.2831853 * seconds / SECONDS
    breath, look_down = round(2 * sin(2 * turn)), round(5 * sin(turn))
    x, y = 320 + round(4 * sin(turn)), 198 + breath + look_down
    skin, hair, shirt = yuv(look.skin), yuv(look.hair), yuv(look.shirt)
    if look.long_hair:
        planes.box(x - 86, y - 84, 172, 220, hair, 80)
    planes.box(192, 318 + breath, 256, 200, shirt, 70)
    planes.box(x - 26, y + 60, 52, 74, skin, 18)
    planes.disc(x, y - 26, 72 if look.long_hair else 66, hair)
    planes.box(x - 60, y - 54, 120, 134, skin, 54)
    if look.long_hair:
        planes.box(x - 58, y - 62, 116, 24, hair, 11)
    _face(planes, look, x, y, seconds)
    _desk(planes, look, turn)


def _face(planes: Planes, look: Look, x: int, y: int, seconds: float) -> None:
    ink = yuv("#2a2320")
    shut = seconds % 3.0 < 0.2
    for eye in (x - 26, x + 26):
        if shut:
            planes.box(eye - 8, y - 6, 16, 3, ink)
        else:
            planes.disc(eye, y - 5, 6, ink)
        if look.glasses:
            for part in ((eye - 19, y - 18, 38, 3), (eye - 19, y + 8, 38, 3)):
                planes.box(*part, ink)
            for side in (eye - 19, eye + 16):
                planes.box(side, y - 18, 3, 28, ink)
    mouth = ((x - 16, y + 39), (x - 9, y + 44), (x + 9, y + 44), (x + 16, y + 39))
    for (x0, y0), (x1, y1) in pairwise(mouth):
        planes.line(x0, y0, x1, y1, 2, yuv("#8f463e"))


def _desk(planes: Planes, look: Look, turn: float) -> None:
    planes.box(0, 420, WIDTH, 60, yuv(look.desk))
    planes.box(232, 404, 176, 54, yuv("#f7f4ec"), 3)
    x = 352 + round(24 * sin(2 * turn))
    y = 424 + round(4 * sin(9 * turn))
    planes.line(424, 396, x + 20, y + 8, 17, yuv(look.shirt))
    planes.disc(x + 10, y + 4, 14, yuv(look.skin))
    planes.line(x - 4, y + 8, x + 14, y - 26, 2, yuv("#2f5d7c"))
    planes.box(96, 376, 46, 52, yuv("#f2f0ea"), 8)


def yuv(rgb: str) -> Colour:
    """BT.601 studio range, which cameras of this size give."""
    r, g, b = (int(rgb[n : n + 2], 16) for n in (1, 3, 5))
    return (
        round(16 + 0.257 * r + 0.504 * g + 0.098 * b),
        round(128 - 0.148 * r - 0.291 * g + 0.439 * b),
        round(128 + 0.439 * r - 0.368 * g - 0.071 * b),
    )

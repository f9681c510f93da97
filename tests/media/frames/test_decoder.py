"""The decoder's side: one word a picture, whatever it is given."""

from __future__ import annotations

import io
import random
import subprocess
import sys

import pytest

from media.frames.decoder import HOLD_S, Looker, grid_of, serve
from media.frames.wire import LENGTH, Ask, answer_of, encode
from media.keyframe import Codec, KeyFrame
from media.picture import SIZE, Verdict
from tests.media.frames.clips import black, desk, key_frame

DESK = key_frame(desk)


def ask(frame: KeyFrame = DESK, *, id: int = 1, leg: int = 7, first: bool = True) -> Ask:
    return Ask(id, leg, first, frame)


def test_a_picture_becomes_a_small_grey_grid() -> None:
    grid = grid_of(DESK)
    assert grid is not None
    assert len(grid) == SIZE


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_what_cannot_be_decoded_is_no_picture(codec: Codec) -> None:
    chance = random.Random(5)
    for size in (1, 5, 60, 1_200):
        assert grid_of(KeyFrame(codec, [chance.randbytes(size)] * 3)) is None
    assert grid_of(KeyFrame(codec, [])) is None


def test_cut_off_and_spoilt_pictures_never_end_the_process() -> None:
    chance = random.Random(6)
    for _ in range(60):
        payloads = [bytearray(payload) for payload in DESK.payloads]
        for payload in payloads:
            payload[chance.randrange(len(payload))] ^= 1 << chance.randrange(8)
        grid_of(KeyFrame("vp8", [bytes(payload) for payload in payloads[: chance.randrange(1, 6)]]))


def test_the_second_look_tells_whether_anything_moved() -> None:
    looker = Looker()
    assert looker.look(ask(), 0.0).verdict == "ok"
    assert looker.look(ask(first=False), 2.0).verdict == "frozen"
    assert looker.look(ask(first=False), 4.0).verdict == "ok", "nothing is held any more"


def test_legs_are_not_compared_with_each_other() -> None:
    looker = Looker()
    looker.look(ask(leg=1), 0.0)
    assert looker.look(ask(leg=2, first=False), 1.0).verdict == "ok"


def test_nothing_is_held_for_long() -> None:
    looker = Looker()
    looker.look(ask(), 0.0)
    assert looker.look(ask(leg=8, first=False), HOLD_S).verdict == "ok"
    assert looker._held == {}


def test_asks_are_answered_in_order_until_the_input_ends() -> None:
    asks = io.BytesIO(encode(ask(key_frame(black), id=1)) + encode(ask(id=2)) + b"\0\0")
    answers = io.BytesIO()
    serve(asks, answers)
    found: list[tuple[int, Verdict | None]] = []
    answers.seek(0)
    while head := answers.read(LENGTH.size):
        answer = answer_of(answers.read(LENGTH.unpack(head)[0]))
        found.append((answer.id, answer.verdict))
    assert found == [(1, "black"), (2, "ok")]


def test_more_than_a_picture_is_not_read() -> None:
    answers = io.BytesIO()
    serve(io.BytesIO(LENGTH.pack(2**31)), answers)
    assert answers.getvalue() == b""


ESCAPES = {
    "a socket": "import socket; socket.socket()",
    "the worker's environment": "open(f'/proc/{os.getppid()}/environ').read()",
    "a file": "open('/etc/hostname').read()",
    "a pipe": "os.pipe()",
}


@pytest.mark.parametrize("way", ESCAPES)
def test_there_is_no_way_out_of_it(way: str) -> None:
    """Of a real process, after it has done all that it does before the first picture."""
    begin = "import os, socket\nfrom media.frames.decoder import *\nwarm_up()\nconfine()\n"
    code = f"{begin}try:\n    {ESCAPES[way]}\nexcept OSError:\n    os._exit(7)\n"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7

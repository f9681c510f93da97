"""The decoder's process: `python -m media.frames.decoder`, driven by a worker through its standard streams.

Reads key frames one after the other and says one word of each. Holds the grid of a leg (80 by 45 grey
values) for ten seconds at most, and only to tell a frozen picture from a living one; a picture itself is
gone before the next is read. Ends with its input.

Decoders of video have had holes. Once it has loaded what it needs, this process can open nothing any
more: no file, no socket, not even under `/proc`. It may start no other process (unless it runs as root,
whom that limit does not bind), and has had no environment of the worker's. It is not a sandbox: it keeps
the user it runs as, and may send signals to that user's processes. The worker makes itself unreadable to
others of its user (`media.frames.process`).
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import time
from typing import BinaryIO

import av
from aiortc.codecs.h264 import h264_depayload
from aiortc.codecs.vpx import vp8_depayload
from av.video.codeccontext import VideoCodecContext

from media.frames.wire import FRAME_MAX, LENGTH, Answer, Ask, ask_of, encode
from media.keyframe import KeyFrame
from media.picture import HEIGHT, SIZE, WIDTH, Verdict, verdict

NICE = 10
MEMORY_MAX = 1024**3
HOLD_S = 10.0
CPU_MAX_S = 3600
"""Of a core, in its whole life: then it is ended, and the worker starts another."""
SIDE_MAX = 1920
"""A camera's picture that is larger than this on one side is not scaled down to be looked at."""

DEPAYLOAD = {"vp8": vp8_depayload, "h264": h264_depayload}


def grid_of(frame: KeyFrame) -> bytes | None:
    """The picture as a small grey grid; None if it cannot be decoded."""
    try:
        data = b"".join(DEPAYLOAD[frame.codec](payload) for payload in frame.payloads)
        context = VideoCodecContext.create(frame.codec, "r")
        context.thread_count = 1
        pictures = [*context.decode(av.Packet(data)), *context.decode(None)]
        picture = pictures[0]
        if max(picture.width, picture.height) > SIDE_MAX:
            return None
        # AREA takes the mean of the pixels that become one: noise is gone in it.
        small = picture.reformat(WIDTH, HEIGHT, "gray", interpolation="AREA")
    except (av.error.FFmpegError, ValueError, IndexError):
        return None
    plane = small.planes[0]
    rows = memoryview(plane)
    line = plane.line_size
    grid = b"".join(bytes(rows[at * line : at * line + WIDTH]) for at in range(HEIGHT))
    return grid if len(grid) == SIZE else None


class Looker:
    """Answers one ask after the other."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[float, bytes]] = {}

    def look(self, ask: Ask, now: float) -> Answer:
        """One word about a key frame."""
        self._held = {leg: held for leg, held in self._held.items() if now - held[0] < HOLD_S}
        grid = grid_of(ask.frame)
        before = self._held.pop(ask.leg, None)
        if grid is None:
            return Answer(ask.id, None)
        found: Verdict = verdict(grid, before[1] if before and not ask.first else None)
        if ask.first:
            self._held[ask.leg] = (now, grid)
        return Answer(ask.id, found)


def serve(asks: BinaryIO, answers: BinaryIO) -> None:
    """Until the input ends, or makes no sense."""
    looker = Looker()
    while len(head := asks.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        if length > FRAME_MAX:
            return
        answer = looker.look(ask_of(asks.read(length)), time.monotonic())
        answers.write(encode(answer))
        answers.flush()


def warm_up() -> None:
    """Have loaded what is loaded at first use, codecs and scaler: afterwards nothing can be."""
    for codec in DEPAYLOAD:
        with contextlib.suppress(av.error.FFmpegError):
            VideoCodecContext.create(codec, "r").open()
    blank = av.VideoFrame(WIDTH * 2, HEIGHT * 2, "yuv420p")
    blank.reformat(WIDTH, HEIGHT, "gray", interpolation="AREA")
    grid_of(KeyFrame("vp8", [b"no picture"]))


def confine() -> None:
    """Little weight, memory and time; nothing to open, nothing to start, no file to write, no core to
    leave a picture in."""
    os.nice(NICE)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CPU, CPU_MAX_S),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    warm_up()
    confine()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()

"""The drawn picture and the hum as aiortc tracks, paced by the event loop's clock."""

from __future__ import annotations

import asyncio
from fractions import Fraction

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from loadtest import sound
from loadtest.picture import FPS, Planes, Scene


class Pace:
    """Lets the n-th frame out at its time; a late start or a busy machine skips, never bunches."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._begin: float | None = None
        self._n = -1

    async def next(self) -> int:
        """Wait for the next frame's time; its number."""
        now = asyncio.get_running_loop().time()
        if self._begin is None:
            self._begin = now
        self._n = max(self._n + 1, int((now - self._begin) * self._per_second))
        await asyncio.sleep(max(0.0, self._begin + self._n / self._per_second - now))
        return self._n


class RobotCamera(MediaStreamTrack):
    """A robot's picture."""

    kind = "video"

    def __init__(self, number: int) -> None:
        super().__init__()
        self._scene = Scene(number)
        self._pace = Pace(FPS)

    async def recv(self) -> VideoFrame:
        """The next frame, at its time."""
        if self.readyState != "live":
            raise MediaStreamError
        n = await self._pace.next()
        frame = to_frame(self._scene.frame(n))
        frame.pts, frame.time_base = n, Fraction(1, FPS)
        return frame


class RobotMicrophone(MediaStreamTrack):
    """A robot's sound."""

    kind = "audio"

    def __init__(self, number: int) -> None:
        super().__init__()
        self._hum = sound.Hum(number)
        self._pace = Pace(sound.RATE // sound.CHUNK)

    async def recv(self) -> AudioFrame:
        """The next 20 ms, at their time."""
        if self.readyState != "live":
            raise MediaStreamError
        n = await self._pace.next()
        frame = AudioFrame(format="s16", layout="mono", samples=sound.CHUNK)
        frame.planes[0].update(self._hum.chunk(n))
        frame.sample_rate = sound.RATE
        frame.pts, frame.time_base = n * sound.CHUNK, Fraction(1, sound.RATE)
        return frame


def to_frame(planes: Planes) -> VideoFrame:
    """Planes as PyAV holds them, whose rows may be padded."""
    frame = VideoFrame(planes.width, planes.height, "yuv420p")
    half = planes.width // 2
    for target, rows, width in zip(
        frame.planes, (planes.y, planes.u, planes.v), (planes.width, half, half), strict=True
    ):
        target.update(_padded(rows, width, target.line_size))
    return frame


def _padded(rows: bytearray, width: int, line_size: int) -> bytes:
    if width == line_size:
        return bytes(rows)
    gap = bytes(line_size - width)
    return b"".join(rows[i : i + width] + gap for i in range(0, len(rows), width))

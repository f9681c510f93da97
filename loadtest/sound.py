"""What a robot's microphone would give: near silence, and a soft note now and then.

Mono, 48 kHz, signed 16 bit. The notes are rendered once; a chunk is a slice of what was rendered.
"""

from __future__ import annotations

from array import array
from math import exp, pi, sin
from random import Random

RATE = 48_000
CHUNK = RATE // 50
"""Samples of 20 ms, what one audio packet carries."""

NOTES_HZ = (329.63, 415.30, 493.88)
NOTE_S = 1.2
EVERY_S = 9
"""One note in this many seconds."""
PEAK = 900
"""About -31 dBFS: there if you listen for it."""
HISS = 6
"""The faint noise of a room, so that the line is never digitally dead."""


class Hum:
    """One robot's endless sound. `chunk(n)` is the n-th 20 ms, the same for the same number."""

    def __init__(self, number: int) -> None:
        chance = Random(number)
        self._hiss = array("h", (chance.randint(-HISS, HISS) for _ in range(CHUNK * 7)))
        self._notes = [_note(hz) for hz in NOTES_HZ]
        self._number = number

    def chunk(self, n: int) -> bytes:
        """Little-endian samples of chunk n."""
        chunks_a_note = int(NOTE_S * RATE) // CHUNK
        turn, place = divmod(n + 50 * self._number, EVERY_S * 50)
        if place < chunks_a_note:
            note = self._notes[(turn + self._number) % len(self._notes)]
            return note[place * CHUNK : (place + 1) * CHUNK].tobytes()
        start = (n % 7) * CHUNK
        return self._hiss[start : start + CHUNK].tobytes()


def _note(hz: float) -> array[int]:
    count = int(NOTE_S * RATE)
    step = 2 * pi * hz / RATE

    def level(i: int) -> float:
        rise = min(1.0, i / (RATE * 0.03))
        return rise * exp(-5.5 * i / count)

    return array(
        "h",
        (int(PEAK * level(i) * (sin(step * i) + 0.18 * sin(2 * step * i))) for i in range(count)),
    )

"""How much of what a worker can do it does, from figures taken a few times a second."""

from __future__ import annotations

from collections import deque

import msgspec

WINDOW_S = 2.0
"""How far back is looked: longer than a burst of handshakes, shorter than people's patience."""

CPU_FULL = 0.9
"""This share of one core counts as all of it: packets wait for whoever uses more."""


class Figures(msgspec.Struct, frozen=True):
    """What has been used so far, at one moment."""

    at: float
    cpu_s: float
    packets: int


class Stress:
    """One worker's: 1 is all it can do."""

    def __init__(self, first: Figures, *, packets_per_s: int) -> None:
        self._most = packets_per_s
        self._seen: deque[Figures] = deque([first])
        self.packets_per_s = 0
        self.strain = 0.0
        """The larger one of CPU and packets, as a share of the most."""

    def look(self, figures: Figures) -> None:
        """Take in the figures as they are now."""
        while len(self._seen) > 1 and self._seen[1].at <= figures.at - WINDOW_S:
            self._seen.popleft()
        self._seen.append(figures)
        then = self._seen[0]
        seconds = figures.at - then.at
        if seconds <= 0:
            return
        self.packets_per_s = int((figures.packets - then.packets) / seconds)
        cpu = (figures.cpu_s - then.cpu_s) / seconds / CPU_FULL if seconds >= WINDOW_S else 0.0
        self.strain = max(cpu, self.packets_per_s / self._most)

    def ratio(self, pairs: int, most: int) -> float:
        """With the pairs that are carried, as a share of the most."""
        return round(max(self.strain, pairs / most), 3)

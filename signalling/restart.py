"""ICE restarts: new ways for a connection that is up, which keeps its keys and its picture.

On the direct path both pages restart; on the relay one page and its leg of the worker, and the
partner's page hears nothing of it. A restart that brings nothing within its budget gives way to the
next generation.
"""

from __future__ import annotations

from collections import deque

BUDGET_MS = 1_500
"""Media is back within this, or the next generation is built."""
EVERY_MS = 5_000
MINUTE_MAX = 5
"""No oftener than one in `EVERY_MS`, and so many a minute."""
MINUTE_MS = 60_000


class Spacing:
    """At most one of something in `every_ms`, and `most` a minute."""

    def __init__(self, every_ms: int, most: int) -> None:
        self._every_ms = every_ms
        self._taken: deque[int] = deque(maxlen=most)

    def free_ms(self) -> int:
        """From when on the next one may be."""
        if not self._taken:
            return 0
        full = len(self._taken) == self._taken.maxlen
        return max(self._taken[-1] + self._every_ms, self._taken[0] + MINUTE_MS if full else 0)

    def take(self, now_ms: int) -> bool:
        """Account for one, if it may be."""
        if now_ms < self.free_ms():
            return False
        self._taken.append(now_ms)
        return True


class Restart:
    """One round under way: whose it is, and who is back."""

    def __init__(self, round: int, sides: tuple[int, ...], *, gives_way: bool) -> None:
        self.round = round
        self.sides = sides
        self.gives_way = gives_way
        """Whether the next generation follows if it brings nothing. A page that alone misses its
        partner may have a partner who sends nothing; that is no reason to build anew."""
        self._back: set[int] = set()

    def back(self, side: int) -> bool:
        """A page has media again; whether that was news."""
        news = side in self.sides and side not in self._back
        self._back.add(side)
        return news

    @property
    def done(self) -> bool:
        return self._back >= set(self.sides)

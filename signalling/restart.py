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
RESUMED_MAX = 2
"""So often may a restart begin anew because a page came back that had not heard of it."""


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

    def reserve(self, now_ms: int) -> int:
        """Account for one as soon as it may be; how long that takes."""
        at_ms = max(now_ms, self.free_ms())
        self._taken.append(at_ms)
        return at_ms - now_ms


class Restarts:
    """Counts a generation's rounds, and knows the one under way."""

    def __init__(self) -> None:
        self.round = 0
        self.sides: tuple[int, ...] = ()
        """Whose ICE restarts; nobody's while no round is under way."""
        self.gives_way = True
        """Whether the next generation follows if it brings nothing. A page that alone misses its
        partner may have a partner who sends nothing; that is no reason to build anew."""
        self._back: set[int] = set()
        self._described: set[int] = set()
        self._resumed = 0
        self._spacing = Spacing(EVERY_MS, MINUTE_MAX)

    def anew(self) -> None:
        """Another generation."""
        self.round, self.sides, self._described = 0, (), set()

    def stop(self) -> None:
        """The round is over, well or not."""
        self.sides = ()

    def described(self, side: int) -> None:
        """The hub has this page's description of the generation."""
        self._described.add(side)

    def answerable(self, sides: tuple[int, ...]) -> bool:
        """Whether the hub can answer these pages' offers: from what their partner's page said."""
        return all(1 - side in self._described for side in sides)

    def take(self, sides: tuple[int, ...], now_ms: int, *, gives_way: bool) -> bool:
        """Begin a round, if there may be one by now."""
        if not self._spacing.take(now_ms):
            return False
        self.sides, self.gives_way, self._resumed = sides, gives_way, 0
        self._begin()
        return True

    def again(self) -> bool:
        """The same once more, as a page has not heard of it; unless that was so too often."""
        self._resumed += 1
        self._begin()
        return self._resumed <= RESUMED_MAX

    def _begin(self) -> None:
        self.round += 1
        self._back = set()

    def back(self, side: int) -> bool:
        """A page has media again; whether that was news."""
        news = side in self.sides and side not in self._back
        self._back.add(side)
        return news

    @property
    def done(self) -> bool:
        return self._back >= set(self.sides)

"""Rate limits as token buckets; the caller says what time it is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class Bucket:
    """`rate` a second on average, `burst` at once."""

    __slots__ = ("_at", "_burst", "_tokens", "rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float) -> bool:
        """Take one token if there is one."""
        if not self.has(now):
            return False
        self._tokens -= 1
        return True

    def has(self, now: float) -> bool:
        """Whether there is a token."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self.rate)
        self._at = now
        return self._tokens >= 1


class PerSource:
    """One bucket a source. Sources are forgotten oldest first, so that strangers cannot fill memory."""

    def __init__(self, rate: float, burst: float, *, size: int = 4096) -> None:
        self._rate = rate
        self._burst = burst
        self._size = size
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def take(self, source: Hashable, now: float) -> bool:
        bucket = self._buckets.get(source)
        if bucket is None:
            bucket = self._buckets[source] = Bucket(self._rate, self._burst, now)
            if len(self._buckets) > self._size:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(source)
        return bucket.take(now)

    def has(self, source: Hashable, now: float) -> bool:
        """Whether this source has a token left; asking remembers nobody."""
        bucket = self._buckets.get(source)
        return bucket is None or bucket.has(now)


class Spacing:
    """Lets each of a few things through once in `every` seconds."""

    __slots__ = ("_every", "_last", "_size")

    def __init__(self, every: float, *, size: int = 64) -> None:
        self._every = every
        self._size = size
        self._last: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, what: Hashable, now: float) -> bool:
        last = self._last.get(what)
        if last is not None and now - last < self._every:
            return False
        if last is None and self._is_full(now):
            return False
        self._last[what] = now
        self._last.move_to_end(what)
        return True

    def _is_full(self, now: float) -> bool:
        """Whether so many other things passed just now that one more has to wait."""
        while self._last and now - next(iter(self._last.values())) >= self._every:
            self._last.popitem(last=False)
        return len(self._last) >= self._size

"""How much one page may say: a token bucket, and when patience ends. Given now, it never waits."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum


class TokenBucket:
    """`per_s` tokens a second on average, `burst` at once."""

    __slots__ = ("_at_ms", "_burst", "_per_s", "_tokens")

    def __init__(self, per_s: float, burst: float, now_ms: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = burst
        self._at_ms = now_ms

    def take(self, now_ms: int, cost: float = 1.0) -> bool:
        """Take `cost` tokens if they are there."""
        gained = max(0, now_ms - self._at_ms) * self._per_s / 1000
        self._tokens = min(self._burst, self._tokens + gained)
        self._at_ms = max(now_ms, self._at_ms)
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True


class Verdict(Enum):
    """What becomes of a message."""

    PASS = "pass"
    REFUSE = "refuse"
    """Dropped, and the page is told."""
    DROP = "drop"
    """Dropped; the page was told a moment ago."""
    CLOSE = "close"
    """Enough: the socket goes."""


class Patience:
    """Throttles first and closes later. A message that passes pays back one that did not."""

    __slots__ = ("_bucket", "_excess", "_excess_max", "_told_ms")

    TELL_EVERY_MS = 1_000

    def __init__(self, bucket: TokenBucket, excess_max: int) -> None:
        self._bucket = bucket
        self._excess_max = excess_max
        self._excess = 0
        self._told_ms: int | None = None

    def judge(self, now_ms: int, cost: float = 1.0) -> Verdict:
        """Account for one message."""
        if self._bucket.take(now_ms, cost):
            self._excess = max(0, self._excess - 1)
            return Verdict.PASS
        self._excess += 1
        if self._excess > self._excess_max:
            return Verdict.CLOSE
        return self._refuse(now_ms)

    def _refuse(self, now_ms: int) -> Verdict:
        if self._told_ms is not None and now_ms - self._told_ms < self.TELL_EVERY_MS:
            return Verdict.DROP
        self._told_ms = now_ms
        return Verdict.REFUSE


class Allowances:
    """So many a minute for each of many. Whoever took nothing for a minute has all again, and is forgotten."""

    MINUTE_MS = 60_000

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, tuple[TokenBucket, int]] = OrderedDict()
        """With when each was used last, oldest first."""

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._buckets)

    def take(self, who: str, now_ms: int) -> bool:
        """Take one, if there is one left."""
        self._forget(now_ms)
        known = self._buckets.pop(who, None)
        bucket = known[0] if known else TokenBucket(self._per_minute / 60, self._per_minute, now_ms)
        self._buckets[who] = bucket, now_ms
        return bucket.take(now_ms)

    def _forget(self, now_ms: int) -> None:
        while self._buckets:
            oldest = next(iter(self._buckets))
            if self._buckets[oldest][1] + self.MINUTE_MS > now_ms:
                return
            del self._buckets[oldest]

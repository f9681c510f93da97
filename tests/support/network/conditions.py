"""What a line does to packets, and which packets it does it to: the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

QUEUE_S = 0.5
"""A line with a rate keeps packets waiting for so long; then it drops them."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """One direction of a line."""

    loss: float = 0.0
    """Share of packets lost, 0 to 1."""
    burst: float = 1.0
    """How many are lost in a row, on average (Gilbert and Elliott's two states; 1: independently)."""
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    """The delay varies by up to so much in both directions, packet by packet, out of order too."""
    rate_kbps: float = 0.0
    """0: no limit."""


PERFECT = Conditions()


class Line:
    """One direction of a line: says when a packet comes out of it."""

    def __init__(self, conditions: Conditions, seed: object) -> None:
        self.conditions = conditions
        self._random = Random(str(seed))
        self._bad = False
        self._free_at = 0.0

    def out_at(self, now: float, size: int) -> float | None:
        """When a packet of this size that goes in now comes out, in seconds; None: it is lost."""
        said = self.conditions
        if self._loses():
            return None
        sent = now
        if said.rate_kbps:
            sent = max(now, self._free_at) + size * 8 / (said.rate_kbps * 1000)
            if sent - now > QUEUE_S:
                return None
            self._free_at = sent
        varied = self._random.uniform(-said.jitter_ms, said.jitter_ms) if said.jitter_ms else 0.0
        return sent + max(0.0, said.delay_ms + varied) / 1000

    def _loses(self) -> bool:
        said, drawn = self.conditions, self._random.random
        if not said.loss:
            return False
        if said.burst <= 1:
            return drawn() < said.loss
        into_bad = said.loss / (said.burst * (1 - said.loss))
        self._bad = drawn() >= 1 / said.burst if self._bad else drawn() < into_bad
        return self._bad

"""When a leg's camera is looked at: now and then, and when its packets give reason to.

    every 60 to 120 s           one key frame, at a moment nobody can foresee
    hardly any information      at once, and again two seconds later: a camera is never quite still
    a picture that showed none  every 20 s, until it shows something

Chance is an argument. Looking costs the sender one key frame, some 25 to 50 kB.
"""

from __future__ import annotations

from collections.abc import Callable

from media.picture import Verdict
from media.watch import CameraState

CALM_S = (60.0, 120.0)
"""Between two looks at a camera that nothing speaks against."""
AGAIN_S = 20.0
"""Between two looks at one that showed nothing, or could not be looked at."""
STILL_S = 2.0
"""Between the two looks that tell whether anything moves."""


class Schedule:
    """One leg's."""

    def __init__(self, now: float, chance: Callable[[], float]) -> None:
        """`chance` gives numbers from 0 to 1."""
        self._chance = chance
        self._due = now + self._calm_s()
        self._packets: CameraState | None = None
        self._first = True
        """The next look is the first one at these packets."""

    @property
    def first(self) -> bool:
        """Whether what is seen next is to be compared with later."""
        return self._first

    def due(self, packets: CameraState | None, now: float) -> bool:
        """Whether to look now, as the packets are."""
        if packets != self._packets:
            self._packets, self._first = packets, True
            if packets == "suspect":
                self._due = now
        return packets in ("on", "suspect") and now >= self._due

    def looked(self, verdict: Verdict | None, now: float) -> Verdict | None:
        """A look is over, None without success. What it proves: of a picture that hardly holds any
        information, something seen once proves nothing yet."""
        if verdict is None:
            self._due = now + AGAIN_S
            return None
        if self._packets == "suspect" and verdict == "ok" and self._first:
            self._first, self._due = False, now + STILL_S
            return None
        self._first = True
        self._due = now + (self._calm_s() if verdict == "ok" else AGAIN_S)
        return verdict

    def _calm_s(self) -> float:
        least, most = CALM_S
        return least + (most - least) * self._chance()

"""How long a loop waits before it tries a store again that did not answer."""

from __future__ import annotations

FIRST_S = 0.1
LONGEST_S = 2.0


class Backoff:
    """Twice as long after each failure in a row, up to a limit."""

    def __init__(self) -> None:
        self._next_s = FIRST_S

    def failed(self) -> float:
        """Seconds to wait now."""
        wait, self._next_s = self._next_s, min(2 * self._next_s, LONGEST_S)
        return wait

    def worked(self) -> None:
        self._next_s = FIRST_S

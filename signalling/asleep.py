"""A page that its browser or device put to sleep: no packets come any more, and no word either.

Through the relay the missing packets look like a camera that is off. But a page that is awake says
something every few seconds, so one that is silent as well chose nothing. For a while that is a fault;
after it, and as soon as the page speaks again, the picture is missing like any other.
"""

from __future__ import annotations

SILENT_MS = 25_000
"""A page that said nothing for so long is asleep: two of its pings are missing."""


class Sleep:
    """Whether one member's page sleeps, as far as that excuses a missing picture."""

    def __init__(self, excused_ms: int) -> None:
        self._excused_ms = excused_ms
        self._heard_ms = 0
        self._since_ms: int | None = None
        self._over = False
        """The excuse of this sleep is used up."""

    @property
    def sleeps(self) -> bool:
        """Whether a missing picture is put down to it now."""
        return self._since_ms is not None and not self._over

    @property
    def turned_ms(self) -> int:
        """When it began to be, or ceased to be an excuse; 0 while the page is awake."""
        since_ms = self._since_ms or 0
        return since_ms + self._excused_ms if self._over else since_ms

    def heard(self, now_ms: int) -> bool:
        """The page said something; whether it was asleep until now."""
        slept, self._heard_ms = self.sleeps, now_ms
        self._since_ms, self._over = None, False
        return slept

    def stirred(self) -> None:
        """Packets come again, whether or not the page has a word for it."""
        self._since_ms, self._over = None, False

    def next_deadline(self, ceased_ms: int | None) -> int | None:
        """When the page counts as asleep, or its excuse ends. `ceased_ms`: since when no packets come."""
        if ceased_ms is None or self._over:
            return None
        if self._since_ms is None:
            return max(ceased_ms, self._heard_ms + SILENT_MS)
        return self._since_ms + self._excused_ms

    def woke(self, ceased_ms: int | None, now_ms: int) -> bool:
        """Whether anything has changed by now."""
        due = self.next_deadline(ceased_ms)
        if ceased_ms is None or due is None or now_ms < due:
            return False
        if self._since_ms is None:
            self._since_ms = max(ceased_ms, self._heard_ms)
        else:
            self._over = True
        return True

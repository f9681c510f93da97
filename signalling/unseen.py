"""Whether a member's picture has been missing for so long that the partner may tell them.

Once in a stretch: what was said is said, and the hub's own hints go on.
"""

from __future__ import annotations


class Unseen:
    """Looks at one member; a stretch is known by when it began."""

    def __init__(self, after_ms: int) -> None:
        self._after_ms = after_ms
        self._open_from_ms: int | None = None
        self._told_from_ms: int | None = None

    def open(self, since_ms: int | None) -> bool:
        """Whether the partner may tell them now."""
        return since_ms is not None and since_ms == self._open_from_ms != self._told_from_ms

    def next_deadline(self, since_ms: int | None) -> int | None:
        """When the partner may, if the picture has been missing since then and goes on to be."""
        if since_ms is None or since_ms == self._open_from_ms:
            return None
        return since_ms + self._after_ms

    def woke(self, since_ms: int | None, now_ms: int) -> None:
        due = self.next_deadline(since_ms)
        if due is not None and now_ms >= due:
            self._open_from_ms = since_ms

    def told(self, since_ms: int | None) -> bool:
        """The partner tells them; False if there is nothing to tell, or it was told."""
        if not self.open(since_ms):
            return False
        self._told_from_ms = since_ms
        return True

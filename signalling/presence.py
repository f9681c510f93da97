"""Who is in a seat: absent, here, lost or left.

    absent ─ enter ─► here ─ lose ─► lost ─ enter ─► here
                       └─── leave ───┴──► left ─ enter ─► here

A lost connection shows at once, but is recorded only when the page is not back a moment later, so
that a reload leaves no trace; then with the moment of the loss. A seat counts as held for the grace.
"""

from __future__ import annotations

from enum import Enum

from scheduler.presence import Seen
from signalling.transitions import Transition


class Where(Enum):
    ABSENT = "absent"
    HERE = "here"
    LOST = "lost"
    LEFT = "left"


class Presence:
    """One member's presence in one session."""

    def __init__(self, grace_ms: int) -> None:
        self.where = Where.ABSENT
        self.joined = False
        self._grace_ms = grace_ms
        self._lost_ms = 0
        self._closed = False
        self._record_at_ms: int | None = None
        self._dropped = False
        self._grace_over = False

    @property
    def connected(self) -> bool:
        """A page holds the seat."""
        return self.where is Where.HERE

    @property
    def here(self) -> bool:
        """In the seat, or lost and within the grace."""
        return self.connected or self.stalled

    @property
    def stalled(self) -> bool:
        """Lost, and the seat is held."""
        return self.where is Where.LOST and not self._grace_over

    @property
    def left(self) -> bool:
        return self.where is Where.LEFT

    @property
    def went_ms(self) -> int:
        """When whoever was here and is not any more went; 0 for all others."""
        return self._lost_ms if self.where in (Where.LOST, Where.LEFT) else 0

    def enter(self, now_ms: int) -> list[Transition]:
        """A page takes the seat."""
        seen = self._seen_on_entering()
        self.where = Where.HERE
        self.joined = True
        self._record_at_ms = None
        self._dropped = self._grace_over = False
        return [Transition(seen, now_ms)] if seen else []

    def absent_since(self, at_ms: int) -> bool:
        """Whether the seat has been empty since this moment, without a goodbye."""
        if self.where is Where.LOST:
            return self._lost_ms + self._grace_ms <= at_ms
        return not self.joined

    def lose(self, now_ms: int, record_after_ms: int, *, closed: bool = False) -> None:
        """The page's connection is gone without a goodbye; `closed` in order by the page."""
        if self.where is Where.HERE:
            self.where = Where.LOST
            self._lost_ms = now_ms
            self._closed = closed
            self._record_at_ms = now_ms + record_after_ms

    def leave(self, now_ms: int) -> list[Transition]:
        """The member goes on purpose."""
        if self.where not in (Where.HERE, Where.LOST):
            return []
        self.where = Where.LEFT
        self._lost_ms = now_ms
        self._record_at_ms = None
        self._dropped = self._grace_over = False
        return [Transition(Seen.LEAVE, now_ms)]

    def next_deadline(self) -> int | None:
        if self.where is not Where.LOST:
            return None
        if self._record_at_ms is not None:
            return self._record_at_ms
        return None if self._grace_over else self._lost_ms + self._grace_ms

    def woke(self, now_ms: int) -> list[Transition]:
        """Record a loss that lasts; give the seat up when the grace is over."""
        if self.where is not Where.LOST:
            return []
        self._grace_over = now_ms >= self._lost_ms + self._grace_ms
        if self._record_at_ms is None or now_ms < self._record_at_ms:
            return []
        self._record_at_ms = None
        self._dropped = True
        return [Transition(Seen.DROP, self._lost_ms, closed=self._closed)]

    def replay(self, seen: Seen, at_ms: int) -> None:
        """Take in a line of the session's log, after a hub began anew."""
        match seen:
            case Seen.JOIN | Seen.REJOIN:
                self.enter(at_ms)
            case Seen.LEAVE:
                self.leave(at_ms)
            case Seen.DROP:
                self.lose(at_ms, 0)
                self.woke(at_ms)

    def _seen_on_entering(self) -> Seen | None:
        if not self.joined:
            return Seen.JOIN
        return Seen.REJOIN if self.left or self._dropped else None

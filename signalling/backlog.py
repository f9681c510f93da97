"""What the outbox said lately, so that a page which comes back misses nothing, or is told it did.

A resume is exact or refused, never partial. Offsets are stream ids, `<milliseconds>-<sequence>`.
"""

from __future__ import annotations

from collections import deque

from scheduler.events import AnyEvent

Place = tuple[int, int]
NOWHERE: Place = (0, 0)


def place(offset: str) -> Place | None:
    """An offset as numbers that compare; None for what is no offset."""
    ms, dash, sequence = offset.partition("-")
    plain = ms.isascii() and ms.isdigit() and sequence.isascii() and sequence.isdigit()
    if not dash or not plain or len(offset) > 40:
        return None
    return int(ms), int(sequence)


def earlier(offset: str, by_ms: int) -> str:
    """The offset so much before this one."""
    ms, _ = place(offset) or NOWHERE
    return f"{max(0, ms - by_ms)}-0"


class Backlog:
    """The newest events after `begin`, at most `size` of them.

    Holds every event after its beginning: the invariant that makes a resume exact.
    """

    def __init__(self, epoch: str, begin: str, size: int) -> None:
        self.epoch = epoch
        self.offset = begin
        """The newest offset taken in."""
        self._begin = place(begin) or NOWHERE
        self._size = size
        self._entries: deque[tuple[Place, str, AnyEvent]] = deque()

    def add(self, offset: str, event: AnyEvent) -> bool:
        """Take in the next event; False if it is an old one told again."""
        at = place(offset)
        if at is None or at <= (place(self.offset) or NOWHERE):
            return False
        self._entries.append((at, offset, event))
        self.offset = offset
        if len(self._entries) > self._size:
            self._begin = self._entries.popleft()[0]
        return True

    def after(self, epoch: str, offset: str) -> list[tuple[str, AnyEvent]] | None:
        """Everything after a page's place, or None if that cannot be known any more."""
        at = place(offset)
        if epoch != self.epoch or at is None or at < self._begin:
            return None
        return [(named, event) for when, named, event in self._entries if when > at]

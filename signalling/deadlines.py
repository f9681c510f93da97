"""Who wants to be called when, over thousands of rooms and sockets."""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Deadlines(Generic[K]):
    """One deadline a key; the soonest is found without looking at the others.

    A changed deadline leaves its old entry in the heap, which is skipped when it surfaces.
    """

    def __init__(self) -> None:
        self._at: dict[K, int] = {}
        self._heap: list[tuple[int, int, K]] = []
        self._count = 0

    def set(self, key: K, at_ms: int | None) -> None:
        """The key's deadline from now on; None for none."""
        if self._at.get(key) == at_ms:
            return
        if at_ms is None:
            del self._at[key]
            return
        self._at[key] = at_ms
        self._count += 1
        heapq.heappush(self._heap, (at_ms, self._count, key))

    def next(self) -> int | None:
        """The soonest deadline."""
        while self._heap and self._stale():
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now_ms: int) -> list[K]:
        """The keys whose deadline has come, soonest first; they have none afterwards."""
        found: list[K] = []
        while (at_ms := self.next()) is not None and at_ms <= now_ms:
            key = heapq.heappop(self._heap)[2]
            del self._at[key]
            found.append(key)
        return found

    def _stale(self) -> bool:
        at_ms, _, key = self._heap[0]
        return self._at.get(key) != at_ms

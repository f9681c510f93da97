"""The SFU workers as the hub knows them: who answers, and who has most room."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from media.control import Load


class Fleet:
    """Workers with a live link. A pair goes to the least loaded one."""

    def __init__(self) -> None:
        self._pairs: dict[str, int] = {}
        self._draining: set[str] = set()

    def up(self, worker: str) -> None:
        self._pairs.setdefault(worker, 0)

    def down(self, worker: str) -> None:
        self._pairs.pop(worker, None)
        self._draining.discard(worker)

    def load(self, worker: str, load: Load) -> None:
        """A heartbeat came."""
        self._pairs[worker] = load.pairs
        (self._draining.add if load.draining else self._draining.discard)(worker)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._pairs))

    def __contains__(self, worker: object) -> bool:
        return worker in self._pairs

    def available(self) -> bool:
        """Whether any worker takes pairs."""
        return any(worker not in self._draining for worker in self._pairs)

    def choose(self, avoid: Collection[str] = ()) -> str | None:
        """The least loaded worker, one of `avoid` only if there is no other."""
        open_ones = [worker for worker in self._pairs if worker not in self._draining]
        wanted = [worker for worker in open_ones if worker not in avoid] or open_ones
        if not wanted:
            return None
        best = min(wanted, key=lambda worker: (self._pairs[worker], worker))
        # Counted here at once: many pairs may be placed before the next heartbeat says so.
        self._pairs[best] += 1
        return best

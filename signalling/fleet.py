"""The SFU workers as the hub knows them: who answers, and who has most room."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from media.control import Load

BLIND_FROM = 0.8
"""From this stress on a worker gets blind pairs only, which cost it less than others."""
PAIR_STRESS = 0.005
"""What a pair adds to a worker's stress until its next heartbeat says so: many are placed at once."""


class _Worker(msgspec.Struct):
    pairs: int = 0
    stress: float = 0.0
    placed: int = 0
    """Pairs it got since its last heartbeat."""
    draining: bool = False
    silent: bool = False

    @property
    def open(self) -> bool:
        return not self.draining and not self.silent

    @property
    def expected(self) -> float:
        return self.stress + self.placed * PAIR_STRESS


TURN_MS = 100
TURN_PAIRS = 20
"""So many pairs leave a worker that is gone in each `TURN_MS`, lest all fell the one they go to."""


class Turns:
    """When each of many may go, in the order in which they ask."""

    def __init__(self) -> None:
        self._from_ms = 0
        self._taken = 0

    def next(self, now_ms: int) -> int:
        """The moment of whoever asks now."""
        if now_ms >= self._from_ms + TURN_MS:
            self._from_ms, self._taken = now_ms, 0
        elif self._taken == TURN_PAIRS:
            self._from_ms, self._taken = self._from_ms + TURN_MS, 0
        self._taken += 1
        return max(now_ms, self._from_ms)


class Fleet:
    """Workers with a live link. A pair goes to the one with the least to do."""

    def __init__(self) -> None:
        self._workers: dict[str, _Worker] = {}
        self.turns = Turns()

    def up(self, worker: str) -> None:
        """A worker's first word, or its first after some silence."""
        self._workers.setdefault(worker, _Worker()).silent = False

    def silent(self, worker: str) -> None:
        """Heartbeats do not come: no new pairs until they do."""
        if worker in self._workers:
            self._workers[worker].silent = True

    def down(self, worker: str) -> None:
        self._workers.pop(worker, None)

    def load(self, worker: str, load: Load) -> bool:
        """A heartbeat came; whether it says for the first time that the worker drains, or does not."""
        known = self._workers.setdefault(worker, _Worker())
        turned = known.draining is not load.draining
        known.pairs, known.stress, known.placed = load.pairs, load.stress, 0
        known.draining, known.silent = load.draining, False
        return turned

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._workers))

    def __contains__(self, worker: object) -> bool:
        return worker in self._workers

    def available(self) -> bool:
        """Whether any worker takes pairs."""
        return any(worker.open for worker in self._workers.values())

    def drains(self, worker: str) -> bool:
        """Whether this worker is about to end."""
        return worker in self._workers and self._workers[worker].draining

    def stressed(self, worker: str) -> bool:
        """Whether this worker should see blind pairs only."""
        return worker in self._workers and self._workers[worker].expected >= BLIND_FROM

    def spare(self, avoid: Collection[str]) -> str | None:
        """Which worker a pair would go to if its own failed; nothing is counted yet."""
        return min(
            (name for name in self._open() if name not in avoid), key=self._rank, default=None
        )

    def choose(self, avoid: Collection[str] = (), first: str | None = None) -> str | None:
        """The worker with the least to do, one of `avoid` only if there is no other. `first` is who
        was chosen beforehand, if that one is still fit."""
        found = first if self._fit(first, avoid) else self.spare(avoid) or self.spare(())
        if found is None:
            return None
        # Counted here at once: many pairs may be placed before the next heartbeat says so.
        self._workers[found].pairs += 1
        self._workers[found].placed += 1
        return found

    def _fit(self, worker: str | None, avoid: Collection[str]) -> bool:
        return worker in self._open() and worker not in avoid and not self.stressed(worker or "")

    def _open(self) -> list[str]:
        return [name for name, worker in self._workers.items() if worker.open]

    def _rank(self, name: str) -> tuple[int, int, str]:
        """Tenths of stress first, so that what is measured twice is not taken for a difference."""
        worker = self._workers[name]
        return int(worker.expected * 10), worker.pairs, name

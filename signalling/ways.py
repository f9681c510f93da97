"""Which way a pair may take: from page to page, or by a worker, and what the worker may see."""

from __future__ import annotations

from signalling.fleet import Fleet
from signalling.wire import Path


class Ways:
    """What the two members and the instance allow, and what has failed before."""

    def __init__(self, fleet: Fleet, *, direct: bool, turn: bool, private: bool) -> None:
        self.direct_allowed = direct
        """Pages may learn each other's network addresses."""
        self.direct_failed = False
        self.private = private
        """A member wants that no worker can see or hear the two."""
        self._fleet = fleet
        self._turn = turn
        self._disputed = False
        self._refused: set[int] = set()

    def dispute(self) -> None:
        """The pages contradicted each other on the direct path: packets are to be seen from now on."""
        self._disputed = self.direct_failed = True
        self._refused = set()

    def refused(self, side: int) -> None:
        """A page says that it does not reach the relay."""
        self._refused.add(side)

    def reached(self) -> None:
        """Both pages are connected: what they said of failures before is past."""
        self._refused = set()

    def choose(self, *, again: bool) -> Path | None:
        """The best path; `again` tries the direct one once more though it failed. After a dispute one
        page alone does not get the pair back there."""
        again = again and (not self._disputed or len(self._refused) == 2)
        if self.direct_allowed and (not self.direct_failed or again):
            return "direct"
        if self._fleet.available():
            return "relay"
        return "direct" if self.direct_allowed or self._turn else None

    def blind(self, worker: str) -> bool:
        """Whether this worker shall forward what it cannot read."""
        return self.private or self._fleet.stressed(worker)

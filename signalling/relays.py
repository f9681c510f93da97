"""The workers a pair is on: the newest relay, those it left, and the one it would go to next.

The relay of the last generation goes on carrying until the newest one does, and is closed then.
The spare is chosen when a relay settles, so that nothing is left to decide when its worker dies. Its
legs are not opened beforehand: that would save the one round trip between hub and worker, a
millisecond or two of several hundred, and keep two legs of each pair idle on every worker.
"""

from __future__ import annotations

from media import control
from signalling.commands import TellWorker
from signalling.fleet import Fleet
from signalling.legs import Legs


class Relays:
    """A pair's legs, on whichever workers."""

    def __init__(self, pair: str, fleet: Fleet) -> None:
        self.legs: Legs | None = None
        """The relay that carries, or will carry, the newest generation."""
        self._pair = pair
        self._fleet = fleet
        self._avoid: set[str] = set()
        self._spare: str | None = None
        self._stale: list[Legs] = []

    def on(self, worker: str) -> bool:
        """Whether the newest relay is this worker's."""
        return self.legs is not None and self.legs.worker == worker

    def elsewhere(self) -> bool:
        """Whether another worker than this relay's takes pairs."""
        return self._fleet.spare({self.legs.worker} if self.legs else ()) is not None

    def choose(self) -> str:
        """The worker of the next relay; there must be one."""
        worker = self._fleet.choose(self._avoid, self._spare)
        assert worker is not None, "a fleet that is available chooses"
        return worker

    def open(self, worker: str, gen: int, *, blind: bool) -> TellWorker:
        """Ask for the legs of this generation."""
        self.legs = Legs(worker, gen)
        ask = control.OpenPair(pair=self._pair, gen=gen, blind=blind, moved=gen > 1)
        return TellWorker(worker, ask)

    def adopt(self, worker: str, gen: int, ends: tuple[control.Leg, control.Leg]) -> None:
        """The relay of an earlier hub."""
        self.legs = Legs(worker, gen)
        self.legs.opened(ends)

    def leave(self) -> None:
        """Another generation is built; what carries now goes on until it is."""
        if self.legs is not None:
            self._stale.append(self.legs)
            self.legs = None

    def shun(self) -> None:
        """The next relay is to be another worker's, if there is one."""
        if self.legs is not None:
            self._avoid = {self.legs.worker}

    def settle(self) -> list[TellWorker]:
        """The newest generation carries: close the others, and choose whom to turn to next."""
        self._avoid = set()
        self._spare = self._fleet.spare({self.legs.worker}) if self.legs else None
        stale, self._stale = self._stale, []
        return [self._close(legs) for legs in stale]

    def stop(self) -> list[TellWorker]:
        """The pair parts."""
        self.leave()
        return self.settle()

    def lost(self, worker: str) -> None:
        """A worker is gone, and what it carried."""
        self._stale = [legs for legs in self._stale if legs.worker != worker]

    def claim(self, *, blind: bool) -> list[TellWorker]:
        """Ask the relay for its legs again: it answers with all that is so of them by now."""
        if self.legs is None:
            return []
        ask = control.OpenPair(pair=self._pair, gen=self.legs.gen, blind=blind)
        return [TellWorker(self.legs.worker, ask)]

    def look_for(self, worker: str, gen: int) -> TellWorker:
        """Ask a worker whether it carries what an earlier hub made."""
        return TellWorker(worker, control.ClaimPair(pair=self._pair, gen=gen))

    def restart(self, side: int) -> list[TellWorker]:
        """New credentials for one leg."""
        if self.legs is None:
            return []
        ask = control.RestartLeg(pair=self._pair, gen=self.legs.gen, side=1 if side else 0)
        return [TellWorker(self.legs.worker, ask)]

    def _close(self, legs: Legs) -> TellWorker:
        return TellWorker(legs.worker, control.ClosePair(pair=self._pair, gen=legs.gen))

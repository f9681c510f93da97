"""Who testifies that media does not come, and what two witnesses or one are good for.

    direct   one page silent                            restart ICE
    relay    both pages silent                          another worker
             one page silent, the worker does not beat  another worker
             the worker does not beat for longer        another worker
             one page silent                            restart that page's leg
             nothing comes from one page                restart that page's leg

A page's word is a testimony, not a verdict: it never moves a pair alone, and nobody is judged by it.
A testimony is acted upon once; it counts again after it was taken back.
"""

from __future__ import annotations

import msgspec

from signalling.restart import MINUTE_MAX, Spacing

MOVE_EVERY_MS = 5_000
"""Pairs move by testimony no oftener than this."""
ALONE_MS = 1_000
"""Without any page's word a worker that does not beat is left after this; pages may be unable to speak."""


class Verdict(msgspec.Struct, frozen=True):
    """Restart ICE on these sides."""

    sides: tuple[int, ...] = ()
    gives_way: bool = True
    """Whether a restart that brings nothing is followed by the next generation."""


NOTHING = Verdict()


class Watchdog:
    """Collects testimonies about one generation."""

    def __init__(self) -> None:
        self._silent: set[int] = set()
        self._stalled: set[int] = set()
        self._answered: set[tuple[str, int]] = set()
        self._missing_ms: int | None = None
        self._moves = Spacing(MOVE_EVERY_MS, MINUTE_MAX)

    def anew(self) -> None:
        """Another connection: what was said of the last one is void."""
        self._missing_ms = None
        self.recovered()

    def recovered(self) -> None:
        """Media came again."""
        self._silent, self._stalled, self._answered = set(), set(), set()

    # Testimonies.

    def page(self, side: int, silent: bool) -> None:
        """A page misses its partner's media, or does not any more."""
        self._note("silent", self._silent, side, silent)

    def leg(self, side: int, stalled: bool) -> None:
        """The worker hears nothing from this side's page, or hears it again."""
        self._note("stalled", self._stalled, side, stalled)

    def worker(self, missing: bool, now_ms: int) -> None:
        """The worker's heartbeats do not come, or come again."""
        if not missing:
            self._missing_ms = None
        elif self._missing_ms is None:
            self._missing_ms = now_ms

    def _note(self, what: str, noted: set[int], side: int, so: bool) -> None:
        if so:
            noted.add(side)
        else:
            noted.discard(side)
            self._answered.discard((what, side))

    # Verdicts.

    def move_ms(self) -> int | None:
        """When the pair is to leave its worker, as things are."""
        if len(self._silent) == 2 or (self._silent and self._missing_ms is not None):
            return self._moves.free_ms()
        if self._missing_ms is None:
            return None
        return max(self._missing_ms + ALONE_MS, self._moves.free_ms())

    def moves(self, now_ms: int, *, possible: bool) -> bool:
        """Whether the pair is to leave its worker now; if so, it is accounted for."""
        due_ms = self.move_ms()
        return possible and due_ms is not None and now_ms >= due_ms and self._moves.take(now_ms)

    def on_relay(self) -> Verdict:
        """What else follows on the relay. Each verdict is given once."""
        if self._missing_ms is not None or len(self._silent) == 2:
            return NOTHING
        if len(self._stalled) == 1 and (stalled := self._unanswered("stalled", self._stalled)):
            return Verdict(stalled)
        silent = self._unanswered("silent", self._silent)
        return Verdict(silent, gives_way=False) if silent else NOTHING

    def on_direct(self) -> Verdict:
        """What follows on the direct path."""
        return Verdict((0, 1)) if self._unanswered("silent", self._silent) else NOTHING

    def _unanswered(self, what: str, sides: set[int]) -> tuple[int, ...]:
        """Testimonies that nothing followed from yet; from now on something has."""
        found = tuple(side for side in sorted(sides) if (what, side) not in self._answered)
        self._answered |= {(what, side) for side in found}
        return found

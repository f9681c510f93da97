"""The two legs of a relayed generation, and whether they still carry anything."""

from __future__ import annotations

from media.control import Leg

GONE_MS = 2_000
"""After one leg is gone both pages build anew, unless the page that went is on its way out."""
BOTH_SILENT_MS = 1_000
"""Both legs silent at once is the worker's or the network's fault: leave it sooner."""

Ends = tuple[Leg, Leg]


class Legs:
    """A relay by one worker for one generation."""

    def __init__(self, worker: str, gen: int) -> None:
        self.worker = worker
        self.gen = gen
        self.ends: Ends | None = None
        """How browsers reach the two sides; unknown until the worker answers."""
        self.trouble_ms: int | None = None
        """When to give this relay up, if nothing gets better."""
        self._states = ["new", "new"]
        self._known: list[tuple[int, Leg]] = []

    @property
    def blind(self) -> bool:
        """Whether the worker forwards what it cannot read: then it shows no fingerprint of its own."""
        return self.ends is not None and not self.ends[0].fingerprint

    def opened(self, ends: Ends) -> None:
        """The worker made the legs, or still has them."""
        self.ends = ends
        self._known += enumerate(ends)

    def restarted(self, side: int, leg: Leg) -> None:
        """One leg has new credentials; until a page uses them, the old ones hold."""
        if self.ends is not None:
            self.opened((leg, self.ends[1]) if side == 0 else (self.ends[0], leg))

    def knows(self, ends: Ends) -> bool:
        """Whether pages were told of these ends: those before a restart may still be in use."""
        return all(end in self._known for end in enumerate(ends))

    def heard(self, side: int, state: str, now_ms: int) -> None:
        """The worker says how a leg is."""
        self._states[side] = state
        patience_ms = self._patience_ms()
        if patience_ms is None:
            self.trouble_ms = None
        else:
            self.trouble_ms = min(self.trouble_ms or now_ms + patience_ms, now_ms + patience_ms)

    def stalled(self, side: int) -> bool:
        """Whether nothing comes from this side."""
        return self._states[side] == "stalled"

    def _patience_ms(self) -> int | None:
        if all(state in ("stalled", "gone") for state in self._states):
            return BOTH_SILENT_MS
        return GONE_MS if "gone" in self._states else None

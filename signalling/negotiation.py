"""Generations, paths and deadlines of a pair's connection.

    idle ─ both here ─► running (direct) ─ both connected ─► settled
                           │ budget over, failed                │ failed, legs gone,
                           ▼                                    ▼ a page rebuilt
         waiting ──► opening ─ legs ─► running (relay) ─ both connected ─► settled

Every step forward is a new generation: both pages build a new connection beside the old one, and
what belongs to an older generation is ignored. The direct path has its budget; then the relay takes
over. A relay that fails is tried again on another worker, ever more slowly. Every phase but idle and
settled has a deadline.
"""

from __future__ import annotations

from enum import Enum

import msgspec

from media import control
from signalling.commands import AnyCommand, Count, Observe, TellWorker
from signalling.fleet import Fleet
from signalling.legs import Legs
from signalling.wire import Path

OPEN_MS = 2_000
"""A worker answers within this, or another one is asked."""
RELAY_MS = 10_000
"""Both pages reach the relay within this."""
DIRECT_ALONE_MS = 15_000
"""The direct path's budget when there is nothing to fall back to."""
RETRY_MS = (0, 1_000, 2_000, 4_000, 8_000, 15_000)
"""Pauses before the first, second … try again after a failure."""
FIRST_FRAME_MAX_MS = 60_000
GENERATION_MAX = 1_000_000
"""Higher ones than any hub counts to; a page that names one is not believed."""
STALE_STEP = 100
"""How far to jump over generations that a worker still knows from an earlier hub."""


class Phase(Enum):
    IDLE = "idle"
    """Nothing to do until both pages are here."""
    WAITING = "waiting"
    """A pause before the next try, or no path to try."""
    CLAIMING = "claiming"
    """Both pages hold a relayed connection that an earlier hub made: whose is it?"""
    OPENING = "opening"
    """A worker makes the legs."""
    RUNNING = "running"
    """Both pages build this generation."""
    SETTLED = "settled"
    """Both pages have the partner's media."""


HELD = (Phase.RUNNING, Phase.SETTLED, Phase.CLAIMING)
"""Pages have this generation, or are building it."""


class Announce(msgspec.Struct, frozen=True):
    """Tell both pages to build this generation."""

    gen: int
    path: Path
    relay_only: bool = False


Step = list[Announce | AnyCommand]


class Negotiation:
    """One pair's connection, as far as the hub decides it."""

    def __init__(
        self, pair: str, fleet: Fleet, *, direct: bool, turn: bool, budget_ms: int, gen: int = 0
    ) -> None:
        self.gen = gen
        self.path: Path = "direct"
        self.phase = Phase.IDLE
        self.legs: Legs | None = None
        """The relay that carries, or will carry, this generation."""
        self._pair = pair
        self._fleet = fleet
        self._direct_allowed = direct
        self._direct_failed = False
        self._relay_only = False
        """Whether this generation's direct path goes by TURN alone."""
        self._turn = turn
        self._budget_ms = budget_ms
        self._both_here = False
        self._deadline_ms: int | None = None
        self._since_ms = 0
        self._failures = 0
        self._avoid: set[str] = set()
        self._connected: set[int] = set()
        self._stale: list[Legs] = []
        """Relays of older generations. A worker keeps the last one beside the newest; closed when that
        carries."""

    def forbid_direct(self) -> None:
        """A member hides the address: for good, as an older look-up may still be on its way."""
        self._direct_allowed = False

    # The two pages come and go.

    def joined(self, now_ms: int, *, keeps: bool) -> Step:
        """Both pages are in their seats; the one that came `keeps` its connection, or has none."""
        self._both_here = True
        if keeps and self.phase is not Phase.IDLE:
            return []
        self._since_ms = now_ms
        return self._next(now_ms)

    def go_on(self, now_ms: int) -> Step:
        """The two go on in another session: nothing changes, unless an address is hidden by now."""
        return self._next(now_ms) if self._exposes() and self.phase in HELD else []

    def parted(self) -> None:
        """One page is away; a running try may still succeed, a failed one is not repeated."""
        self._both_here = False

    def keeps(self, gen: int) -> bool:
        """Whether a page that still has this generation needs no new one."""
        settled = self.phase in (Phase.SETTLED, Phase.CLAIMING)
        return gen == self.gen and settled and not self._exposes()

    def reaches(self, gen: int) -> None:
        """A page names a generation of an earlier hub: count on from there."""
        if self.phase is Phase.IDLE and gen <= GENERATION_MAX:
            self.gen = max(self.gen, gen)

    def adopt(self, gen: int, path: Path, now_ms: int) -> Step | None:
        """Both pages hold this connection, made by an earlier hub: leave it alone, if that may be."""
        if self.phase is not Phase.IDLE or not 0 < gen <= GENERATION_MAX:
            return None
        if path == "direct" and not self._direct_allowed:
            return None
        self.gen, self.path, self._both_here = gen, path, True
        return self._look_for_legs(now_ms) if path == "relay" else self._rest(Phase.SETTLED)

    def _look_for_legs(self, now_ms: int) -> Step:
        """Any worker may carry it; links to workers may still be on their way up."""
        self.phase = Phase.CLAIMING
        self._since_ms, self._deadline_ms = now_ms, now_ms + OPEN_MS
        self._direct_failed = True  # Or the pair would not be on a relay.
        return [self._ask_for_legs(worker) for worker in self._fleet]

    def _ask_for_legs(self, worker: str) -> TellWorker:
        return TellWorker(worker, control.ClaimPair(pair=self._pair, gen=self.gen))

    def stop(self) -> Step:
        """The pair parts: forget the relays."""
        self._rest()
        gone = [*self._stale, *([self.legs] if self.legs else [])]
        self._stale, self.legs = [], None
        return [self._forget(legs) for legs in gone]

    # What pages say.

    def connected(self, side: int, gen: int, first_frame_ms: int, now_ms: int) -> Step:
        """A page has the partner's media by this generation."""
        if gen != self.gen or self.phase is not Phase.RUNNING or side in self._connected:
            return []
        self._connected.add(side)
        took_s = min(max(first_frame_ms, 0), FIRST_FRAME_MAX_MS) / 1000
        step: Step = [Observe("first_frame", self.path, took_s)]
        return step + self._settle(now_ms) if len(self._connected) == 2 else step

    def failed(self, gen: int, now_ms: int) -> Step:
        """A page's connection of this generation did not come, or died."""
        if gen != self.gen or self.phase not in HELD:
            return []
        return self._fail(now_ms, "page")

    # What workers say.

    def opened(
        self, worker: str, gen: int, legs: tuple[control.Leg, control.Leg], now_ms: int
    ) -> Step:
        """A worker made the legs, or still has them."""
        if self.phase is Phase.CLAIMING and gen == self.gen:
            self.legs = Legs(worker, gen)
            self.legs.ends = legs
            return self._rest(Phase.SETTLED)
        mine = self.legs
        if mine is None or gen != self.gen or worker != mine.worker:
            return []
        if self.phase is Phase.OPENING:
            mine.ends = legs
            return self._run("relay", RELAY_MS, now_ms)
        # The answer to a claim: a worker that began anew has other legs, which no page knows.
        return [] if mine.ends == legs else self._fail(now_ms, "worker")

    def refused(self, worker: str, gen: int, code: str, now_ms: int) -> Step:
        """A worker is full or draining, or an earlier hub of this pair counted further."""
        if gen != self.gen or self.phase is not Phase.OPENING or not self._on(worker):
            return []
        if code == "stale":
            self.gen += STALE_STEP
        return self._fail(now_ms, "refused")

    def worker_down(self, worker: str, now_ms: int) -> Step:
        """A worker does not answer: move to another one if there is one, else wait for this one."""
        self._stale = [legs for legs in self._stale if legs.worker != worker]
        if not self._on(worker) or not self._fleet.available():
            return []
        return self._fail(now_ms, "worker")

    def worker_up(self, worker: str) -> list[TellWorker]:
        """A worker answers again: claim the pair before it counts as an orphan."""
        if self.phase is Phase.CLAIMING:
            return [self._ask_for_legs(worker)]
        return self.claim() if self._on(worker) else []

    def claim(self) -> list[TellWorker]:
        """Ask the relay for its legs again: it answers with all that is so of them by now."""
        if self.legs is None:
            return []
        return [TellWorker(self.legs.worker, control.OpenPair(pair=self._pair, gen=self.gen))]

    def leg(self, gen: int, side: int, state: str, now_ms: int) -> None:
        """One leg of the relay changed."""
        if self.legs is not None and gen == self.gen:
            self.legs.heard(side, state, now_ms)

    # Time.

    def next_deadline(self) -> int | None:
        trouble = self.legs.trouble_ms if self.legs is not None and self._both_here else None
        due = [at for at in (self._deadline_ms, trouble) if at is not None]
        return min(due, default=None)

    def woke(self, now_ms: int) -> Step:
        """Act on what did not come in time."""
        due = self.next_deadline()
        if due is None or now_ms < due:
            return []
        if not self._both_here:
            return self._rest()
        if self._deadline_ms is None or now_ms < self._deadline_ms:
            return self._fail(now_ms, "legs")
        if self.phase is Phase.WAITING:
            return self._next(now_ms)
        return self._fail(now_ms, "deadline")

    # Steps.

    def _fail(self, now_ms: int, reason: str) -> Step:
        if self.legs is not None:
            self._avoid = {self.legs.worker}
        counted = Count("ice", ("failed", self.path, reason))
        if self.path == "direct" and not self._direct_failed:
            self._direct_failed = True
            return [counted, *self._next(now_ms)]
        pause_ms = RETRY_MS[min(self._failures, len(RETRY_MS) - 1)]
        self._failures += 1
        return [counted, *(self._wait(pause_ms, now_ms) if pause_ms else self._next(now_ms))]

    def _rest(self, phase: Phase = Phase.IDLE) -> Step:
        self.phase = phase
        self._deadline_ms = None
        return []

    def _wait(self, pause_ms: int, now_ms: int) -> Step:
        self.phase = Phase.WAITING
        self._deadline_ms = now_ms + pause_ms
        if self.legs is not None:
            self.legs.trouble_ms = None
        return []

    def _next(self, now_ms: int) -> Step:
        """Begin the next generation on the best path there is."""
        if self.legs is not None:
            self._stale.append(self.legs)
            self.legs = None
        self.gen += 1
        self._connected = set()
        match self._choose():
            case "relay":
                return self._open(now_ms)
            case "direct":
                has_relay = self._fleet.available()
                return self._run(
                    "direct", self._budget_ms if has_relay else DIRECT_ALONE_MS, now_ms
                )
            case _:
                return self._wait(OPEN_MS, now_ms)

    def _choose(self) -> Path | None:
        again = self._failures >= 2 and self.path == "relay"
        if self._direct_allowed and (not self._direct_failed or again):
            return "direct"
        if self._fleet.available():
            return "relay"
        return "direct" if self._direct_allowed or self._turn else None

    def _open(self, now_ms: int) -> Step:
        worker = self._fleet.choose(self._avoid)
        assert worker is not None, "a fleet that is available chooses"
        self.path, self.phase = "relay", Phase.OPENING
        self._deadline_ms = now_ms + OPEN_MS
        self.legs = Legs(worker, self.gen)
        return [TellWorker(worker, control.OpenPair(pair=self._pair, gen=self.gen))]

    def _run(self, path: Path, budget_ms: int, now_ms: int) -> Step:
        self.path, self.phase = path, Phase.RUNNING
        self._deadline_ms = now_ms + budget_ms
        self._relay_only = path == "direct" and not self._direct_allowed
        return [Announce(self.gen, path, self._relay_only)]

    def _exposes(self) -> bool:
        """Whether this generation shows an address that is hidden by now."""
        return self.path == "direct" and not self._direct_allowed and not self._relay_only

    def _settle(self, now_ms: int) -> Step:
        self.phase = Phase.SETTLED
        self._deadline_ms = None
        self._failures = 0
        self._avoid = set()
        stale, self._stale = self._stale, []
        took_s = max(0, now_ms - self._since_ms) / 1000
        return [
            Count("ice", ("ok", self.path, "")),
            Observe("join", self.path, took_s),
            *(self._forget(legs) for legs in stale),
        ]

    def _forget(self, legs: Legs) -> TellWorker:
        return TellWorker(legs.worker, control.ClosePair(pair=self._pair, gen=legs.gen))

    def _on(self, worker: str) -> bool:
        return self.legs is not None and self.legs.worker == worker

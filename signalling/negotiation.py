"""A pair's connection as pages and workers know it: its generations, and how one is kept alive.

    settled ─ a page silent or failed, a leg stalled ─► restarting ─ back ─► settled
       │                                                    │ nothing within its budget
       └─ worker gone or draining, two witnesses, dispute ──┴──────────────► the next generation

A restart keeps the generation and counts rounds (`restart`); what else happens goes from generation to
generation (`generations`). Whose word is good for what is for the `watchdog` to say. Nothing here is a
member's fault, and nothing of it is recorded.
"""

from __future__ import annotations

import zlib

from media import control
from signalling.commands import Count
from signalling.fleet import Fleet
from signalling.generations import Generations
from signalling.legs import Ends
from signalling.restart import BUDGET_MS, Restarts
from signalling.steps import HELD, LASTING, Phase, Step
from signalling.watchdog import Verdict, Watchdog

DRAIN_SPREAD_MS = 2_000
"""The pairs of a worker that drains leave it within this, not all at once."""


class Negotiation(Generations):
    """One pair's connection, as far as the hub decides it."""

    def __init__(
        self,
        pair: str,
        fleet: Fleet,
        *,
        direct: bool,
        turn: bool,
        budget_ms: int,
        gen: int = 0,
        private: bool = False,
    ) -> None:
        super().__init__(
            pair, fleet, direct=direct, turn=turn, budget_ms=budget_ms, gen=gen, private=private
        )
        self._watchdog = Watchdog()
        self._restarts = Restarts()
        self._leave_ms: int | None = None
        """When to leave a worker that drains."""
        self._flee_ms: int | None = None
        """When it is this pair's turn to leave a worker that is gone."""
        self._disputed = False

    @property
    def round(self) -> int:
        """Counts this generation's restarts."""
        return self._restarts.round

    def stop(self) -> Step:
        """The pair parts. Its rounds do not begin anew within a generation."""
        stopped = super().stop()
        self.gen += 1
        return stopped

    # What pages say.

    def described(self, side: int) -> None:
        """The hub has this page's description of this generation."""
        self._restarts.described(side)

    def connected(
        self,
        side: int,
        gen: int,
        first_frame_ms: int,
        now_ms: int,
        *,
        gap_ms: int = 0,
        round: int = 0,
    ) -> Step:
        """A page has the partner's media by this generation, or again after a restart."""
        if gen != self.gen or round != self.round:
            return []
        if self.phase is Phase.RESTARTING:
            return self._back(side, gap_ms)
        return super().connected(side, gen, first_frame_ms, now_ms, gap_ms=gap_ms)

    def failed(self, side: int, gen: int, now_ms: int, *, round: int = 0) -> Step:
        """A page's connection of this generation did not come, or died."""
        if gen != self.gen:
            return []
        if self.path == "relay":
            self._ways.refused(side)
        return self._failed(side, round, now_ms) if self.phase in HELD else []

    def _failed(self, side: int, round: int, now_ms: int) -> Step:
        if self.phase is Phase.RESTARTING and round < self.round and side in self._restarts.sides:
            return []  # It said so before it heard that the restart is under way.
        if self.phase is not Phase.SETTLED:
            return self._fail(now_ms, "page", asked=self.phase in LASTING)
        sides = (side,) if self.path == "relay" else (0, 1)
        if self.path == "relay" or self._both_here:
            return self._begin_restart(sides, now_ms) or self._fail(now_ms, "page", asked=True)
        self._watchdog.page(side, True)
        return []

    def silent(self, side: int, gen: int, silent: bool, now_ms: int) -> Step:
        """A page misses its partner's media, or has it again."""
        if gen != self.gen:
            return []
        self._watchdog.page(side, silent)
        return self._look(now_ms)

    @property
    def may_dispute(self) -> bool:
        """Whether a direct connection can give way to a relay that sees more; once a session."""
        direct = self.path == "direct" and self.phase is Phase.SETTLED and self._both_here
        return direct and not self._disputed and self._fleet.available()

    def dispute(self, now_ms: int) -> Step:
        """The pages contradict each other about a camera: let the relay see."""
        if not self.may_dispute:
            return []
        self._disputed = True
        self._ways.dispute()
        return self._next(now_ms, None)

    # What workers say.

    def opened(self, worker: str, gen: int, ends: Ends, now_ms: int) -> Step:
        step = super().opened(worker, gen, ends, now_ms)
        if self._fleet.drains(worker) and self._leave_ms is None:
            self.worker_drains(worker, now_ms)
        return step

    def restarted(self, worker: str, gen: int, side: int, leg: control.Leg) -> Step:
        """A leg has new credentials: its page may restart."""
        restarting = self.phase is Phase.RESTARTING and side in self._restarts.sides
        if self.legs is None or gen != self.gen or not (restarting and self._relays.on(worker)):
            return []
        self.legs.restarted(side, leg)
        return [self._announce(self.round, side)]

    def worker_down(self, worker: str, now_ms: int) -> Step:
        """A worker is gone: move to another one if there is one, else wait for this one."""
        self._relays.lost(worker)
        if not self._relays.on(worker):
            return []
        self._watchdog.worker(missing=True, now_ms=now_ms)
        return self._flee(now_ms, "worker") if self._fleet.available() else []

    def worker_silent(self, worker: str, now_ms: int) -> Step:
        """A worker does not beat. What nobody sees yet moves at once, a call by two witnesses."""
        if not self._relays.on(worker):
            return []
        self._watchdog.worker(missing=True, now_ms=now_ms)
        if self.phase in (Phase.OPENING, Phase.RUNNING) and self._fleet.available():
            return self._flee(now_ms, "worker")
        return self._look(now_ms)

    def worker_up(self, worker: str, now_ms: int) -> Step:
        """A worker answers again: claim the pair before it counts as an orphan."""
        if self.phase is Phase.CLAIMING:
            return [self._relays.look_for(worker, self.gen)]
        if not self._relays.on(worker):
            return []
        self._watchdog.worker(missing=False, now_ms=now_ms)
        self._flee_ms = None
        return [*self.claim()]

    def worker_drains(self, worker: str, now_ms: int) -> None:
        """A worker is about to end, or is not any more."""
        if self._relays.on(worker):
            later_ms = zlib.crc32(self._pair.encode()) % DRAIN_SPREAD_MS
            self._leave_ms = now_ms + later_ms if self._fleet.drains(worker) else None

    def leg(self, gen: int, side: int, state: str, now_ms: int) -> Step:
        """One leg of the relay changed."""
        if self.legs is None or gen != self.gen or self.phase not in HELD:
            return []
        self.legs.heard(side, state, now_ms)
        self._watchdog.leg(side, state == "stalled")
        if state == "gone" and side in self._restarts.sides and self._restarts.gives_way:
            return self._fail(now_ms, "legs", asked=True)  # There is nothing to restart.
        return self._look(now_ms)

    # Time.

    def next_deadline(self) -> int | None:
        due = [super().next_deadline(), self._flee_ms]
        if self._both_here:
            due += [self.legs.trouble_ms if self.legs else None, self._move_ms(), self._drain_ms()]
        return min((at for at in due if at is not None), default=None)

    def _act(self, now_ms: int) -> Step:
        if _is_due(self._flee_ms, now_ms):
            return self._fail(now_ms, "worker", "sfu_fail")
        if _is_due(self._deadline_ms, now_ms):
            return self._late(now_ms)
        if self.legs is not None and _is_due(self.legs.trouble_ms, now_ms):
            return self._fail(now_ms, "legs", asked=True)
        if _is_due(self._drain_ms(), now_ms):
            return self._move_on(now_ms, "drain")
        return self._look(now_ms)

    def _late(self, now_ms: int) -> Step:
        if self.phase is not Phase.RESTARTING:
            return super()._late(now_ms)
        if self._both_here and self._restarts.gives_way and self._flee_ms is None:
            return self._fail(now_ms, "restart", asked=True)
        return self._rest(Phase.SETTLED)

    def _move_ms(self) -> int | None:
        """When two witnesses, or one who waited, move the pair to another worker."""
        lasts = self.phase in (Phase.SETTLED, Phase.RESTARTING)
        watched = lasts and self.path == "relay" and self._fleet.available() and not self._flee_ms
        return self._watchdog.move_ms() if watched else None

    def _drain_ms(self) -> int | None:
        """When to leave a worker that drains; only if there is somewhere to go."""
        leaves = self.phase is Phase.SETTLED and self._relays.elsewhere()
        return self._leave_ms if leaves else None

    # Testimonies.

    def _look(self, now_ms: int) -> Step:
        """What the witnesses have said by now, and what follows."""
        lasts = self.phase in (Phase.SETTLED, Phase.RESTARTING)
        if not lasts or not self._both_here or self._flee_ms is not None:
            return []
        if self.path == "relay" and self._watchdog.moves(now_ms, possible=self._fleet.available()):
            return self._flee(now_ms, "witnesses")
        if self.phase is Phase.RESTARTING:
            return []
        on_relay = self.path == "relay"
        verdict = self._watchdog.on_relay() if on_relay else self._watchdog.on_direct()
        return self._obey(verdict, now_ms)

    def _obey(self, verdict: Verdict, now_ms: int) -> Step:
        if not verdict.sides:
            return []
        step = self._begin_restart(verdict.sides, now_ms, gives_way=verdict.gives_way)
        # On the relay the page itself says when it gives up; it may be the other one that sleeps.
        alone = self.path == "direct"
        return step or (self._fail(now_ms, "silent", asked=True) if alone else [])

    def _flee(self, now_ms: int, reason: str) -> Step:
        """Leave a worker that is gone. Its other pairs do, too: each waits for its turn."""
        if self._flee_ms is None:
            self._flee_ms = self._fleet.turns.next(now_ms)
        return self._fail(now_ms, reason, "sfu_fail") if now_ms >= self._flee_ms else []

    # Restarts.

    def _begin_restart(
        self, sides: tuple[int, ...], now_ms: int, *, gives_way: bool = True
    ) -> Step:
        """Restart ICE if that may be now; nothing otherwise."""
        possible = self.path == "direct" or self._restarts.answerable(sides)
        if self._unwanted() or not possible:
            return []
        begun = self._restarts.take(sides, now_ms, gives_way=gives_way)
        return self._restart_now(now_ms) if begun else []

    def _restart_now(self, now_ms: int) -> Step:
        self.phase, self._deadline_ms = Phase.RESTARTING, now_ms + BUDGET_MS
        if self.path == "direct":
            return [self._announce(self.round)]
        return [ask for side in self._restarts.sides for ask in self._relays.restart(side)]

    def _resumed(self, now_ms: int) -> Step:
        """A page is back with its connection; what was said to it meanwhile is lost."""
        if self.phase is not Phase.RESTARTING:
            return self._look(now_ms)
        if not self._restarts.again():
            return self._fail(now_ms, "restart", asked=True)
        return self._restart_now(now_ms)

    def _back(self, side: int, gap_ms: int) -> Step:
        """A page has media again after a restart."""
        step = self._gap("ice_restart", gap_ms) if self._restarts.back(side) else []
        if not self._restarts.done:
            return step
        self._watchdog.recovered()
        return [*step, Count("ice", ("ok", self.path, "restart")), *self._rest(Phase.SETTLED)]

    # Steps.

    def _rest(self, phase: Phase = Phase.IDLE) -> Step:
        self._restarts.stop()
        return super()._rest(phase)

    def _wait(self, pause_ms: int, now_ms: int) -> Step:
        self._restarts.stop()
        self._flee_ms = None
        return super()._wait(pause_ms, now_ms)

    def _begin_anew(self) -> None:
        super()._begin_anew()
        self._leave_ms = self._flee_ms = None
        self._restarts.anew()
        self._watchdog.anew()


def _is_due(at_ms: int | None, now_ms: int) -> bool:
    return at_ms is not None and now_ms >= at_ms

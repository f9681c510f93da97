"""Generations, paths and deadlines of a pair's connection.

    idle ─ both here ─► running (direct) ─ both connected ─► settled ◄── back ──┐
                           │ budget over, failed              │  │              │
                           ▼                                  │  └ silent ─► restarting
         waiting ──► opening ─ legs ─► running (relay) ─► settled               │
            ▲          ▲                                      │                 │
            └ pause ───┴─ failed, legs gone, worker dead or draining, a page ───┘
                          rebuilt, or a restart that brings nothing

Every step forward is a new generation: both pages build a new connection beside the old one, and
what belongs to an older generation is ignored. The direct path has its budget; then the relay takes
over. A relay that fails is tried again on another worker, ever more slowly. A restart keeps the
generation and counts rounds (`restart`). Who may cause what is for the `watchdog` to say. Every phase
but idle and settled has a deadline.
"""

from __future__ import annotations

import zlib
from enum import Enum
from typing import Literal

import msgspec

from media import control
from signalling.commands import AnyCommand, Count, Observe, TellWorker
from signalling.fleet import Fleet
from signalling.legs import Ends, Legs
from signalling.relays import Relays
from signalling.restart import BUDGET_MS, EVERY_MS, MINUTE_MAX, Restart, Spacing
from signalling.watchdog import Verdict, Watchdog
from signalling.ways import Ways
from signalling.wire import Path

OPEN_MS = 2_000
"""A worker answers within this."""
OPEN_SOON_MS = 300
"""The same where another worker can be asked instead."""
RELAY_MS = 10_000
"""Both pages reach the relay within this."""
DIRECT_ALONE_MS = 15_000
"""The direct path's budget when there is nothing to fall back to."""
RETRY_MS = (0, 1_000, 2_000, 4_000, 8_000, 15_000)
"""Pauses before the first, second … try again after a failure."""
DRAIN_SPREAD_MS = 2_000
"""The pairs of a worker that drains leave it within this, not all at once."""
SHOWN_MAX_MS = 60_000
"""No page is believed to have waited longer."""
GENERATION_MAX = 1_000_000
"""Higher ones than any hub counts to; a page that names one is not believed."""
STALE_STEP = 100
"""How far to jump over generations that a worker still knows from an earlier hub."""

Cause = Literal["sfu_fail", "ice_restart", "drain", "network"]
"""Why a connection was replaced or restarted, as `cw_media_gap_seconds` has it."""


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
    RESTARTING = "restarting"
    """They had it; this generation's ICE begins anew."""


LASTING = (Phase.SETTLED, Phase.RESTARTING, Phase.CLAIMING)
"""Pages have this generation, and it is to be kept if it can be."""
HELD = (Phase.RUNNING, *LASTING)
"""Pages have this generation, or are building it."""


class Announce(msgspec.Struct, frozen=True):
    """Tell both pages to build this generation; or, with a `round`, to restart its ICE."""

    gen: int
    path: Path
    relay_only: bool = False
    round: int = 0
    side: int | None = None
    """The only page that is told, and offers."""
    blind: bool = False


Step = list[Announce | AnyCommand]


class Negotiation:
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
        self.gen = gen
        self.round = 0
        self.path: Path = "direct"
        self.phase = Phase.IDLE
        self._pair = pair
        self._fleet = fleet
        self._ways = Ways(fleet, direct=direct, turn=turn, private=private)
        self._relays = Relays(pair, fleet)
        self._watchdog = Watchdog()
        self._restarts = Spacing(EVERY_MS, MINUTE_MAX)
        self._restart: Restart | None = None
        self._relay_only = False
        """Whether this generation's direct path goes by TURN alone."""
        self._private = private
        """What this generation's pages wished when it began."""
        self._blind = False
        self._budget_ms = budget_ms
        self._both_here = False
        self._deadline_ms: int | None = None
        self._since_ms: int | None = None
        """When the two came together, until their first connection after that."""
        self._cause: Cause | None = None
        self._leave_ms: int | None = None
        """When to leave a worker that drains."""
        self._failures = 0
        self._slow = False
        """A worker did not answer soon enough; the next one is given more time."""
        self._connected: set[int] = set()
        self._described: set[int] = set()
        self._disputed = False

    @property
    def legs(self) -> Legs | None:
        """The relay that carries, or will carry, this generation."""
        return self._relays.legs

    @property
    def hides(self) -> bool:
        """Whether pages may learn TURN servers' addresses only, by now."""
        return self._relay_only or not self._ways.direct_allowed

    # What members want.

    def forbid_direct(self) -> None:
        """A member hides the address: for good, as an older look-up may still be on its way."""
        self._ways.direct_allowed = False

    def keep_private(self, private: bool) -> None:
        """Whether a worker may see what it carries, from the next generation on."""
        self._ways.private = private

    # The two pages come and go.

    def joined(self, now_ms: int, *, keeps: bool) -> Step:
        """Both pages are in their seats; the one that came `keeps` its connection, or has none."""
        self._both_here = True
        if keeps and self.phase is not Phase.IDLE:
            return self._resume(now_ms)
        self._since_ms = now_ms
        return self._next(now_ms, None)

    def go_on(self, now_ms: int) -> Step:
        """The two go on in another session: nothing changes, unless they wish otherwise by now."""
        return self._next(now_ms, None) if self._unwanted() and self.phase in HELD else []

    def parted(self) -> None:
        """One page is away; a running try may still succeed, a failed one is not repeated."""
        self._both_here = False

    def keeps(self, gen: int) -> bool:
        """Whether a page that still has this generation needs no new one."""
        return gen == self.gen and self.phase in LASTING and not self._unwanted()

    def reaches(self, gen: int) -> None:
        """A page names a generation of an earlier hub: count on from there."""
        if self.phase is Phase.IDLE and gen <= GENERATION_MAX:
            self.gen = max(self.gen, gen)

    def adopt(self, gen: int, path: Path, now_ms: int) -> Step | None:
        """Both pages hold this connection, made by an earlier hub: leave it alone, if that may be."""
        if self.phase is not Phase.IDLE or not 0 < gen <= GENERATION_MAX:
            return None
        if path == "direct" and not self._ways.direct_allowed:
            return None
        self.gen, self.path, self._both_here = gen, path, True
        self._begin_anew()
        return self._look_for_legs(now_ms) if path == "relay" else self._rest(Phase.SETTLED)

    def stop(self) -> Step:
        """The pair parts: forget the relays."""
        self._begin_anew()
        return [*self._rest(), *self._relays.stop()]

    # What pages say.

    def described(self, side: int) -> None:
        """The hub has this page's description of this generation."""
        self._described.add(side)

    def connected(
        self,
        side: int,
        gen: int,
        first_frame_ms: int,
        now_ms: int,
        *,
        round: int = 0,
        gap_ms: int = 0,
    ) -> Step:
        """A page has the partner's media by this generation, or again after a restart."""
        if gen != self.gen or round != self.round:
            return []
        if self.phase is Phase.RESTARTING and self._restart is not None:
            return self._back(self._restart, side, gap_ms)
        if self.phase is not Phase.RUNNING or side in self._connected:
            return []
        self._connected.add(side)
        step: Step = [Observe("first_frame", self.path, _shown_s(first_frame_ms))]
        step += self._gap(self._cause, gap_ms)
        return step + self._settle(now_ms) if len(self._connected) == 2 else step

    def failed(self, side: int, gen: int, now_ms: int, *, round: int = 0) -> Step:
        """A page's connection of this generation did not come, or died."""
        if gen != self.gen or self.phase not in HELD:
            return []
        if self.phase is Phase.RESTARTING and round < self.round and self._restarts_side(side):
            return []  # It said so before it heard that the restart is under way.
        if self.phase is not Phase.SETTLED:
            return self._fail(now_ms, "page")
        if self.path == "relay":
            return self._begin_restart((side,), now_ms) or self._fail(now_ms, "page")
        if self._both_here:
            return self._begin_restart((0, 1), now_ms) or self._fail(now_ms, "page")
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
        self._disputed = self._ways.direct_failed = True
        return self._next(now_ms, None)

    # What workers say.

    def opened(self, worker: str, gen: int, ends: Ends, now_ms: int) -> Step:
        """A worker made the legs, or still has them."""
        if self.phase is Phase.CLAIMING and gen == self.gen:
            return self._claimed(worker, ends, now_ms)
        if self.legs is None or gen != self.gen or not self._relays.on(worker):
            return []
        if self.phase is Phase.OPENING:
            self.legs.opened(ends)
            return self._run("relay", RELAY_MS, now_ms)
        # The answer to a claim: a worker that began anew has other legs, which no page knows.
        return [] if self.legs.knows(ends) else self._fail(now_ms, "worker", "sfu_fail")

    def restarted(self, worker: str, gen: int, side: int, leg: control.Leg) -> Step:
        """A leg has new credentials: its page may restart."""
        restarting = self.phase is Phase.RESTARTING and self._restarts_side(side)
        if self.legs is None or gen != self.gen or not (restarting and self._relays.on(worker)):
            return []
        self.legs.restarted(side, leg)
        return [self._announce(side)]

    def refused(self, worker: str, gen: int, code: str, now_ms: int) -> Step:
        """A worker is full or draining, or an earlier hub of this pair counted further."""
        if gen != self.gen or self.phase is not Phase.OPENING or not self._relays.on(worker):
            return []
        if code == "stale":
            self.gen += STALE_STEP
        return self._fail(now_ms, "refused", self._cause)

    def worker_down(self, worker: str, now_ms: int) -> Step:
        """A worker is gone: move to another one if there is one, else wait for this one."""
        self._relays.lost(worker)
        if not self._relays.on(worker):
            return []
        self._watchdog.worker(missing=True, now_ms=now_ms)
        return self._fail(now_ms, "worker", "sfu_fail") if self._fleet.available() else []

    def worker_silent(self, worker: str, now_ms: int) -> Step:
        """A worker does not beat. What nobody sees yet moves at once, a call by two witnesses."""
        if not self._relays.on(worker):
            return []
        self._watchdog.worker(missing=True, now_ms=now_ms)
        if self.phase in (Phase.OPENING, Phase.RUNNING) and self._fleet.available():
            return self._fail(now_ms, "worker", "sfu_fail")
        return self._look(now_ms)

    def worker_up(self, worker: str, now_ms: int) -> Step:
        """A worker answers again: claim the pair before it counts as an orphan."""
        if self.phase is Phase.CLAIMING:
            return [self._relays.look_for(worker, self.gen)]
        if not self._relays.on(worker):
            return []
        self._watchdog.worker(missing=False, now_ms=now_ms)
        return [*self.claim()]

    def worker_drains(self, worker: str, now_ms: int) -> None:
        """A worker is about to end, or is not any more."""
        if self._relays.on(worker):
            later_ms = zlib.crc32(self._pair.encode()) % DRAIN_SPREAD_MS
            self._leave_ms = now_ms + later_ms if self._fleet.drains(worker) else None

    def claim(self) -> list[TellWorker]:
        """Ask the relay for its legs again: it answers with all that is so of them by now."""
        return self._relays.claim(blind=self._blind)

    def leg(self, gen: int, side: int, state: str, now_ms: int) -> Step:
        """One leg of the relay changed."""
        if self.legs is None or gen != self.gen:
            return []
        self.legs.heard(side, state, now_ms)
        self._watchdog.leg(side, state == "stalled")
        return self._look(now_ms)

    # Time.

    def next_deadline(self) -> int | None:
        due = [self._deadline_ms]
        if self._both_here:
            due += [self.legs.trouble_ms if self.legs else None, self._move_ms(), self._drain_ms()]
        return min((at for at in due if at is not None), default=None)

    def woke(self, now_ms: int) -> Step:
        """Act on what did not come in time."""
        due = self.next_deadline()
        if due is None or now_ms < due:
            return []
        if self._deadline_ms is not None and now_ms >= self._deadline_ms:
            return self._late(now_ms)
        if self.legs is not None and _is_due(self.legs.trouble_ms, now_ms):
            return self._fail(now_ms, "legs")
        if _is_due(self._drain_ms(), now_ms):
            return self._move_on(now_ms, "drain")
        return self._look(now_ms)

    def _late(self, now_ms: int) -> Step:
        """The phase took too long."""
        if self.phase is Phase.RESTARTING:
            return self._give_up_restart(now_ms)
        if not self._both_here:
            return self._rest()
        if self.phase is Phase.WAITING:
            return self._next(now_ms, self._cause)
        if self.phase is Phase.OPENING and not self._slow:
            self._slow = True
            return self._move_on(now_ms, self._cause)
        return self._fail(now_ms, "deadline", self._cause)

    def _move_ms(self) -> int | None:
        """When two witnesses, or one who waited, move the pair to another worker."""
        watched = self.phase is Phase.SETTLED and self.path == "relay" and self._fleet.available()
        return self._watchdog.move_ms() if watched else None

    def _drain_ms(self) -> int | None:
        """When to leave a worker that drains; only if there is somewhere to go."""
        leaves = self.phase is Phase.SETTLED and self._relays.elsewhere()
        return self._leave_ms if leaves else None

    # Testimonies.

    def _look(self, now_ms: int) -> Step:
        """What the witnesses have said by now, and what follows."""
        if self.phase is not Phase.SETTLED or not self._both_here:
            return []
        if self.path == "direct":
            return self._obey(self._watchdog.on_direct(), now_ms)
        return self._obey(self._watchdog.on_relay(now_ms, can_move=self._fleet.available()), now_ms)

    def _obey(self, verdict: Verdict, now_ms: int) -> Step:
        if verdict.move:
            return self._fail(now_ms, "witnesses", "sfu_fail")
        if not verdict.restart:
            return []
        step = self._begin_restart(verdict.restart, now_ms, gives_way=verdict.gives_way)
        # On the relay the page itself says when it gives up; it may be the other one that sleeps.
        return step or (self._fail(now_ms, "silent") if self.path == "direct" else [])

    # Restarts.

    def _begin_restart(
        self, sides: tuple[int, ...], now_ms: int, *, gives_way: bool = True
    ) -> Step:
        """Restart ICE if that may be now; nothing otherwise."""
        if not self._restartable(sides) or not self._restarts.take(now_ms):
            return []
        return self._restart_now(sides, now_ms, gives_way=gives_way)

    def _restartable(self, sides: tuple[int, ...]) -> bool:
        """A page's offer is answered by the hub from what the partner's page said: it has to know."""
        if self._unwanted():
            return False
        return self.path == "direct" or all(1 - side in self._described for side in sides)

    def _restart_now(self, sides: tuple[int, ...], now_ms: int, *, gives_way: bool) -> Step:
        self.round += 1
        self._restart = Restart(self.round, sides, gives_way=gives_way)
        self.phase, self._deadline_ms = Phase.RESTARTING, now_ms + BUDGET_MS
        if self.path == "direct":
            return [self._announce()]
        return [ask for side in sides for ask in self._relays.restart(1 if side else 0)]

    def _restarts_side(self, side: int) -> bool:
        return self._restart is not None and side in self._restart.sides

    def _back(self, restart: Restart, side: int, gap_ms: int) -> Step:
        """A page has media again after a restart."""
        step = self._gap("ice_restart", gap_ms) if restart.back(side) else []
        if not restart.done:
            return step
        self._watchdog.recovered()
        return [*step, Count("ice", ("ok", self.path, "restart")), *self._rest(Phase.SETTLED)]

    def _give_up_restart(self, now_ms: int) -> Step:
        gives_way = self._restart is None or self._restart.gives_way
        if self._both_here and gives_way:
            return self._fail(now_ms, "restart")
        return self._rest(Phase.SETTLED)

    def _resume(self, now_ms: int) -> Step:
        """A page is back with its connection; what was said to it meanwhile is lost."""
        if self.phase is Phase.RESTARTING and self._restart is not None:
            sides, gives_way = self._restart.sides, self._restart.gives_way
            return self._restart_now(sides, now_ms, gives_way=gives_way)
        return self._look(now_ms)

    # Steps.

    def _fail(self, now_ms: int, reason: str, cause: Cause | None = "network") -> Step:
        self._relays.shun()
        self._cause = cause
        counted = Count("ice", ("failed", self.path, reason))
        if self.path == "direct" and not self._ways.direct_failed:
            self._ways.direct_failed = True
            return [counted, *self._next(now_ms, cause)]
        pause_ms = RETRY_MS[min(self._failures, len(RETRY_MS) - 1)]
        self._failures += 1
        return [counted, *(self._wait(pause_ms, now_ms) if pause_ms else self._next(now_ms, cause))]

    def _move_on(self, now_ms: int, cause: Cause | None) -> Step:
        """Ask another worker; that is no failure of the path."""
        self._relays.shun()
        return self._next(now_ms, cause)

    def _rest(self, phase: Phase = Phase.IDLE) -> Step:
        self.phase = phase
        self._deadline_ms = None
        self._restart = None
        return []

    def _wait(self, pause_ms: int, now_ms: int) -> Step:
        self.phase = Phase.WAITING
        self._deadline_ms = now_ms + pause_ms
        self._restart = None
        if self.legs is not None:
            self.legs.trouble_ms = None
        return []

    def _begin_anew(self) -> None:
        """What was so of the last generation is not of this one."""
        self.round = 0
        self._restart = self._leave_ms = None
        self._connected, self._described = set(), set()
        self._watchdog.anew()

    def _next(self, now_ms: int, cause: Cause | None) -> Step:
        """Begin the next generation on the best path there is."""
        self._relays.leave()
        self._begin_anew()
        self.gen += 1
        self._cause = cause
        self._private = self._ways.private
        match self._ways.choose(again=self._failures >= 2 and self.path == "relay"):
            case "relay":
                return self._open(now_ms)
            case "direct":
                has_relay = self._fleet.available()
                return self._run(
                    "direct", self._budget_ms if has_relay else DIRECT_ALONE_MS, now_ms
                )
            case _:
                return self._wait(OPEN_MS, now_ms)

    def _open(self, now_ms: int) -> Step:
        worker = self._relays.choose()
        self._blind = self._ways.blind(worker)
        ask = self._relays.open(worker, self.gen, blind=self._blind)
        self.path, self.phase = "relay", Phase.OPENING
        soon = self._relays.elsewhere() and not self._slow
        self._deadline_ms = now_ms + (OPEN_SOON_MS if soon else OPEN_MS)
        return [ask]

    def _run(self, path: Path, budget_ms: int, now_ms: int) -> Step:
        self.path, self.phase = path, Phase.RUNNING
        self._deadline_ms = now_ms + budget_ms
        self._relay_only = path == "direct" and not self._ways.direct_allowed
        return [self._announce()]

    def _announce(self, side: int | None = None) -> Announce:
        blind = self.path == "relay" and self._blind
        return Announce(self.gen, self.path, self._relay_only, self.round, side, blind)

    def _unwanted(self) -> bool:
        """Whether this generation shows an address that is hidden by now, or shows the worker what
        is private by now, or hides what need not be."""
        if self.path == "direct":
            return not self._ways.direct_allowed and not self._relay_only
        return self._ways.private is not self._private

    def _settle(self, now_ms: int) -> Step:
        self._rest(Phase.SETTLED)
        self._failures, self._slow = 0, False
        counted: Step = [Count("ice", ("ok", self.path, ""))]
        if self._since_ms is not None:
            counted.append(Observe("join", self.path, max(0, now_ms - self._since_ms) / 1000))
            self._since_ms = None
        return [*counted, *self._relays.settle()]

    def _gap(self, cause: Cause | None, gap_ms: int) -> Step:
        """How long a picture stood still, where there was one before."""
        return [Observe("gap", cause, _shown_s(gap_ms))] if cause and gap_ms > 0 else []

    # An earlier hub's relay.

    def _look_for_legs(self, now_ms: int) -> Step:
        """Any worker may carry it; links to workers may still be on their way up."""
        self.phase = Phase.CLAIMING
        self._since_ms, self._deadline_ms = now_ms, now_ms + OPEN_MS
        self._ways.direct_failed = True  # Or the pair would not be on a relay.
        return [self._relays.look_for(worker, self.gen) for worker in self._fleet]

    def _claimed(self, worker: str, ends: Ends, now_ms: int) -> Step:
        self._relays.adopt(worker, self.gen, ends)
        self._blind = self.legs is not None and self.legs.blind
        self._since_ms = None
        self._rest(Phase.SETTLED)
        if self._ways.private and not self._blind:
            return self._next(now_ms, None)
        self._private = self._ways.private
        self.worker_drains(worker, now_ms)
        return []


def _is_due(at_ms: int | None, now_ms: int) -> bool:
    return at_ms is not None and now_ms >= at_ms


def _shown_s(shown_ms: int) -> float:
    return min(max(shown_ms, 0), SHOWN_MAX_MS) / 1000

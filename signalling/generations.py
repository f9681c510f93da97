"""Generations, paths and deadlines of a pair's connection.

    idle ─ both here ─► running (direct) ─ both connected ─► settled
                           │ budget over, failed                │ failed, or the worker is gone,
                           ▼                                    ▼ or a page rebuilt
         waiting ──► opening ─ legs ─► running (relay) ─ both connected ─► settled

Every step forward is a new generation: both pages build a new connection beside the old one, and
what belongs to an older generation is ignored. The direct path has its budget; then the relay takes
over. A relay that fails is tried again on another worker, ever more slowly. How a settled generation
is healed without the next one, and who may ask for the next one, is for `negotiation` to say. Every
phase but idle and settled has a deadline.
"""

from __future__ import annotations

from signalling.commands import Count, Observe, TellWorker
from signalling.fleet import Fleet
from signalling.legs import Ends, Legs
from signalling.pace import Pace
from signalling.relays import Relays
from signalling.steps import HELD, LASTING, Announce, Cause, Phase, Step, shown_s
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
STALE_STEP = 100
"""How far to jump over generations that a worker still knows from an earlier hub."""


class Generations:
    """One pair's connections, one after the other."""

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
        self.path: Path = "direct"
        self.phase = Phase.IDLE
        self._pair = pair
        self._fleet = fleet
        self._ways = Ways(fleet, direct=direct, turn=turn, private=private)
        self._relays = Relays(pair, fleet)
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
        self._begun_ms = 0
        """When the pages were told to connect by this generation."""
        self._cause: Cause | None = None
        self._pace = Pace()
        self._slow = False
        """A worker did not answer soon enough; the next one is given more time."""
        self._connected: set[int] = set()

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
            return self._resumed(now_ms)
        self._since_ms = now_ms
        pause_ms = self._pace.came(now_ms, waits=self.phase is Phase.WAITING)
        if pause_ms is None:
            return []
        return self._wait(pause_ms, now_ms) if pause_ms else self._next(now_ms, None)

    def _resumed(self, now_ms: int) -> Step:
        """A page is back with its connection."""
        return []

    def go_on(self, now_ms: int) -> Step:
        """The two go on in another session: nothing changes, unless they wish otherwise by now."""
        return self._next(now_ms, None) if self._unwanted() and self.phase in HELD else []

    def parted(self) -> None:
        """One page is away; a running try may still succeed, a failed one is not repeated."""
        self._both_here = False

    def keeps(self, gen: int) -> bool:
        """Whether a page that still has this generation needs no new one."""
        return gen == self.gen and self.phase in LASTING and not self._unwanted()

    def reaches(self, gen: int, now_ms: int) -> None:
        """A page names a generation of an earlier hub: count on from there."""
        if self.phase is Phase.IDLE and gen <= _most(now_ms):
            self.gen = max(self.gen, gen)

    def adopt(self, gen: int, path: Path, now_ms: int) -> Step | None:
        """Both pages hold this connection, made by an earlier hub: leave it alone, if that may be."""
        if self.phase is not Phase.IDLE or not 0 < gen <= _most(now_ms):
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

    def connected(
        self, side: int, gen: int, first_frame_ms: int, now_ms: int, *, gap_ms: int = 0
    ) -> Step:
        """A page has the partner's media by this generation."""
        if gen != self.gen or self.phase is not Phase.RUNNING or side in self._connected:
            return []
        self._connected.add(side)
        step = self._first_frame(first_frame_ms) + self._gap(self._cause, gap_ms)
        return step + self._settle(now_ms) if len(self._connected) == 2 else step

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

    def refused(self, worker: str, gen: int, code: str, now_ms: int) -> Step:
        """A worker is full or draining, or an earlier hub of this pair counted further."""
        if gen != self.gen or self.phase is not Phase.OPENING or not self._relays.on(worker):
            return []
        if code == "stale":
            self.gen += STALE_STEP
        return self._fail(now_ms, "refused", self._cause)

    def claim(self) -> list[TellWorker]:
        """Ask the relay for its legs again: it answers with all that is so of them by now."""
        return self._relays.claim(blind=self._blind)

    # Time.

    def next_deadline(self) -> int | None:
        return self._deadline_ms

    def woke(self, now_ms: int) -> Step:
        """Act on what did not come in time."""
        due = self.next_deadline()
        return [] if due is None or now_ms < due else self._act(now_ms)

    def _act(self, now_ms: int) -> Step:
        """The deadline has come."""
        return self._late(now_ms)

    def _late(self, now_ms: int) -> Step:
        """The phase took too long."""
        if not self._both_here:
            return self._rest()
        if self.phase is Phase.WAITING:
            return self._next(now_ms, self._cause)
        if self.phase is Phase.OPENING and not self._slow:
            self._slow = True
            return self._move_on(now_ms, self._cause)
        return self._fail(now_ms, "deadline", self._cause)

    # Steps.

    def _fail(
        self, now_ms: int, reason: str, cause: Cause | None = "network", *, asked: bool = False
    ) -> Step:
        """Go on to the next generation; `asked`: on the word of one page, which may be made up."""
        if not asked:
            self._relays.shun()
        if self.phase in LASTING:
            self._pace.ended(now_ms, asked=asked)
        self._cause = cause
        counted = Count("ice", ("failed", self.path, reason))
        if self.path == "direct" and not self._ways.direct_failed:
            self._ways.direct_failed = True
            return [counted, *self._next(now_ms, cause)]
        pause_ms = self._pace.failed(now_ms, asked=asked)
        return [counted, *(self._wait(pause_ms, now_ms) if pause_ms else self._next(now_ms, cause))]

    def _move_on(self, now_ms: int, cause: Cause | None) -> Step:
        """Ask another worker; that is no failure of the path."""
        self._relays.shun()
        return self._next(now_ms, cause)

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

    def _begin_anew(self) -> None:
        """What was so of the last generation is not of this one."""
        self._connected = set()

    def _next(self, now_ms: int, cause: Cause | None) -> Step:
        """Begin the next generation on the best path there is."""
        self._relays.leave()
        self._begin_anew()
        self.gen += 1
        self._cause = cause
        self._private = self._ways.private
        match self._ways.choose(again=self._pace.failures >= 2 and self.path == "relay"):
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
        self._begun_ms, self._deadline_ms = now_ms, now_ms + budget_ms
        self._relay_only = path == "direct" and not self._ways.direct_allowed
        return [self._announce()]

    def _announce(self, round: int = 0, side: int | None = None) -> Announce:
        blind = self.path == "relay" and self._blind
        return Announce(self.gen, self.path, self._relay_only, round, side, blind)

    def _unwanted(self) -> bool:
        """Whether this generation shows an address that is hidden by now, or shows the worker what
        is private by now, or hides what need not be."""
        if self.path == "direct":
            return not self._ways.direct_allowed and not self._relay_only
        return self._ways.private is not self._private

    def _settle(self, now_ms: int) -> Step:
        self._rest(Phase.SETTLED)
        self._pace.settled(now_ms)
        self._ways.reached()
        self._slow = False
        counted: Step = [Count("ice", ("ok", self.path, ""))]
        if self._since_ms is not None:
            counted.append(Observe("join", self.path, max(0, now_ms - self._since_ms) / 1000))
            self._since_ms = None
        return [*counted, *self._relays.settle()]

    def _first_frame(self, shown_ms: int) -> Step:
        """How long a page waited for the partner's picture since both were there, tries that failed
        included. A later generation mends a call: that is a gap, and no first frame."""
        if self._since_ms is None:
            return []
        before_s = max(0, self._begun_ms - self._since_ms) / 1000
        return [Observe("first_frame", self.path, before_s + shown_s(shown_ms))]

    def _gap(self, cause: Cause | None, gap_ms: int) -> Step:
        """How long a picture stood still, where there was one before."""
        return [Observe("gap", cause, shown_s(gap_ms))] if cause and gap_ms > 0 else []

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
        return []


def _most(now_ms: int) -> int:
    """No hub counts to more than the seconds since 1970, however often another one began anew; a page
    that names more is not believed."""
    return now_ms // 1000

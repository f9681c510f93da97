"""The connection of a room's two pages: who builds what when, and what passes between them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from media import control
from scheduler.rules import Rules
from signalling import ice, wire
from signalling.commands import AnyCommand, Send
from signalling.config import HubConfig, IceConfig
from signalling.fleet import Fleet
from signalling.negotiation import Negotiation
from signalling.seat import Seat
from signalling.signals import Signals
from signalling.steps import Announce


class Held(msgspec.Struct, frozen=True):
    """The connection a page still has when it takes its seat; generation 0 is none."""

    gen: int = 0
    path: wire.Path = "direct"


class Call:
    """Drives the pair's negotiation and speaks for it to pages and workers."""

    def __init__(
        self,
        pair: str,
        seats: list[Seat],
        rules: Rules,
        config: HubConfig,
        fleet: Fleet,
        gen: int,
        *,
        friends: bool = False,
    ) -> None:
        ids = [seat.member.id for seat in seats]
        self.line = pair
        """By which workers know it: the first pair's id, also when the two go on in another session."""
        self._direct_for = rules.media_direct
        self._ice: IceConfig = config.ice
        self._seats = seats
        self._held = [Held(), Held()]
        self._signals = Signals(pair, ids.index(min(ids)), ice.relayed_from(config.ice))
        self._negotiation = Negotiation(
            pair,
            fleet,
            direct=self._direct(friends),
            turn=ice.has_turn(config.ice),
            budget_ms=rules.direct_budget_ms,
            gen=gen,
            private=self._private(),
        )
        self.renew(friends)

    @property
    def relayed(self) -> bool:
        """Whether packets pass a worker, so that it can see a camera."""
        return self._negotiation.path == "relay" and self._negotiation.legs is not None

    @property
    def gen(self) -> int:
        return self._negotiation.gen

    @property
    def path(self) -> wire.Path:
        return self._negotiation.path

    @property
    def may_dispute(self) -> bool:
        """Whether there is a relay to ask about a camera, and it was not asked before."""
        return self._negotiation.may_dispute

    def renew(self, friends: bool) -> None:
        """Whoever hides the address, even since the call began, is not connected directly again; nor
        is one who ceased to be a friend where only friends are."""
        hidden = any(seat.member.hide_address for seat in self._seats)
        if hidden or not self._direct(friends):
            self._negotiation.forbid_direct()
        self._negotiation.keep_private(self._private())

    def go_on(self, seats: list[Seat], friends: bool, now_ms: int) -> list[AnyCommand]:
        """The two go on in other seats, the same sides. The connection stays, if it still may."""
        self._seats = seats
        self.renew(friends)
        return self._carry_out(self._negotiation.go_on(now_ms), now_ms)

    def _direct(self, friends: bool) -> bool:
        return self._direct_for == "everyone" or (self._direct_for == "friends" and friends)

    def _private(self) -> bool:
        """One member who wants it is enough: nobody but the two can see and hear them."""
        return any(seat.member.private_calls for seat in self._seats)

    def holds(self, held: Held) -> bool:
        """Whether a page still has the newest connection."""
        return held.gen > 0 and held == Held(self.gen, self._negotiation.path)

    # Pages.

    def joined(self, side: int, held: Held, now_ms: int) -> list[AnyCommand]:
        """A page took its seat."""
        self._held[side] = held
        claim: list[AnyCommand] = [*self._negotiation.claim()] if self.holds(held) else []
        self._negotiation.reaches(held.gen, now_ms)
        if not all(seat.conn for seat in self._seats):
            return claim
        adopted = self._adopt(now_ms)
        if adopted is not None:
            return self._carry_out(adopted, now_ms)
        keeps = self._negotiation.keeps(held.gen) and held.path == self._negotiation.path
        return claim + self._carry_out(self._negotiation.joined(now_ms, keeps=keeps), now_ms)

    def parted(self) -> None:
        """A page is away; it may come back."""
        self._negotiation.parted()

    def stop(self) -> list[AnyCommand]:
        """The pages part for good."""
        self._negotiation.parted()
        self._held = [Held(), Held()]
        return self._carry_out(self._negotiation.stop(), 0)

    def signal(self, side: int, signal: wire.Signal) -> list[AnyCommand]:
        """Pass a signal on, or raise `Refusal`."""
        passed = self._signals.passing(signal, side, self._negotiation)
        return [*passed.tell, *(self._send(passed.to, passed.signal) if passed.signal else [])]

    def connected(self, side: int, message: wire.Connected, now_ms: int) -> list[AnyCommand]:
        step = self._negotiation.connected(
            side,
            message.gen,
            message.first_frame_ms,
            now_ms,
            round=message.round,
            gap_ms=message.gap_ms,
        )
        return self._carry_out(step, now_ms)

    def failed(self, side: int, message: wire.Failed, now_ms: int) -> list[AnyCommand]:
        step = self._negotiation.failed(side, message.gen, now_ms, round=message.round)
        return self._carry_out(step, now_ms)

    def silent(self, side: int, message: wire.Silent, now_ms: int) -> list[AnyCommand]:
        step = self._negotiation.silent(side, message.gen, message.silent, now_ms)
        return self._carry_out(step, now_ms)

    def dispute(self, now_ms: int) -> list[AnyCommand]:
        """The pages contradict each other about a camera; packets on a relay decide."""
        return self._carry_out(self._negotiation.dispute(now_ms), now_ms)

    # Workers.

    def opened(self, worker: str, message: control.PairOpened, now_ms: int) -> list[AnyCommand]:
        step = self._negotiation.opened(worker, message.gen, message.legs, now_ms)
        return self._carry_out(step, now_ms)

    def refused(self, worker: str, message: control.PairRefused, now_ms: int) -> list[AnyCommand]:
        step = self._negotiation.refused(worker, message.gen, message.code, now_ms)
        return self._carry_out(step, now_ms)

    def restarted(
        self, worker: str, message: control.LegRestarted, now_ms: int
    ) -> list[AnyCommand]:
        step = self._negotiation.restarted(worker, message.gen, message.side, message.leg)
        return self._carry_out(step, now_ms)

    def leg(self, message: control.LegState, now_ms: int) -> list[AnyCommand]:
        """A leg of the relay changed; a silent one shows as stalled."""
        if message.gen != self.gen:
            return []
        self._seats[message.side].leg_stalled = message.state == "stalled"
        step = self._negotiation.leg(message.gen, message.side, message.state, now_ms)
        return self._carry_out(step, now_ms)

    def worker_up(self, worker: str, now_ms: int) -> list[AnyCommand]:
        return self._carry_out(self._negotiation.worker_up(worker, now_ms), now_ms)

    def worker_silent(self, worker: str, now_ms: int) -> list[AnyCommand]:
        return self._carry_out(self._negotiation.worker_silent(worker, now_ms), now_ms)

    def worker_down(self, worker: str, now_ms: int) -> list[AnyCommand]:
        return self._carry_out(self._negotiation.worker_down(worker, now_ms), now_ms)

    def worker_drains(self, worker: str, now_ms: int) -> None:
        self._negotiation.worker_drains(worker, now_ms)

    # Time.

    def next_deadline(self) -> int | None:
        return self._negotiation.next_deadline()

    def woke(self, now_ms: int) -> list[AnyCommand]:
        return self._carry_out(self._negotiation.woke(now_ms), now_ms)

    # Inside.

    def _adopt(self, now_ms: int) -> Sequence[Announce | AnyCommand] | None:
        """A hub that began anew leaves a connection alone which both pages still hold."""
        first, second = self._held
        return self._negotiation.adopt(first.gen, first.path, now_ms) if first == second else None

    def _carry_out(self, step: Sequence[Announce | AnyCommand], now_ms: int) -> list[AnyCommand]:
        self._signals.forget_but(self._negotiation.gen)
        out: list[AnyCommand] = []
        for part in step:
            out += self._announce(part, now_ms) if isinstance(part, Announce) else [part]
        return out

    def _announce(self, what: Announce, now_ms: int) -> list[AnyCommand]:
        out: list[AnyCommand] = []
        for side, seat in enumerate(self._seats):
            if what.side not in (None, side):
                continue
            if not what.round:
                seat.leg_stalled = False
            message = wire.Negotiate(
                gen=what.gen,
                path=what.path,
                offer=side in (self._signals.offerer, what.side),
                ice_servers=ice.servers(self._ice, seat.member.id, now_ms),
                relay_only=what.relay_only,
                round=what.round,
                blind=what.blind,
            )
            out += self._send(side, message)
        return out

    def _send(self, side: int, message: wire.Message) -> list[AnyCommand]:
        conn = self._seats[side].conn
        return [Send(conn, message)] if conn else []

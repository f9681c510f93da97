"""The relay itself: carries out what hubs ask, and tells them what they need to know.

Drive rule: a message of a hub, a datagram at the gate, or a tick comes in; pure modules decide;
this module lets legs, port and hubs know. It sets no timers: `tick` is called four times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable
from typing import Literal

import structlog

from media.config import MediaConfig
from media.control import (
    HEARTBEAT_S,
    ClaimPair,
    ClosePair,
    HubMessage,
    LegRestarted,
    LegState,
    Load,
    OpenPair,
    PairOpened,
    PairRefused,
    RestartLeg,
    SetRemote,
    WorkerMessage,
)
from media.errors import Draining, Full, PairError, StaleGeneration, UnknownPair
from media.pair import Pair, Pairs
from media.rtc.dtls import Keys
from media.rtc.gate import Gate
from media.rtc.leg import Leg
from media.rtc.making import LegMaker
from media.rtcp import key_frame_request
from media.stress import Figures, Stress
from media.udp.metrics import HANDSHAKES, LEGS, Carrier
from media.udp.port import Port
from media.watch import Watch

TICK_S = HEARTBEAT_S
"""Each tick ends with a heartbeat."""

STRAINED = 0.8
"""From this strain on fewer handshakes are begun a second."""

SLEPT_S = 1.0
"""A tick that comes so late was not merely late: the whole process slept."""

log = structlog.get_logger(__name__)

Tell = Callable[[Iterable[Hashable], WorkerMessage], None]
"""Says something to some hubs."""


class Sfu:
    """All pairs of one worker."""

    def __init__(
        self,
        config: MediaConfig,
        port: Port,
        *,
        tell: Tell,
        clock: Callable[[], float],
        cpu: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`cpu` says how many seconds of a core this worker has used so far."""
        self._config = config
        self._port = port
        self._tell = tell
        self._clock = clock
        self._cpu = cpu
        self.gate = Gate(config, port, clock=clock)
        self._maker = LegMaker(config, port, self._on_change)
        self.pairs: Pairs[Leg] = Pairs(most=config.max_pairs, make_legs=self._maker.pair)
        self._stress = Stress(self._figures(), packets_per_s=config.worker_packets_per_s)
        self._metrics = Carrier(port.totals)
        self.sample: Callable[[Iterable[Leg]], None] | None = None
        """Looks at cameras, each tick; None where an instance does not allow it."""
        self._closing: set[asyncio.Task[None]] = set()
        self._ticked = clock()

    # What hubs ask.

    def hear(self, message: HubMessage, hub: Hashable) -> None:
        """Carry out one message of a hub."""
        match message:
            case OpenPair():
                self._open(message, hub)
            case ClaimPair():
                self._claim(message, hub)
            case SetRemote():
                self._describe(message, hub)
            case RestartLeg():
                self._restart(message, hub)
            case ClosePair():
                closed = self.pairs.close(message.pair, message.gen)
                if closed is not None:
                    self._close(closed)

    def hub_gone(self, hub: Hashable) -> None:
        """A hub's link broke; its pairs go on without it."""
        self.pairs.hub_gone(hub, self._clock())

    def _open(self, asked: OpenPair, hub: Hashable) -> None:
        try:
            opened = self.pairs.open(
                asked.pair, asked.gen, hub, blind=asked.blind, moved=asked.moved
            )
        except (Full, Draining, StaleGeneration) as error:
            code = _REFUSAL[type(error)]
            self._tell([hub], PairRefused(pair=asked.pair, gen=asked.gen, code=code))
            return
        if opened.superseded is not None:
            self._close(opened.superseded)
        if opened.is_new:
            for leg in opened.pair.legs:
                self.gate.ice.add(leg)
        self._tell_legs(opened.pair, hub)

    def _claim(self, asked: ClaimPair, hub: Hashable) -> None:
        try:
            pair = self.pairs.claim(asked.pair, asked.gen, hub)
        except UnknownPair:
            self._tell([hub], PairRefused(pair=asked.pair, gen=asked.gen, code="unknown"))
            return
        self._tell_legs(pair, hub)

    def _tell_legs(self, pair: Pair[Leg], hub: Hashable) -> None:
        legs = pair.legs
        addresses = (legs[0].address, legs[1].address)
        self._tell([hub], PairOpened(pair=pair.id, gen=pair.gen, legs=addresses))
        for leg in legs:
            for message in leg.standing(self._clock()):
                self._tell([hub], message)

    def _describe(self, remote: SetRemote, hub: Hashable) -> None:
        leg = self._leg_of(remote)
        if leg is None:
            self._tell([hub], _gone(remote))
        elif not leg.describe(remote):
            log.warning("leg.other_certificate", pair=leg.pair, gen=leg.gen, side=leg.side)
        else:
            self.gate.reconsider(leg)
            if leg.waiting:
                self.gate.handshakes.want(leg)

    def _restart(self, asked: RestartLeg, hub: Hashable) -> None:
        """New credentials for a leg that lives; one whose DTLS died takes a new generation."""
        leg = self._leg_of(asked)
        if leg is None or (leg.state == "gone" and not leg.blind):
            self._tell([hub], _gone(asked))
            return
        self.gate.ice.restart(leg, self._maker.credentials())
        address = leg.address
        answer = LegRestarted(pair=asked.pair, gen=asked.gen, side=asked.side, leg=address)
        self._tell([hub], answer)

    def _leg_of(self, message: SetRemote | RestartLeg) -> Leg | None:
        try:
            return self.pairs.get(message.pair, message.gen).legs[message.side]
        except UnknownPair:
            return None

    # A leg's life.

    def _on_change(self, leg: Leg, keys: Keys | None) -> None:
        """DTLS connected (with keys), failed or closed."""
        self._port.arm(leg.route, keys)
        self.gate.reconsider(leg)
        if keys is not None:
            HANDSHAKES.labels("connected").inc()
            leg.watch = Watch(self._clock(), leg.route.counts())
            self._want_key_frames(leg)
        elif leg.watch is None:
            HANDSHAKES.labels("failed").inc()
        self.say(leg, leg.state_message("connected" if keys is not None else "gone"))

    def say(self, leg: Leg, message: WorkerMessage) -> None:
        """Tell the hubs of this leg's pair."""
        try:
            pair = self.pairs.get(leg.pair, leg.gen)
        except UnknownPair:
            return
        if isinstance(message, LegState):
            LEGS.labels(message.state).inc()
            log.info("leg.state", pair=leg.pair, gen=leg.gen, side=leg.side, state=message.state)
        self._tell(pair.hubs, message)

    def _want_key_frames(self, leg: Leg) -> None:
        partner = leg.partner
        if partner is not None and partner.state == leg.state == "connected":
            pair = self.pairs.get(leg.pair, leg.gen)
            pair.wants_key_frames = True
            self._ask_key_frames(pair, self._clock())

    def _ask_key_frames(self, pair: Pair[Leg], now: float) -> None:
        if not pair.take_key_frames(now):
            return
        for leg in pair.legs:
            self._port.ask_key_frames(leg.route, map(key_frame_request, list(leg.route.pictures)))

    # Time.

    def tick(self) -> None:
        """What time brings: consent, allowances, liveness, cameras, orphans, figures."""
        now = self._clock()
        passed, self._ticked = now - self._ticked, now
        if passed > SLEPT_S:
            self._forgive(passed - TICK_S)
        for pair in self.pairs:
            for leg in pair.legs:
                self._maker.refill(leg, passed)
        for pair in self.pairs:
            self._tick_pair(pair, now)
        if self.sample is not None:
            self.sample(leg for pair in self.pairs for leg in pair.legs)
        for pair in self.pairs.expire(now):
            log.info("pair.orphaned", pair=pair.id)
            self._close(pair)
        self._port.count_lost()
        self._stress.look(self._figures())
        self.pairs.strained = self._stress.strain >= 1.0
        self.gate.handshakes.strain(self._stress.strain >= STRAINED)
        self._metrics.carry(pairs=len(self.pairs), stress=self.stress)

    def _forgive(self, seconds: float) -> None:
        """The process slept: whoever was silent to it need not have been. Pictures have a hole now."""
        log.warning("worker.slept", seconds=round(seconds, 1))
        for pair in self.pairs:
            for leg in pair.legs:
                if leg.watch is not None:
                    leg.watch.forgive(seconds)
                    self._want_key_frames(leg)

    def _tick_pair(self, pair: Pair[Leg], now: float) -> None:
        """One pair's trouble must not be the others'."""
        try:
            for leg in pair.legs:
                self._tick_leg(leg, now)
            self._ask_key_frames(pair, now)
        except Exception:
            log.exception("tick.pair_failed", pair=pair.id, gen=pair.gen)

    def _tick_leg(self, leg: Leg, now: float) -> None:
        self.gate.expire(leg, now)
        settled = leg.settle(now) if leg.blind else None
        if settled is not None:
            self.say(leg, settled)
        told, woke = leg.news(now)
        for message in told:
            self.say(leg, message)
        if woke:
            self._want_key_frames(leg)

    @property
    def stress(self) -> float:
        """How much of what this worker can do it does; 1 is all."""
        return self._stress.ratio(len(self.pairs), self._config.max_pairs)

    def _figures(self) -> Figures:
        return Figures(self._clock(), self._cpu(), self._port.totals.packets_out)

    def load(self) -> Load:
        """The heartbeat's content."""
        return Load(
            pairs=len(self.pairs),
            packets_per_s=self._stress.packets_per_s,
            draining=self.pairs.draining,
            stress=self.stress,
        )

    # The end.

    def _close(self, pair: Pair[Leg]) -> None:
        for leg in pair.legs:
            leg.part()
            self.gate.remove(leg)
            self._port.arm(leg.route, None)
            task = asyncio.create_task(leg.close(), name="leg-close")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Say goodbye on every leg."""
        for pair in self.pairs:
            self.pairs.close(pair.id, pair.gen)
            self._close(pair)
        await asyncio.gather(*self._closing, return_exceptions=True)


_REFUSAL: dict[type[PairError], Literal["full", "draining", "stale"]] = {
    Full: "full",
    Draining: "draining",
    StaleGeneration: "stale",
}


def _gone(asked: SetRemote | RestartLeg) -> LegState:
    return LegState(pair=asked.pair, gen=asked.gen, side=asked.side, state="gone")

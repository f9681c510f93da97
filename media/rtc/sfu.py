"""The relay itself: carries out what hubs ask and answers what arrives at the port.

Drive rule: a message of a hub, a datagram for the handler, or a tick comes in; pure modules decide;
this module lets legs, port and hubs know. It sets no timers: `tick` is called four times a second.
"""

from __future__ import annotations

import asyncio
import datetime
import secrets
from collections.abc import Callable, Hashable, Iterable
from typing import Literal

import structlog

from media.config import MediaConfig
from media.control import (
    ClaimPair,
    ClosePair,
    HubMessage,
    LegState,
    Load,
    OpenPair,
    PairOpened,
    PairRefused,
    SetRemote,
    Side,
    WorkerMessage,
)
from media.demux import Kind, ssrc_of
from media.errors import Draining, Full, PairError, StaleGeneration, UnknownPair
from media.ice import Address, IceTable
from media.limits import Bucket, PerSource
from media.pair import Pair, Pairs
from media.rtc.dtls import Certificates, Keys
from media.rtc.leg import Leg
from media.rtcp import key_frame_request
from media.udp import stun
from media.udp.metrics import HANDSHAKES, LEGS, Carrier
from media.udp.port import BURST_S, Port
from media.watch import Watch

TICK_S = 0.25

STRAYS_PER_S = 100
"""Media packets from unknown addresses that are compared with the legs, of all sources."""

log = structlog.get_logger(__name__)

Tell = Callable[[Iterable[Hashable], WorkerMessage], None]
"""Says something to some hubs."""


class Sfu:
    """All pairs of one worker."""

    def __init__(
        self, config: MediaConfig, port: Port, *, tell: Tell, clock: Callable[[], float]
    ) -> None:
        self._config = config
        self._port = port
        self._tell = tell
        self._clock = clock
        self._certificates = Certificates()
        self._ice: IceTable[Leg] = IceTable()
        self.pairs: Pairs[Leg] = Pairs(most=config.max_pairs, make_legs=self._make_legs)
        now = clock()
        rate = config.handshakes_per_s
        self._handshakes = Bucket(rate, rate, now)
        self._strangers = PerSource(config.strangers_per_s, config.strangers_per_s * 2)
        self._strays = Bucket(STRAYS_PER_S, STRAYS_PER_S, now)
        self._metrics = Carrier(port.totals)
        self._closing: set[asyncio.Task[None]] = set()
        self._ticked = now
        self._load_at = (now, 0)
        self._packets_per_s = 0

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
            case ClosePair():
                closed = self.pairs.close(message.pair, message.gen)
                if closed is not None:
                    self._close(closed)

    def hub_gone(self, hub: Hashable) -> None:
        """A hub's link broke; its pairs go on without it."""
        self.pairs.hub_gone(hub, self._clock())

    def _open(self, asked: OpenPair, hub: Hashable) -> None:
        try:
            opened = self.pairs.open(asked.pair, asked.gen, hub)
        except (Full, Draining, StaleGeneration) as error:
            code = _REFUSAL[type(error)]
            self._tell([hub], PairRefused(pair=asked.pair, gen=asked.gen, code=code))
            return
        if opened.superseded is not None:
            self._close(opened.superseded)
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
        try:
            leg = self.pairs.get(remote.pair, remote.gen).legs[remote.side]
        except UnknownPair:
            self._tell([hub], _gone(remote))
            return
        leg.describe(remote)
        if leg.dtls.waiting:
            self._may_go_on(leg)

    def _make_legs(self, pair: str, gen: int) -> tuple[Leg, Leg]:
        legs = (self._make_leg(pair, gen, 0), self._make_leg(pair, gen, 1))
        for leg, partner in (legs, legs[::-1]):
            leg.partner = partner
            leg.route.peer = partner.route
            self._ice.add(leg)
        return legs

    def _make_leg(self, pair: str, gen: int, side: Side) -> Leg:
        leg = Leg(
            pair=pair,
            gen=gen,
            side=side,
            ufrag=secrets.token_hex(8),
            pwd=secrets.token_hex(16),
            host=self._config.candidate_host,
            port=self._port.port,
            certificate=self._certificates.current(datetime.datetime.now(tz=datetime.UTC)),
            send=self._port.send,
            on_change=self._on_change,
        )
        self._refill(leg, BURST_S)
        return leg

    # What arrives at the port, the short way apart.

    def datagram(self, kind: Kind, datagram: bytes, source: Address) -> None:
        """Deal with STUN, DTLS, and media from an address that is nobody's yet."""
        leg = self._ice.owner(source)
        if not self._may_look(leg, len(datagram), source):
            self._port.totals.drop("rate")
        elif kind is Kind.STUN:
            self._check(datagram, source)
        elif leg is None:
            self._stray(kind, datagram, source)
        elif kind is Kind.DTLS:
            self._dtls(leg, datagram)

    def _may_look(self, leg: Leg | None, octets: int, source: Address) -> bool:
        if leg is not None:
            return leg.route.spend(octets)
        return self._strangers.take(source[0], self._clock())

    def _check(self, datagram: bytes, source: Address) -> None:
        check = stun.read(datagram)
        leg = self._ice.named(check.username) if check else None
        if check is None or leg is None or not check.proves(leg.pwd):
            self._port.totals.drop("stun")
            return
        now = self._clock()
        if not self._ice.checked(leg, source, nominate=check.nominate, now=now):
            self._port.totals.drop("stun")
            return
        leg.route.others += 1
        self._sync(leg)
        self._port.send(check.answer(leg.pwd, source), source)

    def _dtls(self, leg: Leg, datagram: bytes) -> None:
        if not self._may_go_on(leg):
            self._port.totals.drop("rate")
        elif leg.state == "gone" or not leg.dtls.feed(datagram):
            self._port.totals.drop("dtls")

    def _may_go_on(self, leg: Leg) -> bool:
        """Begin the handshake if it is time; False if too many have begun just now."""
        if leg.may_begin:
            if not self._handshakes.take(self._clock()):
                return False
            leg.begin()
        return True

    def _stray(self, kind: Kind, datagram: bytes, source: Address) -> None:
        """Media from an unknown address: perhaps a leg whose network changed. One try, one leg."""
        leg = None
        if kind in _MEDIA and self._strays.take(self._clock()):
            leg = self._leg_sending(ssrc_of(datagram, kind))
        if leg is None or not self._port.forward(leg.route, kind, datagram):
            self._port.totals.drop("src")
            return
        if self._ice.latch(leg, source, self._clock()):
            self._sync(leg)
            log.info("leg.moved", pair=leg.pair, side=leg.side)

    def _leg_sending(self, ssrc: int) -> Leg | None:
        found = [
            leg
            for pair in self.pairs
            for leg in pair.legs
            if leg.state == "connected" and ssrc in leg.route.streams
        ]
        return found[0] if len(found) == 1 else None

    def _sync(self, leg: Leg) -> None:
        """Let the port know a leg's addresses as the ICE table has them."""
        accepted = set(leg.checked)
        for address in leg.attached - accepted:
            self._port.detach(address, leg.route)
        for address in accepted:
            self._port.attach(address, leg.route)
        leg.attached = accepted
        self._port.aim(leg.route, leg.nominated)

    # A leg's life.

    def _on_change(self, leg: Leg, keys: Keys | None) -> None:
        """DTLS connected (with keys), failed or closed."""
        self._port.arm(leg.route, keys)
        if keys is not None:
            HANDSHAKES.labels("connected").inc()
            leg.watch = Watch(self._clock(), leg.route.counts())
            self._want_key_frames(leg)
        elif leg.watch is None:
            HANDSHAKES.labels("failed").inc()
        self._say(leg, leg.state_message("connected" if keys is not None else "gone"))

    def _say(self, leg: Leg, message: WorkerMessage) -> None:
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
        for pair in self.pairs:
            for leg in pair.legs:
                self._tick_leg(leg, now, passed)
            self._ask_key_frames(pair, now)
        for pair in self.pairs.expire(now):
            log.info("pair.orphaned", pair=pair.id)
            self._close(pair)
        self._metrics.carry(pairs=len(self.pairs), stress=len(self.pairs) / self._config.max_pairs)

    def _tick_leg(self, leg: Leg, now: float, passed: float) -> None:
        self._refill(leg, passed)
        if leg.checked:
            self._ice.expire(leg, now)
            self._sync(leg)
        told, woke = leg.news(now)
        for message in told:
            self._say(leg, message)
        if woke:
            self._want_key_frames(leg)

    def _refill(self, leg: Leg, seconds: float) -> None:
        packets, octets = self._config.packets_per_s, self._config.bytes_per_s
        leg.route.refill(
            int(packets * seconds),
            int(octets * seconds),
            packets_max=packets * BURST_S,
            bytes_max=octets * BURST_S,
        )

    def load(self) -> Load:
        """The heartbeat's content."""
        now, packets = self._clock(), self._port.totals.packets_out
        then, before = self._load_at
        if now - then >= 1.0:
            self._packets_per_s = int((packets - before) / (now - then))
            self._load_at = (now, packets)
        return Load(
            pairs=len(self.pairs),
            packets_per_s=self._packets_per_s,
            draining=self.pairs.draining,
        )

    # The end.

    def _close(self, pair: Pair[Leg]) -> None:
        for leg in pair.legs:
            self._ice.remove(leg)
            self._sync(leg)
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


_MEDIA = (Kind.RTP, Kind.RTCP)

_REFUSAL: dict[type[PairError], Literal["full", "draining", "stale"]] = {
    Full: "full",
    Draining: "draining",
    StaleGeneration: "stale",
}


def _gone(remote: SetRemote) -> LegState:
    return LegState(pair=remote.pair, gen=remote.gen, side=remote.side, state="gone")

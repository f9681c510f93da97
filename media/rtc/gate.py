"""What arrives at the port the long way: checks, handshakes, and media from an address that is nobody's.

Everything a stranger can reach is here, and each of it has a rate. Nothing is answered, and no
DTLS code is run, before an address has passed a check.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from media.config import MediaConfig
from media.demux import Kind, ssrc_of
from media.ice import Address, IceTable
from media.limits import Bucket, PerSource
from media.rtc.leg import Leg
from media.udp import stun
from media.udp.port import Port

STRAYS_PER_S = 100
"""Media packets from unknown addresses that are compared with the legs, of all sources."""

log = structlog.get_logger(__name__)

_MEDIA = (Kind.RTP, Kind.RTCP)


class Gate:
    """The port's handler."""

    def __init__(self, config: MediaConfig, port: Port, *, clock: Callable[[], float]) -> None:
        self._port = port
        self._clock = clock
        self.ice: IceTable[Leg] = IceTable()
        now, rate = clock(), config.handshakes_per_s
        self._handshakes = Bucket(rate, rate, now)
        self._strangers = PerSource(config.strangers_per_s, config.strangers_per_s * 2)
        self._strays = Bucket(STRAYS_PER_S, STRAYS_PER_S, now)

    def datagram(self, kind: Kind, datagram: bytes, source: Address) -> None:
        """Deal with STUN, DTLS, and media from an address that is nobody's yet."""
        leg = self.ice.owner(source)
        if not self._may_look(leg, len(datagram), source):
            self._port.totals.drop("rate")
        elif kind is Kind.STUN:
            self._check(datagram, source)
        elif leg is None:
            self._stray(kind, datagram, source)
        elif kind is Kind.DTLS:
            self._dtls(leg, datagram)

    def go_on(self, leg: Leg) -> bool:
        """Begin the handshake if it is time; False if too many have begun just now."""
        if leg.may_begin:
            if not self._handshakes.take(self._clock()):
                return False
            leg.begin()
        return True

    def sync(self, leg: Leg) -> None:
        """Let the port know a leg's addresses as the ICE table has them."""
        accepted = set(leg.checked)
        for address in leg.attached - accepted:
            self._port.detach(address, leg.route)
        for address in accepted:
            self._port.attach(address, leg.route)
        leg.attached = accepted
        self._port.aim(leg.route, leg.nominated)

    def expire(self, leg: Leg, now: float) -> None:
        """Give up what no check confirms any more."""
        if leg.checked:
            self.ice.expire(leg, now)
            self.sync(leg)

    def remove(self, leg: Leg) -> None:
        """Nothing of this leg is known any more."""
        self.ice.remove(leg)
        self.sync(leg)

    def _may_look(self, leg: Leg | None, octets: int, source: Address) -> bool:
        if leg is not None:
            return leg.route.spend(octets)
        return self._strangers.take(source[0], self._clock())

    def _check(self, datagram: bytes, source: Address) -> None:
        check = stun.read(datagram)
        leg = self.ice.named(check.username) if check else None
        held = leg.holding(check.username) if check and leg else None
        if check is None or leg is None or held is None or not check.proves(held.pwd):
            self._port.totals.drop("stun")
            return
        now = self._clock()
        if not self.ice.checked(leg, source, nominate=check.nominate, now=now, by=held):
            self._port.totals.drop("stun")
            return
        leg.checks += 1
        leg.route.others += 1
        self.sync(leg)
        self._port.send(check.answer(held.pwd, source), source)

    def _dtls(self, leg: Leg, datagram: bytes) -> None:
        if not self.go_on(leg):
            self._port.totals.drop("rate")
        elif not leg.feed(datagram):
            self._port.totals.drop("dtls")

    def _stray(self, kind: Kind, datagram: bytes, source: Address) -> None:
        """Media from an unknown address: perhaps a leg whose network changed. One try, one leg."""
        leg = None
        if kind in _MEDIA and self._strays.take(self._clock()):
            leg = self._leg_sending(ssrc_of(datagram, kind))
        if leg is None or not self._port.forward(leg.route, kind, datagram):
            self._port.totals.drop("src")
            return
        if self.ice.latch(leg, source, self._clock()):
            self.sync(leg)
            log.info("leg.moved", pair=leg.pair, side=leg.side)

    def _leg_sending(self, ssrc: int) -> Leg | None:
        """The one leg that has sent this stream. Never a blind one: nothing would prove that it did."""
        found = {leg for leg in self.ice if _may_have_moved(leg, ssrc)}
        return found.pop() if len(found) == 1 else None


def _may_have_moved(leg: Leg, ssrc: int) -> bool:
    return leg.state == "connected" and not leg.blind and ssrc in leg.route.streams

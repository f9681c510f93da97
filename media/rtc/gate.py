"""What arrives at the port the long way: checks, handshakes, and media from an address that is nobody's.

Everything a stranger can reach is here, and each of it has a rate. Nothing is answered, and no
DTLS code is run, before an address has passed a check. An address that only one authentic packet
speaks for stays here, and unknown to the port, until something confirms it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog

from media.config import MediaConfig
from media.demux import Kind, ssrc_of
from media.ice import Address, Credentials, IceTable
from media.limits import Bucket, PerSource
from media.reach import may_call, plain
from media.rtc.handshakes import Handshakes
from media.rtc.leg import Leg
from media.udp import stun
from media.udp.port import Port

STRAYS_PER_S = 100
"""Media packets from unknown addresses that are compared with the legs, of all sources."""

V6_HOST = 64
"""Bits of an IPv6 address that its owner may choose; the rest tell one line from another."""

log = structlog.get_logger(__name__)


class Gate:
    """The port's handler."""

    def __init__(self, config: MediaConfig, port: Port, *, clock: Callable[[], float]) -> None:
        self._port = port
        self._clock = clock
        self._private = config.takes_private
        self.ice: IceTable[Leg] = IceTable()
        self.handshakes = Handshakes(config.handshakes_per_s, clock=clock)
        self._strangers = PerSource(config.strangers_per_s, config.strangers_per_s * 2)
        self._strays = Bucket(STRAYS_PER_S, STRAYS_PER_S, clock())

    def datagram(self, kind: Kind, datagram: bytes, source: Address) -> None:
        """Deal with STUN, DTLS, and media from an address that is nobody's yet."""
        leg = self.ice.owner(source)
        sure = leg is not None and leg.is_confirmed(source)
        if leg is not None and sure and not leg.route.spend(len(datagram)):
            self._port.totals.drop("rate")
        elif kind is Kind.STUN:
            self._stun(leg, datagram, source, free=sure)
        elif kind is Kind.DTLS and leg is not None:
            self._dtls(leg, datagram, source, free=sure)
        elif leg is not None:
            self._unconfirmed(leg, kind, datagram, source)
        else:
            self._stray(kind, datagram, source)

    def sync(self, leg: Leg) -> None:
        """Let the port know a leg's addresses as the ICE table has them."""
        accepted = {address for address in leg.checked if leg.is_confirmed(address)}
        for address in leg.attached - accepted:
            self._port.detach(address, leg.route)
        for address in accepted:
            self._port.attach(address, leg.route)
        leg.attached = accepted
        self._port.aim(leg.route, leg.nominated)

    def expire(self, leg: Leg, now: float) -> None:
        """Give up what no check confirms any more; ask again where media is wanted."""
        if leg.checked or leg.nominated is not None:
            self.ice.expire(leg, now)
            self.sync(leg)
            self._ask(leg)

    def reconsider(self, leg: Leg) -> None:
        """The leg was described, or is connected: other proofs may be needed now."""
        self.ice.reconsider(leg)
        self.sync(leg)
        self._ask(leg)

    def remove(self, leg: Leg) -> None:
        """Nothing of this leg is known any more."""
        self.handshakes.forget(leg)
        self.ice.remove(leg)
        self.sync(leg)

    def _pays(self, source: Address) -> bool:
        """Whether somebody who is nobody yet may be looked at."""
        return self._strangers.take(line_of(source), self._clock())

    # Checks, theirs and ours.

    def _stun(self, leg: Leg | None, datagram: bytes, source: Address, *, free: bool) -> None:
        check = stun.read(datagram)
        if check is not None and (named := self.ice.named(check.username)) is not None:
            self._check(named, check, source)
        elif not free and not self._pays(source):
            self._port.totals.drop("rate")
        elif leg is None or not self._answered(leg, datagram, source):
            self._port.totals.drop("stun")

    def _check(self, leg: Leg, check: stun.Check, source: Address) -> None:
        held = leg.holding(check.username)
        if held is None or not check.proves(held.pwd) or not self._may_call(leg, source):
            self._port.totals.drop("stun")
            return
        if not self._accept(leg, source, nominate=check.nominate, by=held):
            self._port.totals.drop("stun")
            return
        leg.checks += 1
        leg.route.others += 1
        self._port.send(check.answer(held.pwd, source), source)
        self._ask(leg)

    def _may_call(self, leg: Leg, source: Address) -> bool:
        return source in leg.checked or may_call(source, private=self._private)

    def _accept(self, leg: Leg, source: Address, *, nominate: bool, by: Credentials) -> bool:
        holder = self.ice.owner(source)
        if not self.ice.checked(leg, source, nominate=nominate, now=self._clock(), by=by):
            return False
        self._settle(leg, holder)
        return True

    def _settle(self, leg: Leg, holder: Leg | None) -> None:
        """The port learns of a leg's new address, and of whom it was taken from."""
        if holder is not None and holder is not leg:
            self.sync(holder)
        self.sync(leg)

    def _ask(self, leg: Leg) -> None:
        """A check of ours to where media is wanted. It is answered by whoever knows the browser's
        password, and only if they are there: the transaction is known to nobody else."""
        wanted = leg.wanted
        if wanted is None or wanted.left <= 0 or not wanted.by.remote_pwd:
            return
        wanted.left -= 1
        wanted.transaction = wanted.transaction or secrets.token_bytes(stun.TRANSACTION_SIZE)
        by = wanted.by
        username = f"{by.remote_ufrag}:{by.ufrag}"
        request = stun.request(username, by.remote_pwd, wanted.transaction)
        self._port.send(request, wanted.source)

    def _answered(self, leg: Leg, datagram: bytes, source: Address) -> bool:
        answer, wanted = stun.read_answer(datagram), leg.wanted
        if answer is None or wanted is None or wanted.source != source:
            return False
        if answer.transaction != wanted.transaction or not answer.proves(wanted.by.remote_pwd):
            return False
        self.ice.answered(leg, source, self._clock())
        self.sync(leg)
        return True

    # Handshakes.

    def _dtls(self, leg: Leg, datagram: bytes, source: Address, *, free: bool) -> None:
        if not free and not self._pays(source):
            self._port.totals.drop("rate")
        elif not leg.feed(datagram):
            self._port.totals.drop("dtls")
        else:
            self.handshakes.want(leg)

    # Media.

    def _stray(self, kind: Kind, datagram: bytes, source: Address) -> None:
        """Media from an unknown address: perhaps a leg whose network changed. One try, one leg."""
        if not self._pays(source):
            self._port.totals.drop("rate")
            return
        leg = None
        if kind is not Kind.DTLS and self._strays.take(self._clock()):
            leg = self._leg_sending(ssrc_of(datagram, kind))
        known = leg is not None and self._may_call(leg, source)
        if leg is None or not known or not self._port.forward(leg.route, kind, datagram):
            self._port.totals.drop("src")
        else:
            self._move(leg, source)

    def _move(self, leg: Leg, source: Address) -> None:
        holder = self.ice.owner(source)
        if self.ice.latch(leg, source, self._clock()):
            self._settle(leg, holder)
            self._ask(leg)
            log.info("leg.moved", pair=leg.pair, side=leg.side)

    def _unconfirmed(self, leg: Leg, kind: Kind, datagram: bytes, source: Address) -> None:
        """Media from where a leg has moved to, it seems. What is not authentic, a stranger pays for."""
        line, now = line_of(source), self._clock()
        if not self._strangers.has(line, now) or not leg.route.spend(0):
            self._port.totals.drop("rate")
        elif self._port.forward(leg.route, kind, datagram):
            leg.route.bytes_left -= len(datagram)
        else:
            leg.route.packets_left += 1
            self._strangers.take(line, now)

    def _leg_sending(self, ssrc: int) -> Leg | None:
        """The one leg that has sent this stream. Never a blind one: nothing would prove that it did."""
        found = {leg for leg in self.ice if _may_have_moved(leg, ssrc)}
        return found.pop() if len(found) == 1 else None


def line_of(source: Address) -> tuple[int, int]:
    """By whom a stranger's packets are counted."""
    host = plain(source[0])
    return host.version, int(host) >> (V6_HOST if host.version == 6 else 0)


def _may_have_moved(leg: Leg, ssrc: int) -> bool:
    return leg.state == "connected" and not leg.blind and ssrc in leg.route.streams

"""Making the two legs of a generation: fresh credentials, the worker's certificate, its addresses."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable

from media.config import MediaConfig
from media.control import Side
from media.ice import Address, Credentials
from media.rtc.dtls import Certificates, Keys
from media.rtc.leg import Leg
from media.udp.port import BURST_S, Port


class LegMaker:
    """Makes legs for one worker, and gives them what they may send."""

    def __init__(
        self, config: MediaConfig, port: Port, on_change: Callable[[Leg, Keys | None], None]
    ) -> None:
        self._config = config
        self._port = port
        self._on_change = on_change
        self._certificates = Certificates()

    def pair(self, pair: str, gen: int, blind: bool) -> tuple[Leg, Leg]:
        """Both legs of a generation, each other's partner."""
        legs = (self._leg(pair, gen, 0, blind), self._leg(pair, gen, 1, blind))
        for leg, partner in (legs, legs[::-1]):
            leg.partner = partner
            leg.route.peer = partner.route
        return legs

    def credentials(self) -> Credentials:
        """New ones, for a leg that exists."""
        return Credentials(ufrag=secrets.token_hex(8), pwd=secrets.token_hex(16))

    def refill(self, leg: Leg, seconds: float) -> None:
        """Grant a leg what may be sent in so much time."""
        packets, octets = self._config.packets_per_s, self._config.bytes_per_s
        leg.route.refill(
            int(packets * seconds),
            int(octets * seconds),
            packets_max=packets * BURST_S,
            bytes_max=octets * BURST_S,
        )

    def _leg(self, pair: str, gen: int, side: Side, blind: bool) -> Leg:
        fresh, now = self.credentials(), datetime.datetime.now(tz=datetime.UTC)
        leg = Leg(
            pair=pair,
            gen=gen,
            side=side,
            ufrag=fresh.ufrag,
            pwd=fresh.pwd,
            hosts=self._hosts(),
            certificate=None if blind else self._certificates.current(now),
            send=self._port.send,
            on_change=self._on_change,
        )
        self.refill(leg, BURST_S)
        return leg

    def _hosts(self) -> list[Address]:
        """Where browsers reach this worker: an address for each of the port's sockets."""
        ports = [int(opened.getsockname()[1]) for opened in self._port.sockets]
        return list(zip(self._config.candidate_hosts, ports, strict=True))

"""One side of a relayed pair as it lives: credentials, DTLS, keys, and what is seen of it.

A blind leg has no DTLS of ours: the browsers end it with each other, and nothing that comes can be
proven authentic here. It counts as connected once something other than a check has come from it,
as gone once consent has run out, and as no more than what the headers of its packets say.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal

from aiortc.rtcdtlstransport import RTCCertificate

from media.control import Camera, LegState, SetRemote, Side, WorkerMessage
from media.control import Leg as LegAddress
from media.ice import Address, IceEnd
from media.picture import Verdict
from media.rtc.dtls import DtlsEnd, Keys, fingerprint_of
from media.udp.route import Route
from media.watch import CameraSeen, Flowing, Stalled, Watch

WAITING_MAX = 16
"""SCTP packets kept for a leg that is not connected yet, so that the channel need not retry."""

State = Literal["new", "connecting", "connected", "gone"]


class Leg(IceEnd):
    """The worker's end towards one browser."""

    __slots__ = (
        "_hosts",
        "_last",
        "_negotiated",
        "_out",
        "_quiet",
        "_shaken",
        "_task",
        "_waiting",
        "attached",
        "checks",
        "dtls",
        "fingerprint",
        "fingerprints",
        "gen",
        "on_change",
        "pair",
        "partner",
        "route",
        "side",
        "state",
        "watch",
    )

    def __init__(
        self,
        *,
        pair: str,
        gen: int,
        side: Side,
        ufrag: str,
        pwd: str,
        hosts: list[Address],
        certificate: RTCCertificate | None,
        send: Callable[[bytes, Address], None],
        on_change: Callable[[Leg, Keys | None], None],
    ) -> None:
        """Without a certificate the leg is blind."""
        super().__init__(ufrag=ufrag, pwd=pwd)
        self.pair = pair
        self.gen = gen
        self.side = side
        self.fingerprint = fingerprint_of(certificate) if certificate else ""
        self.route = Route()
        self.route.blind = certificate is None
        self.attached: set[Address] = set()
        """Addresses the port knows this leg by."""
        self.partner: Leg | None = None
        self.fingerprints: list[str] = []
        self.state: State = "new"
        self.watch: Watch | None = None
        self.checks = 0
        """Connectivity checks that were answered; the route counts them among the others."""
        self.on_change = on_change
        self.dtls: DtlsEnd | None = None
        if certificate is not None:
            self.dtls = DtlsEnd(
                certificate, send=self._send, receive=self._pass_data, closed=self._on_closed
            )
        self._hosts = hosts
        self._negotiated: frozenset[int] = frozenset()
        self._quiet = 0
        self._last: Address | None = None
        """Where the goodbye goes."""
        self._shaken: set[Address] = set()
        """Where this end of the handshake was sent."""
        self._out = send
        self.careful = self.blind
        self._waiting: deque[bytes] = deque(maxlen=WAITING_MAX)
        self._task: asyncio.Task[None] | None = None

    @property
    def blind(self) -> bool:
        """Whether the browsers end DTLS with each other."""
        return self.dtls is None

    # What hubs and browsers know of it.

    @property
    def address(self) -> LegAddress:
        """How the browser reaches this leg, by its newest credentials."""
        (host, port), *more = self._hosts
        return LegAddress(
            ufrag=self.newest.ufrag,
            pwd=self.newest.pwd,
            fingerprint=self.fingerprint,
            host=host,
            port=port,
            more=more,
        )

    def describe(self, remote: SetRemote) -> bool:
        """Take in what the browser said of itself. False, and nothing is taken in, if it names another
        certificate than the one this leg is connected with: that takes a new generation."""
        known = self.blind or self.state == "new" or remote.fingerprints == self.fingerprints
        if not known:
            return False
        self.meet(remote.ufrag, remote.pwd)
        self.fingerprints = remote.fingerprints
        self.route.video_pts = frozenset(remote.video_pts)
        self.route.camera_ssrcs = frozenset(remote.camera_ssrcs)
        self.route.ssrcs = frozenset(remote.ssrcs)
        self._negotiated = frozenset(remote.payloads)
        self._allow()
        if self.partner is not None:
            self.partner._allow()
        return True

    def _allow(self) -> None:
        """Either side's payload types may be sent: each sends by what the other listed."""
        theirs = self.partner._negotiated if self.partner else frozenset()
        self.route.payloads = self._negotiated | theirs if self._negotiated else frozenset()
        self.route.forget()

    # DTLS.

    @property
    def may_begin(self) -> bool:
        """Whether a handshake can start with the next datagram."""
        return self.state == "new" and bool(self.fingerprints) and not self.blind

    @property
    def waiting(self) -> bool:
        """Whether datagrams have come that nobody has read yet."""
        return self.dtls is not None and self.dtls.waiting

    def begin(self) -> None:
        """Start the handshake; datagrams that came early are waiting in the carrier."""
        assert self.dtls is not None
        self.state = "connecting"
        self._task = asyncio.create_task(self._connect(self.dtls), name="dtls-handshake")

    def feed(self, datagram: bytes) -> bool:
        """Hand a DTLS datagram in; False if nobody can take it."""
        return self.dtls is not None and self.state != "gone" and self.dtls.feed(datagram)

    async def _connect(self, dtls: DtlsEnd) -> None:
        keys = await dtls.handshake(self.fingerprints)
        if self.state != "connecting":
            return
        self.state = "gone" if keys is None else "connected"
        self._be_careful()
        self.on_change(self, keys)
        while self._waiting and self.state == "connected":
            await dtls.send_data(self._waiting.popleft())

    def _be_careful(self) -> None:
        """From now on media is sent. Whoever finished the handshake has read what was sent to them; if
        that was one address, it is theirs."""
        self.careful = True
        self.proven |= self._shaken if len(self._shaken) == 1 else set()

    def _send(self, datagram: bytes) -> None:
        target = self.nominated or self._last
        if target is not None:
            if not self.careful:
                self._shaken.add(target)
            self._out(datagram, target)

    def _on_closed(self) -> None:
        if self.state == "connected":
            self.state = "gone"
            self.on_change(self, None)

    async def _pass_data(self, data: bytes) -> None:
        self.route.others += 1
        partner = self.partner
        if partner is None or partner.dtls is None:
            return
        if partner.state == "connected":
            await partner.dtls.send_data(data)
        elif partner.state != "gone":
            partner._waiting.append(data)

    def part(self) -> None:
        """Nothing counts any more: a handshake that ends just now must not bring the leg back."""
        self.state = "gone"
        self._last = self.nominated

    async def close(self) -> None:
        """End the association; nothing is reported any more."""
        self.state = "gone"
        self.partner = None
        if self.dtls is not None:
            await self.dtls.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # What hubs are told.

    def state_message(self, state: Literal["connected", "stalled", "flowing", "gone"]) -> LegState:
        return LegState(pair=self.pair, gen=self.gen, side=self.side, state=state)

    def settle(self, now: float) -> LegState | None:
        """For a blind leg, which has no handshake to tell by: whether it came or went since."""
        flowed = self._flowed()
        if self.nominated is None and self.state == "connected":
            self.state, self.watch, self._quiet = "gone", None, flowed
            return self.state_message("gone")
        if self.nominated is not None and self.state != "connected" and flowed > self._quiet:
            self.state, self.watch = "connected", Watch(now, self.route.counts())
            return self.state_message("connected")
        return None

    def _flowed(self) -> int:
        counts = self.route.counts()
        return counts.video_packets + counts.others - self.checks

    def news(self, now: float) -> tuple[list[WorkerMessage], bool]:
        """What the packets since the last look say, and whether a key frame is needed."""
        if self.watch is None or self.state == "gone":
            return [], False
        seen = self.watch.look(self.route.counts(), now)
        self.heard = self.watch.heard
        told: list[WorkerMessage] = []
        for change in seen:
            if isinstance(change, CameraSeen):
                told.append(self._camera_message(change))
            elif isinstance(change, Stalled | Flowing):
                told.append(self.state_message(_STATE_OF[type(change)]))
        return told, len(told) < len(seen)

    def standing(self, now: float) -> list[WorkerMessage]:
        """Everything a hub that claims this pair has to know of the leg."""
        if self.state == "gone":
            return [self.state_message("gone")]
        if self.state != "connected" or self.watch is None:
            return []
        told: list[WorkerMessage] = [self.state_message("connected")]
        if self.watch.stalled:
            told.append(self.state_message("stalled"))
        if self.watch.camera is not None:
            since_s = now - self.watch.camera_since
            told.append(
                self._camera_message(CameraSeen(self.watch.camera, since_s, self.watch.why))
            )
        return told

    def shown(self, verdict: Verdict, now: float) -> list[Camera]:
        """What a key frame of the camera shows, and what follows from that."""
        seen = self.watch.shown(verdict, now) if self.watch else []
        return [self._camera_message(change) for change in seen if isinstance(change, CameraSeen)]

    def _camera_message(self, seen: CameraSeen) -> Camera:
        return Camera(
            pair=self.pair,
            gen=self.gen,
            side=self.side,
            state=seen.state,
            since_ms=int(seen.since_s * 1000),
            why=seen.why,
        )


_STATE_OF: dict[type, Literal["stalled", "flowing"]] = {Stalled: "stalled", Flowing: "flowing"}

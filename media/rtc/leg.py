"""One side of a relayed pair as it lives: credentials, DTLS, keys, and what is seen of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal

from aiortc.rtcdtlstransport import RTCCertificate

from media.control import Camera, LegState, SetRemote, Side, WorkerMessage
from media.control import Leg as LegAddress
from media.ice import Address, IceEnd
from media.rtc.dtls import DtlsEnd, Keys, fingerprint_of
from media.udp.port import Route
from media.watch import CameraSeen, Flowing, Stalled, Watch

WAITING_MAX = 16
"""SCTP packets kept for a leg that is not connected yet, so that the channel need not retry."""

State = Literal["new", "connecting", "connected", "gone"]


class Leg(IceEnd):
    """The worker's end towards one browser."""

    __slots__ = (
        "_out",
        "_task",
        "_waiting",
        "address",
        "attached",
        "dtls",
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
        host: str,
        port: int,
        certificate: RTCCertificate,
        send: Callable[[bytes, Address], None],
        on_change: Callable[[Leg, Keys | None], None],
    ) -> None:
        super().__init__(ufrag=ufrag, pwd=pwd)
        self.pair = pair
        self.gen = gen
        self.side = side
        self.address = LegAddress(
            ufrag=ufrag, pwd=pwd, fingerprint=fingerprint_of(certificate), host=host, port=port
        )
        self.route = Route()
        self.attached: set[Address] = set()
        """Addresses the port knows this leg by."""
        self.partner: Leg | None = None
        self.fingerprints: list[str] = []
        self.state: State = "new"
        self.watch: Watch | None = None
        self.on_change = on_change
        self.dtls = DtlsEnd(
            certificate,
            send=self._send,
            receive=self._pass_data,
            closed=self._on_closed,
        )
        self._out = send
        self._waiting: deque[bytes] = deque(maxlen=WAITING_MAX)
        self._task: asyncio.Task[None] | None = None

    # What the hub says.

    def describe(self, remote: SetRemote) -> None:
        """Take in what the browser said of itself."""
        self.remote_ufrag = remote.ufrag
        self.fingerprints = remote.fingerprints
        self.route.video_pts = frozenset(remote.video_pts)
        self.route.camera_ssrcs = frozenset(remote.camera_ssrcs)

    # DTLS.

    @property
    def may_begin(self) -> bool:
        """Whether a handshake can start with the next datagram."""
        return self.state == "new" and bool(self.fingerprints)

    def begin(self) -> None:
        """Start the handshake; datagrams that came early are waiting in the carrier."""
        self.state = "connecting"
        self._task = asyncio.create_task(self._connect(), name="dtls-handshake")

    async def _connect(self) -> None:
        keys = await self.dtls.handshake(self.fingerprints)
        if self.state != "connecting":
            return
        self.state = "gone" if keys is None else "connected"
        self.on_change(self, keys)
        while self._waiting and self.state == "connected":
            await self.dtls.send_data(self._waiting.popleft())

    def _send(self, datagram: bytes) -> None:
        if self.nominated is not None:
            self._out(datagram, self.nominated)

    def _on_closed(self) -> None:
        if self.state == "connected":
            self.state = "gone"
            self.on_change(self, None)

    async def _pass_data(self, data: bytes) -> None:
        self.route.others += 1
        partner = self.partner
        if partner is None:
            return
        if partner.state == "connected":
            await partner.dtls.send_data(data)
        elif partner.state != "gone":
            partner._waiting.append(data)

    async def close(self) -> None:
        """End the association; nothing is reported any more."""
        self.state = "gone"
        self.partner = None
        await self.dtls.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # What hubs are told.

    def state_message(self, state: Literal["connected", "stalled", "flowing", "gone"]) -> LegState:
        return LegState(pair=self.pair, gen=self.gen, side=self.side, state=state)

    def news(self, now: float) -> tuple[list[WorkerMessage], bool]:
        """What the packets since the last look say, and whether a key frame is needed."""
        if self.watch is None:
            return [], False
        seen = self.watch.look(self.route.counts(), now)
        told: list[WorkerMessage] = []
        for change in seen:
            if isinstance(change, CameraSeen):
                told.append(self._camera_message(change.state, change.since_s))
            elif isinstance(change, Stalled | Flowing):
                told.append(self.state_message(_STATE_OF[type(change)]))
        return told, len(told) < len(seen)

    def standing(self, now: float) -> list[WorkerMessage]:
        """Everything a hub that claims this pair has to know of the leg."""
        if self.state not in ("connected", "gone") or self.watch is None:
            return [self.state_message("gone")] if self.state == "gone" else []
        told: list[WorkerMessage] = [self.state_message("connected")]
        if self.watch.stalled:
            told.append(self.state_message("stalled"))
        if self.watch.camera is not None:
            told.append(self._camera_message(self.watch.camera, now - self.watch.camera_since))
        return told

    def _camera_message(self, state: Literal["on", "off", "suspect"], since_s: float) -> Camera:
        return Camera(
            pair=self.pair, gen=self.gen, side=self.side, state=state, since_ms=int(since_s * 1000)
        )


_STATE_OF: dict[type, Literal["stalled", "flowing"]] = {Stalled: "stalled", Flowing: "flowing"}

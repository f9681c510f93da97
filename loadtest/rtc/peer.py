"""One connection of one generation: built when the hub says `negotiate`, closed when a newer one carries.

The path makes no difference here: the hub rewrites the SDP of a relayed pair so that the other end
is the SFU. Candidates are sent inside the SDP, since aiortc gathers before it describes; those of
the partner's page arrive one by one and may come before its description.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.exceptions import (
    InternalError,
    InvalidAccessError,
    InvalidStateError,
    OperationError,
)
from aiortc.sdp import candidate_from_sdp

from loadtest.rtc.hooks import do_not_decode, offer_loopback
from loadtest.rtc.tracks import RobotCamera, RobotMicrophone
from signalling.wire import Connected, Failed, Message, Negotiate, Signal

FIRST_MEDIA_S = 15.0
"""Without the partner's media after this long the connection has failed."""
BAD_SIGNAL = (ValueError, InternalError, InvalidAccessError, InvalidStateError, OperationError)
"""What aiortc raises over a description or candidate that cannot be used."""
LISTEN_EVERY_S = 0.05
"""aiortc has no event for a first packet, so it is asked this often."""


class PeerEvents(msgspec.Struct, frozen=True):
    """What a peer tells its robot."""

    say: Callable[[Message], None]
    """Send this to the hub."""
    opened: Callable[[], None]
    """The data channel is open."""
    frame: Callable[[bytes], None]
    """A frame came over the data channel."""


class Peer:
    """A robot's end of one generation. `carries` is set once the partner's media arrives."""

    def __init__(
        self, number: int, asked: Negotiate, events: PeerEvents, *, loopback: bool
    ) -> None:
        self.gen = asked.gen
        self.carries = asyncio.Event()
        self._asked = asked
        self._events = events
        self._early: list[Signal] = []
        self._described = False
        self._pc = RTCPeerConnection(_configuration(asked))
        self._senders = (RobotMicrophone(number), RobotCamera(number))
        for track in self._senders:
            self._pc.addTrack(track)
        self._look_away()
        self._channel = self._open_channel()
        if loopback:
            offer_loopback(self._pc)

    async def run(self) -> None:
        """Offer if that is this side's part, then watch until media flows or time is up."""
        began = asyncio.get_running_loop().time()
        if self._asked.offer:
            await self._pc.setLocalDescription(await self._pc.createOffer())
            self._describe("offer")
        if not await self._media_flows():
            self._events.say(Failed(gen=self.gen))
            return
        took = asyncio.get_running_loop().time() - began
        self.carries.set()
        self._events.say(Connected(gen=self.gen, first_frame_ms=int(took * 1000)))

    async def signal(self, message: Signal) -> None:
        """Take an offer, an answer or a candidate of this generation."""
        if message.kind == "candidate":
            await self._candidate(message)
            return
        description = RTCSessionDescription(sdp=message.sdp, type=message.kind)
        await self._pc.setRemoteDescription(description)
        self._described = True
        self._look_away()
        if message.kind == "offer":
            await self._pc.setLocalDescription(await self._pc.createAnswer())
            self._describe("answer")
        early, self._early = self._early, []
        for candidate in early:
            await self._candidate(candidate)

    def send(self, frame: bytes) -> bool:
        """Send over the data channel; False while it is not open."""
        if self._channel.readyState != "open":
            return False
        self._channel.send(frame)
        return True

    async def close(self) -> None:
        """End the connection and its tracks."""
        for track in self._senders:
            track.stop()
        await self._pc.close()

    def _look_away(self) -> None:
        """The partner's page may have brought lines of its own, so this is asked again."""
        for receiver in self._pc.getReceivers():
            do_not_decode(receiver)

    def _open_channel(self) -> RTCDataChannel:
        channel = self._pc.createDataChannel("desk", negotiated=True, id=0)
        channel.on("open", self._events.opened)
        channel.on("message", self._on_frame)
        return channel

    def _on_frame(self, data: bytes | str) -> None:
        if isinstance(data, bytes):
            self._events.frame(data)

    def _describe(self, kind: str) -> None:
        self._events.say(
            Signal(
                gen=self.gen,
                kind="offer" if kind == "offer" else "answer",
                sdp=self._pc.localDescription.sdp,
            )
        )

    async def _candidate(self, message: Signal) -> None:
        if not self._described:
            self._early.append(message)
            return
        text = message.candidate.removeprefix("candidate:")
        candidate = candidate_from_sdp(text) if text else None
        if candidate is not None:
            candidate.sdpMid, candidate.sdpMLineIndex = message.mid or None, message.line
        await self._pc.addIceCandidate(candidate)

    async def _media_flows(self) -> bool:
        for _ in range(int(FIRST_MEDIA_S / LISTEN_EVERY_S)):
            if any(r.getSynchronizationSources() for r in self._pc.getReceivers()):
                return True
            await asyncio.sleep(LISTEN_EVERY_S)
        return False


def _configuration(asked: Negotiate) -> RTCConfiguration:
    """The hub's servers and no others: aiortc's default would ask a stranger's STUN server."""
    servers = [
        RTCIceServer(urls=s.urls, username=s.username or None, credential=s.credential or None)
        for s in asked.ice_servers
    ]
    policy = RTCIceTransportPolicy.RELAY if asked.relay_only else RTCIceTransportPolicy.ALL
    return RTCConfiguration(
        iceServers=servers, iceTransportPolicy=policy, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE
    )

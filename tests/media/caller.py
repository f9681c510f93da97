"""A browser as far as a worker can tell: ICE checks, DTLS as client, SRTP, data channel bytes."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from typing import Any

from aioice import stun
from aiortc.rtcdtlstransport import RTCCertificate

from media.control import Leg, SetRemote, Side
from media.demux import Kind, kind_of
from media.rtc.dtls import DtlsEnd, Keys, Role, fingerprint_of

VIDEO_PT = 96
AUDIO_PT = 111
WAIT_S = 5.0


async def open_endpoint(
    protocol: asyncio.DatagramProtocol, *, host: str = "127.0.0.1"
) -> tuple[socket.socket, Any]:
    """A socket to send with, as asyncio's transports keep empty datagrams to themselves."""
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((host, 0))
    opened.setblocking(False)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: protocol, sock=opened)
    return opened, transport


class Caller(asyncio.DatagramProtocol):
    """One browser behind one leg."""

    def __init__(
        self, leg: Leg, *, certificate: RTCCertificate | None = None, role: Role = "client"
    ) -> None:
        """Browsers are DTLS clients, but for one of the two on a blind pair."""
        self.leg = leg
        self.at = (leg.host, leg.port)
        """Which of the worker's addresses it sends to."""
        self.ufrag = "call"
        self.pwd = "c" * 22
        """By this it answers checks of the worker."""
        self.asked: list[stun.Message] = []
        """Those checks."""
        self.is_there = True
        """False: it gets the worker's checks and keeps silent."""
        self.certificate = certificate or RTCCertificate.generateCertificate()
        self.keys: Keys | None = None
        self.closed = asyncio.Event()
        self.media: asyncio.Queue[tuple[Kind, bytes]] = asyncio.Queue()
        self.data: asyncio.Queue[bytes] = asyncio.Queue()
        self.answers: asyncio.Queue[stun.Message] = asyncio.Queue()
        self.unread = 0
        """Protected packets that came and could not be decrypted."""
        self.heard: Counter[Kind] = Counter()
        """Everything that came."""
        self.dtls = DtlsEnd(
            self.certificate,
            send=self.send,
            receive=self.data.put,
            closed=self.closed.set,
            role=role,
        )
        self._socket: Any = None
        self._transport: Any = None

    async def open(self) -> Caller:
        host = "::1" if ":" in self.at[0] else "127.0.0.1"
        self._socket, self._transport = await open_endpoint(self, host=host)
        return self

    async def move(self) -> None:
        """Another network: the same browser from another address."""
        self._transport.close()
        await self.open()

    @property
    def address(self) -> tuple[str, int]:
        """Where it sends from."""
        host, port, *_ = self._socket.getsockname()
        return str(host), int(port)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    def remote(self, pair: str, gen: int, side: Side, **other: Any) -> SetRemote:
        """What the hub would tell the worker of this browser."""
        said: dict[str, Any] = {
            "ufrag": self.ufrag,
            "pwd": self.pwd,
            "fingerprints": [self.fingerprint],
            "audio_pts": [AUDIO_PT],
            "video_pts": [VIDEO_PT],
        }
        return SetRemote(pair=pair, gen=gen, side=side, **(said | other))

    # ICE.

    def request(self, *, pwd: str = "", username: str = "", nominate: bool = True) -> bytes:
        """A connectivity check."""
        attributes: dict[str, Any] = {
            "USERNAME": username or f"{self.leg.ufrag}:{self.ufrag}",
            "PRIORITY": 1,
            "ICE-CONTROLLING": 1,
        }
        if nominate:
            attributes["USE-CANDIDATE"] = None
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        message.add_message_integrity((pwd or self.leg.pwd).encode())
        return bytes(message)

    async def check(self) -> stun.Message:
        """Check and wait for the answer."""
        self.send(self.request())
        return await self.wait(self.answers)

    # Everything after.

    async def connect(self, fingerprint: str = "") -> bool:
        """ICE and DTLS, with the worker or with whoever has this fingerprint. False if it failed."""
        await self.check()
        trusted = [fingerprint or self.leg.fingerprint]
        self.keys = await asyncio.wait_for(self.dtls.handshake(trusted), WAIT_S)
        return self.keys is not None

    def rtp(self, seq: int, payload: bytes, *, pt: int = VIDEO_PT, ssrc: int = 7) -> bytes:
        """A packet before protection, the last of its frame."""
        return struct.pack("!BBHII", 0x80, pt | 0x80, seq, seq * 3000, ssrc) + payload

    def send_rtp(self, seq: int, payload: bytes, **other: int) -> bytes:
        """Send one packet; gives it back as it was before protection."""
        packet = self.rtp(seq, payload, **other)
        self.send(self.protected(packet))
        return packet

    def protected(self, packet: bytes) -> bytes:
        """A packet as it goes over the network; the same each time."""
        assert self.keys is not None
        return bytes(self.keys.tx.protect(packet))

    def send_rtcp(self, packet: bytes) -> None:
        assert self.keys is not None
        self.send(self.keys.tx.protect_rtcp(packet))

    def send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self.at)

    async def next_rtp(self) -> bytes:
        """The next RTP packet; RTCP in between is passed over."""
        while True:
            kind, packet = await self.wait(self.media)
            if kind is Kind.RTP:
                return packet

    async def next_rtcp(self) -> bytes:
        while True:
            kind, packet = await self.wait(self.media)
            if kind is Kind.RTCP:
                return packet

    async def wait(self, queue: asyncio.Queue[Any]) -> Any:
        return await asyncio.wait_for(queue.get(), WAIT_S)

    async def close(self) -> None:
        await self.dtls.close()
        self._transport.close()

    # The socket.

    def datagram_received(self, data: bytes, addr: Any) -> None:
        kind = kind_of(data)
        self.heard[kind] += 1
        if kind is Kind.STUN:
            self._take(stun.parse_message(data))
        elif kind is Kind.DTLS:
            self.dtls.feed(data)
        elif self.keys is not None:
            self._unprotect(kind, data)

    def _take(self, message: stun.Message) -> None:
        if message.message_class is not stun.Class.REQUEST:
            self.answers.put_nowait(message)
            return
        self.asked.append(message)
        if self.is_there:
            self.send(self.answer_to(message))

    def answer_to(self, asked: stun.Message, *, pwd: str = "") -> bytes:
        """What a browser says to a check."""
        answer = stun.Message(
            stun.Method.BINDING,
            stun.Class.RESPONSE,
            transaction_id=asked.transaction_id,
            attributes={"XOR-MAPPED-ADDRESS": self.at},
        )
        answer.add_message_integrity((pwd or self.pwd).encode())
        return bytes(answer)

    def _unprotect(self, kind: Kind, data: bytes) -> None:
        assert self.keys is not None
        rx = self.keys.rx
        try:
            packet = rx.unprotect(data) if kind is Kind.RTP else rx.unprotect_rtcp(data)
        except Exception:
            self.unread += 1
            return
        self.media.put_nowait((kind, bytes(packet)))

"""A browser as far as a server can tell: ICE checks and DTLS as client, once; then only its socket and keys.

The only module of the bench that touches what aiortc keeps to itself: the transport's contract with
what carries it, its role, profiles and SRTP sessions. Their versions are pinned.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any, cast

from aioice import stun
from aiortc import rtcdtlstransport as aiortc_dtls
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from pylibsrtp import Session

from loadtest.bench.media.descriptions import End, Stream, description
from loadtest.bench.store.servers import NotHere

UFRAG = "call"
PWD = "a-caller-of-the-bench-00"
CHECK_EVERY_S = 0.1
CONNECT_S = 10.0
RECEIVE_BUFFER = 4 * 1024 * 1024
DTLS = range(20, 64)


class Line:
    """One end of a call, ready to carry: a connected socket and keys for both directions."""

    def __init__(self, sock: socket.socket, tx: Session, rx: Session, ssrc: int) -> None:
        self.sock = sock
        self.tx = tx
        self.rx = rx
        self.ssrc = ssrc

    def remind(self) -> None:
        """Show the server that this end is alive."""


def open_socket(host: str) -> socket.socket:
    """A non-blocking UDP socket with room for what comes while nobody looks."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    opened.bind((host, 0))
    opened.setblocking(False)
    return opened


class Carrier:
    """What aiortc takes for an ICE transport."""

    role = "controlling"
    state = "completed"

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue()

    async def _recv(self) -> bytes:
        return await self.waiting.get()

    async def _send(self, datagram: bytes) -> None:
        self._sock.send(datagram)


class Caller(Line):
    """One browser. `connect` makes it a line."""

    certificate = RTCCertificate.generateCertificate()
    """One for all: a bench has no secrets."""

    def __init__(self, host: str, ssrc: int) -> None:
        self.sock = open_socket(host)
        self.ssrc = ssrc
        self._server: End | None = None
        self._answered = asyncio.Event()
        self._carrier = Carrier(self.sock)
        self._transport = RTCDtlsTransport(cast(Any, self._carrier), [self.certificate])
        self._transport._set_role("client")
        self._transport._srtp_profiles = [aiortc_dtls.SRTP_AEAD_AES_128_GCM]

    @property
    def end(self) -> End:
        """What the server is told of this browser."""
        sha = next(f for f in self.certificate.getFingerprints() if f.algorithm == "sha-256")
        host, port = self.sock.getsockname()
        print_ = f"{sha.algorithm} {sha.value}"
        return End(ufrag=UFRAG, pwd=PWD, fingerprint=print_, host=host, port=port)

    def describe(self, *mids: str) -> str:
        """Offer or answer with one video stream."""
        streams = [Stream(media="video", ssrc=self.ssrc, mid=mid) for mid in mids or ("0",)]
        return description(self.end, streams)

    async def connect(self, server: End) -> None:
        """Check until answered, shake hands, keep the keys. `NotHere` if the server does not."""
        self._server = server
        self.sock.connect((server.host, server.port))
        loop = asyncio.get_running_loop()
        loop.add_reader(self.sock, self.read)
        try:
            await asyncio.wait_for(self._connect(server), CONNECT_S)
        except (TimeoutError, ConnectionError) as failure:
            raise NotHere(f"no connection: {type(failure).__name__}") from failure
        finally:
            loop.remove_reader(self.sock)

    def remind(self) -> None:
        """One more check, which nobody waits for."""
        if self._server:
            self.sock.send(self._check(self._server))

    async def _connect(self, server: End) -> None:
        while not self._answered.is_set():
            self.remind()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._answered.wait(), CHECK_EVERY_S)
        algorithm, _, value = server.fingerprint.partition(" ")
        remote = RTCDtlsParameters([RTCDtlsFingerprint(algorithm=algorithm, value=value.upper())])
        await self._transport.start(remote)
        if self._transport.state != "connected":
            raise NotHere("the DTLS handshake failed")
        self.tx, self.rx = self._transport._tx_srtp, self._transport._rx_srtp
        assert self._transport._task
        self._transport._task.cancel()

    def _check(self, server: End) -> bytes:
        named = {
            "USERNAME": f"{server.ufrag}:{UFRAG}",
            "PRIORITY": 1,
            "ICE-CONTROLLING": 1,
            "USE-CANDIDATE": None,
        }
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=named)
        message.add_message_integrity(server.pwd.encode())
        return bytes(message)

    def heard(self, datagram: bytes) -> None:
        """Media came while this caller listens by the event loop."""

    def read(self) -> None:
        """Take one datagram."""
        try:
            datagram = self.sock.recv(2048)
        except (BlockingIOError, ConnectionError):
            return
        if datagram and datagram[0] in DTLS:
            self._carrier.waiting.put_nowait(datagram)
        elif datagram and datagram[0] < 2:
            self._on_stun(stun.parse_message(datagram))
        elif datagram and 128 <= datagram[0] < 192:
            self.heard(datagram)

    def _on_stun(self, message: stun.Message) -> None:
        if message.message_class is stun.Class.RESPONSE:
            self._answered.set()
        elif message.message_class is stun.Class.REQUEST:
            self.sock.send(self._answer(message))

    def _answer(self, request: stun.Message) -> bytes:
        seen = {"XOR-MAPPED-ADDRESS": self.sock.getpeername()}
        answer = stun.Message(
            stun.Method.BINDING,
            stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
            attributes=seen,
        )
        answer.add_message_integrity(PWD.encode())
        return bytes(answer)

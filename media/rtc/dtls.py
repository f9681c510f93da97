"""DTLS and SRTP keys of one leg, by aiortc's transport over a carrier of our own.

The only module that touches names aiortc and pylibsrtp keep to themselves: the transport's `_recv`
and `_send` contract with what carries it, its role, profile order, data receiver and SRTP
sessions, and libsrtp's pointer inside a session. Their versions are pinned; `proof.self_test` proves
at a worker's start that they still are what we take them for (20 ms, so not at import).
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from collections.abc import Awaitable, Callable
from typing import Any, Literal, cast

from aiortc import rtcdtlstransport as aiortc_dtls
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from OpenSSL import SSL
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib

__all__ = [
    "ROOM",
    "Certificates",
    "DtlsEnd",
    "Keys",
    "SrtpError",
    "ffi",
    "raw_session",
    "srtp",
]

HANDSHAKE_S = 15.0
"""A handshake that takes longer has failed."""

QUEUE_MAX = 64
"""DTLS datagrams waiting for one leg; more are dropped, as a network would."""

RENEW_BEFORE = datetime.timedelta(days=10)
"""aiortc's certificates last 30 days; a worker has a new one made this long before the end."""

PROFILES = [
    profile
    for profile in (
        aiortc_dtls.SRTP_AEAD_AES_128_GCM,
        aiortc_dtls.SRTP_AEAD_AES_256_GCM,
        aiortc_dtls.SRTP_AES128_CM_SHA1_80,
    )
    if profile in aiortc_dtls.SRTP_PROFILES
]
"""In the order we choose: the first is the cheapest, and safe."""

srtp = lib
"""libsrtp itself, for protecting and unprotecting in place."""

ROOM = 2048
"""Bytes a packet is given to be changed in."""

PACKET_MAX = ROOM - 144
"""The longest packet that may be protected there: libsrtp appends up to SRTP_MAX_TRAILER_LEN."""

_buffer = ffi.new("unsigned char[]", ROOM)
_length = ffi.new("int *")
_TAG, _SHORT_TAG = 16, 10

Role = Literal["server", "client"]


class Certificates:
    """A worker's certificate, made anew before it runs out. Legs keep the one they began with."""

    def __init__(self) -> None:
        self._certificate: RTCCertificate | None = None

    def current(self, now: datetime.datetime) -> RTCCertificate:
        if self._certificate is None or self._certificate.expires - now < RENEW_BEFORE:
            self._certificate = RTCCertificate.generateCertificate()
        return self._certificate


def fingerprint_of(certificate: RTCCertificate) -> str:
    """`sha-256 AB:CD:…`, as a description has it."""
    found = next(f for f in certificate.getFingerprints() if f.algorithm == "sha-256")
    return f"{found.algorithm} {found.value}"


class Keys:
    """Both directions' SRTP sessions. There is never a second session made of the same keys.

    The objects of pylibsrtp stop at 1,356 bytes, so packets are changed by libsrtp itself, in a
    buffer of ours. What is not authentic, or cannot be protected, is an `SrtpError`.
    """

    __slots__ = ("profile", "rx", "tag", "tx")

    def __init__(self, *, rx: Session, tx: Session, profile: str) -> None:
        self.rx = rx
        self.tx = tx
        self.profile = profile
        self.tag = _TAG if "GCM" in profile else _SHORT_TAG
        """Bytes that protection adds to an RTP packet."""

    def protect(self, packet: bytes) -> bytes:
        return _changed(lib.srtp_protect, self.tx, packet)

    def protect_rtcp(self, packet: bytes) -> bytes:
        return _changed(lib.srtp_protect_rtcp, self.tx, packet)

    def unprotect(self, datagram: bytes) -> bytes:
        return _changed(lib.srtp_unprotect, self.rx, datagram)

    def unprotect_rtcp(self, datagram: bytes) -> bytes:
        return _changed(lib.srtp_unprotect_rtcp, self.rx, datagram)


def _changed(change: Callable[[Any, Any, Any], int], session: Session, packet: bytes) -> bytes:
    if len(packet) > PACKET_MAX:
        raise SrtpError("packet is too long")
    ffi.memmove(_buffer, packet, len(packet))
    _length[0] = len(packet)
    status = change(session._srtp[0], _buffer, _length)
    if status != lib.srtp_err_status_ok:
        raise SrtpError(f"libsrtp says {status}")
    return bytes(ffi.buffer(_buffer, _length[0]))


def raw_session(session: Session) -> Any:
    """libsrtp's own pointer. Valid only while `session` is referenced."""
    return session._srtp[0]


class _Carrier:
    """What aiortc takes for an ICE transport: a queue in, a function out."""

    role = "controlled"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._out = send
        self._in: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_MAX)

    @property
    def waiting(self) -> bool:
        return not self._in.empty()

    def feed(self, datagram: bytes) -> bool:
        """Hand a datagram in. Empty ones stay out: aiortc reads a first byte without asking."""
        if not datagram or self._in.full():
            return False
        self._in.put_nowait(datagram)
        return True

    async def _recv(self) -> bytes:
        datagram = await self._in.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._out(datagram)


class _DataTap:
    """Takes what arrives as DTLS application data: SCTP packets, passed on unread."""

    def __init__(self, receive: Callable[[bytes], Awaitable[None]]) -> None:
        self._receive = receive

    async def _handle_data(self, data: bytes) -> None:
        await self._receive(data)


class DtlsEnd:
    """One end of a DTLS association, from the first datagram to close.

    The worker is the server on every leg: then GCM is what browsers agree to.
    """

    def __init__(
        self,
        certificate: RTCCertificate,
        *,
        send: Callable[[bytes], None],
        receive: Callable[[bytes], Awaitable[None]],
        closed: Callable[[], None],
        role: Role = "server",
    ) -> None:
        self._carrier = _Carrier(send)
        self._transport = RTCDtlsTransport(cast(Any, self._carrier), [certificate])
        self._transport._set_role(role)
        self._transport._srtp_profiles = PROFILES
        self._transport._register_data_receiver(_DataTap(receive))
        self._transport.on("statechange", self._on_state)
        self._closed = closed
        self._connected = False

    @property
    def connected(self) -> bool:
        return self._connected

    @property
    def waiting(self) -> bool:
        """Whether datagrams have come that nobody has read yet."""
        return self._carrier.waiting

    def feed(self, datagram: bytes) -> bool:
        """Hand a DTLS datagram in; they wait here until the handshake is begun."""
        return self._carrier.feed(datagram)

    async def handshake(self, fingerprints: list[str]) -> Keys | None:
        """Run the handshake and check the certificate; None if either fails or takes too long."""
        remote = RTCDtlsParameters(fingerprints=[_parsed(value) for value in fingerprints])
        with contextlib.suppress(TimeoutError, SrtpError):
            await asyncio.wait_for(self._transport.start(remote), HANDSHAKE_S)
        if self._transport.state != "connected":
            return None
        self._connected = True
        return self._keys()

    async def send_data(self, data: bytes) -> None:
        """Send application data; without an association it is lost, as on a network."""
        with contextlib.suppress(ConnectionError, SSL.Error):
            await self._transport._send_data(data)

    async def close(self) -> None:
        """Say goodbye (close_notify) and stop."""
        self._connected = False
        task = self._transport._task
        await self._transport.stop()
        if task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _keys(self) -> Keys:
        ssl: Any = self._transport._ssl
        return Keys(
            rx=self._transport._rx_srtp,
            tx=self._transport._tx_srtp,
            profile=ssl.get_selected_srtp_profile().decode(),
        )

    def _on_state(self) -> None:
        if self._connected and self._transport.state == "closed":
            self._connected = False
            self._closed()


def _parsed(fingerprint: str) -> RTCDtlsFingerprint:
    algorithm, _, value = fingerprint.partition(" ")
    return RTCDtlsFingerprint(algorithm=algorithm, value=value)

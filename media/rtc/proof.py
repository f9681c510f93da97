"""Proves at a worker's start that aiortc and pylibsrtp are what `dtls` takes them for.

Whatever does not hold is raised, not asserted: Python may be told to leave assertions out.
"""

from __future__ import annotations

import asyncio
import secrets

from aiortc.rtcdtlstransport import RTCCertificate
from pylibsrtp import Policy, Session

from media.errors import Unsupported
from media.rtc.dtls import (
    HANDSHAKE_S,
    PROFILES,
    DtlsEnd,
    Keys,
    Role,
    SrtpError,
    ffi,
    fingerprint_of,
    raw_session,
    srtp,
)

_PROFILE_OF = {
    "SRTP_AEAD_AES_128_GCM": Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "SRTP_AEAD_AES_256_GCM": Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
    "SRTP_AES128_CM_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
}


def must(holds: object, what: str) -> None:
    """Raise `Unsupported` if something does not hold."""
    if not holds:
        raise Unsupported(what)


def keys_in_memory(profile: str = "SRTP_AEAD_AES_128_GCM") -> tuple[Keys, Keys]:
    """Both ends' keys as if a handshake had just agreed on them, to prove what comes after."""
    srtp_profile = _PROFILE_OF[profile]
    length = srtp.srtp_profile_get_master_key_length(srtp_profile)
    length += srtp.srtp_profile_get_master_salt_length(srtp_profile)
    ours, theirs = secrets.token_bytes(length), secrets.token_bytes(length)

    def session(secret: bytes, direction: int) -> Session:
        policy = Policy(key=secret, ssrc_type=direction, srtp_profile=srtp_profile)
        policy.allow_repeat_tx = True
        policy.window_size = 1024
        return Session(policy)

    def end(sent: bytes, received: bytes) -> Keys:
        return Keys(
            rx=session(received, Policy.SSRC_ANY_INBOUND),
            tx=session(sent, Policy.SSRC_ANY_OUTBOUND),
            profile=profile,
        )

    return end(ours, theirs), end(theirs, ours)


async def self_test() -> None:
    """Connect two ends in memory and pass a packet, or raise `Unsupported`."""
    try:
        await asyncio.wait_for(_connect_and_pass(), HANDSHAKE_S)
    except (AttributeError, TypeError, SrtpError, TimeoutError) as error:
        raise Unsupported(f"aiortc or pylibsrtp differ from what is known: {error!r}") from error


async def _connect_and_pass() -> None:
    certificate = RTCCertificate.generateCertificate()
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    ends: dict[Role, DtlsEnd] = {}

    def end(role: Role, partner: Role) -> DtlsEnd:
        return DtlsEnd(
            certificate,
            send=lambda datagram: _ignore(ends[partner].feed(datagram)),
            receive=heard.put,
            closed=lambda: None,
            role=role,
        )

    ends["server"], ends["client"] = end("server", "client"), end("client", "server")
    trusted = [fingerprint_of(certificate)]
    server, client = await asyncio.gather(
        ends["server"].handshake(trusted), ends["client"].handshake(trusted)
    )
    if server is None or client is None:
        raise Unsupported("two ends of ours do not connect")
    must(server.profile == PROFILES[0].openssl_profile.decode(), "another profile than the first")
    await ends["client"].send_data(b"hello")
    must(await heard.get() == b"hello", "other data than was sent")
    _pass_one(client, server)
    for each in ends.values():
        await each.close()


def _pass_one(client: Keys, server: Keys) -> None:
    """A packet through objects one way and, in place, through pointers."""
    packet = bytes.fromhex("8060000100000001000000aa") + b"payload"
    protected = client.protect(packet)
    must(protected[12:] != packet[12:], "packets are not protected")
    buffer = ffi.new("unsigned char[]", 2048)
    ffi.memmove(buffer, protected, len(protected))
    length = ffi.new("int *", len(protected))
    status = srtp.srtp_unprotect(raw_session(server.rx), buffer, length)
    must(status == srtp.srtp_err_status_ok, f"libsrtp says {status}")
    must(bytes(ffi.buffer(buffer, length[0])) == packet, "another packet than was sent")


def _ignore(_: object) -> None:
    """A callback's answer nobody needs."""

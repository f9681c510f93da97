"""Ends of DTLS, and what we take for granted of aiortc and pylibsrtp."""

from __future__ import annotations

import datetime

import pytest

from media.rtc import dtls
from media.rtc.dtls import PROFILES, Certificates
from media.rtc.proof import keys_in_memory

START = datetime.datetime.now(tz=datetime.UTC)


def test_gcm_with_the_short_key_is_chosen_first() -> None:
    names = [profile.openssl_profile for profile in PROFILES]
    assert names == [
        b"SRTP_AEAD_AES_128_GCM",
        b"SRTP_AEAD_AES_256_GCM",
        b"SRTP_AES128_CM_SHA1_80",
    ]


def test_a_certificate_is_renewed_in_time() -> None:
    certificates = Certificates()
    first = certificates.current(START)
    assert certificates.current(START + datetime.timedelta(days=19)) is first
    assert certificates.current(START + datetime.timedelta(days=21)) is not first


def test_a_carrier_takes_nothing_empty_and_not_without_end() -> None:
    carrier = dtls._Carrier(lambda datagram: None)
    assert not carrier.feed(b"")
    assert all(carrier.feed(b"x") for _ in range(dtls.QUEUE_MAX))
    assert not carrier.feed(b"x")


@pytest.mark.parametrize("profile", ["SRTP_AEAD_AES_128_GCM", "SRTP_AES128_CM_SHA1_80"])
def test_packets_of_any_length_that_has_room_are_protected_and_back(profile: str) -> None:
    ours, theirs = keys_in_memory(profile)
    for seq, size in enumerate([12, 1357, dtls.PACKET_MAX]):
        packet = bytes([0x80, 96, 0, seq]).ljust(size, b"\1")
        protected = ours.protect(packet)
        assert len(protected) == size + ours.tag
        if len(protected) <= dtls.PACKET_MAX:
            assert theirs.unprotect(protected) == packet
    report = bytes([0x80, 201, 0, 1, 0, 0, 0, 7])
    assert theirs.unprotect_rtcp(ours.protect_rtcp(report)) == report
    with pytest.raises(dtls.SrtpError):
        ours.protect(bytes(dtls.PACKET_MAX + 1))


def test_what_is_not_authentic_raises() -> None:
    ours, theirs = keys_in_memory()
    with pytest.raises(dtls.SrtpError):
        theirs.unprotect(b"\x80" + bytes(40))
    with pytest.raises(dtls.SrtpError):
        ours.unprotect(ours.protect(b"\x80" + bytes(40)))

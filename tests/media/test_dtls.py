"""Ends of DTLS, and what we take for granted of aiortc and pylibsrtp."""

from __future__ import annotations

import datetime

import pytest

from media.errors import Unsupported
from media.rtc import dtls
from media.rtc.dtls import PROFILES, Certificates, self_test

START = datetime.datetime.now(tz=datetime.UTC)


async def test_the_installed_libraries_are_the_ones_we_know() -> None:
    await self_test()


async def test_a_changed_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(dtls.RTCDtlsTransport, "_set_role")
    with pytest.raises(Unsupported):
        await self_test()


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

"""What we take for granted of the libraries is proven, whichever way Python runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from media.errors import Unsupported
from media.frames.process import ROOT
from media.rtc import dtls
from media.rtc.dtls import DtlsEnd
from media.rtc.proof import must, self_test


async def test_the_installed_libraries_are_the_ones_we_know() -> None:
    await self_test()


async def test_a_changed_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(dtls.RTCDtlsTransport, "_set_role")
    with pytest.raises(Unsupported):
        await self_test()


async def test_so_is_one_that_does_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    send = DtlsEnd.send_data
    monkeypatch.setattr(DtlsEnd, "send_data", lambda end, data: send(end, data + b"!"))
    with pytest.raises(Unsupported):
        await self_test()


def test_without_assertions_nothing_less_is_proven() -> None:
    code = (
        "from media.udp.batch import Arena; from media.udp.opening import make_port;"
        "from media.udp.port import Port, open_socket; import os;"
        "Arena.set_lengths = lambda self, lengths: None;"
        "os._exit(7 if type(make_port(open_socket('127.0.0.1', 0))) is Port else 0)"
    )
    assert subprocess.run([sys.executable, "-O", "-c", code], cwd=ROOT, check=False).returncode == 7


def test_what_does_not_hold_is_named() -> None:
    must(True, "this does")
    with pytest.raises(Unsupported, match="this does not"):
        must([], "this does not")

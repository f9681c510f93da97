"""Frames of the control link."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import control
from media.codec import FRAME_MAX, decode_hub, decode_worker, encode
from media.errors import BadFrame

LEG = control.Leg(ufrag="u", pwd="p", fingerprint="sha-256 AB", host="192.0.2.1", port=1)
OF_HUB = [
    control.OpenPair(pair="p1", gen=1),
    control.ClaimPair(pair="p1", gen=1),
    control.SetRemote(
        pair="p1", gen=1, side=0, ufrag="u", fingerprints=["f"], audio_pts=[1], video_pts=[2]
    ),
    control.OpenPair(pair="p1", gen=1, blind=True),
    control.RestartLeg(pair="p1", gen=1, side=1),
    control.ClosePair(pair="p1", gen=1),
]
OF_WORKER = [
    control.PairOpened(pair="p1", gen=1, legs=(LEG, LEG)),
    control.LegRestarted(
        pair="p1", gen=1, side=1, leg=msgspec.structs.replace(LEG, more=[("2001:db8::1", 2)])
    ),
    control.PairRefused(pair="p1", gen=1, code="full"),
    control.LegState(pair="p1", gen=1, side=1, state="connected"),
    control.Camera(pair="p1", gen=1, side=1, state="off", since_ms=2250),
    control.Camera(pair="p1", gen=1, side=1, state="suspect", since_ms=6000, why="thin"),
    control.Load(pairs=1, packets_per_s=2, draining=False, stress=0.5),
]


@pytest.mark.parametrize("message", OF_HUB)
def test_what_a_hub_says_comes_back(message: control.HubMessage) -> None:
    assert decode_hub(encode(message)) == message


@pytest.mark.parametrize("message", OF_WORKER)
def test_what_a_worker_says_comes_back(message: control.WorkerMessage) -> None:
    assert decode_worker(encode(message)) == message


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"t": "open_pair"}),
        msgspec.msgpack.encode({"t": "open_pair", "pair": "p", "gen": "1"}),
        msgspec.msgpack.encode({"t": "open_pair", "pair": "p", "gen": 1, "more": 1}),
        msgspec.msgpack.encode({"t": "load", "pairs": 1, "packets_per_s": 1, "draining": False}),
        b"\x91" * 10_000,
        bytes(FRAME_MAX + 1),
    ],
)
def test_anything_else_is_one_error(frame: bytes) -> None:
    with pytest.raises(BadFrame):
        decode_hub(frame)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(frame: bytes) -> None:
    with pytest.raises(BadFrame):
        decode_hub(frame)

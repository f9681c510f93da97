"""What only the fast loop can do wrong. What both loops do is told in `test_port`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from media.rtc.proof import keys_in_memory
from media.udp.batch import BATCH
from media.udp.fast import GATHER_S, FastPort
from media.udp.port import Port
from tests.media.rig import AUDIO, Rig, rigged, rtp


@pytest.fixture
def rig() -> Iterator[Rig]:
    with rigged(FastPort) as rig:
        yield rig


def test_a_known_stream_never_leaves_the_loop(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.a.send_rtp(1)
    rig.a.send_rtp(2, ends=True)
    rig.step()
    monkeypatch.delattr(Port, "_carry")
    for seq in range(3, 3 + BATCH * 2):
        rig.a.send_rtp(seq, ends=seq % 3 == 0)
    rig.step()
    assert len(rig.b.read()) == 2 + BATCH * 2


def test_no_pointer_outlives_the_keys_it_points_into(rig: Rig) -> None:
    route = rig.a.route
    rig.a.send_rtp(1)
    rig.step()
    assert route.keys is not None
    assert None not in (route.rx, route.tx, route.out)
    assert route.flows
    rig.arm(rig.a, None)
    assert (route.keys, route.rx, route.tx, route.out, route.flows) == (None, None, None, None, {})


def test_new_keys_are_used_from_the_next_packet_on(rig: Rig) -> None:
    rig.a.send_rtp(1)
    rig.step()
    ours, rig.a.keys = keys_in_memory("SRTP_AES128_CM_SHA1_80")
    rig.arm(rig.a, ours)
    sent = [rig.a.send_rtp(seq) for seq in range(2, 5)]
    rig.step()
    assert rig.b.read()[1:] == sent
    assert rig.a.route.counts().video_bytes == 400


def test_a_target_that_moves_keeps_its_place_in_memory(rig: Rig) -> None:
    place = rig.b.route.name
    rig.port.aim(rig.b.route, ("127.0.0.1", 9))
    rig.port.aim(rig.b.route, None)
    rig.port.aim(rig.b.route, rig.b.address)
    assert rig.b.route.name == place


def test_stale_bytes_of_an_earlier_packet_are_not_taken_for_a_later_ones(rig: Rig) -> None:
    rig.a.send_rtp(1)
    rig.a.send_rtp(2)
    rig.step()
    for _ in range(3):
        rig.a.send(rtp(3)[:9])
        rig.a.send(b"\x80")
    rig.step()
    assert rig.dropped == {"parse": 6}


def test_others_look_like_a_known_stream_in_vain(rig: Rig) -> None:
    """A check or a greeting whose later bytes are those of a stream that passes."""
    rig.a.send_rtp(1)
    rig.step()
    for first in (0, 22, 64, 200):
        rig.a.send(bytes([first]) + rtp(2)[1:])
    rig.step()
    assert len(rig.handled) == 2
    assert rig.dropped == {"parse": 2}


def test_what_the_handler_changes_holds_for_the_packets_behind(rig: Rig) -> None:
    """A check that lets an address in, and media from there, in one batch."""
    rig.port.detach(rig.a.address, rig.a.route)
    rig.port.handler = lambda *_: rig.port.attach(rig.a.address, rig.a.route)
    rig.a.send(b"\x00\x01" + bytes(18))
    rig.a.send_rtp(1, pt=AUDIO)
    rig.port.step()
    assert len(rig.b.read()) == 1


def test_an_error_on_the_way_costs_one_batch_and_not_the_next(rig: Rig) -> None:
    def fails(packet: bytes) -> None:
        raise ZeroDivisionError

    rig.a.send_rtp(1)
    rig.b.send_rtp(1, ssrc=9)
    rig.step()
    rig.a.route.listen(fails)
    rig.b.send_rtp(2, ssrc=9)
    rig.a.send_rtp(2)
    with pytest.raises(ZeroDivisionError):
        rig.port.step()
    rig.a.route.listen(None)
    sent = [rig.a.send_rtp(seq) for seq in range(3, 9)]
    rig.step()
    assert rig.b.read()[1:] == sent
    assert len(rig.a.read()) == 1


def test_under_load_a_wake_up_waits_for_company(rig: Rig) -> None:
    port, now, pauses = rig.port, [10.0], list[float]()
    assert isinstance(port, FastPort)
    port.clock = lambda: now[0]
    port._pause = pauses.append
    port.step()
    now[0] += 0.5 * GATHER_S
    port.step()
    assert pauses == [GATHER_S], "the second came soon after the first"
    now[0] += 2 * GATHER_S
    port.step()
    assert pauses == [GATHER_S], "a lone packet is passed on at once"

"""Many datagrams by one system call."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from media.demux import DATAGRAM_MAX
from media.udp.batch import BATCH, ROOM, Arena, Inbox, Outbox, ffi, place_of
from media.udp.names import address_from, address_of, key_of, name_of
from media.udp.port import open_socket

Ends = tuple[socket.socket, socket.socket, Arena, Inbox, Outbox]


@pytest.fixture(params=["127.0.0.1", "::1"])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    with open_socket(request.param, 0) as inner, open_socket(request.param, 0) as outer:
        arena = Arena()
        yield inner, outer, arena, Inbox(inner, arena), Outbox(inner, arena)


def test_a_batch_is_read_whole_with_its_senders(ends: Ends) -> None:
    inner, outer, arena, inbox, _ = ends
    sent = [bytes([128, at, *bytes(6), 0, 0, 0, at]) * 3 for at in range(10)]
    for datagram in sent:
        outer.sendto(datagram, inner.getsockname())
    assert inbox.receive() == 10
    source = address_from(outer.getsockname())
    assert [arena.datagram(slot, 36) for slot in range(10)] == sent
    assert inbox.lengths[:10].tolist() == [36] * 10
    assert set(inbox.keys(10)) == {key_of(name_of(source))}
    assert address_of(inbox.name(3)) == source
    assert [head.to_bytes(2, "little")[1] for head in arena.heads(10)] == list(range(10))
    assert [ssrc.to_bytes(4, "little")[3] for ssrc in arena.ssrcs(10)] == list(range(10))
    assert inbox.receive() == 0


def test_what_is_too_long_is_known_by_its_length(ends: Ends) -> None:
    inner, outer, _, inbox, _ = ends
    for size in (DATAGRAM_MAX, DATAGRAM_MAX + 1, ROOM + 500):
        outer.sendto(bytes(size), inner.getsockname())
    assert inbox.receive() == 3
    assert inbox.lengths[:3].tolist() == [DATAGRAM_MAX, DATAGRAM_MAX + 1, DATAGRAM_MAX + 1]


def test_no_more_than_a_batch_is_read_at_once(ends: Ends) -> None:
    inner, outer, _, inbox, _ = ends
    for _ in range(BATCH + 5):
        outer.sendto(b"x", inner.getsockname())
    assert [inbox.receive(), inbox.receive()] == [BATCH, 5]


@pytest.mark.parametrize("slots", [[0, 1, 2, 3], [1, 3], [0], [3], [0, 1, 3]])
def test_some_of_a_batch_are_sent_to_whom_they_are_for(ends: Ends, slots: list[int]) -> None:
    inner, outer, arena, inbox, outbox = ends
    place = ffi.from_buffer(bytearray(name_of(address_from(outer.getsockname()))))
    for _ in range(2):
        for at in range(4):
            outer.sendto(bytes([at]) * (at + 1), inner.getsockname())
        assert inbox.receive() == 4
        arena.set_lengths(inbox.lengths[:4])
        outbox.slots += slots
        outbox.names += [place_of(place)] * len(slots)
        octets = sum(slot + 1 for slot in slots)
        assert outbox.flush() == (len(slots), octets, 0)
        assert [outer.recv(99) for _ in slots] == [bytes([at]) * (at + 1) for at in slots]


def test_what_cannot_be_sent_is_passed_over(ends: Ends) -> None:
    inner, outer, arena, inbox, outbox = ends
    host, port = address_from(outer.getsockname())
    places = [ffi.from_buffer(bytearray(name_of((host, each)))) for each in (0, port, 0, port, 0)]
    for at in range(5):
        outer.sendto(bytes([at]), inner.getsockname())
    assert inbox.receive() == 5
    arena.set_lengths(inbox.lengths[:5])
    outbox.slots += range(5)
    outbox.names += map(place_of, places)
    assert outbox.flush() == (2, 2, 3)
    assert [outer.recv(9), outer.recv(9)] == [b"\1", b"\3"]

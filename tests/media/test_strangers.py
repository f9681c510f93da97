"""What a worker does for people who are nobody to it, and what they can do to a call: nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aioice import stun

from media.rtc.gate import line_of
from tests.media.caller import Caller, open_endpoint
from tests.media.conftest import Bench, Hub, MakeBench


class Stranger(asyncio.DatagramProtocol):
    """A socket that only ever sends, and remembers whether anything came back."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.answers: list[bytes] = []
        self._at = (host, port)
        self._socket: Any = None
        self._transport: Any = None

    async def open(self) -> Stranger:
        host = "::1" if ":" in self._at[0] else "127.0.0.1"
        self._socket, self._transport = await open_endpoint(self, host=host)
        return self

    def send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._at)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.answers.append(data)

    def close(self) -> None:
        self._transport.close()


@pytest.fixture
async def call(bench: Bench, hub: Hub) -> tuple[Caller, Caller]:
    return await bench.connected(hub)


@pytest.fixture
async def stranger(bench: Bench) -> Any:
    stranger = await Stranger(bench.worker.port).open()
    yield stranger
    stranger.close()


async def lives(call: tuple[Caller, Caller], seq: int = 1) -> bool:
    """Everything sent before has been dealt with, and the call goes on both ways."""
    a, b = call
    assert a.send_rtp(seq, b"still here") == await b.next_rtp()
    assert b.send_rtp(seq, b"me too", ssrc=9) == await a.next_rtp()
    await a.dtls.send_data(b"and here")
    return bool(await b.wait(b.data) == b"and here")


async def test_empty_datagrams(
    bench: Bench, call: tuple[Caller, Caller], stranger: Stranger
) -> None:
    for _ in range(50):
        stranger.send(b"")
        call[0].send(b"")
    assert await lives(call)
    assert bench.dropped["empty"] == 100
    assert stranger.answers == []


async def test_oversize_datagrams(
    bench: Bench, call: tuple[Caller, Caller], stranger: Stranger
) -> None:
    a, _ = call
    for first in (0, 22, 128):
        stranger.send(bytes([first]) + bytes(8000))
        a.send(bytes([first]) + bytes(2000))
    assert await lives(call)
    assert bench.dropped["parse"] == 6
    assert stranger.answers == []


async def test_media_from_an_unknown_address(
    bench: Bench, call: tuple[Caller, Caller], stranger: Stranger
) -> None:
    stranger.send(call[0].rtp(1, b"not protected"))
    stranger.send(call[0].rtp(1, b"not protected", ssrc=1234))
    assert await lives(call)
    assert bench.dropped["src"] == 2
    assert stranger.answers == []


async def test_a_replayed_packet_is_dropped_from_either_address(
    bench: Bench, call: tuple[Caller, Caller], stranger: Stranger
) -> None:
    a, b = call
    assert a.keys is not None
    protected = a.keys.tx.protect(a.rtp(1, b"once"))
    a.send(protected)
    await b.next_rtp()
    a.send(protected)
    stranger.send(protected)
    assert await lives(call, seq=2)
    assert bench.dropped["srtp"] == 2


async def test_a_changed_packet_is_dropped(bench: Bench, call: tuple[Caller, Caller]) -> None:
    a, _ = call
    assert a.keys is not None
    protected = bytearray(a.keys.tx.protect(a.rtp(1, b"payload")))
    protected[-1] ^= 1
    a.send(bytes(protected))
    assert await lives(call, seq=2)
    assert bench.dropped["srtp"] == 1


@pytest.mark.parametrize(
    "request_of",
    [
        lambda caller: caller.request(pwd="wrong" * 5),
        lambda caller: caller.request(username="nobody:call"),
        lambda caller: caller.request(username=f"{caller.leg.ufrag}:other"),
        lambda caller: caller.request()[:-1],
        lambda caller: without_integrity(caller),
        lambda caller: bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST)),
        lambda caller: indication(caller),
    ],
    ids=["password", "ufrag", "their-ufrag", "cut", "no-integrity", "bare", "indication"],
)
async def test_checks_that_prove_nothing_get_no_answer(
    bench: Bench,
    call: tuple[Caller, Caller],
    stranger: Stranger,
    request_of: Callable[[Caller], bytes],
) -> None:
    stranger.send(request_of(call[0]))
    assert await lives(call)
    assert bench.dropped["stun"] == 1
    assert stranger.answers == []


def without_integrity(caller: Caller) -> bytes:
    username = f"{caller.leg.ufrag}:{caller.ufrag}"
    return bytes(
        stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": username})
    )


def indication(caller: Caller) -> bytes:
    username = f"{caller.leg.ufrag}:{caller.ufrag}"
    message = stun.Message(
        stun.Method.BINDING, stun.Class.INDICATION, attributes={"USERNAME": username}
    )
    message.add_message_integrity(caller.leg.pwd.encode())
    return bytes(message)


async def test_an_answer_is_no_larger_than_what_was_asked(bench: Bench, hub: Hub) -> None:
    a, _ = await bench.introduced(hub)
    answer = await a.check()
    assert len(bytes(answer)) <= len(a.request())


async def client_hellos(caller: Caller) -> list[bytes]:
    """The first flight of a stranger's DTLS client, many times."""
    flights: asyncio.Queue[bytes] = asyncio.Queue()
    foreign = Caller(caller.leg)
    foreign.dtls._carrier._out = flights.put_nowait
    connecting = asyncio.create_task(foreign.dtls.handshake([caller.leg.fingerprint]))
    flight = await flights.get()
    connecting.cancel()
    return [flight] * 20


async def test_a_foreign_client_hello_before_the_real_one(
    bench: Bench, hub: Hub, stranger: Stranger
) -> None:
    a, b = await bench.introduced(hub)
    for hello in await client_hellos(a):
        stranger.send(hello)
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    assert await lives((a, b))
    assert stranger.answers == []


async def test_a_foreign_client_hello_during_a_call(
    bench: Bench, call: tuple[Caller, Caller], stranger: Stranger
) -> None:
    for hello in await client_hellos(call[0]):
        stranger.send(hello)
    assert await lives(call)
    assert stranger.answers == []


async def test_strangers_are_not_even_looked_at_beyond_a_rate(
    bench: Bench, call: tuple[Caller, Caller], stranger: Stranger
) -> None:
    for _ in range(200):
        stranger.send(call[0].request(username="nobody:call"))
    assert await lives(call)
    assert bench.dropped["rate"] > 100


async def test_more_handshakes_than_allowed_wait(make_bench: MakeBench) -> None:
    bench = await make_bench(handshakes_per_s=1)
    a, b = await bench.introduced(await bench.hub())
    connecting = [asyncio.create_task(caller.connect()) for caller in (a, b)]
    await asyncio.wait(connecting, return_when=asyncio.FIRST_COMPLETED)
    assert [task.done() for task in connecting].count(True) == 1
    bench.clock.turn(1)
    assert await asyncio.gather(*connecting) == [True, True]


async def test_who_knows_a_leg_does_not_pay_for_strangers_beside_them(
    bench: Bench, hub: Hub, stranger: Stranger
) -> None:
    """Behind one address there may be a whole office, and somebody who is up to no good."""
    a, b = await bench.introduced(hub)
    for _ in range(200):
        stranger.send(a.request(username="nobody:call"))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:0:0:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%2", "fe80::2%3", True),
    ],
)
def test_strangers_are_told_apart_by_their_line(one: str, other: str, same: bool) -> None:
    assert (line_of((one, 1)) == line_of((other, 2))) is same

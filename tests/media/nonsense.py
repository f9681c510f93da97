"""Datagrams nobody should send: by chance, but the same for the same seed."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator

from media.demux import DATAGRAM_MAX
from tests.media.caller import Caller

Protect = Callable[[bytes], bytes]

FEEDBACK_MAX = 1200
"""A caller reads no longer packets than pylibsrtp does."""
STREAMS = [*[7] * 60, *range(100, 160)]
"""By whose name feedback comes: a stream that sends, or one of more than a leg may have."""


def nonsense(caller: Caller, real: list[bytes], *, seed: int, count: int) -> Iterator[bytes]:
    """Random bytes under every kind of first byte, and real packets, cut, changed and replayed."""
    chance = random.Random(seed)
    asked = [caller.request(pwd="x" * 22), caller.request(username="\u00e9:\u00e9")]
    for _ in range(count):
        yield chance.choice(_MAKERS)(chance, chance.choice([*real, *asked]))


def feedback(protect: Protect, *, seed: int) -> Iterator[bytes]:
    """RTCP that is authentic and otherwise anything: parts that lie about their length, requests and
    limits of every sort, in any order, by any stream."""
    chance = random.Random(seed)
    while True:
        first = _part(chance, chance.choice(STREAMS))
        others = [_part(chance, chance.getrandbits(32)) for _ in range(chance.randrange(5))]
        yield protect(b"".join([first, *others])[:FEEDBACK_MAX])


def _part(chance: random.Random, ssrc: int) -> bytes:
    form, kind = chance.choice([(1, 206), (4, 206), (15, 206), (3, 205), (15, 205), (1, 201)])
    body = chance.choice([_nothing, _marked, _about_streams])(chance)
    body += chance.randbytes(chance.choice([0, 0, 0, 1, 4, 7, 400]))
    says = (len(body) + 8 + 3) // 4 - 1 + chance.choice([0, 0, 0, -1, 1, 9, 65_000])
    return struct.pack("!BBHI", 0x80 | form, kind, max(0, says) & 0xFFFF, ssrc) + body


def _nothing(chance: random.Random) -> bytes:
    return chance.randbytes(4)


def _marked(chance: random.Random) -> bytes:
    """A receiver's estimate of any size."""
    return bytes(4) + b"REMB\x01" + chance.randbytes(3) + chance.randbytes(4)


def _about_streams(chance: random.Random) -> bytes:
    return b"".join(struct.pack("!IHH", chance.choice([9, 10**9]), 0, 0) for _ in range(3))


def _random(chance: random.Random, real: bytes) -> bytes:
    sizes = [
        1,
        2,
        7,
        11,
        12,
        13,
        20,
        28,
        60,
        1200,
        DATAGRAM_MAX,
        DATAGRAM_MAX + 1,
        2048,
        2500,
        9000,
    ]
    return chance.randbytes(chance.choice(sizes))


def _under_a_kind(chance: random.Random, real: bytes) -> bytes:
    heads = [
        b"\x00\x01",
        b"\x16\xfe\xfd",
        b"\x17",
        b"\x80\x60",
        b"\x90\xe0",
        b"\x80\xc8",
        b"\x81\xce",
    ]
    return chance.choice(heads) + _random(chance, real)


def _of_a_stream(chance: random.Random, real: bytes) -> bytes:
    """Under the header of a stream that passes, with extensions and lists of any length."""
    head = bytes([chance.choice([0x80, 0x8F, 0x90, 0xBF]), 0xE0]) + chance.randbytes(6)
    return head + real[8:12] + _random(chance, real)


def _cut(chance: random.Random, real: bytes) -> bytes:
    return real[: chance.randrange(len(real) + 1)]


def _flipped(chance: random.Random, real: bytes) -> bytes:
    damaged = bytearray(real or b"?")
    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _lengthened(chance: random.Random, real: bytes) -> bytes:
    return real + _random(chance, real)


def _replayed(chance: random.Random, real: bytes) -> bytes:
    return real


_MAKERS = [_random, _under_a_kind, _of_a_stream, _cut, _flipped, _lengthened, _replayed]

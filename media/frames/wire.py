"""What a worker and its decoder say to each other: msgpack after four bytes of length."""

from __future__ import annotations

import struct

import msgspec

from media.keyframe import KeyFrame
from media.picture import Verdict

LENGTH = struct.Struct("!I")
FRAME_MAX = 1024 * 1024


class Ask(msgspec.Struct, frozen=True):
    """Look at this key frame."""

    id: int
    leg: int
    """Whose it is, by a number that means nothing elsewhere."""
    first: bool
    """Remember its grid for some seconds, to compare the next one of this leg with."""
    frame: KeyFrame


class Answer(msgspec.Struct, frozen=True):
    """What it shows; None if it could not be decoded."""

    id: int
    verdict: Verdict | None


_encoder = msgspec.msgpack.Encoder()
_asks = msgspec.msgpack.Decoder(Ask)
_answers = msgspec.msgpack.Decoder(Answer)


def encode(message: Ask | Answer) -> bytes:
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


def ask_of(body: bytes) -> Ask:
    return _asks.decode(body)


def answer_of(body: bytes) -> Answer:
    return _answers.decode(body)

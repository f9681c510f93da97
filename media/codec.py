"""Control messages to frames and back. Strict: whatever is not exactly a message is one `BadFrame`."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from media.control import HubMessage, Message, WorkerMessage
from media.errors import BadFrame

FRAME_MAX = 64 * 1024
"""The largest control frame either side accepts, in bytes."""

M = TypeVar("M")

_hub: msgspec.msgpack.Decoder[HubMessage] = msgspec.msgpack.Decoder(HubMessage)
_worker: msgspec.msgpack.Decoder[WorkerMessage] = msgspec.msgpack.Decoder(WorkerMessage)


def encode(message: Message) -> bytes:
    return msgspec.msgpack.encode(message)


def decode_hub(frame: bytes) -> HubMessage:
    """What a hub said to a worker."""
    return _decode(_hub, frame)


def decode_worker(frame: bytes) -> WorkerMessage:
    """What a worker said to a hub."""
    return _decode(_worker, frame)


def _decode(decoder: msgspec.msgpack.Decoder[M], frame: bytes) -> M:
    if len(frame) > FRAME_MAX:
        raise BadFrame("too long")
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFrame(str(error)) from error

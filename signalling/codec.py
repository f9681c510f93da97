"""Messages to frames and back. Total: whatever a frame holds, it is a message or a `ProtocolError`.

Two gates. `msgpack` reads the frame with every length bounded, string keys only and no extension
types, so that a small frame cannot become a large object; then `msgspec` accepts exactly the frozen
message types and nothing else.
"""

from __future__ import annotations

from typing import Any, NoReturn, cast

import msgpack
import msgspec

from signalling.errors import BadMessage, FrameTooBig, NotMsgpack, ProtocolError, TooDeep
from signalling.wire import FRAME_MAX, ClientMessage, Message, ServerMessage

DEPTH_MAX = 8
LENGTH_MAX = 4_096
"""The longest array and map; the longest list of a message is a room's log."""
TEXT_MAX = 32 * 1024
"""The longest string of any message: a session description with room to spare."""

_encoder = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """The frame of a message."""
    return _encoder.encode(message)


def decode(frame: bytes) -> ClientMessage:
    """What a page said."""
    return cast(ClientMessage, _convert(_unpack(frame), ClientMessage))


def decode_server(frame: bytes) -> ServerMessage:
    """What a hub said: for clients in Python."""
    return cast(ServerMessage, _convert(_unpack(frame), ServerMessage))


def _unpack(frame: bytes) -> Any:
    if len(frame) > FRAME_MAX:
        raise FrameTooBig
    try:
        found = msgpack.unpackb(
            frame,
            strict_map_key=True,
            ext_hook=_refuse_extension,
            max_str_len=TEXT_MAX,
            max_bin_len=0,
            max_array_len=LENGTH_MAX,
            max_map_len=LENGTH_MAX,
            max_ext_len=0,
        )
    except Exception:  # The library raises half a dozen unrelated types; all mean the same here.
        raise NotMsgpack from None
    _check_depth(found)
    return found


def _refuse_extension(code: int, data: bytes) -> NoReturn:
    raise NotMsgpack


def _check_depth(found: Any) -> None:
    """Walk level by level, never by recursion: a nesting bomb must not reach the stack."""
    level = [found]
    for _ in range(DEPTH_MAX):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise TooDeep


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _convert(found: Any, union: Any) -> Any:
    try:
        return msgspec.convert(found, union)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        raise BadMessage from None


__all__ = ["ProtocolError", "decode", "decode_server", "encode"]

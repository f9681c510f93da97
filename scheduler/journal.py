"""What a process writes down of the changes it acknowledged: records, and which of them to do again.

A record is a length, a checksum and an entry in msgpack. A file may end in the middle of one, because its
machine lost power or its disk was full: what comes before still counts.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

import msgspec

from scheduler.rules import MINUTE_MS

WINDOW_MS = 10 * MINUTE_MS
"""How far before the last entry a store that took over may lie behind."""
KEPT_MS = 60 * MINUTE_MS
"""How long entries are kept at all."""

HEAD = struct.Struct(">II")

SETTINGS = {
    "set_profile": "profile",
    **dict.fromkeys(("favourite", "unfavourite"), "favourite"),
    **dict.fromkeys(("ask_friend", "accept_friend", "end_friendship"), "friend"),
    **dict.fromkeys(("snooze", "unsnooze"), "snooze"),
    **dict.fromkeys(("block", "unblock"), "block"),
}
"""Commands of which only the last about a subject counts: an older one must not undo a newer."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One acknowledged change: the call that made it, when, in which history of the store, and its answer."""

    op: str
    """The function; empty in a mark that only says which history was seen."""
    args: tuple[bytes, ...] = ()
    """All of them, as the store got them: a command's begin with request id and member."""
    at_ms: int
    history: str
    answer: bytes = b""

    @property
    def subject(self) -> tuple[object, ...] | None:
        """What a setting is about: its kind, the member, and the other if there is one."""
        kind = SETTINGS.get(self.op)
        if kind is None:
            return None
        return (kind, self.args[1]) if kind == "profile" else (kind, *self.args[1:3])


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """An entry as a record."""
    body = _encoder.encode(entry)
    return HEAD.pack(len(body), zlib.crc32(body)) + body


def decode(data: bytes) -> Iterator[Entry]:
    """The entries of a file, up to the first record that is not whole."""
    at = 0
    while at + HEAD.size <= len(data):
        length, checksum = HEAD.unpack_from(data, at)
        body = data[at + HEAD.size : at + HEAD.size + length]
        if not body or len(body) < length or zlib.crc32(body) != checksum:
            return
        yield _decoder.decode(body)
        at += HEAD.size + length


def to_replay(entries: Iterable[Entry], history: str) -> list[Entry]:
    """What has to be looked for in a store of this history, in the order in which it was done."""
    in_order = sorted((entry for entry in entries if entry.op), key=lambda entry: entry.at_ms)
    before = [entry for entry in in_order if entry.history != history]
    if not before:
        return []
    since_ms = before[-1].at_ms - WINDOW_MS
    latest = {entry.subject: entry for entry in in_order}
    return list(_once(e for e in before if e.at_ms >= since_ms and _stands(e, latest)))


def _stands(entry: Entry, latest: dict[tuple[object, ...] | None, Entry]) -> bool:
    return entry.subject is None or latest[entry.subject].args == entry.args


def _once(entries: Iterable[Entry]) -> Iterator[Entry]:
    """A request that was asked again was written down again: the first time is when it was done."""
    seen = set()
    for entry in entries:
        if (entry.op, entry.args) not in seen:
            seen.add((entry.op, entry.args))
            yield entry

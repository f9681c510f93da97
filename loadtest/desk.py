"""A robot's copy of the pair's chat and tasks, and the frames that keep both copies equal.

Entries are a set merged by id. When the data channel opens each side says which ids it has; the
other sends what is missing. Anything unreadable from the partner is ignored: a robot must outlive
a page that talks nonsense.
"""

from __future__ import annotations

import msgspec

from signalling.wire import Entry, Message


class Have(Message, frozen=True, kw_only=True, tag="have"):
    """Which entries the sender has. Page to page only."""

    ids: list[str]


_frames: msgspec.msgpack.Decoder[Entry | Have] = msgspec.msgpack.Decoder(Entry | Have)
_encode = msgspec.msgpack.Encoder().encode


class Desk:
    """The merged entries of one session."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> bool:
        """Merge one entry; whether it was new."""
        fresh = entry.id not in self.entries
        self.entries.setdefault(entry.id, entry)
        return fresh

    def opening(self) -> bytes:
        """The first frame on a channel."""
        return _encode(Have(ids=sorted(self.entries)))

    def missing(self, have: Have) -> list[bytes]:
        """The frames the partner's page lacks."""
        theirs = set(have.ids)
        return [_encode(e) for e in self.entries.values() if e.id not in theirs]

    @staticmethod
    def frame(entry: Entry) -> bytes:
        """An entry as it goes over the channel."""
        return _encode(entry)


def read(frame: bytes) -> Entry | Have | None:
    """A frame of the partner's page, or None if it makes no sense."""
    try:
        return _frames.decode(frame)
    except msgspec.DecodeError:
        return None

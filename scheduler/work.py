"""Work that waits in a queue: a piece of it, and what a hand says that is not done with it."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    """A piece of work: its id, and what it is about."""

    id: str
    what: bytes


class Later(NamedTuple):
    """A piece of work is not finished: when it is due again, and what it is about then."""

    due_ms: int
    what: bytes

"""Work that waits in a queue: a piece of it, whose way it may be in, and what a hand says that is not done."""

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


class Lane(NamedTuple):
    """Something a piece of work uses while it is under way, and how many may at the same time."""

    name: str
    most: int

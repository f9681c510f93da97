"""How an invariant says what it looked at: one thing after the other, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scheduler.snapshot import Thing


class Look(NamedTuple):
    """One thing that was looked at, and what is wrong with it, if anything is."""

    thing: Thing
    wrong: str | None = None
    also: tuple[Thing, ...] = ()
    """What else must be read to see whether it still is."""


Looks = Iterator[Look]


def first(faults: Mapping[str, bool]) -> str | None:
    """The first of these sentences that is true."""
    return next((text for text, holds in faults.items() if holds), None)

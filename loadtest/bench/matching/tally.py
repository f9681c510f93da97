"""What is counted of a slot; counts of many slots add up."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of bookings, unless said otherwise."""

    slots: int = 0
    live: int = 0
    """At T."""
    matched: int = 0
    best_matched: int = 0
    """In hindsight."""
    worth: int = 0
    best_worth: int = 0
    """Sums of scores."""
    voluntary: int = 0
    forced: int = 0
    """Changes of partners whose names were known."""
    early: int = 0
    """Bookings with a voluntary change earlier than the pass."""
    dropped: int = 0
    left_over: int = 0
    """Bookings that lost a partner to a voluntary change and got none in the same step: one whose name
    they knew, and one they did not know yet."""
    written_broken: int = 0
    favourites: int = 0
    repeats: int = 0
    """Pairs of whom one likes the other; that met lately and do not."""
    pairs: int = 0
    known_early: int = 0
    """Bookings whose partner at T was known an hour before."""
    here: int = 0
    """Came within five minutes."""
    worked: int = 0
    best_worked: int = 0

    def __add__(self, other: Tally) -> Tally:
        sums = {name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__}
        return Tally(**sums)


def total(tallies: Iterable[Tally]) -> Tally:
    """All together."""
    return sum(tallies, Tally())

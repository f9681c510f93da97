"""Which pairs a worker carries: their generations, their hubs, and how long they outlive them.

A pair has one generation at a time, and the one before it until the hub closes that: the pages
build the newer beside the older. A third one ends the first with both its legs; asking for the same
one again gives the same legs. A pair without any hub is an orphan: it goes on forwarding, and
is forgotten when nobody claims it in time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from media.control import ORPHAN_S
from media.errors import Draining, Full, StaleGeneration, UnknownPair

KEY_FRAME_EVERY_S = 1.0
"""The worker asks a pair for key frames at most this often."""

Leg = TypeVar("Leg")
Legs = tuple[Leg, Leg]


class Pair(Generic[Leg]):
    """One generation of one pair."""

    __slots__ = ("_asked_at", "gen", "hubs", "id", "legs", "orphaned_at", "wants_key_frames")

    def __init__(self, pair: str, gen: int, legs: Legs[Leg]) -> None:
        self.id = pair
        self.gen = gen
        self.legs = legs
        self.hubs: set[Hashable] = set()
        """Who hears of this pair."""
        self.orphaned_at: float | None = None
        self.wants_key_frames = False
        self._asked_at = float("-inf")

    def take_key_frames(self, now: float) -> bool:
        """Whether to ask for key frames now: they are wanted, and enough time has passed."""
        if not self.wants_key_frames or now - self._asked_at < KEY_FRAME_EVERY_S:
            return False
        self.wants_key_frames = False
        self._asked_at = now
        return True


class Opened(Generic[Leg]):
    """What `Pairs.open` did: the pair, whether it is new, and the generation it ended."""

    __slots__ = ("is_new", "pair", "superseded")

    def __init__(self, pair: Pair[Leg], *, is_new: bool, superseded: Pair[Leg] | None) -> None:
        self.pair = pair
        self.is_new = is_new
        self.superseded = superseded


class Pairs(Generic[Leg]):
    """All pairs of a worker."""

    def __init__(self, *, most: int, make_legs: Callable[[str, int, bool], Legs[Leg]]) -> None:
        """`make_legs` is told pair, generation and whether they are blind."""
        self.draining = False
        """Set, no new pairs are taken; the present ones stay."""
        self.strained = False
        """Set, no new pairs are taken, so that the present ones do not suffer; calls that run are."""
        self._most = most
        self._make_legs = make_legs
        self._pairs: dict[str, Pair[Leg]] = {}
        self._former: dict[str, Pair[Leg]] = {}

    def __len__(self) -> int:
        """How many pairs, however many generations of them."""
        return len(self._pairs.keys() | self._former.keys())

    def __iter__(self) -> Iterator[Pair[Leg]]:
        """All generations that forward."""
        return iter([*self._pairs.values(), *self._former.values()])

    def open(
        self, pair: str, gen: int, hub: Hashable, *, blind: bool = False, moved: bool = False
    ) -> Opened[Leg]:
        """Have this generation, for this hub; `moved` if the call runs already, elsewhere. Raises
        `StaleGeneration`, `Full` or `Draining`."""
        present = self._pairs.get(pair)
        if present is not None and present.gen == gen:
            self._claim(present, hub)
            return Opened(present, is_new=False, superseded=None)
        self._check_room(present, gen, moved=moved)
        made = Pair(pair, gen, self._make_legs(pair, gen, blind))
        self._pairs[pair] = made
        self._claim(made, hub)
        if present is None:
            return Opened(made, is_new=True, superseded=None)
        superseded, self._former[pair] = self._former.get(pair), present
        return Opened(made, is_new=True, superseded=superseded)

    def get(self, pair: str, gen: int) -> Pair[Leg]:
        """This generation of a pair, or `UnknownPair`."""
        for held in (self._pairs.get(pair), self._former.get(pair)):
            if held is not None and held.gen == gen:
                return held
        raise UnknownPair(f"generation {gen}")

    def claim(self, pair: str, gen: int, hub: Hashable) -> Pair[Leg]:
        """This generation, for this hub from now on, or `UnknownPair`."""
        held = self.get(pair, gen)
        self._claim(held, hub)
        return held

    def close(self, pair: str, gen: int) -> Pair[Leg] | None:
        """Forget this generation; closing what is not there is no error."""
        for where in (self._pairs, self._former):
            held = where.get(pair)
            if held is not None and held.gen == gen:
                return where.pop(pair)
        return None

    def hub_gone(self, hub: Hashable, now: float) -> None:
        """A hub's link broke: pairs with no other hub become orphans."""
        for pair in self:
            if hub in pair.hubs:
                pair.hubs.discard(hub)
                pair.orphaned_at = None if pair.hubs else now

    def expire(self, now: float) -> list[Pair[Leg]]:
        """Forget orphans whose time is up."""
        gone = [pair for pair in self if _is_lost(pair, now)]
        for pair in gone:
            self.close(pair.id, pair.gen)
        return gone

    def _claim(self, pair: Pair[Leg], hub: Hashable) -> None:
        pair.hubs.add(hub)
        pair.orphaned_at = None

    def _check_room(self, present: Pair[Leg] | None, gen: int, *, moved: bool) -> None:
        if present is not None:
            if gen < present.gen:
                raise StaleGeneration(f"{gen} is older than {present.gen}")
            return
        if self.draining:
            raise Draining
        if (self.strained and not moved) or len(self) >= self._most:
            raise Full


def _is_lost(pair: Pair[Leg], now: float) -> bool:
    return pair.orphaned_at is not None and now - pair.orphaned_at >= ORPHAN_S

"""The bookings of one slot while it fills, and who is with whom; what a member sees of it is counted.

Scores and rules are the scheduler's (`Board`, over `scheduler/matching.py`), and so is the optimiser.
Finding a partner at once and by one swap is the ledger's, which does it inside the store: here it is
told again in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from loadtest.bench.matching.arrivals import WRITES, Scene
from loadtest.bench.matching.policies import Policy
from scheduler.board import Board
from scheduler.matching import POLICY, UNKNOWN_RELIABILITY
from scheduler.optimiser import improve
from scheduler.plan import Claim, Slot, Stage

Met = dict[str, dict[str, int]]
"""Who met whom, and when last."""
Why = Literal["forced", "voluntary"]
"""The partner went or was locked in · we thought it better."""


class Place(msgspec.Struct):
    """A booking's state."""

    partner: int | None = None
    locked: bool = False
    known_ms: int | None = None
    """Since when the partner's name is known."""
    forced: int = 0
    voluntary: int = 0
    """Changes of a partner whose name was known."""
    changed_ms: int | None = None
    """When the first voluntary one was."""


class Desk:
    """One slot under a policy. Bookings are numbers, in the order in which they are made."""

    def __init__(self, scene: Scene, policy: Policy, met: Met) -> None:
        self.scene = scene
        self.policy = policy
        self.claims = list(_claims(scene, met))
        self.board = Board(self._slot(self.claims))
        self.places: dict[int, Place] = {}
        """The live ones."""
        self.dropped = 0
        self.left_over = 0
        """Members who lost a partner to a voluntary change and got none in the same step: one whose
        name they knew, and one they did not know yet."""
        self.written_broken = 0
        """Members who lost a partner they wrote with to a voluntary change."""

    # What members do.

    def book(self, one: int, now_ms: int) -> None:
        self.places[one] = Place()
        other = self._favourite(one, now_ms)
        if other is None:
            self._place(one, now_ms)
        else:
            self._lock(one, other, now_ms)

    def cancel(self, one: int, now_ms: int) -> None:
        other = self.places[one].partner
        if other is not None:
            self._lose(other, "forced", now_ms)
        del self.places[one]
        if other is not None:
            self._place(other, now_ms)

    # What the instance does.

    def tell_names(self, now_ms: int) -> None:
        """Pairs that chance made learn of each other now."""
        for place in self.places.values():
            if place.partner is not None and place.known_ms is None:
                place.known_ms = now_ms

    def improve(self, stage: Stage, now_ms: int) -> None:
        """The scheduler's optimiser, and what the ledger does with its steps."""
        slot = self._slot([self._claim(one, now_ms) for one in self.places])
        known = {one: place.known_ms is not None for one, place in self.places.items()}
        had = [one for one, place in self.places.items() if place.partner is not None]
        for step in improve(slot, stage=stage, seed=self.scene.start_ms):
            for booking in step.versions:
                self._lose(_number(booking), "voluntary", now_ms)
            for one, other in step.pairs:
                self._pair(_number(one), _number(other), now_ms)
        left = [one for one in had if self.places[one].partner is None]
        self.dropped += sum(known[one] for one in left)
        self.left_over += sum(not known[one] for one in left)

    # Finding a partner.

    def waiting(self) -> list[int]:
        return [one for one, place in self.places.items() if place.partner is None]

    def _place(self, one: int, now_ms: int) -> None:
        found = [other for other in self.waiting() if self.board.may_meet(one, other)]
        if found:
            best = max(found, key=lambda other: (self.board.worth(one, other), -other))
            self._pair(one, best if self.policy.scored else min(found), now_ms)
        elif self.policy.may_swap(now_ms):
            self._swap(one, now_ms)

    def _swap(self, one: int, now_ms: int) -> None:
        """Take the one of a pair whose other finds somebody who waits: of the worst such pair, and rather
        where nobody wrote."""
        found = min(self._swaps(one, now_ms), default=None)
        if found:
            *_, taken, left, waits = found
            for number in (taken, left):
                self._lose(number, "voluntary", now_ms)
            self._pair(one, taken, now_ms)
            self._pair(left, waits, now_ms)

    def _swaps(self, one: int, now_ms: int) -> Iterator[tuple[bool, int, int, int, int, int]]:
        """Whether they wrote, their worth, their older booking, whom to take, who is left, who waits."""
        may_meet, worth = self.board.may_meet, self.board.worth
        waiting = [other for other in self.waiting() if other != one]
        for taken, place in self.places.items() if waiting else ():
            left = place.partner
            if left is None or self._fixed(taken, now_ms) or not may_meet(one, taken):
                continue
            waits = next((other for other in waiting if may_meet(left, other)), None)
            if waits is not None:
                wrote, older = self._wrote(taken, now_ms), min(taken, left)
                yield wrote, worth(taken, left), older, taken, left, waits

    # Lock-ins.

    def _favourite(self, one: int, now_ms: int) -> int | None:
        """With whom a lock-in comes about: the best of those whom the new one would lock in, or who
        would lock in the new one."""
        found = [
            other
            for other in self.places
            if other != one
            and (self._would_lock(one, other) or self._would_lock(other, one))
            and self.board.may_meet(one, other)
            and self._lockable(other, now_ms)
        ]
        return max(found, key=lambda other: (self.board.worth(one, other), -other), default=None)

    def _would_lock(self, one: int, other: int) -> bool:
        liked = self.board.seats[one].liked
        return self.scene.intents[one].locks and self.claims[other].member in liked

    def _lockable(self, one: int, now_ms: int) -> bool:
        free = self.places[one].partner is None
        early = now_ms <= -self.policy.lock_until_ms and not self._fixed(one, now_ms)
        return free or early

    def _lock(self, one: int, other: int, now_ms: int) -> None:
        displaced = self.places[other].partner
        if displaced is not None:
            self._lose(displaced, "forced", now_ms)
            self._lose(other, "forced", now_ms)
        self._pair(one, other, now_ms, locked=True)
        if displaced is not None:
            self._place(displaced, now_ms)

    # Partners.

    def _pair(self, one: int, other: int, now_ms: int, *, locked: bool = False) -> None:
        known_ms = None if self.policy.hidden(now_ms) and not locked else now_ms
        for mine, theirs in ((one, other), (other, one)):
            place = self.places[mine]
            place.partner, place.locked, place.known_ms = theirs, locked, known_ms

    def _lose(self, one: int, why: Why, now_ms: int) -> None:
        place = self.places[one]
        if place.known_ms is not None and why == "forced":
            place.forced += 1
        elif place.known_ms is not None:
            place.voluntary += 1
            place.changed_ms = now_ms if place.changed_ms is None else place.changed_ms
            self.written_broken += self._wrote(one, now_ms)
        place.partner, place.locked, place.known_ms = None, False, None

    def _wrote(self, one: int, now_ms: int) -> bool:
        """Whether this one and the partner have written to each other."""
        place = self.places[one]
        if place.partner is None or place.known_ms is None:
            return False
        mine, theirs = self.scene.intents[one], self.scene.intents[place.partner]
        after_ms = min(mine.writes_after_ms, theirs.writes_after_ms)
        return (mine.writes + theirs.writes) % 1 < WRITES and now_ms >= place.known_ms + after_ms

    def _fixed(self, one: int, now_ms: int) -> bool:
        """Locked, or both are in the room: they are talking."""
        place = self.places[one]
        return place.locked or (self._here(one, now_ms) and self._here(place.partner, now_ms))

    def _here(self, one: int | None, now_ms: int) -> bool:
        comes_ms = None if one is None else self.scene.intents[one].comes_ms
        return comes_ms is not None and comes_ms <= now_ms

    def _claim(self, one: int, now_ms: int) -> Claim:
        partner = self.places[one].partner
        return msgspec.structs.replace(
            self.claims[one],
            partner_booking=None if partner is None else f"b{partner}",
            locked=partner is not None and self._fixed(one, now_ms),
            messaged=self._wrote(one, now_ms),
        )

    def _slot(self, claims: list[Claim]) -> Slot:
        return Slot(start_ms=self.scene.start_ms, length_min=50, claims=claims)


def _number(booking: str) -> int:
    return int(booking[1:])


def _claims(scene: Scene, met: Met) -> Iterator[Claim]:
    """Everybody who will book, nobody matched."""
    members = {intent.person.id for intent in scene.intents}
    for number, intent in enumerate(scene.intents):
        one = intent.person
        ever = met.get(one.id, {})
        yield Claim(
            booking=f"b{number}",
            version=1,
            member=one.id,
            partner_booking=None,
            locked=False,
            messaged=False,
            gender=one.gender,
            only_gender=one.only_gender,
            quiet=intent.quiet,
            takes_quiet=one.takes_quiet,
            task=one.task,
            prefer_favourites=True,
            reliability=UNKNOWN_RELIABILITY if one.new else round(1_000 * (1 - one.no_show)),
            sessions_kept=one.kept,
            created_ms=scene.start_ms + intent.books_ms,
            avoided=sorted(one.avoided & members),
            favourites=sorted(one.favourites & members),
            friends=[],
            met=sorted(
                other
                for other in ever.keys() & members
                if ever[other] > scene.start_ms - POLICY.repeat_ms
            ),
        )

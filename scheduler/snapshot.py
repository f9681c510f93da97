"""A ledger as it lies in the store: what `invariants` looks at.

Records are left as the store has them, text by field: a check that trusted what it reads would not be
one. docs/ledger.md says what each key holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from scheduler.bookings import Gender, Profile, Task
from scheduler.events import AnyEvent
from scheduler.flags import Flag
from scheduler.matching import Candidate
from scheduler.rules import DEFAULT, MINUTE_MS, Rules

Record = dict[str, str]
Place = tuple[int, int]
"""A start and a length."""
Sets = dict[str, set[str]]
Scores = dict[str, dict[str, float]]

LIVE = frozenset({"waiting", "matched"})


class Thing(NamedTuple):
    """Something in the ledger that can be read again by itself: a booking, a pair, a member, a slot."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Snapshot(msgspec.Struct, kw_only=True):
    """Everything under one tag; of a store that goes on meanwhile, as it was met piece by piece."""

    now_ms: int
    rules: Rules = DEFAULT
    counters: dict[str, int] = {}
    bookings: dict[str, Record] = {}
    pairs: dict[str, Record] = {}
    profiles: dict[str, Profile] = {}
    pools: dict[tuple[int, int, str], dict[str, float]] = {}
    classes: dict[Place, set[str]] = {}
    starts: dict[int, dict[str, float]] = {}
    slots: dict[Place, set[str]] = {}
    calendars: Scores = {}
    past: Scores = {}
    blocked: Sets = {}
    snoozed: Scores = {}
    avoided: Sets = {}
    favourites: Sets = {}
    fans: Sets = {}
    friends: Sets = {}
    asks: Sets = {}
    asked_by: Sets = {}
    suspended: dict[str, int] = {}
    timers: dict[str, float] = {}
    kept: dict[str, int] = {}
    flags: dict[str, dict[str, list[Flag]]] = {}
    """By member, then `session:<pair>` or `cancel:<booking>`."""
    news: list[AnyEvent] = []
    all_news: bool = True
    """The outbox still begins where the ledger did."""

    def live(self) -> list[Record]:
        """Bookings that wait or are matched."""
        return [each for each in self.bookings.values() if each.get("state") in LIVE]

    def waiting(self) -> list[Record]:
        return [each for each in self.bookings.values() if each.get("state") == "waiting"]

    def coming_matches(self) -> Iterator[Record]:
        """Matched bookings whose session has not begun."""
        for each in self.bookings.values():
            if each["state"] == "matched" and int(each["start_ms"]) > self.now_ms:
                yield each

    def avoid(self, one: str, other: str) -> bool:
        """Whether either blocks or snoozes the other."""
        return self.keeps_away(one, other) or self.keeps_away(other, one)

    def keeps_away(self, one: str, other: str) -> bool:
        return other in self.blocked.get(one, ()) or other in self.snoozed.get(one, ())

    def profile(self, member: str) -> Profile:
        return self.profiles.get(member, Profile())

    def candidate(self, booking: Record) -> Candidate:
        """A booking's member, as one who looks for a partner there."""
        return Candidate(
            member=booking["member"],
            profile=self.profile(booking["member"]),
            quiet=booking["quiet"] == "1",
            task=Task(booking["task"]),
        )

    def is_suspended(self, member: str) -> bool:
        until_ms = self.suspended.get(member)
        return until_ms is not None and (until_ms == 0 or until_ms > self.now_ms)


def slot_of(booking: Record) -> Place:
    return int(booking["start_ms"]), int(booking["length_min"])


def start_of(booking: Record) -> int:
    return int(booking["start_ms"])


def ends(booking: Record) -> int:
    """E."""
    return start_of(booking) + int(booking["length_min"]) * MINUTE_MS


def taken_until(booking: Record) -> int:
    """Until when the booking keeps its member's time: as long as was wished, though a match be shorter."""
    length = int(booking.get("wished_min") or 0) or int(booking["length_min"])
    return start_of(booking) + length * MINUTE_MS


def profile_of(fields: Record) -> Profile:
    """The profile the store holds; what only matters to lock-ins is left out."""
    only = fields.get("only_gender")
    return Profile(
        gender=Gender(fields["gender"]),
        only_gender=Gender(only) if only else None,
        accepts_quiet=fields["accepts_quiet"] == "1",
    )


def booking_thing(booking: Record) -> Thing:
    return Thing("booking", booking["id"])


def slot_thing(slot: Place) -> Thing:
    return Thing("slot", f"{slot[0]}:{slot[1]}")

"""A few people and four hours: how many sessions become company, by what the calendar does to help.

With few people nearly everything depends on whether two of them choose the same start; no way of
matching mends that. What does: fewer starts, seeing who waits, and meeting whoever is there for as long
as the shorter of two sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import msgspec

from loadtest.bench.matching.people import Person, person
from scheduler.bookings import Profile
from scheduler.matching import Candidate, compatible
from scheduler.rules import MINUTE_MS, Rules, of

WINDOW_MIN = 240
LENGTHS = {25: 30, 50: 50, 75: 20}
SESSIONS = (2, 3)
SPONTANEOUS = 0.40
"""Share of sessions that are booked when they are wanted; the others are planned beforehand."""
MISSED = 0.08
FOLLOWS = 0.60
"""Share of bookings that go where somebody waits, if they see one within `REACH_MIN`."""
REACH_MIN = 30


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar offers."""

    grid_min: int
    cross_lengths: bool
    seen: bool
    """Whether members see who waits."""


def calendar(rules: Rules, *, seen: bool = True) -> Calendar:
    return Calendar(
        grid_min=rules.grid_ms // MINUTE_MS, cross_lengths=rules.cross_lengths, seen=seen
    )


CALENDARS = {
    "quarter-hours-unseen": calendar(of(), seen=False),
    "large": calendar(of()),
    "medium": calendar(of(community="medium")),
    "small": calendar(of(community="small")),
}
"""The presets as they are shipped, and what they would be if nobody saw who waits."""


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """A session somebody would like."""

    one: int
    at_min: int
    length_min: int
    spontaneous: bool
    follows: bool
    comes: bool


class Seat(msgspec.Struct, kw_only=True):
    """A booking that came of it."""

    want: Want
    start_min: int
    partner: Seat | None = None

    @property
    def end_min(self) -> int:
        return self.start_min + self.want.length_min


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one window."""

    shows: int
    worked: int
    shifted_min: int
    """How far from the wanted start, all bookings together."""
    bookings: int


def day(people: int, offer: Calendar, seed: str) -> Day:
    """One window of these people."""
    random = Random(f"small {people} {seed}")
    town = [person(f"m{number}", random) for number in range(people)]
    seats: list[Seat] = []
    for want in sorted(_wants(people, random), key=lambda want: (want.spontaneous, want.at_min)):
        _book(want, seats, town, offer)
    _meet_late(seats, town, offer)
    return Day(
        shows=sum(seat.want.comes for seat in seats),
        worked=sum(_works(seat) for seat in seats),
        shifted_min=sum(abs(seat.start_min - seat.want.at_min) for seat in seats),
        bookings=len(seats),
    )


def _wants(people: int, random: Random) -> Iterator[Want]:
    for one in range(people):
        for _ in range(random.choice(SESSIONS)):
            yield Want(
                one=one,
                at_min=random.randrange(WINDOW_MIN),
                length_min=random.choices(list(LENGTHS), list(LENGTHS.values()))[0],
                spontaneous=random.random() < SPONTANEOUS,
                follows=random.random() < FOLLOWS,
                comes=random.random() >= MISSED,
            )


def _book(want: Want, seats: list[Seat], town: list[Person], offer: Calendar) -> None:
    """Where somebody waits, or at the nearest start; matched with who waits there. Not beside another
    session of one's own."""
    waits = _nearest_waiter(want, seats, town, offer) if offer.seen and want.follows else None
    seat = Seat(want=want, start_min=waits.start_min if waits else _nearest(want, offer.grid_min))
    if _overlaps(seat, seats):
        return
    found = [other for other in seats if _is_free(other) and _fits(seat, other, town, offer)]
    if found:
        seat.partner, found[0].partner = found[0], seat
    seats.append(seat)


def _nearest(want: Want, grid_min: int) -> int:
    nearest = want.at_min if want.spontaneous else want.at_min - grid_min // 2
    return max(0, -(-nearest // grid_min) * grid_min)


def _nearest_waiter(
    want: Want, seats: list[Seat], town: list[Person], offer: Calendar
) -> Seat | None:
    def away(other: Seat) -> int:
        return abs(other.start_min - want.at_min)

    def fits(other: Seat) -> bool:
        late = other.start_min < want.at_min and want.spontaneous
        there = Seat(want=want, start_min=other.start_min)
        return not late and away(other) <= REACH_MIN and _fits(there, other, town, offer)

    found = [other for other in seats if _is_free(other) and fits(other)]
    return min(
        (
            other
            for other in found
            if not _overlaps(Seat(want=want, start_min=other.start_min), seats)
        ),
        key=away,
        default=None,
    )


def _is_free(seat: Seat) -> bool:
    return seat.partner is None


def _overlaps(seat: Seat, seats: list[Seat]) -> bool:
    return any(
        other.want.one == seat.want.one
        and other.start_min < seat.end_min
        and seat.start_min < other.end_min
        for other in seats
    )


def _fits(one: Seat, other: Seat, town: list[Person], offer: Calendar) -> bool:
    same = one.want.length_min == other.want.length_min
    if one.start_min != other.start_min or not (same or offer.cross_lengths):
        return False
    a, b = town[one.want.one], town[other.want.one]
    return compatible(_candidate(a), _candidate(b)) and b.id not in a.avoided


def _candidate(who: Person) -> Candidate:
    profile = Profile(gender=who.gender, only_gender=who.only_gender)
    return Candidate(member=who.id, profile=profile, task=who.task)


def _meet_late(seats: list[Seat], town: list[Person], offer: Calendar) -> None:
    """Who came and has nobody there is matched with another such at the same start."""
    alone = [seat for seat in seats if seat.want.comes and not _works(seat)]
    for seat in alone:
        for other in alone:
            apart = seat is not other and not _works(seat) and not _works(other)
            if apart and _fits(seat, other, town, offer):
                seat.partner, other.partner = other, seat


def _works(seat: Seat) -> bool:
    partner = seat.partner
    return (
        partner is not None and partner.partner is seat and seat.want.comes and partner.want.comes
    )

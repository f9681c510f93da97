"""A community: who there is, when they like to work, whom they like and whom they avoid."""

from __future__ import annotations

import math
from itertools import accumulate
from random import Random

import msgspec

from scheduler.bookings import Gender, Task

MEMBERS = 40
"""As many members as forty times the bookings of a slot."""
HOURS = range(9, 22)
"""A day's slots that are looked at."""
LIKED_HOURS, SPREAD_H = (9, 11, 13, 15, 17, 19, 21), 1.2
"""Each member prefers one of these hours, and books around it."""
FAVOURITES = (0, 2, 5, 10)
NO_SHOWS = (0.05, 0.10, 0.15)
NEWCOMERS_MISS = 0.12
AVOIDED = 0.02
"""Share of all pairs that a block or a snooze keeps apart."""
OWN_GENDER = 0.2
"""Share of members who ask for their own gender."""
QUIET, NO_QUIET = 0.15, 0.03
"""Share of sessions in quiet, and of members who do not accept it."""

GENDERS = {Gender.WOMAN: 48, Gender.MAN: 48, Gender.NON_BINARY: 4}
TASKS = {Task.ANYTHING: 58, Task.DESK: 40, Task.MOVING: 2}


class Person(msgspec.Struct, kw_only=True):
    """A member of the model."""

    id: str
    gender: Gender
    only_gender: Gender | None
    takes_quiet: bool
    task: Task
    no_show: float
    """How likely they are not to come."""
    kept: int = 1
    """Sessions kept: 0 for a first-timer, more for everybody else."""
    favourites: frozenset[str] = frozenset()
    avoided: frozenset[str] = frozenset()

    @property
    def new(self) -> bool:
        return self.kept == 0


class Community(msgspec.Struct, kw_only=True):
    """Its members, and how likely each is to book at each hour."""

    people: list[Person]
    pull: dict[int, list[float]]
    """By hour, in the order of `people`."""


def community(size: float, seed: str) -> Community:
    """People for slots with this many bookings in the mean."""
    random = Random(f"people {size} {seed}")
    people = [person(f"m{number}", random) for number in range(round(MEMBERS * size))]
    found = Community(people=people, pull=_pull(len(people), random))
    _befriend(found, random)
    _keep_apart(people, random)
    return found


def person(id: str, random: Random, *, new: bool = False) -> Person:
    """Somebody; a first-timer if `new`."""
    gender = random.choices(list(GENDERS), list(GENDERS.values()))[0]
    return Person(
        id=id,
        gender=gender,
        only_gender=gender if random.random() < OWN_GENDER else None,
        takes_quiet=random.random() >= NO_QUIET,
        task=random.choices(list(TASKS), list(TASKS.values()))[0],
        no_show=NEWCOMERS_MISS if new else random.choice(NO_SHOWS),
        kept=0 if new else 1,
    )


def _pull(size: int, random: Random) -> dict[int, list[float]]:
    pull: dict[int, list[float]] = {hour: [] for hour in HOURS}
    for _ in range(size):
        activity, liked = min(random.paretovariate(1.5), 20.0), random.choice(LIKED_HOURS)
        for hour in HOURS:
            pull[hour].append(activity * math.exp(-(((hour - liked) / SPREAD_H) ** 2) / 2))
    return pull


def _befriend(found: Community, random: Random) -> None:
    """Favourites are people of the same hours whom one has met more than once."""
    met = {hour: list(accumulate(pull * pull for pull in found.pull[hour])) for hour in HOURS}
    for number, one in enumerate(found.people):
        own = [found.pull[hour][number] for hour in HOURS]
        hours = random.choices(HOURS, own, k=random.choice(FAVOURITES))
        liked = {random.choices(found.people, cum_weights=met[hour])[0].id for hour in hours}
        one.favourites = frozenset(liked - {one.id})


def _keep_apart(people: list[Person], random: Random) -> None:
    apart: dict[str, set[str]] = {one.id: set() for one in people}
    for _ in range(round(AVOIDED * len(people) * (len(people) - 1) / 2)):
        one, other = random.sample(people, 2)
        apart[one.id].add(other.id)
        apart[other.id].add(one.id)
    for one in people:
        one.avoided = frozenset(apart[one.id])
        one.favourites -= one.avoided

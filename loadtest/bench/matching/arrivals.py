"""What the people of a community want of one slot, whatever policy they then meet.

Times are milliseconds from T, so before it they are negative. All chance is drawn here, so that every
policy is shown the same people doing the same.
"""

from __future__ import annotations

import heapq
import math
from random import Random

import msgspec

from loadtest.bench.matching.people import HOURS, QUIET, Community, Person, person
from scheduler.rules import DAY_MS, MINUTE_MS

HOUR_MS = 60 * MINUTE_MS
NEWCOMERS = 0.08
LAST_MINUTE = {True: 0.60, False: 0.27}
"""Share of first-timers and of others who book within `LAST_MS`."""
LAST_MS = 10 * MINUTE_MS
AHEAD_MS = 10 * HOUR_MS
"""How far ahead the others book, in the mean."""
CANCEL, CANCEL_LATE = 0.09, 0.40
"""Share of those who booked early that cancel, and of them in the last hour."""
LOCKS = 0.30
"""Share of bookings that lock in a favourite if there is one to be had."""
WRITES, WRITES_AFTER_MS = 0.30, 30 * MINUTE_MS
"""Share of named pairs that write to each other, and after how long in the mean."""
COMING = ((0.60, -3, 0), (0.85, 0, 1), (0.95, 1, 2), (1.00, 2, 5))
"""Up to which share of those who come, they come between which minutes."""
ASKS = 0.80
"""Share of those whose partner is missing that ask for another one."""
ASKS_WITHIN_MS = 30_000


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What one person does about a slot."""

    person: Person
    quiet: bool
    books_ms: int
    cancels_ms: int | None
    """Only if it has not begun to be too late for them."""
    locks: bool
    writes: float
    """Two whose sum is below `WRITES` modulo one write to each other."""
    writes_after_ms: int
    comes_ms: int | None
    """None who does not come."""
    asks_after_ms: int | None
    """How long after partners may be changed they ask for another."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A slot before it is played."""

    start_ms: int
    intents: list[Intent]
    """In the order of booking."""


def scene(found: Community, size: float, number: int, seed: str) -> Scene:
    """The slot of this number in a community's life: one an hour, day after day."""
    random = Random(f"scene {size} {seed} {number}")
    day, hour = divmod(number, len(HOURS))
    pull = found.pull[HOURS[hour]]
    keys = [random.expovariate(1.0) / weight for weight in pull]
    count = min(_poisson(size, random), len(keys))
    who = [
        found.people[index] for index in heapq.nsmallest(count, range(len(keys)), keys.__getitem__)
    ]
    intents = [
        _intent(_or_new(one, f"n{number}-{place}", random), random) for place, one in enumerate(who)
    ]
    return Scene(
        start_ms=day * DAY_MS + HOURS[hour] * HOUR_MS,
        intents=sorted(intents, key=lambda intent: intent.books_ms),
    )


def _poisson(mean: float, random: Random) -> int:
    """Arrivals within `mean` of time, one a unit in the mean."""
    count, until = 0, random.expovariate(1.0)
    while until < mean:
        count, until = count + 1, until + random.expovariate(1.0)
    return count


def _or_new(one: Person, id: str, random: Random) -> Person:
    return person(id, random, new=True) if random.random() < NEWCOMERS else one


def _intent(who: Person, random: Random) -> Intent:
    late = random.random() < LAST_MINUTE[who.new]
    ahead = random.uniform(0, LAST_MS) if late else LAST_MS + random.expovariate(1 / AHEAD_MS)
    return Intent(
        person=who,
        quiet=who.takes_quiet and random.random() < QUIET,
        books_ms=-math.ceil(ahead),
        cancels_ms=None if late else _cancels(ahead, random),
        locks=random.random() < LOCKS,
        writes=random.random(),
        writes_after_ms=round(random.expovariate(1 / WRITES_AFTER_MS)),
        comes_ms=_comes(who.no_show, random),
        asks_after_ms=round(random.uniform(0, ASKS_WITHIN_MS)) if random.random() < ASKS else None,
    )


def _cancels(ahead: float, random: Random) -> int | None:
    will, late = random.random() < CANCEL, random.random() < CANCEL_LATE
    before = (
        random.uniform(0, min(ahead, HOUR_MS))
        if late
        else random.uniform(min(ahead, HOUR_MS), ahead)
    )
    return -math.floor(before) if will else None


def _comes(no_show: float, random: Random) -> int | None:
    missing, when, within = random.random() < no_show, random.random(), random.random()
    from_min, to_min = next(minutes for share, *minutes in COMING if when < share)
    return None if missing else round((from_min + (to_min - from_min) * within) * MINUTE_MS)

"""Repeats: weekly starts in their owner's wall time, as dates and instants.

The wall time and its zone are what the owner meant, so they are kept, and each instant is worked out
from them. A time that a change of the clocks leaves out moves on by as much as was left out; of a time
that comes twice the first is taken. Pure: what day it is, is an argument.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from scheduler.accounts import clean_zone
from scheduler.bookings import Task, Wish
from scheduler.errors import BadField, BadLength, OffGrid
from scheduler.rules import DAY_MS, Rules

WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
DAYS_AHEAD = 400
"""How far a new repeat is checked: over a year, so that every clock change of its zone is in it."""
SHIFTS_AHEAD_MS = 56 * DAY_MS
"""How long before the clocks change somebody elsewhere is told what that does to the hour."""
SHOWN = 10
"""Coming dates that a repeat shows."""
EPOCH = date(1970, 1, 1)
NOT_OFFERED = frozenset({OffGrid.code, BadLength.code})
"""Refusals that are about the rules of the instance, which may become others again."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A series of bookings, as its owner asked for it."""

    id: str
    member: str
    days: tuple[int, ...]
    """Weekdays, 0 is Monday."""
    time: str
    """Wall time, `15:00`."""
    zone: str
    length_min: int
    title: str = ""
    quiet: bool = False
    task: Task = Task.ANYTHING
    prefer_favourites: bool = True
    also_shorter: bool = False
    first: date
    """No date before this one."""
    until: date | None = None
    """No date after this one."""
    created_ms: int

    def wish(self, start_ms: int) -> Wish:
        """What is booked on each date."""
        return Wish(
            start_ms=start_ms,
            length_min=self.length_min,
            title=self.title,
            quiet=self.quiet,
            task=self.task,
            prefer_favourites=self.prefer_favourites,
            also_shorter=self.also_shorter,
        )


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One date of a repeat, as the zone's rules known today have it."""

    date: date
    start_ms: int
    moved: bool = False
    """The wall time does not exist on that date: this is as much later as was left out."""


class DateState(StrEnum):
    """What became of one date."""

    PLANNED = "planned"
    """Not booked yet: too far ahead."""
    BOOKED = "booked"
    MOVED = "moved"
    """Like the two before, at another wall time: the one asked for does not exist on that date."""
    SKIPPED = "skipped"
    """Its owner took the date out."""
    TAKEN = "taken"
    """It could not be booked: mostly because another own session lies there."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the store keeps of a date that is decided; a date without it is still to be booked."""

    state: DateState
    start_ms: int
    booking: str | None = None
    why: str = ""
    """Of a date that is taken: the error's code."""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """One coming date as its owner sees it."""

    date: date
    start_ms: int
    state: DateState
    booking: str | None = None
    why: str = ""


def instant_of(day: date, wall: str, zone: str) -> Occurrence:
    """When this wall time is on this date.

    `fold=0` reads a time that comes twice as the first, and a time that was left out by the clock
    before the change: on the changed clock that is as much later as was left out.
    """
    hour, minute = map(int, wall.split(":"))
    local = datetime.combine(day, time(hour, minute), ZoneInfo(zone))
    there = local.astimezone(UTC)
    back = there.astimezone(local.tzinfo)
    return Occurrence(
        date=day,
        start_ms=int(there.timestamp()) * 1_000,
        moved=back.replace(tzinfo=None) != local.replace(tzinfo=None),
    )


def occurrences(repeat: Repeat, from_ms: int, to_ms: int) -> list[Occurrence]:
    """The dates that start in [from, to), in order."""
    found = (instant_of(day, repeat.time, repeat.zone) for day in _dates(repeat, from_ms, to_ms))
    return [each for each in found if from_ms <= each.start_ms < to_ms]


def _dates(repeat: Repeat, from_ms: int, to_ms: int) -> Iterator[date]:
    # A zone is at most 14 hours off, so a day more on either side holds every date that could count.
    first = max(repeat.first, _day_of(from_ms) - timedelta(days=1))
    last = min(repeat.until or date.max, _day_of(to_ms) + timedelta(days=1))
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if occurs(repeat, day):
            yield day


def occurs(repeat: Repeat, day: date) -> bool:
    """Whether this is one of its dates."""
    in_span = repeat.first <= day <= (repeat.until or date.max)
    return in_span and day.weekday() in repeat.days


def _day_of(at_ms: int) -> date:
    return EPOCH + timedelta(days=at_ms // DAY_MS)


def today_in(zone: str, now_ms: int) -> date:
    """The date in this zone."""
    return datetime.fromtimestamp(now_ms / 1_000, ZoneInfo(zone)).date()


def checked(repeat: Repeat, rules: Rules, now_ms: int) -> Repeat:
    """The repeat in its normal form, or the refusal that names what cannot be."""
    if not repeat.days or not set(repeat.days) <= set(range(7)):
        raise BadField(field="days", least=0, most=6)
    if not WALL_TIME.fullmatch(repeat.time):
        raise BadField(field="time")
    if repeat.length_min not in rules.lengths_min:
        raise BadLength(field="length_min", lengths_min=rules.lengths_min)
    if len(repeat.title) > rules.title_max:
        raise BadField(field="title", limit=rules.title_max)
    clean_zone(repeat.zone)
    _check_span(repeat, now_ms)
    normal = msgspec.structs.replace(repeat, days=tuple(sorted(set(repeat.days))))
    _check_dates(normal, rules, now_ms)
    return normal


def _check_span(repeat: Repeat, now_ms: int) -> None:
    latest = _day_of(now_ms) + timedelta(days=DAYS_AHEAD)
    if repeat.first > latest:
        raise BadField(field="from", latest=latest.isoformat())
    if repeat.until and repeat.until < max(repeat.first, _day_of(now_ms) - timedelta(days=1)):
        raise BadField(field="until")


def _check_dates(repeat: Repeat, rules: Rules, now_ms: int) -> None:
    """Every date of the coming year lies on the grid, and there is one."""
    coming = occurrences(repeat, now_ms, now_ms + (2 * DAYS_AHEAD) * DAY_MS)
    if not coming:
        raise BadField(field="until")
    off = next((each for each in coming if each.start_ms % rules.grid_ms), None)
    if off:
        raise OffGrid(field="time", grid_ms=rules.grid_ms, date=off.date.isoformat())


def undecided(
    repeat: Repeat, kept: dict[str, Kept], now_ms: int, horizon_ms: int
) -> list[Occurrence]:
    """The dates to book now: inside the horizon, not decided, not offered when last tried, or taken at
    another instant than the zone's rules give the date today."""
    inside = occurrences(repeat, now_ms + 1, now_ms + horizon_ms + 1)
    return [each for each in inside if _is_open(each, kept.get(each.date.isoformat()))]


def _is_open(occurrence: Occurrence, known: Kept | None) -> bool:
    if known is None:
        return True
    moved = known.start_ms != occurrence.start_ms
    return known.state is DateState.TAKEN and (moved or known.why in NOT_OFFERED)


def next_look_ms(repeat: Repeat, now_ms: int, horizon_ms: int) -> int | None:
    """When the next date comes inside the horizon, a day from now at the latest; None after the last.

    A day, because the zone's rules may have been replaced under us.
    """
    edge = now_ms + horizon_ms
    if repeat.until and not occurrences(repeat, now_ms, edge + 2 * DAYS_AHEAD * DAY_MS):
        return None
    soon = occurrences(repeat, edge + 1, edge + DAY_MS)
    return soon[0].start_ms - horizon_ms if soon else now_ms + DAY_MS


def coming(repeat: Repeat, kept: dict[str, Kept], now_ms: int) -> list[Coming]:
    """The next dates with what became of them, by start."""
    ahead = occurrences(repeat, now_ms, now_ms + 14 * SHOWN * DAY_MS)
    return [_coming(each, kept.get(each.date.isoformat())) for each in ahead[:SHOWN]]


def _coming(planned: Occurrence, known: Kept | None) -> Coming:
    if known is None:
        state = DateState.MOVED if planned.moved else DateState.PLANNED
        return Coming(date=planned.date, start_ms=planned.start_ms, state=state)
    booked = known.state is DateState.BOOKED
    return Coming(
        date=planned.date,
        # A booked date keeps the instant that was booked, whatever the zone's rules become.
        start_ms=known.start_ms if booked else planned.start_ms,
        state=DateState.MOVED if booked and planned.moved else known.state,
        booking=known.booking,
        why=known.why,
    )


def held_up(next: list[Coming], until_ms: int, why: str) -> list[Coming]:
    """The same dates; those that could be booked by now, and are not, say why."""
    return [
        msgspec.structs.replace(each, why=why)
        if each.booking is None and not each.why and _waits(each, until_ms)
        else each
        for each in next
    ]


def _waits(coming: Coming, until_ms: int) -> bool:
    planned = coming.state in {DateState.PLANNED, DateState.MOVED}
    return planned and coming.start_ms <= until_ms


def shifts(repeat: Repeat, zone: str, from_ms: int, to_ms: int) -> list[tuple[date, str]]:
    """The dates on which somebody in `zone` has another wall time than on the date before, with that time.

    When two zones change their clocks in different weeks, a weekly hour moves for one of the two.
    """
    read = [(each.date, _wall(each.start_ms, zone)) for each in occurrences(repeat, from_ms, to_ms)]
    return [after for before, after in itertools.pairwise(read) if before[1] != after[1]]


def _wall(at_ms: int, zone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1_000, ZoneInfo(zone)).strftime("%H:%M")

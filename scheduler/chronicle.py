"""What the outbox must have told of a ledger: the invariants that are about changes.

Written like those of `agreement` and `derived`. A call's events share one time and stand together, so the state is
looked at where the time changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from scheduler import events
from scheduler.events import AnyEvent, Matched, Unmatched
from scheduler.look import Look, Looks, first
from scheduler.rules import MINUTE_MS
from scheduler.snapshot import Snapshot, Thing

TELLS: dict[type, Callable[[Any], dict[str, str]]] = {
    events.Booked: lambda event: {event.booking: "waiting"},
    events.Matched: lambda event: dict.fromkeys(event.bookings, "matched"),
    events.Unmatched: lambda event: {event.booking: "waiting"},
    events.Cancelled: lambda event: {event.booking: "cancelled"},
    events.Ended: lambda event: dict.fromkeys(event.bookings, "done"),
}
"""The state of bookings after an event."""

Effect = tuple[str, Thing, str | int]
"""The event's name, what it is about, and what may happen to that several times."""

LOCKS_END_BY = frozenset({"cancelled", "parted", "suspended", "replaced"})


def _booking(id: str) -> Thing:
    return Thing("booking", id)


def what_is_over_stays_over(s: Snapshot) -> Looks:
    """Cancelled and done are final."""
    over: set[str] = set()
    for event in s.news:
        for id, state in _told(event).items():
            yield Look(_booking(id), f"was over and is {state} again" if id in over else None)
            if state in {"cancelled", "done"}:
                over.add(id)


def _told(event: AnyEvent) -> dict[str, str]:
    tell = TELLS.get(type(event))
    return tell(event) if tell else {}


def the_outbox_tells_the_state_of_every_booking(s: Snapshot) -> Looks:
    told: dict[str, str] = {}
    for event in s.news:
        told |= _told(event)
    for id, booking in s.bookings.items():
        if id in told or s.all_news:
            state = told.get(id, "unknown")
            right = state == booking["state"]
            yield Look(_booking(id), None if right else f"is {booking['state']}, told {state}")
    for id in told.keys() - s.bookings.keys():
        yield Look(_booking(id), "was told of and does not exist")


def partners_are_told_of_each_other(s: Snapshot) -> Looks:
    """At every point of the outbox one sees the other if, and only if, the other sees the one."""
    partner: dict[str, str] = {}
    for _, group in groupby(s.news, key=lambda event: event.at_ms):
        touched: set[str] = set()
        for event in group:
            touched |= set(_follow(partner, event))
        for id in touched:
            other = partner.get(id)
            right = other is None or partner.get(other) == id
            yield Look(_booking(id), None if right else f"saw {other}, who saw somebody else")


def _follow(partner: dict[str, str], event: AnyEvent) -> Iterator[str]:
    if isinstance(event, Matched):
        one, other = event.bookings
        yield from (former for id in event.bookings if (former := partner.get(id)))
        partner[one], partner[other] = other, one
        yield from event.bookings
    elif isinstance(event, (Unmatched, events.Cancelled)):
        former = partner.pop(event.booking, None)
        yield from (event.booking, *([former] if former else []))


def a_lock_in_ends_only_by_its_two(s: Snapshot) -> Looks:
    for event in s.news:
        if isinstance(event, Unmatched) and event.was_locked:
            wrong = None if event.why in LOCKS_END_BY else f"was locked in, and {event.why}"
            yield Look(_booking(event.booking), wrong)


def who_was_displaced_is_told_what_became_of_it(s: Snapshot) -> Looks:
    """`rematched` says that the same call found somebody else, and is silent only if it did not."""
    for _, group in groupby(s.news, key=lambda event: event.at_ms):
        yield from _displaced(list(group))


def _displaced(group: list[AnyEvent]) -> Looks:
    for index, event in enumerate(group):
        if isinstance(event, Unmatched):
            found = any(
                isinstance(later, Matched) and event.booking in later.bookings
                for later in group[index:]
            )
            wrong = "was told of another partner, who never came"
            yield Look(_booking(event.booking), wrong if event.rematched and not found else None)


def partners_change_only_while_one_is_missing(s: Snapshot) -> Looks:
    """From T plus `late_ms` to E, by one who is there; and nobody else's match changes after T."""
    for event in s.news:
        if isinstance(event, Unmatched):
            yield Look(_booking(event.booking), _wrong_time(s, event))
    for pair in s.pairs.values():
        if "met_ms" in pair:
            seen = all(f"joined:{pair[side]}" in pair for side in ("member_a", "member_b"))
            within = int(pair["start_ms"]) <= int(pair["met_ms"]) < _end_of(pair)
            wrong = None if seen and within else "was brought together while one was not there"
            yield Look(Thing("pair", pair["id"]), wrong)


def _wrong_time(s: Snapshot, event: Unmatched) -> str | None:
    since = event.at_ms - event.start_ms
    length_ms = event.length_min * MINUTE_MS
    replaced = event.why == "replaced"
    return first(
        {
            f"lost its partner {since} ms after T": since >= 0 and not replaced,
            f"was replaced {since} ms after T": replaced
            and not s.rules.late_ms <= since < length_ms,
        }
    )


def _end_of(pair: dict[str, str]) -> int:
    return int(pair["start_ms"]) + int(pair["length_min"]) * MINUTE_MS


def nothing_fires_twice(s: Snapshot) -> Looks:
    fired: Counter[Effect] = Counter()
    for event in s.news:
        fired.update(_effects(event))
    for (name, thing, _), times in fired.items():
        yield Look(thing, f"heard {name} {times} times" if times > 1 else None)


def _effects(event: AnyEvent) -> Iterator[Effect]:
    """What may happen once only."""
    name = type(event).__name__
    if isinstance(event, (events.LateDue, events.NoShowDue)):
        yield name, _booking(event.booking), event.pair
    elif isinstance(event, (events.ReminderDue, events.Awaited)):
        yield name, _booking(event.booking), event.minutes
    elif isinstance(event, events.PlanDue):
        yield name, Thing("slot", f"{event.start_ms}:{event.length_min}"), event.stage
    elif isinstance(event, (events.Ended, events.Booked)):
        for id in event.bookings if isinstance(event, events.Ended) else [event.booking]:
            yield name, _booking(id), ""
    elif isinstance(event, events.Cancelled):
        yield name, _booking(event.booking), ""

"""People, and when they can be locked in."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.people import Friendship
from scheduler.rules import DAY_MS
from scheduler.web.schemas import RequestIn, instant
from scheduler.web.schemas.people import PeopleOut, RelationView, SnoozeIn, TimesOut
from scheduler.web.views.people import free_time, relation
from tests.scheduler.web.examples.world import BEN, FREE, KNOWN, T

ASK = RequestIn(request_id="3f9c6e0a-8d60")


def now(**more: Any) -> RelationView:
    """What Ben is to Ana after a change."""
    tie = msgspec.structs.replace(KNOWN.relation, **more)
    kept_away = tie.blocked or tie.snoozed_until_ms is not None
    free = () if kept_away else KNOWN.free
    return relation(msgspec.structs.replace(KNOWN, relation=tie, free=free))


TIMES = TimesOut(times=[free_time(FREE, BEN.name)])
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /people": (None, PeopleOut(people=[now()])),
    "GET /people/free": (None, TIMES),
    "GET /people/{member}": (None, now()),
    "GET /people/{member}/free": (None, TIMES),
    "PUT /people/{member}/favourite": (ASK, now()),
    "DELETE /people/{member}/favourite": (None, now(favourite=False)),
    "PUT /people/{member}/friend": (ASK, now(friendship=Friendship.FRIENDS)),
    "DELETE /people/{member}/friend": (None, now(friendship=Friendship.NONE)),
    "PUT /people/{member}/snooze": (
        SnoozeIn(request_id="3f9c6e0a-8d61", until=instant(T + 30 * DAY_MS)),
        now(snoozed_until_ms=T + 30 * DAY_MS),
    ),
    "DELETE /people/{member}/snooze": (None, now()),
    "PUT /people/{member}/block": (
        ASK,
        now(blocked=True, favourite=False, friendship=Friendship.NONE),
    ),
    "DELETE /people/{member}/block": (None, now(favourite=False, friendship=Friendship.NONE)),
}

"""How people look on the wire to one who knows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scheduler.people import FreeTime, Relation
from scheduler.services.people import Acquaintance
from scheduler.web.schemas import Named, Time, instant
from scheduler.web.schemas.people import FreeTimeView, RelationView


def relation(known: Acquaintance) -> RelationView:
    member, tie = known.member, known.relation
    return RelationView(
        id=member.id,
        name=member.name,
        zone=member.zone,
        sessions=member.sessions,
        together=tie.sessions,
        last=instant(tie.last_ms) if tie.last_ms else None,
        favourite=tie.favourite,
        friendship=tie.friendship,
        snoozed=tie.snoozed_until_ms is not None,
        snoozed_until=_until(tie),
        blocked=tie.blocked,
        newcomer=member.sessions == 0,
        free=times(known.free),
    )


def _until(tie: Relation) -> datetime | None:
    return instant(tie.snoozed_until_ms) if tie.snoozed_until_ms else None


def times(free: Iterable[FreeTime]) -> list[Time]:
    """Slots without saying whose."""
    return [Time(start=instant(each.start_ms), length_min=each.length_min) for each in free]


def free_time(free: FreeTime, name: str) -> FreeTimeView:
    return FreeTimeView(
        start=instant(free.start_ms),
        length_min=free.length_min,
        member=Named(id=free.member, name=name),
    )

"""What goes over the wire of people: what members are to each other, and when they can be locked in."""

from __future__ import annotations

from scheduler.people import Friendship
from scheduler.web.schemas import Instant, Named, Out, RequestIn, Time


class SnoozeIn(RequestIn, frozen=True, kw_only=True):
    """Keep away from somebody until then; for good without `until`."""

    until: Instant | None = None


class RelationView(Out, frozen=True, kw_only=True):
    """What another member is to you. `sessions` are theirs, `together` those you shared, the last of them
    at `last`; `free` are the next times at which you can lock in with them."""

    id: str
    name: str
    zone: str
    sessions: int
    together: int
    last: Instant | None
    favourite: bool
    friendship: Friendship
    snoozed: bool
    snoozed_until: Instant | None
    blocked: bool
    newcomer: bool
    free: list[Time]


class PeopleOut(Out, frozen=True, kw_only=True):
    people: list[RelationView]


class FreeTimeView(Time, frozen=True, kw_only=True):
    """A slot in which this member can be locked in."""

    member: Named


class TimesOut(Out, frozen=True, kw_only=True):
    times: list[FreeTimeView]

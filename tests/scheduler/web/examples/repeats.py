"""Repeats."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler.repeats import Coming, DateState, Repeat, instant_of
from scheduler.services.repeats import Planned
from scheduler.web import repeats
from scheduler.web.schemas.repeats import RepeatIn, RepeatsOut, SkipIn
from tests.scheduler.web.examples.world import ANA, NOW

ID = "r_0a81b6f2c94d7e35a1b0"
WEEKLY = Repeat(
    id=ID,
    member=ANA.id,
    days=(1, 3),
    time="15:00",
    zone=ANA.zone,
    length_min=50,
    title="Thesis",
    first=date(2026, 11, 24),
    created_ms=NOW,
)


def _on(day: date, state: DateState, booking: str | None = None, why: str = "") -> Coming:
    start_ms = instant_of(day, WEEKLY.time, WEEKLY.zone).start_ms
    return Coming(date=day, start_ms=start_ms, state=state, booking=booking, why=why)


BOOKED = _on(date(2026, 11, 24), DateState.BOOKED, "b41")
TAKEN = _on(date(2026, 11, 26), DateState.TAKEN, why="overlap")
PLANNED = _on(date(2026, 12, 24), DateState.PLANNED)
VIEW = repeats.view(Planned(repeat=WEEKLY, next=[BOOKED, TAKEN, PLANNED]), ANA.zone, NOW)
SKIPPED = _on(date(2026, 11, 24), DateState.SKIPPED)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /repeats": (None, RepeatsOut(repeats=[VIEW])),
    "POST /repeats": (
        RepeatIn(
            request_id="3f9c6e0a-8d60", days=[1, 3], time="15:00", length_min=50, title="Thesis"
        ),
        VIEW,
    ),
    "POST /repeats/{repeat}/skip": (
        SkipIn(request_id="3f9c6e0a-8d61", date=date(2026, 11, 24)),
        repeats.view(Planned(repeat=WEEKLY, next=[SKIPPED, TAKEN, PLANNED]), ANA.zone, NOW),
    ),
}

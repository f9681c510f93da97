"""The instance, signing in, the own account, and flags."""

from __future__ import annotations

from typing import Any

from scheduler.accounts import Changes
from scheduler.flags import Fault, Flag
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import MINUTE_MS
from scheduler.services.history import Evidence
from scheduler.web import views
from scheduler.web.schemas import Nothing, ProblemOut
from scheduler.web.schemas.account import LinkIn, TokenIn
from scheduler.web.schemas.flags import FlagsOut
from tests.scheduler.web.examples.world import ANA, BEN, CONFIG, ME, NOW, TAKEN, T

FLAG = Flag(
    pair="p16",
    member=ANA.id,
    booking="b37",
    fault=Fault.LATE,
    at_ms=T + 3 * MINUTE_MS + 12_000,
    measured_ms=192_000,
    limit_ms=120_000,
    start_ms=T,
    length_min=50,
    rules_version=1,
    announced=True,
)
LOG = [
    PresenceEvent(id="1", member=BEN.id, seen=Seen.JOIN, at_ms=T - MINUTE_MS),
    PresenceEvent(id="2", member=ANA.id, seen=Seen.JOIN, at_ms=FLAG.at_ms),
    PresenceEvent(id="3", member=BEN.id, seen=Seen.BREAK, at_ms=T + 20 * MINUTE_MS, minutes=3),
    PresenceEvent(id="4", member=BEN.id, seen=Seen.BACK, at_ms=T + 22 * MINUTE_MS),
]

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /instance": (None, views.instance(CONFIG, NOW)),
    "POST /auth/link": (
        LinkIn(mail=ANA.mail, next="/room/b41", hold="yb1K4RhO8n0qzW3sVbXcJd2u"),
        Nothing(),
    ),
    "POST /auth/session": (TokenIn(token="q0PZr1s"), ME),
    "GET /me": (None, ME),
    "PATCH /me": (Changes(name="Ana", zone="Europe/Berlin", adult=True, rules_accepted=1), ME),
    "GET /flags": (None, FlagsOut(flags=[views.flag(Evidence(flag=FLAG, log=LOG))])),
    "refusal": (None, ProblemOut(error=views.problem(TAKEN))),
}

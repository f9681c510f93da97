"""Messages."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.people import Line, Thread
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.web import messages
from scheduler.web.schemas.messages import Empty, LineIn, ThreadsOut
from tests.scheduler.web.examples.world import ANA, BEN, NOW, T

ASKED = Line(id="l7", by=BEN.id, at_ms=NOW, text="I may be 3 minutes late.")
ANSWERED = Line(id="l8", by=ANA.id, at_ms=NOW + MINUTE_MS, text="See you then.")
THREAD = Thread(
    member=BEN.id, lines=[ASKED, ANSWERED], open_until_ms=T + 50 * MINUTE_MS + 7 * DAY_MS
)
NAMES = {BEN.id: BEN.name}
NEWEST = msgspec.structs.replace(THREAD, lines=[ANSWERED])

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /threads": (None, ThreadsOut(threads=[messages.view(NEWEST, NAMES)])),
    "GET /threads/{member}": (None, messages.view(THREAD, NAMES)),
    "POST /threads/{member}": (
        LineIn(request_id="3f9c6e0a-8d70", text="See you then."),
        messages.line(ANSWERED),
    ),
    "POST /threads/{member}/read": (Empty(), None),
}

"""Own flags, with what was seen. Nobody else's can be asked for."""

from __future__ import annotations

from scheduler.web import views
from scheduler.web.endpoint import Call
from scheduler.web.schemas.flags import FlagsOut


async def listed(call: Call) -> FlagsOut:
    found = await call.api.service.history.flags(call.who.member)
    return FlagsOut(flags=[views.flag(evidence) for evidence in found])

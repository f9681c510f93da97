"""What anybody may know of this instance."""

from __future__ import annotations

from scheduler.web import views
from scheduler.web.endpoint import Call
from scheduler.web.schemas.account import InstanceOut


async def show(call: Call) -> InstanceOut:
    return views.instance(call.api.config, call.api.clock.now_ms())

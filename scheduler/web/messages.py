"""Own messages."""

from __future__ import annotations

from scheduler.people import Line, Thread
from scheduler.rules import SECOND_MS
from scheduler.store.limits import Limit
from scheduler.web.endpoint import Call
from scheduler.web.schemas import instant
from scheduler.web.schemas.messages import (
    Correspondent,
    LineIn,
    LineView,
    ThreadsOut,
    ThreadView,
)

LINES_OF = Limit(name="lines_of", burst=20, every_ms=5 * SECOND_MS)
"""Messages one member may write: each may become a mail to somebody."""


async def threads(call: Call) -> ThreadsOut:
    found = await call.api.tools.messages.threads(call.who.member)
    names = await _names(call, [each.member for each in found])
    return ThreadsOut(threads=[view(each, names) for each in found if each.member in names])


async def thread(call: Call) -> ThreadView:
    other = call.path("member")
    found = await call.api.tools.messages.thread(call.who.member, other)
    return view(found, await _names(call, [other]))


async def write(call: Call) -> LineView:
    asked: LineIn = call.body
    await call.api.limiter.take(LINES_OF, call.who.member)
    messages, other = call.api.tools.messages, call.path("member")
    return line(await messages.write(asked.request_id, call.who.member, other, asked.text))


async def read(call: Call) -> None:
    await call.api.tools.messages.read(call.who.member, call.path("member"))


async def _names(call: Call, members: list[str]) -> dict[str, str]:
    found = await call.api.service.members.named(members)
    return {id: member.name for id, member in found.items()}


def view(thread: Thread, names: dict[str, str]) -> ThreadView:
    """A thread as one of the two sees it; who deleted the account has no name."""
    until_ms = thread.open_until_ms
    return ThreadView(
        member=Correspondent(id=thread.member, name=names.get(thread.member, "")),
        lines=[line(each) for each in thread.lines],
        unread=thread.unread,
        open=until_ms != 0,
        open_until=instant(until_ms) if until_ms else None,
    )


def line(said: Line) -> LineView:
    return LineView(id=said.id, by=said.by, at=instant(said.at_ms), text=said.text)

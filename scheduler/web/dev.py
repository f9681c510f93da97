"""What exists on this machine only: the mailbox of an instance on loopback, and the demo's doors.

Elsewhere these routes are not there at all. Each asks for the right host name too, because another
site could give its own name our address and then read what only this machine's owner may; and each
is gone for whoever comes through a proxy.
"""

from __future__ import annotations

from scheduler.demo import ROBOT
from scheduler.errors import Forbidden, NotFound
from scheduler.signin import same
from scheduler.web import guard, metrics, views
from scheduler.web.endpoint import Call
from scheduler.web.schemas import instant
from scheduler.web.schemas.account import MeOut
from scheduler.web.schemas.dev import AdvanceIn, ClockOut, DemoIn, MailsOut
from scheduler.web.signin import welcome


async def mails(call: Call) -> MailsOut:
    guard.check_nobody_between(call.request, call.api.config)
    if call.api.mailbox is None:
        raise NotFound
    return MailsOut(mails=[views.mail(kept) for kept in await call.api.mailbox.mails()])


async def sign_in(call: Call) -> MeOut:
    guard.check_nobody_between(call.request, call.api.config)
    asked: DemoIn = call.body
    if asked.who == ROBOT and not same(asked.key, call.api.config.secret):
        raise Forbidden(field="key")
    entry = await call.api.service.sign_ins.sign_in_as(asked.who, asked.n)
    metrics.auth.labels("demo").inc()
    return await welcome(call, entry)


async def advance(call: Call) -> ClockOut:
    guard.check_nobody_between(call.request, call.api.config)
    asked: AdvanceIn = call.body
    return ClockOut(
        server_time=instant(await call.api.service.sign_ins.move_clock(asked.advance_s))
    )

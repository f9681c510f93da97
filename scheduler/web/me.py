"""The own account."""

from __future__ import annotations

import msgspec

from scheduler.accounts import Account
from scheduler.web import views
from scheduler.web.endpoint import Call
from scheduler.web.schemas.account import MeOut


async def show(call: Call) -> MeOut:
    return await _as_seen(call, call.account)


async def change(call: Call) -> MeOut:
    return await _as_seen(call, await call.api.service.members.change(call.who.member, call.body))


async def _as_seen(call: Call, account: Account) -> MeOut:
    if not call.may("read"):
        account = msgspec.structs.replace(account, mail="")
    kept = await call.api.service.members.kept(account.id)
    return views.me(account, call.who.session, kept, call.api.config)

"""Own personal tokens."""

from __future__ import annotations

import msgspec

from scheduler.tokens import PersonalToken
from scheduler.web.endpoint import Call
from scheduler.web.schemas import instant
from scheduler.web.schemas.tools import TokenMade, TokenMake, TokensOut, TokenView


async def listed(call: Call) -> TokensOut:
    mine = await call.api.tools.tokens.mine(call.who.member)
    return TokensOut(tokens=[view(each) for each in mine])


async def make(call: Call) -> TokenMade:
    asked: TokenMake = call.body
    said, kept = await call.api.tools.tokens.make(
        call.who.member, asked.name, asked.scopes, request_id=asked.request_id
    )
    return made(said, kept)


async def revoke(call: Call) -> None:
    await call.api.tools.tokens.revoke(call.who.member, call.path("token"))


def view(token: PersonalToken) -> TokenView:
    return TokenView(
        id=token.id,
        name=token.name,
        scopes=list(token.scopes),
        created=instant(token.created_ms),
        last_used=None if token.used_ms is None else instant(token.used_ms),
    )


def made(said: str, kept: PersonalToken) -> TokenMade:
    """A new token, with what is said only now."""
    return TokenMade(token=said, **msgspec.structs.asdict(view(kept)))

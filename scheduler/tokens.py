"""Personal tokens: what a member's own programs show instead of a cookie. Pure.

A token is random and said once; what is kept is its hash, with what it is good for.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from scheduler.accounts import clean_name
from scheduler.errors import BadField
from scheduler.rules import MINUTE_MS

PREFIX = "al_"
"""How a token begins, so that people and scanners know one when they see it."""
TOKENS_MAX = 20
TOUCH_MS = MINUTE_MS
"""How stale the date of last use may grow before it is written again."""

Scope = Literal["read", "book", "people", "messages"]
"""What a token may be good for."""


class PersonalToken(msgspec.Struct, frozen=True, kw_only=True):
    """One token, as it is kept under its hash."""

    id: str
    member: str
    name: str
    """What its owner calls it."""
    scopes: tuple[Scope, ...]
    created_ms: int
    used_ms: int | None = None


def checked(name: str, scopes: list[Scope]) -> tuple[str, tuple[Scope, ...]]:
    """Name and scopes in their normal form, or `BadField`."""
    if not scopes:
        raise BadField(field="scopes", least=1)
    return clean_name(name), tuple(sorted(set(scopes)))


def bearer(header: str | None) -> str | None:
    """The token in an `Authorization` header; empty if it holds something else, None without one."""
    if header is None:
        return None
    kind, _, token = header.strip().partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip().startswith(PREFIX) else ""

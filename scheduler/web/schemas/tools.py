"""Personal tokens, webhooks and the calendar feed on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from scheduler.tokens import Scope
from scheduler.web.schemas import In, Instant, Out, RequestId

HookEvent = Literal["matched", "changed", "cancelled", "flagged"]


class TokenMake(In, frozen=True, kw_only=True):
    """A token to make: what you call it, and what it is good for."""

    request_id: RequestId | None = None
    """Asked again with the same, it is the same one."""
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=4)]


class TokenView(Out, frozen=True, kw_only=True):
    """An own token; the token itself is said only when it is made."""

    id: str
    name: str
    scopes: list[Scope]
    created: Instant
    last_used: Instant | None


class TokenMade(TokenView, frozen=True, kw_only=True):
    """A new token. `token` is said this once."""

    token: str


class TokensOut(Out, frozen=True, kw_only=True):
    tokens: list[TokenView]


class WebhookMake(In, frozen=True, kw_only=True):
    """An address of yours to call, and what of."""

    request_id: RequestId | None = None
    """Asked again with the same, it is the same one."""
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    events: Annotated[list[HookEvent], msgspec.Meta(min_length=1, max_length=4)]


class LastCall(Out, frozen=True, kw_only=True):
    """The last call; `status` is null if nobody answered."""

    at: Instant
    status: int | None
    ok: bool


class WebhookView(Out, frozen=True, kw_only=True):
    """An own webhook. `disabled`: nothing arrived for three days; a test that arrives takes it up again."""

    id: str
    url: str
    events: list[HookEvent]
    disabled: bool
    last: LastCall | None


class WebhookMade(WebhookView, frozen=True, kw_only=True):
    """A new webhook. `secret` signs its calls, and is said this once."""

    secret: str


class WebhooksOut(Out, frozen=True, kw_only=True):
    webhooks: list[WebhookView]


class FeedOut(Out, frozen=True, kw_only=True):
    """The address of the own calendar feed; whoever has it reads your sessions. Null if there is none."""

    url: str | None

"""Personal tokens, webhooks and the calendar feed."""

from __future__ import annotations

from typing import Any

from scheduler.rules import MINUTE_MS
from scheduler.tokens import PersonalToken
from scheduler.web import tokens, webhooks
from scheduler.web.schemas import Nothing
from scheduler.web.schemas.messages import Empty
from scheduler.web.schemas.tools import (
    FeedOut,
    TokenMake,
    TokensOut,
    WebhookMake,
    WebhooksOut,
)
from scheduler.webhooks import Health, Last, Topic, Webhook
from tests.scheduler.web.examples.world import ANA, CONFIG, NOW

TOKEN = PersonalToken(
    id="t_5be2c09f31a8d74e60",
    member=ANA.id,
    name="Standing desk",
    scopes=("book", "read"),
    created_ms=NOW,
)
USED = PersonalToken(
    id=TOKEN.id,
    member=ANA.id,
    name=TOKEN.name,
    scopes=TOKEN.scopes,
    created_ms=NOW,
    used_ms=NOW + 10 * MINUTE_MS,
)
HOOK = Webhook(
    id="w_8c1f60a2be47d35912",
    member=ANA.id,
    url="https://hooks.example.org/alongside",
    topics=(Topic.CANCELLED, Topic.CHANGED, Topic.MATCHED),
    created_ms=NOW,
)
WELL = Health(last=Last(at_ms=NOW + 5 * MINUTE_MS, status=204, ok=True))
FEED = FeedOut(url=f"{CONFIG.origin}/calendar/0c5d9e41f7b2a86310e4d97b52fa08c6de1394ab57c.ics")

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "GET /tokens": (None, TokensOut(tokens=[tokens.view(USED)])),
    "POST /tokens": (
        TokenMake(request_id="3f9c6e0a-8d61", name="Standing desk", scopes=["read", "book"]),
        tokens.made("al_q0PZr1sV7mX2", TOKEN),
    ),
    "GET /webhooks": (None, WebhooksOut(webhooks=[webhooks.view(HOOK, WELL)])),
    "POST /webhooks": (
        WebhookMake(
            request_id="3f9c6e0a-8d62",
            url=HOOK.url,
            events=["matched", "changed", "cancelled"],
        ),
        webhooks.made("whsec_3a91f07c", HOOK),
    ),
    "POST /webhooks/{webhook}/test": (Empty(), Nothing()),
    "GET /feed": (None, FEED),
    "POST /feed": (Empty(), FEED),
}

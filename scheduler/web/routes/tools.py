"""Personal tokens, webhooks and the calendar feed. All are made on our own page only: what a token opens must
not be able to make another."""

from __future__ import annotations

from scheduler.web import feeds, tokens, webhooks
from scheduler.web.endpoint import Route
from scheduler.web.routes.patterns import TOKEN, WEBHOOK
from scheduler.web.schemas import Nothing
from scheduler.web.schemas.messages import Empty
from scheduler.web.schemas.tools import (
    FeedOut,
    TokenMade,
    TokenMake,
    TokensOut,
    WebhookMade,
    WebhookMake,
    WebhooksOut,
)

ROUTES = (
    Route(
        method="GET", path="/tokens", handle=tokens.listed, answer=TokensOut,
        about="Own personal tokens.",
    ),
    Route(
        method="POST", path="/tokens", handle=tokens.make, body=TokenMake, answer=TokenMade,
        about="Make a personal token for a program of yours. It is said this once.",
    ),
    Route(
        method="DELETE", path=f"/tokens/{TOKEN}", handle=tokens.revoke, status=204,
        about="Revoke a personal token.",
    ),
    Route(
        method="GET", path="/webhooks", handle=webhooks.listed, answer=WebhooksOut,
        about="Own webhooks, and how their calls go.",
    ),
    Route(
        method="POST", path="/webhooks", handle=webhooks.make, body=WebhookMake,
        answer=WebhookMade, about="Have an address of yours called. The secret is said this once.",
    ),
    Route(
        method="DELETE", path=f"/webhooks/{WEBHOOK}", handle=webhooks.drop, status=204,
        about="Give a webhook up.",
    ),
    Route(
        method="POST", path=f"/webhooks/{WEBHOOK}/test", handle=webhooks.test, body=Empty,
        answer=Nothing, status=202, about="Call a webhook now, with a test.",
    ),
    Route(
        method="GET", path="/feed", handle=feeds.show, answer=FeedOut,
        about="The address of the own calendar feed.",
    ),
    Route(
        method="POST", path="/feed", handle=feeds.make, body=Empty, answer=FeedOut,
        about="Make the calendar feed, or give it another address.",
    ),
    Route(
        method="DELETE", path="/feed", handle=feeds.drop, status=204,
        about="Give the calendar feed up.",
    ),
)  # fmt: skip

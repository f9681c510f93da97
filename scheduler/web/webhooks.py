"""Own webhooks."""

from __future__ import annotations

from typing import cast

import msgspec

from scheduler.web.endpoint import Call
from scheduler.web.schemas import Nothing, instant
from scheduler.web.schemas.tools import (
    HookEvent,
    LastCall,
    WebhookMade,
    WebhookMake,
    WebhooksOut,
    WebhookView,
)
from scheduler.webhooks import Health, Topic, Webhook


async def listed(call: Call) -> WebhooksOut:
    mine = await call.api.tools.webhooks.mine(call.who.member)
    return WebhooksOut(webhooks=[view(hook, health) for hook, health in mine])


async def make(call: Call) -> WebhookMade:
    asked: WebhookMake = call.body
    topics = [Topic(event) for event in asked.events]
    secret, hook = await call.api.tools.webhooks.make(
        call.who.member, asked.url, topics, request_id=asked.request_id
    )
    return made(secret, hook)


async def drop(call: Call) -> None:
    await call.api.tools.webhooks.drop(call.who.member, call.path("webhook"))


async def test(call: Call) -> Nothing:
    await call.api.tools.webhooks.test(call.who.member, call.path("webhook"))
    return Nothing()


def view(hook: Webhook, health: Health) -> WebhookView:
    last = health.last
    return WebhookView(
        id=hook.id,
        url=hook.url,
        events=[cast(HookEvent, topic.value) for topic in hook.topics],
        disabled=health.disabled,
        last=LastCall(at=instant(last.at_ms), status=last.status, ok=last.ok) if last else None,
    )


def made(secret: str, hook: Webhook) -> WebhookMade:
    """A new webhook, with what is said only now."""
    return WebhookMade(secret=secret, **msgspec.structs.asdict(view(hook, Health())))

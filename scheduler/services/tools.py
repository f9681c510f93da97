"""The use cases beside booking and meeting, in one hand: repeats, messages, feeds, tokens, webhooks."""

from __future__ import annotations

import msgspec

from scheduler.services.feeds import Feeds
from scheduler.services.messages import Messages
from scheduler.services.repeats import Repeats
from scheduler.services.tokens import Tokens
from scheduler.services.webhooks import Webhooks


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What a process that serves members can do besides."""

    repeats: Repeats
    messages: Messages
    feeds: Feeds
    tokens: Tokens
    webhooks: Webhooks

"""Puts the use cases beside booking and meeting together with their stores."""

from __future__ import annotations

import secrets

from redis.asyncio import Redis

from scheduler.config import Config
from scheduler.ports import Accounts, Clock
from scheduler.services.feeds import Feeds
from scheduler.services.messages import Messages
from scheduler.services.repeats import Repeats
from scheduler.services.tokens import Tokens
from scheduler.services.tools import Tools
from scheduler.services.webhooks import Webhooks
from scheduler.store.feeds import FeedStore
from scheduler.store.ledger import Ledger
from scheduler.store.messages import MessageStore
from scheduler.store.repeats import RepeatStore
from scheduler.store.tokens import TokenStore
from scheduler.store.webhooks import WebhookStore


def assemble_tools(
    redis: Redis, *, tag: str, ledger: Ledger, accounts: Accounts, clock: Clock, config: Config
) -> Tools:
    """All of them, over one store."""
    random, replicas = secrets.token_bytes, ledger.calls.replicas
    return Tools(
        repeats=Repeats(
            ledger=ledger, store=RepeatStore(redis, tag=tag), clock=clock, config=config
        ),
        messages=Messages(store=MessageStore(ledger.calls), config=config),
        feeds=Feeds(
            ledger=ledger,
            accounts=accounts,
            store=FeedStore(redis, tag=tag, replicas=replicas),
            clock=clock,
            config=config,
            random=random,
        ),
        tokens=Tokens(
            store=TokenStore(redis, tag=tag, replicas=replicas),
            clock=clock,
            secret=config.secret,
            random=random,
        ),
        webhooks=Webhooks(
            store=WebhookStore(redis, tag=tag, replicas=replicas),
            clock=clock,
            config=config,
            random=random,
        ),
    )

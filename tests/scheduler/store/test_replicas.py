"""What is shut stays shut: revoking is acknowledged when a replica has it too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from scheduler.accounts import SignedIn
from scheduler.signin import hash_of
from scheduler.store.accounts import AccountStore
from scheduler.store.feeds import FeedStore
from scheduler.store.replicas import NotDurable, Replicas
from scheduler.store.tokens import TokenStore
from scheduler.store.webhooks import WebhookStore
from scheduler.tokens import PersonalToken
from scheduler.webhooks import Topic, Webhook
from tests.scheduler.store.servers import frozen
from tests.scheduler.store.test_accounts import NOW, Hand
from tests.scheduler.store.town import Town

TOKEN = PersonalToken(id="t_1", member="ana", name="Desk", scopes=("read",), created_ms=NOW)
HOOK = Webhook(id="w_1", member="ana", url="https://x/", topics=(Topic.MATCHED,), created_ms=NOW)


class Doors:
    """What members open to others and to themselves, in one store."""

    def __init__(self, redis: Redis, least: int = 0) -> None:
        replicas = Replicas(redis, tag="a", least=least)
        self.tokens = TokenStore(redis, tag="a", replicas=replicas)
        self.feeds = FeedStore(redis, tag="a", replicas=replicas)
        self.hooks = WebhookStore(redis, tag="a", replicas=replicas)
        self.accounts = AccountStore(redis, tag="a", clock=Hand(), replicas=replicas)

    async def open(self) -> None:
        await self.tokens.keep("token", TOKEN)
        await self.feeds.put("ana", "nonce", "feed")
        await self.hooks.keep(HOOK)
        await self.accounts.open_session("cookie", "ana")


Act = Callable[[Doors], Awaitable[Any]]

SHUT: dict[str, Act] = {
    "a token": lambda doors: doors.tokens.drop("ana", "t_1"),
    "a feed": lambda doors: doors.feeds.drop("ana"),
    "a feed's address": lambda doors: doors.feeds.put("ana", "other", "another"),
    "a webhook": lambda doors: doors.hooks.drop("ana", "w_1"),
    "a sign-in": lambda doors: doors.accounts.sign_out(
        SignedIn(member="ana", session=hash_of("cookie"))
    ),
    "all sign-ins": lambda doors: doors.accounts.sign_out_everywhere("ana"),
}
BEHIND: dict[str, Act] = {
    "a token": lambda doors: doors.tokens.known("token"),
    "a feed": lambda doors: doors.feeds.owner("feed"),
    "a feed's address": lambda doors: doors.feeds.owner("feed"),
    "a webhook": lambda doors: doors.hooks.one("ana", "w_1"),
    "a sign-in": lambda doors: doors.accounts.signed_in("cookie"),
    "all sign-ins": lambda doors: doors.accounts.signed_in("cookie"),
}
"""What each opens: nothing, once it is shut."""

each_door = pytest.mark.parametrize("door", SHUT)


@each_door
async def test_what_no_replica_knows_is_not_said_to_be_shut_however_often_one_asks(
    door: str, town: Town, replica: Redis
) -> None:
    careful = Doors(town.redis, least=1)
    await careful.open()
    assert await BEHIND[door](careful)
    async with frozen(replica):
        for _ in range(2):
            with pytest.raises(NotDurable):
                await SHUT[door](careful)
    # It was done all the same, and asking again says so once it lasts.
    assert await BEHIND[door](Doors(town.redis)) is None
    await SHUT[door](careful)
    assert await BEHIND[door](Doors(replica)) is None


@each_door
async def test_where_no_replicas_are_asked_for_none_is_waited_for(door: str, town: Town) -> None:
    doors = Doors(town.redis)
    await doors.open()
    await SHUT[door](doors)
    assert await BEHIND[door](doors) is None
    assert not await town.redis.exists("{a}:waited")


async def test_a_step_is_done_whole_and_its_failures_are_told(town: Town) -> None:
    replicas = Replicas(town.redis, tag="a", least=0)
    await town.redis.set("text", "x")
    with pytest.raises(ResponseError):
        await replicas.step(("SET", "one", "1"), ("LPUSH", "text", "y"))
    assert await replicas.step(("DEL", "one"), ("DEL", "two")) == [1, 0]

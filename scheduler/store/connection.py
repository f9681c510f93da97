"""How we connect to the store, and what its failures mean to us.

The client's own defaults would retry any command ten times, a write whose answer was lost included,
and would raise at a hundred connections. Here a command is tried once; who may safely ask again,
asks again with the same request id.

An address is one store's, `redis://…`, or names the Sentinels that know which store is the primary,
`redis+sentinel://[user:password@]host:port,host:port/name[?db=0&sentinel_password=…]`: each new connection
asks them, and whoever talks to a primary that was demoted connects anew.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.maint_notifications import MaintNotificationsConfig

CONNECTIONS = 32
POOL_WAIT_S = 2.0
"""Longer than this for a free connection is an outage to the one who waits."""
CONNECT_S = 1.0
ANSWER_S = 3.0
BLOCK_MS = 1_000
"""Longest a blocking read waits in one go; shorter than `ANSWER_S`, so that any client may block."""

SENTINEL_SCHEME = "redis+sentinel"
SENTINEL_PORT = 26379
SENTINEL_S = 0.5
"""How long one Sentinel may take; the next is asked then."""


class FairPool(BlockingConnectionPool):
    """Whoever has waited longest gets the next connection.

    The client's own pool lets newcomers pass those who wait, so that under load some wait until they
    give up while others are served again and again.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._turns = asyncio.Semaphore(self.max_connections)
        self._lent: set[AbstractConnection] = set()

    async def get_connection(
        self, command_name: Any = None, *keys: Any, **options: Any
    ) -> AbstractConnection:
        await self._turn()
        try:
            lent: AbstractConnection = await super().get_connection()  # type: ignore[no-untyped-call]
        except BaseException:
            self._turns.release()
            raise
        self._lent.add(lent)
        return lent

    async def release(self, connection: AbstractConnection) -> None:
        try:
            await super().release(connection)
        finally:
            # One that failed while it was being made comes back before it was lent.
            if connection in self._lent:
                self._lent.remove(connection)
                self._turns.release()

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(self.timeout):
                await self._turns.acquire()
        except TimeoutError:
            raise NoConnection("no connection came free in time") from None


def connect(url: str) -> Redis:
    """A client for short calls."""
    return _client(url, socket_timeout=ANSWER_S)


def connect_blocking(url: str) -> Redis:
    """A client for reads that wait for news, so that they never hold up short calls."""
    return _client(url, socket_timeout=ANSWER_S + BLOCK_MS / 1_000)


def _client(url: str, **settings: Any) -> Redis:
    once: dict[str, Any] = {
        "retry": Retry(NoBackoff(), 0),
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    every = {
        "max_connections": CONNECTIONS,
        "timeout": POOL_WAIT_S,
        "socket_connect_timeout": CONNECT_S,
        **once,
        **settings,
    }
    if urlsplit(url).scheme == SENTINEL_SCHEME:
        return Redis.from_pool(_watched_pool(sentinels_of(url), once, every))
    pool: FairPool = FairPool.from_url(url, **every)
    return Redis.from_pool(pool)


class Sentinels(msgspec.Struct, frozen=True):
    """Who knows the primary, and how to speak to it."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    """What they call the stores they watch."""
    login: dict[str, str | int]
    sentinel_password: str | None = None


def sentinels_of(url: str) -> Sentinels:
    """Read an address that names Sentinels; `ValueError` says what is wrong with it."""
    parts = urlsplit(url)
    user_info, _, hosts = parts.netloc.rpartition("@")
    user, _, password = user_info.partition(":")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    name = parts.path.strip("/")
    if not hosts or not name or options.keys() - {"db", "sentinel_password"}:
        raise ValueError(f"{SENTINEL_SCHEME}://[user:password@]host:port,host:port/name")
    login: dict[str, str | int] = {"db": int(options.get("db", 0))}
    login |= {k: unquote(v) for k, v in (("username", user), ("password", password)) if v}
    return Sentinels(
        hosts=tuple(_host(each) for each in hosts.split(",")),
        name=unquote(name),
        login=login,
        sentinel_password=options.get("sentinel_password"),
    )


def _host(text: str) -> tuple[str, int]:
    one = urlsplit(f"//{text}")
    if not one.hostname:
        raise ValueError("the address of a Sentinel is host:port")
    return one.hostname, one.port or SENTINEL_PORT


class SentinelPool(SentinelConnectionPool, FairPool):
    """Connections to whichever store the Sentinels call the primary; who needs one more waits, as elsewhere."""


def _watched_pool(to: Sentinels, once: dict[str, Any], every: dict[str, Any]) -> SentinelPool:
    asking = {
        "socket_timeout": SENTINEL_S,
        "socket_connect_timeout": SENTINEL_S,
        "password": to.sentinel_password,
        **once,
    }
    manager = Sentinel(to.hosts, sentinel_kwargs=asking)  # type: ignore[no-untyped-call]
    return SentinelPool(to.name, manager, **every, **to.login)  # type: ignore[no-untyped-call]


async def ask(redis: Redis, *command: Any) -> Any:
    """One command as the protocol has it; the client's own typing of commands says less than none."""
    return await redis.execute_command(*command)  # type: ignore[no-untyped-call]

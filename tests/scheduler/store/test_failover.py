"""The store dies in the middle of the day: what was acknowledged is there afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.store.calls import NotDurable
from scheduler.store.connection import ask, connect
from scheduler.store.journal import Journal
from scheduler.store.keeper import Keeper
from scheduler.store.ledger import Ledger
from tests.scheduler.store.crowd import Crowd, assert_whole
from tests.scheduler.store.servers import QUICK, Server, sentinel
from tests.scheduler.store.town import Town


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[tuple[Server, Server]]:
    """A primary, and its replica."""
    async with AsyncExitStack() as stack:
        pair = Server(tmp_path / "one", *QUICK), Server(tmp_path / "two", *QUICK)
        for server in pair:
            stack.push_async_callback(server.close)
        await pair[1].follow(pair[0])
        yield pair


async def test_what_a_replica_confirmed_survives_the_primary(
    servers: tuple[Server, Server],
) -> None:
    primary, replica = servers
    crowd = Crowd(Ledger(primary.redis, replicas=1))
    await crowd.open(primary.redis)
    async with crowd.busy():
        await crowd.until(200)
        primary.kill()
        await replica.promote()
        crowd.redirect(Ledger(replica.redis))
        await crowd.until(crowd.promises + 200)
    assert crowd.doubts
    assert await crowd.broken(replica.redis) == []
    ledger = Ledger(replica.redis)
    assert {id for id in crowd.ids if (await ledger.booking(id)).id == id} == crowd.ids
    await assert_whole(replica.redis)


async def test_what_no_replica_has_is_not_promised_and_asked_again_it_is_done_once(
    servers: tuple[Server, Server],
) -> None:
    primary, replica = servers
    town = await Town(primary.redis).open()
    careful, wish = Ledger(primary.redis, replicas=1), town.wish()
    await careful.book("before", "ben", wish)
    await replica.part()
    for _ in range(2):
        with pytest.raises(NotDurable):
            await careful.book("r", "ana", wish)
    primary.kill()
    with pytest.raises(errors.Unavailable):
        await careful.book("r", "ana", wish)
    await replica.promote()
    survivor = Ledger(replica.redis)
    assert await survivor.bookings_of("ana", wish.start_ms, wish.start_ms + 1) == []
    booked = await survivor.book("r", "ana", wish)
    assert await survivor.book("r", "ana", wish) == booked
    assert await survivor.bookings_of("ana", 0, 2 * wish.start_ms) == [booked]
    assert booked.partner == "ben"
    await assert_whole(replica.redis)


class Hub:
    """What a process does that takes members' commands: journal, keeper."""

    def __init__(self, redis: Redis, home: Path, times: Iterator[int]) -> None:
        self.home, self.redis, self.times = home, redis, times
        self.journal: Journal
        self.keeper: Keeper

    async def open(self) -> Ledger:
        ledger = Ledger(self.redis)
        epoch = await ledger.epoch()
        self.journal = Journal(self.home, ledger=epoch, now_ms=lambda: next(self.times))
        self.journal.open()
        ledger.calls.write_down(self.journal)
        await Keeper(self.redis, ledger, self.journal).turn()
        return ledger

    def moved_to(self, redis: Redis) -> None:
        """Served by another store from now on; what it lacks was not looked for yet."""
        ledger = Ledger(redis)
        ledger.calls.write_down(self.journal)
        self.keeper = Keeper(redis, ledger, self.journal, grace_s=0.3)


async def test_the_journals_bring_back_what_a_stale_replica_never_had(
    servers: tuple[Server, Server], tmp_path: Path
) -> None:
    primary, replica = servers
    times = count(1)
    hubs = [Hub(primary.redis, tmp_path / name, times) for name in ("hub 1", "hub 2")]
    crowd = Crowd()
    await crowd.open(primary.redis)
    crowd.redirect(*[await hub.open() for hub in hubs])
    async with crowd.busy():
        await crowd.until(100)
        await replica.part()
        await crowd.until(crowd.promises + 200)
    primary.kill()
    await replica.promote()
    assert len(await crowd.broken(replica.redis)) > 50
    # Somebody was quicker than the journals: ids that were promised go to other bookings now.
    await (await Town(replica.redis).open()).book("zoe")
    for hub in hubs:
        hub.moved_to(replica.redis)
    await asyncio.gather(*(hub.keeper.turn() for hub in hubs))
    assert await crowd.broken(replica.redis) == []
    assert await ask(replica.redis, "LRANGE", "{a}:conflicts", 0, -1) == []
    await assert_whole(replica.redis)
    for hub in hubs:
        await hub.journal.close()


@pytest.mark.parametrize("fsync", ["always", "everysec"])
async def test_a_store_that_is_killed_again_and_again_keeps_what_it_acknowledged(
    tmp_path: Path, fsync: str
) -> None:
    server = Server(tmp_path / "one", "--appendfsync", fsync)
    crowd = Crowd(Ledger(server.redis))
    await crowd.open(server.redis)
    async with crowd.busy():
        for _ in range(6):
            await crowd.until(crowd.promises + 60)
            server.kill()
            server.again()
    assert await crowd.broken(server.redis) == []
    await assert_whole(server.redis)
    await server.close()


async def test_sentinels_find_another_primary_and_everybody_follows(
    servers: tuple[Server, Server], tmp_path: Path
) -> None:
    primary, replica = servers
    async with AsyncExitStack() as stack:
        third = Server(tmp_path / "three", *QUICK)
        stack.push_async_callback(third.close)
        await third.follow(primary)
        url = stack.enter_context(sentinel(tmp_path / "sentinel", primary, replicas=2))
        client = connect(url)
        stack.push_async_callback(client.aclose)
        crowd = Crowd(Ledger(client, replicas=1))
        await crowd.open(client)
        async with crowd.busy():
            await crowd.until(100)
            primary.kill()
            await crowd.until(crowd.promises + 100)
        survivors = {replica.port, third.port}
        assert (await ask(client, "INFO", "server"))["tcp_port"] in survivors
        assert (await ask(client, "INFO", "replication"))["connected_slaves"] == 1
        assert await crowd.broken(client) == []
        await assert_whole(client)

"""How we connect: failures are told at once, and survived."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from scheduler import errors
from scheduler.bookings import Wish
from scheduler.store.calls import watched
from scheduler.store.connection import (
    CONNECTIONS,
    Sentinels,
    ask,
    connect,
    connect_blocking,
    sentinels_of,
)
from scheduler.store.ledger import Ledger
from tests.scheduler.store.servers import Server, sentinel
from tests.support import store


async def test_many_callers_wait_for_a_connection_instead_of_failing(store_url: str) -> None:
    client = connect(store_url)
    answers = await asyncio.gather(*(ask(client, "PING") for _ in range(10 * CONNECTIONS)))
    assert len(answers) == 10 * CONNECTIONS
    await client.aclose()


async def test_whoever_waits_longest_for_a_connection_gets_the_next_one(store_url: str) -> None:
    client = connect(store_url)
    served: list[int] = []

    async def again_and_again(who: int) -> None:
        for _ in range(20):
            await ask(client, "PING")
            served.append(who)

    crowd = range(2 * CONNECTIONS)
    await asyncio.gather(*map(again_and_again, crowd))
    first_turns = max(served.index(who) for who in crowd)
    most = max(Counter(served[:first_turns]).values())
    assert most <= 3, "nobody is served again and again while others wait for their first turn"
    await client.aclose()


async def test_a_connection_that_cannot_be_made_costs_nobody_a_turn() -> None:
    client = connect("redis://127.0.0.1:1/0")
    for _ in range(CONNECTIONS + 1):
        with pytest.raises(errors.Unavailable):
            async with watched("ping"):
                await ask(client, "PING")
    await client.aclose()


async def test_a_blocking_client_waits_longer_than_its_longest_read(store_url: str) -> None:
    client = connect_blocking(store_url)
    assert await ask(client, "XREAD", "BLOCK", 20, "STREAMS", "nothing", "0") in (None, [], {})
    await client.aclose()


async def test_nobody_there_is_unavailable() -> None:
    client = connect("redis://127.0.0.1:1/0")
    with pytest.raises(errors.Unavailable):
        async with watched("ping"):
            await ask(client, "PING")
    await client.aclose()


async def test_a_store_that_died_and_came_back_still_knows_every_booking(tmp_path: Path) -> None:
    process, port = store.start(tmp_path)
    client = connect(f"redis://127.0.0.1:{port}/0")
    ledger = Ledger(client)
    await ledger.load_functions()
    start = await ledger.soonest("ana", wish(0))
    booking = await ledger.book("r", "ana", wish(start))
    process.kill()
    process.wait()
    with pytest.raises(errors.Unavailable):
        await ledger.booking(booking.id)
    process = store.launch(tmp_path, port)
    assert store.wait_for_answer(process, port)
    try:
        assert await ledger.ready()
        assert await ledger.booking(booking.id) == booking
        assert await ledger.book("r", "ana", wish(start)) == booking
    finally:
        await client.aclose()
        store.stop(process)


def wish(start_ms: int) -> Wish:
    return Wish(start_ms=start_ms, length_min=25)


# Sentinels


def test_an_address_names_sentinels_and_what_they_watch() -> None:
    assert sentinels_of("redis+sentinel://one:1,two,[::1]:3/alongside") == Sentinels(
        hosts=(("one", 1), ("two", 26379), ("::1", 3)), name="alongside", login={"db": 0}
    )


def test_it_holds_the_passwords_of_both_kinds() -> None:
    url = "redis+sentinel://me:p%40ss@one:1/alongside?db=2&sentinel_password=other"
    found = sentinels_of(url)
    assert found.login == {"db": 2, "username": "me", "password": "p@ss"}
    assert found.sentinel_password == "other"
    assert sentinels_of("redis+sentinel://:pass@one/a").login == {"db": 0, "password": "pass"}


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one:1",
        "redis+sentinel:///alongside",
        "redis+sentinel://one:1,,two:2/alongside",
        "redis+sentinel://one:port/alongside",
        "redis+sentinel://one:1/alongside?databse=1",
    ],
)
def test_an_address_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        connect(url)


async def test_no_sentinel_is_unavailable() -> None:
    client = connect("redis+sentinel://127.0.0.1:1,127.0.0.1:2/alongside")
    with pytest.raises(errors.Unavailable):
        async with watched("ping"):
            await ask(client, "PING")
    await client.aclose()


async def test_the_second_sentinel_is_asked_and_many_callers_wait_for_a_connection(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path / "one")
    with sentinel(tmp_path / "sentinel", server, replicas=0) as url:
        client = connect(url.replace("//", "//127.0.0.1:1,"))
        answers = await asyncio.gather(*(ask(client, "PING") for _ in range(10 * CONNECTIONS)))
        assert len(answers) == 10 * CONNECTIONS
        await client.aclose()
    await server.close()


async def test_who_talks_to_a_primary_that_was_demoted_is_told_to_try_again(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path / "one")
    with sentinel(tmp_path / "sentinel", server, replicas=0) as url:
        client = connect(url)
        await ask(client, "SET", "key", "1")
        await server.part()
        with pytest.raises(errors.Unavailable):
            async with watched("set"):
                await ask(client, "SET", "key", "2")
        await server.promote()
        await ask(client, "SET", "key", "3")
        await client.aclose()
    await server.close()

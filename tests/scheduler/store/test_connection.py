"""How we connect: failures are told at once, and survived."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from scheduler import errors
from scheduler.bookings import Wish
from scheduler.store.calls import watched
from scheduler.store.connection import CONNECTIONS, ask, connect, connect_blocking
from scheduler.store.ledger import Ledger
from tests.support import store


async def test_many_callers_wait_for_a_connection_instead_of_failing(store_url: str) -> None:
    client = connect(store_url)
    answers = await asyncio.gather(*(ask(client, "PING") for _ in range(10 * CONNECTIONS)))
    assert len(answers) == 10 * CONNECTIONS
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
    start = await ledger.soonest("ana", 25)
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

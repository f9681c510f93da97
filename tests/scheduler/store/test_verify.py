"""Verifying a live ledger: damage is named, movement is not, and nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from scheduler.invariants import STATE
from scheduler.snapshot import Snapshot, Thing
from scheduler.store import verify as verify_module
from scheduler.store.snapshot import Reader
from scheduler.store.verify import verify
from tests.scheduler.store.town import Town


async def wrong(town: Town) -> list[str]:
    lines = await verify(town.redis, "a", rest=0)
    return [f"{line.number} {each}" for line in lines for each in line.violations]


async def busy(town: Town) -> None:
    """Pairs, waiters, blocks, a lock-in and a session that was judged."""
    await town.session("ana", "ben")
    await town.ledger.settle("p1", [])
    await town.locked_pair("ana", "ben")
    await town.block("cem", "dia")
    for member in ("cem", "dia"):
        await town.book(member)


async def test_a_whole_ledger_has_no_violations_and_counts_what_was_checked(town: Town) -> None:
    await busy(town)
    lines = await verify(town.redis, "a", rest=0)
    assert [line.violations for line in lines] == [[]] * len(lines)
    checked = {line.invariant: line.checked for line in lines}
    assert checked["every_booking_is_in_one_state"] == 6
    assert all(checked[each.name] for each in STATE if each.number in {3, 5, 7, 8, 9, 18, 32})


Harm = Callable[[Redis], Awaitable[Any]]

HARM: dict[str, Harm] = {
    "1 booking b5 is in no known state": lambda r: r.hset("{a}:b:b5", "state", "lost"),
    "2 booking b7 is missing": lambda r: r.hincrby("{a}:meta", "bookings", 1),
    "3 booking b4 is locked in from one side": lambda r: r.hset("{a}:b:b4", "locked", "0"),
    "5 member ana avoids 1 otherwise": lambda r: r.sadd("{a}:avoid:ana", "eva"),
    "7 booking b5 waits and is not in line": lambda r: r.hset("{a}:b:b5", "class", "wmqams"),
    "8 booking b6 is live or in the slot": lambda r: r.hset("{a}:b:b6", "length_min", "50"),
    "9 booking b5 has no timer for its end": lambda r: r.zrem("{a}:timers", "end:b5"),
    "11 slot": lambda r: r.srem("{a}:block:cem", "dia"),
    "18 booking b5 lacks the timers remind1:b5": lambda r: r.zrem("{a}:timers", "remind10:b5"),
    "18 timer late:b999 was due": lambda r: r.zadd("{a}:timers", {"late:b999": 1}),
    "22 booking b5 is cancelled": lambda r: r.hset("{a}:b:b5", "state", "cancelled"),
    "23 member cem is suspended": lambda r: r.hset("{a}:suspended", "cem", 0),
    "31 member ana is friend to eva": lambda r: r.sadd("{a}:friend:ana", "eva"),
    "32 member ana kept 1, counted 7": lambda r: r.hset("{a}:kept", "ana", 7),
    "33 booking b4 has the note of a join": lambda r: r.hset("{a}:b:b4", "joined", "p2"),
}


@pytest.mark.parametrize("expected", HARM)
async def test_damage_that_stays_is_named(town: Town, expected: str) -> None:
    await busy(town)
    await HARM[expected](town.redis)
    assert any(each.startswith(expected) for each in await wrong(town)), await wrong(town)


async def test_what_was_only_movement_is_left_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody cancels while their booking has been read and its partner's has not."""
    await busy(town)
    whole = Reader.everything

    async def while_it_moves(reader: Reader) -> Snapshot:
        state = await whole(reader)
        state.bookings["b5"]["state"] = "cancelled"
        state.timers.pop("end:b6")
        return state

    monkeypatch.setattr(Reader, "everything", while_it_moves)
    assert await wrong(town) == []


async def test_what_comes_and_goes_must_be_wrong_every_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await busy(town)
    await town.redis.hset("{a}:kept", "ana", 7)
    around, rounds = Reader.around, 0

    async def mended_at_the_second(reader: Reader, things: set[Thing]) -> Snapshot:
        nonlocal rounds
        rounds += 1
        await town.redis.hset("{a}:kept", "ana", 1 if rounds == verify_module.AGAIN else 7)
        return await around(reader, things)

    monkeypatch.setattr(Reader, "around", mended_at_the_second)
    assert await wrong(town) == []
    assert rounds == verify_module.AGAIN


async def test_a_ledger_at_work_verifies_clean(town: Town) -> None:
    async def work() -> None:
        for n in range(150):
            booking = await town.book(f"m{n % 9}", town.noon + n * town.rules.grid_ms % 9)
            if n % 3 == 0:
                await town.cancel(booking.member, booking)

    working = asyncio.create_task(work())
    for _ in range(5):
        assert await wrong(town) == []
    working.cancel()


async def test_nothing_is_written_and_no_command_holds_the_store_up(town: Town) -> None:
    await busy(town)
    await town.redis.sadd("{a}:avoid:ana", "eva")
    before = await dump(town)
    await town.redis.config_resetstat()
    await wrong(town)
    used = set(await town.redis.info("commandstats"))
    assert used <= READS, used - READS
    assert await dump(town) == before


READS = {
    f"cmdstat_{name}"
    for name in (
        *("scan", "hscan", "sscan", "zscan", "hgetall", "hmget", "zmscore", "xrange", "exists"),
        *("time", "xinfo|stream", "info", "config|resetstat", "select", "client|setinfo", "hello"),
    )
}


async def dump(town: Town) -> dict[bytes, bytes]:
    names = [name async for name in town.redis.scan_iter()]
    return {name: await town.redis.dump(name) or b"" for name in names}

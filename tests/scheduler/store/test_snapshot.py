"""Reading a ledger as it lies there: whole, in parts, and around a thing."""

from __future__ import annotations

from scheduler.invariants import STATE, UP_TO_DATE, examine
from scheduler.rules import MINUTE_MS
from scheduler.snapshot import Snapshot, Thing
from scheduler.store import snapshot
from scheduler.store.snapshot import Reader
from tests.scheduler.store.town import Town


async def read(town: Town, *things: Thing) -> Snapshot:
    reader = Reader(town.redis, "a", rest=0)
    return await (reader.around(things) if things else reader.everything())


async def test_everything_is_read_in_however_many_parts(town: Town, monkeypatch: object) -> None:
    for n in range(20):
        await town.book(f"m{n}", town.noon + n % 3 * 30 * MINUTE_MS)
        await town.block(f"m{n}", f"m{n + 1}")
    whole = await read(town)
    monkeypatch.setattr(snapshot, "PART", 2)  # type: ignore[attr-defined]
    in_parts = await read(town)
    whole.now_ms = in_parts.now_ms
    assert in_parts == whole
    assert len(whole.bookings) == 20
    assert len(whole.timers) == await town.redis.zcard("{a}:timers")
    assert len(whole.news) == await town.redis.xlen("{a}:out")


async def test_the_rules_and_the_time_are_those_of_the_functions(town: Town) -> None:
    state = await read(town)
    assert state.rules.lengths_min == town.rules.lengths_min
    assert 0 <= await town.ledger.now_ms() - state.now_ms < 10 * MINUTE_MS


async def test_around_a_booking_lies_all_that_it_is_judged_by(town: Town) -> None:
    mine = await town.book("ana")
    await town.book("ben")
    await town.book("cem", town.noon + 60 * MINUTE_MS)
    state = await read(town, Thing("booking", mine.id))
    assert set(state.bookings) == {"b1", "b2"}
    assert set(state.pairs) == {"p1"}
    assert {name for name in state.timers if name.endswith(":b1")} == {
        *("end:b1", "late:b1", "remind10:b1")
    }
    broken = [each for one in examine(state, STATE) for each in one.violations]
    assert not [each for each in broken if each.thing == Thing("booking", "b1")]


async def test_around_a_slot_lies_who_waits_there(town: Town) -> None:
    await town.block("ana", "ben")
    await town.book("ana")
    await town.book("ben")
    state = await read(town, Thing("slot", f"{town.noon}:25"))
    assert set(state.bookings) == {"b1", "b2"}
    assert [sorted(pool) for pool in state.pools.values()] == [["b1:ana", "b2:ben"]]
    broken = [each for one in examine(state, STATE) for each in one.violations]
    assert not [each for each in broken if each.thing.kind == "slot"]


async def test_around_a_timer_lies_the_timer(town: Town) -> None:
    await town.book("ana")
    await town.go_to(town.noon + 60 * MINUTE_MS)
    state = await read(town, Thing("timer", "end:b1"))
    [violation] = examine(state, UP_TO_DATE[:1])[0].violations
    assert violation.thing == Thing("timer", "end:b1")


async def test_of_an_outbox_cut_short_it_is_known(town: Town) -> None:
    await town.book("ana")
    assert (await read(town)).all_news
    await town.redis.xtrim("{a}:out", 1, approximate=False)
    assert not (await read(town)).all_news


async def test_an_empty_store_is_an_empty_ledger(town: Town) -> None:
    await town.redis.flushall()
    state = await read(town)
    assert (state.bookings, state.news, state.all_news) == ({}, [], True)

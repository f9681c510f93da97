"""What is derived from bookings is put right, and what is right is left alone."""

from __future__ import annotations

import msgspec
import pytest
from redis.asyncio import Redis

from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.store.ledger import Ledger
from scheduler.store.reconcile import Reconciler, Repairs, reconcile
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

E = 25 * MINUTE_MS


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def busy(town: Town) -> None:
    """Two who are a pair, one who waits, one who cancelled, and a session that is over."""
    await town.session("eli", "fay")
    town.noon += 8 * DEFAULT.grid_ms
    await town.pair_of("ana", "ben")
    await town.book("cem")
    await town.cancel("dia", await town.book("dia", length_min=50))


async def test_a_ledger_that_is_right_is_left_as_it_is(town: Town) -> None:
    await busy(town)
    before = await snapshot(town.redis, "a", 0)
    repairs = await reconcile(town.ledger.calls)
    assert repairs.wrong == 0
    assert repairs.looked > 6
    assert await snapshot(town.redis, "a", 0) == before


async def test_an_empty_ledger_has_nothing_to_mend(town: Town) -> None:
    assert (await reconcile(town.ledger.calls)).wrong == 0


@pytest.mark.parametrize("kind", ["cal", "sl", "w", "wc", "starts", "timers"])
async def test_what_was_lost_is_made_again(town: Town, kind: str) -> None:
    await busy(town)
    before = await snapshot(town.redis, "a", 0)
    lost = [key async for key in town.redis.scan_iter(f"{{a}}:{kind}:*")] or [f"{{a}}:{kind}"]
    await town.redis.delete(*lost)
    counted = await reconcile(town.ledger.calls, mend=False)
    assert counted.wrong > 0
    assert (await snapshot(town.redis, "a", 0)).bookings == before.bookings
    assert (await reconcile(town.ledger.calls)).wrong > 0
    await whole(town)
    after = await snapshot(town.redis, "a", 0)
    of_nobody = f"plan:{town.noon}:50:pass"
    assert after.timers == {n: due for n, due in before.timers.items() if n != of_nobody} or (
        kind != "timers" and after.timers == before.timers
    )
    assert (await reconcile(town.ledger.calls)).wrong == 0


async def test_what_is_left_over_of_nobody_is_taken_away(town: Town) -> None:
    await busy(town)
    start = town.noon
    await town.redis.zadd("{a}:cal:dia", {"b6:50": start})
    await town.redis.sadd(f"{{a}}:sl:{start}:50", "b6", "b99")
    await town.redis.zadd(f"{{a}}:w:{start}:25:u*-aa-", {"b99:nobody": 1, "b3:ana": 2})
    await town.redis.sadd(f"{{a}}:wc:{start}:25", "wwqad-")
    await town.redis.zadd("{a}:starts:75", {str(start): start})
    await town.redis.zadd("{a}:timers", {"end:b6": 1, "late:b5": 1, "close:p99": 1, "ask:b5": 1})
    repairs = await reconcile(town.ledger.calls)
    assert (repairs.calendars, repairs.slots, repairs.timers) == (1, 2, 4)
    assert repairs.pools == 4
    await whole(town)
    assert (await reconcile(town.ledger.calls)).wrong == 0


async def test_a_class_that_reads_another_way_now_is_sorted_anew(town: Town) -> None:
    await town.book("ana", length_min=50, also_shorter=True)
    rules = msgspec.structs.replace(DEFAULT, cross_lengths=True)
    switched = Ledger(town.redis, rules=rules)
    await switched.load_functions()
    assert (await reconcile(switched.calls)).pools >= 1
    assert (await town.book("ben")).partner == "ana"


async def test_a_session_that_was_never_judged_comes_before_the_judge(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.go_to(await town.ledger.now_ms() + 20 * MINUTE_MS)
    await town.news()
    assert (await reconcile(town.ledger.calls)).timers == 1
    await town.tick()
    assert "Closed" in await town.told()
    await town.ledger.settle(pair, [])
    assert (await reconcile(town.ledger.calls)).wrong == 0


async def test_a_snooze_that_is_to_end_ends(town: Town) -> None:
    until = town.noon
    await town.snooze("ana", "ben", until)
    await town.snooze("ana", "cem")
    await town.redis.delete("{a}:timers")
    assert (await reconcile(town.ledger.calls)).timers == 1
    assert await town.redis.zscore("{a}:timers", "unsnooze:ana|ben") == until


async def test_it_goes_through_more_than_one_call_holds(town: Town) -> None:
    for n in range(230):
        await town.book(f"m{n}", quiet=n % 2 == 0)
    await town.redis.delete("{a}:timers", f"{{a}}:sl:{town.noon}:25")
    repairs = await reconcile(town.ledger.calls)
    assert repairs.slots == 230
    assert repairs.looked > 460
    await whole(town)


COMMANDS_A_CALL = 300
"""Which a store carries out in a few milliseconds, on average; what a call took is the machine's business."""


async def test_no_call_of_it_holds_the_store_up(town: Town) -> None:
    for n in range(230):
        await town.book(f"m{n}")
    await town.redis.delete("{a}:timers")
    await town.redis.config_resetstat()
    await reconcile(town.ledger.calls)
    stats = await town.redis.info("commandstats")
    given = {name.removeprefix("cmdstat_"): each["calls"] for name, each in stats.items()}
    calls = given.pop("fcall")
    assert sum(given.values()) / calls < COMMANDS_A_CALL


# When


async def test_it_runs_at_the_start_and_when_another_store_took_over(town: Town) -> None:
    await town.book("ana")
    reconciler = Reconciler(town.redis, town.ledger.calls)
    await town.redis.delete("{a}:timers")
    await reconciler.turn()
    assert await town.redis.exists("{a}:timers")
    await town.redis.delete("{a}:timers")
    await reconciler.turn()
    assert not await town.redis.exists("{a}:timers")  # the same store: nothing was lost since
    await town.redis.execute_command("REPLICAOF", "127.0.0.1", "1")
    await town.redis.execute_command("REPLICAOF", "NO", "ONE")
    await reconciler.turn()
    assert await town.redis.exists("{a}:timers")


async def test_while_the_store_is_away_it_tries_again_soon(redis_client: Redis) -> None:
    nowhere = Redis(host="127.0.0.1", port=1)
    reconciler = Reconciler(nowhere, Ledger(nowhere).calls)
    assert 0 < await reconciler.turn() < 60
    await nowhere.aclose()


def test_repairs_add_up() -> None:
    total = Repairs(looked=3, timers=1) + Repairs(looked=4, pools=2)
    assert (total.looked, total.wrong) == (7, 3)

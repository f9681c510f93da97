"""Queued work: leased, finished, put off, and never lost."""

from __future__ import annotations

import asyncio
from typing import Any

from prometheus_client import REGISTRY
from redis.asyncio import Redis

from scheduler.errors import Unavailable
from scheduler.store import keys
from scheduler.store.connection import connect
from scheduler.store.queue import BATCH, CLAIMS, LEASE_MS, STEP_MS, Queue, Worker
from scheduler.work import Lane, Later, Piece


def told(result: str) -> float:
    labels = {"queue": "letters", "result": result}
    return REGISTRY.get_sample_value("cw_queue_handled_total", labels) or 0.0


class Hand:
    """Whoever does the work, by a clock turned by hand; fails as often as it is told to."""

    def __init__(self, redis: Redis, failures: int = 0) -> None:
        self.queue = Queue(redis, tag="a", name="letters")
        self.now = 1_000
        self.failures = failures
        self.answer: Later | None = None
        self.did: list[tuple[str, bytes]] = []
        self.done = asyncio.Event()
        self.begun = asyncio.Event()
        self.worker = Worker(self.queue, clock=self, handler=self.work)

    def now_ms(self) -> int:
        return self.now

    async def work(self, piece: Piece) -> Later | None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not now")
        self.did.append((piece.id, piece.what))
        self.done.set()
        return self.answer

    async def turn(self, later_ms: int = 0) -> int:
        self.now += later_ms
        return await self.worker.turn()


async def test_work_is_done_when_it_is_due_and_once(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    await hand.queue.put("b1", b"matched", 2_000)
    assert await hand.turn() == 0
    assert await hand.turn(later_ms=1_000) == 1
    assert await hand.turn(later_ms=LEASE_MS) == 0
    assert hand.did == [("b1", b"matched")]
    assert await hand.queue.size() == 0


async def test_several_changes_of_one_thing_are_one_piece_of_work(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    await hand.queue.put("b1", b"matched", 2_000)
    await hand.queue.put("b1", b"cancelled", 3_000)
    await hand.turn(later_ms=1_000)
    assert hand.did == [("b1", b"cancelled")]


async def test_what_failed_comes_again_when_its_lease_ends(redis_client: Redis) -> None:
    hand = Hand(redis_client, failures=1)
    await hand.queue.put("b1", b"x", 0)
    assert await hand.turn() == 1
    assert await hand.turn(later_ms=LEASE_MS - 1) == 0
    assert await hand.turn(later_ms=1) == 1
    assert len(hand.did) == 1


async def test_two_hands_share_the_work(redis_client: Redis) -> None:
    one, two = Hand(redis_client), Hand(redis_client)
    await one.queue.put("b1", b"x", 0)
    assert (await one.turn(), await two.turn()) == (1, 0)


async def test_work_can_be_put_off_with_what_is_known_by_then(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    await hand.queue.put("b1", b"try 1", 0)
    hand.answer = Later(5_000, b"try 2")
    await hand.turn()
    hand.answer = None
    assert await hand.turn(later_ms=3_999) == 0
    await hand.turn(later_ms=1)
    assert hand.did == [("b1", b"try 1"), ("b1", b"try 2")]


async def test_what_changed_while_it_was_worked_on_is_worked_on_again(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    await hand.queue.put("b1", b"old", 0)
    [piece] = await hand.queue.claim(hand.now)
    await hand.queue.put("b1", b"new", 0)
    await hand.queue.done(piece)
    await hand.turn()
    assert hand.did == [("b1", b"new")]


async def test_what_was_dropped_is_not_done(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    await hand.queue.put("b1", b"x", 0)
    await hand.queue.drop("b1")
    assert await hand.turn() == 0


async def test_operators_see_how_late_the_oldest_work_is(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    for number in range(BATCH + 1):
        await hand.queue.put(f"b{number}", b"x", 1_000)
    await hand.turn(later_ms=90_000)
    assert REGISTRY.get_sample_value("cw_queue_late_seconds", {"queue": "letters"}) == 90
    await hand.turn()
    assert REGISTRY.get_sample_value("cw_queue_late_seconds", {"queue": "letters"}) == 0


async def test_a_store_that_is_away_is_said_to_be_so() -> None:
    away = connect("redis://127.0.0.1:1/0")
    try:
        await Queue(away, tag="a", name="letters").claim(0)
    except Unavailable:
        return
    finally:
        await away.aclose()
    raise AssertionError


async def test_what_nobody_can_do_ends_among_the_dead_letters(redis_client: Redis) -> None:
    hand = Hand(redis_client, failures=CLAIMS + 1)
    buried = told("dead")
    await hand.queue.put("b1", b"poison", 0)
    for _ in range(CLAIMS):
        assert await hand.turn(later_ms=LEASE_MS) == 1
    assert await hand.turn(later_ms=LEASE_MS) == 0
    assert (await hand.queue.size(), told("dead") - buried) == (0, 1)
    letters: Any = await redis_client.xrange(keys.dead_letters("a"))
    [(_, letter)] = letters
    assert letter == {b"queue": b"letters", b"id": b"b1", b"what": b"poison"}
    assert not await redis_client.exists(keys.leases("a", "letters"))


async def test_what_is_put_off_or_is_about_something_newer_begins_anew(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    await hand.queue.put("b1", b"try", 0)
    hand.answer = Later(0, b"try")
    for _ in range(2 * CLAIMS):
        assert await hand.turn() == 1
    hand.failures = 2 * CLAIMS
    for number in range(2 * CLAIMS):
        await hand.queue.put("b1", b"%d" % number, 0)
        assert await hand.turn(later_ms=LEASE_MS) == 1


class Slow(Hand):
    """Never done with what is slow."""

    async def work(self, piece: Piece) -> Later | None:
        if piece.what == b"slow":
            self.begun.set()
            await asyncio.Event().wait()
        return await super().work(piece)


def of_whom(piece: Piece) -> list[Lane]:
    return [Lane(piece.id.partition(":")[0], 2)]


async def test_a_slow_piece_keeps_no_other_waiting(redis_client: Redis) -> None:
    hand = Slow(redis_client)
    await hand.queue.put("a", b"slow", 0)
    running = asyncio.create_task(hand.worker.run())
    await hand.begun.wait()
    await hand.queue.put("b", b"quick", 0)
    await hand.done.wait()
    running.cancel()
    assert hand.did == [("b", b"quick")]


async def test_who_is_slow_holds_up_only_their_own(redis_client: Redis) -> None:
    hand = Slow(redis_client)
    hand.worker = Worker(hand.queue, clock=hand, handler=hand.work, lanes=of_whom)
    for number in range(3 * BATCH):
        await hand.queue.put(f"ana:{number}", b"slow", 0)
    await hand.queue.put("ben:1", b"quick", 1)
    running = asyncio.create_task(hand.worker.run())
    await hand.done.wait()
    running.cancel()
    assert hand.did == [("ben:1", b"quick")]
    # Two of the slow ones are under way; of the others each has a moment of its own.
    places: Any = await redis_client.zrange(keys.queue("a", "letters"), 0, -1, withscores=True)
    due = [at for _, at in places]
    apart = [hand.now + STEP_MS * number for number in range(1, 3 * BATCH - 1)]
    assert sorted(due)[: len(apart)] == apart


async def test_what_found_its_lane_full_is_done_when_it_is_free(redis_client: Redis) -> None:
    hand = Hand(redis_client)
    hand.worker = Worker(hand.queue, clock=hand, handler=hand.work, lanes=of_whom)
    for number in range(5):
        await hand.queue.put(f"ana:{number}", b"x", number)
    assert [await hand.turn(later_ms=STEP_MS * 3) for _ in range(4)] == [2, 2, 1, 0]
    assert sorted(id for id, _ in hand.did) == [f"ana:{number}" for number in range(5)]

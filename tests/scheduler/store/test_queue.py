"""Queued work: leased, finished, put off, and never lost."""

from __future__ import annotations

from prometheus_client import REGISTRY
from redis.asyncio import Redis

from scheduler.errors import Unavailable
from scheduler.store.connection import connect
from scheduler.store.queue import BATCH, LEASE_MS, Queue, Worker
from scheduler.work import Later, Piece


class Hand:
    """Whoever does the work, by a clock turned by hand; fails as often as it is told to."""

    def __init__(self, redis: Redis, failures: int = 0) -> None:
        self.queue = Queue(redis, tag="a", name="letters")
        self.now = 1_000
        self.failures = failures
        self.answer: Later | None = None
        self.did: list[tuple[str, bytes]] = []
        self.worker = Worker(self.queue, clock=self, handler=self.work)

    def now_ms(self) -> int:
        return self.now

    async def work(self, piece: Piece) -> Later | None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not now")
        self.did.append((piece.id, piece.what))
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

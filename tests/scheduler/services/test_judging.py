"""Judging: told twice, told late, and told what is not its business."""

from __future__ import annotations

from typing import Any

from scheduler.bookings import Came, Wish
from scheduler.events import Booked, Closed
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.services.judging import Judging
from scheduler.store.messages import MessageStore
from tests.scheduler.desk import Desk


def a_judge(desk: Desk) -> Judging:
    return Judging(desk.ledger, MessageStore(desk.ledger.calls), DEFAULT)


async def test_the_judge_needs_the_ledger_alone_and_may_be_told_twice(desk: Desk) -> None:
    ledger, judging = desk.ledger, a_judge(desk)
    pair, _ = await a_session(desk)
    for _ in range(3):
        await judging.on_event("1-0", Closed(at_ms=0, pair=pair))
    assert [flag.fault for flag in await ledger.flags_of("m_ana")] == ["no_show"]
    assert (await ledger.pair(pair)).settled
    told = [event for _, event in await ledger.outbox_after("0-0")]
    assert sum(type(event).__name__ == "Settled" for event in told) == 1


async def a_session(desk: Desk) -> tuple[str, int]:
    """Ana and Ben had a session, and its doors are closed; gives the pair and its start."""
    start = await desk.slot()
    for member in ("m_ana", "m_ben"):
        await desk.parts.service.bookings.book_all("request", member, [wish(start)])
    pair = (await desk.ledger.bookings_of("m_ana", start, start + 1))[0].pair
    assert pair
    await desk.go_to(start + 31 * MINUTE_MS)
    while (await desk.ledger.tick()).fired:
        pass
    return pair, start


def seen(member: str, what: Seen, at_ms: int) -> PresenceEvent:
    return PresenceEvent(id=f"h:{member}:{what}", member=member, seen=what, at_ms=at_ms)


async def test_a_return_that_was_written_late_lifts_the_early_leave(desk: Desk) -> None:
    ledger, judging = desk.ledger, a_judge(desk)
    pair, start = await a_session(desk)
    came = [seen(member, Seen.JOIN, start - 1) for member in ("m_ana", "m_ben")]
    left = seen("m_ana", Seen.LEAVE, start + 5 * MINUTE_MS)
    await ledger.record(pair, [*came, left])
    offset = "0-0"
    for expected in (["early_leave"], []):
        news = await ledger.outbox_after(offset)
        for at, event in news:
            await judging.on_event(at, event)
        offset = news[-1][0]
        assert [flag.fault for flag in await ledger.flags_of("m_ana")] == expected
        assert (await ledger.pair(pair)).settled
        await ledger.record(pair, [seen("m_ana", Seen.REJOIN, start + 6 * MINUTE_MS)])
    assert await ledger.kept_of(["m_ana", "m_ben"]) == {"m_ana": 1, "m_ben": 1}


async def test_what_came_of_a_session_stands_on_its_bookings(desk: Desk) -> None:
    pair, start = await a_session(desk)
    log = [seen("m_ana", Seen.JOIN, start), seen("m_ben", Seen.JOIN, start + 3 * MINUTE_MS)]
    own = (await desk.ledger.bookings_of("m_ana", start, start + 1))[0]
    assert own.outcome is None
    await desk.ledger.record(pair, log)
    await a_judge(desk).on_event("1-0", Closed(at_ms=0, pair=pair))
    for member in ("m_ana", "m_ben"):
        own = (await desk.ledger.bookings_of(member, start, start + 1))[0]
        assert (own.outcome, own.together_min) == (Came.TOGETHER, 22)


async def test_nobody_is_judged_for_a_session_the_platform_slept_through(desk: Desk) -> None:
    ledger, judging = desk.ledger, a_judge(desk)
    pair, _ = await a_session(desk)
    await ledger.beat()
    await desk.redis.hincrby("{a}:meta", "beat", -30 * MINUTE_MS)
    await judging.on_event("1-0", Closed(at_ms=0, pair=pair))
    assert (await ledger.pair(pair)).settled
    assert await ledger.flags_of("m_ana") == []


async def test_other_news_leaves_the_judge_cold(desk: Desk) -> None:
    news = Booked(at_ms=0, booking="b1", member="m_ana", start_ms=0, length_min=25)
    await a_judge(desk).on_event("1-0", news)


async def test_D5_4_who_wrote_before_t_and_came_late_had_announced_it(desk: Desk) -> None:
    ledger, threads = desk.ledger, MessageStore(desk.ledger.calls)
    start = await desk.slot(4)
    for member in ("m_ana", "m_ben"):
        await desk.parts.service.bookings.book_all("request", member, [wish(start)])
    pair = (await ledger.bookings_of("m_ana", start, start + 1))[0].pair
    assert pair
    await threads.write("request", "m_ana", "m_ben", "See you there.")
    await desk.go_to(start - MINUTE_MS)
    await threads.write("request", "m_ben", "m_ana", "Three minutes late, sorry.")
    for member in ("m_ana", "m_ben"):
        await ledger.record(pair, [seen(member, Seen.JOIN, start + 3 * MINUTE_MS)])
    await desk.go_to(start + 31 * MINUTE_MS)
    while (await ledger.tick()).fired:
        pass
    await a_judge(desk).on_event("1-0", Closed(at_ms=0, pair=pair))
    for member, announced in (("m_ana", False), ("m_ben", True)):
        [flag] = await ledger.flags_of(member)
        assert (flag.fault, flag.announced) == ("late", announced)


def wish(start_ms: int) -> Any:
    return Wish(start_ms=start_ms, length_min=25)

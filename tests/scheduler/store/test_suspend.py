"""Pausing a member: what is cancelled, what is refused, and for how long."""

from __future__ import annotations

import pytest

from scheduler import errors
from scheduler.bookings import State
from scheduler.events import Cancelled, Suspended, Unmatched
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.store.calls import unpack
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def test_coming_bookings_are_cancelled_by_the_system_and_partners_placed_anew(
    town: Town,
) -> None:
    await town.pair_of("ana", "ben")
    cem = await town.book("cem")
    waiting = await town.book("ana", town.noon + DAY_MS)
    await town.news()
    await town.suspend("ana")
    assert [await town.state_of(await town.ledger.booking("b1")), await town.state_of(waiting)] == [
        "cancelled",
        "cancelled",
    ]
    assert (await town.ledger.booking("b2")).partner == "cem"
    assert await town.state_of(cem) == "matched"
    news = await town.news()
    assert all(event.by_system for event in news if isinstance(event, Cancelled))
    [lost] = [event for event in news if isinstance(event, Unmatched)]
    assert (lost.member, lost.why, lost.rematched) == ("ben", "suspended", True)
    await whole(town)


async def test_a_lock_ends_too_and_who_stays_is_not_bound(town: Town) -> None:
    mine, _ = await town.locked_pair("ana", "ben")
    await town.suspend("ben")
    left = await town.ledger.booking(mine.id)
    assert (left.state, left.free_to_cancel) == (State.WAITING, True)


async def test_more_than_one_calls_worth_of_bookings_is_cancelled(town: Town) -> None:
    for day in range(25):
        for half in range(2):
            await town.book("ana", town.noon + day * DAY_MS + half * 30 * MINUTE_MS)
    await town.suspend("ana")
    assert await town.ledger.bookings_of("ana", 0, town.noon + 30 * DAY_MS) == []
    assert (await town.told()).count("Suspended") == 1
    await whole(town)


async def first_part(town: Town, member: str) -> int:
    """The first call of a pause, before the others follow; gives how many bookings are left."""
    answer = await town.ledger.calls.command("suspend", "pause:0", member, 0)
    return unpack(answer, int)


async def test_what_is_not_cancelled_yet_is_given_to_nobody(town: Town) -> None:
    mine = [await town.book("ana", town.noon + n * 30 * MINUTE_MS) for n in range(25)]
    [theirs] = [await town.book("ben", mine[-1].start_ms)]
    assert await first_part(town, "ana") == 5
    assert (await town.book("cem", mine[-2].start_ms)).state is State.WAITING
    await town.cancel("ben", theirs)
    assert (await town.book("dov", mine[-1].start_ms)).state is State.WAITING
    assert {await town.state_of(each) for each in mine[20:]} == {"waiting"}
    await town.suspend("ana")
    assert {await town.state_of(each) for each in mine} == {"cancelled"}
    assert not await town.redis.exists("{a}:pausing")
    await whole(town)


async def test_who_is_let_off_in_between_waits_like_anybody(town: Town) -> None:
    mine = [await town.book("ana", town.noon + n * 30 * MINUTE_MS) for n in range(25)]
    await first_part(town, "ana")
    await town.book("cem", mine[-1].start_ms)
    await town.unsuspend("ana")
    assert (await town.now(mine[-1])).partner == "cem"
    await whole(town)


async def test_who_is_paused_can_book_nothing_and_learns_until_when(town: Town) -> None:
    until_ms = town.noon - 60 * MINUTE_MS
    await town.suspend("ana", until_ms)
    assert await town.ledger.suspended_until("ana") == until_ms
    with pytest.raises(errors.Suspended) as refusal:
        await town.book("ana")
    assert refusal.value.data == {"until_ms": until_ms}


async def test_a_pause_ends_at_its_time(town: Town) -> None:
    until_ms = town.noon - 60 * MINUTE_MS
    await town.suspend("ana", until_ms)
    await town.go_to(until_ms)
    assert await town.ledger.suspended_until("ana") is None
    assert (await town.book("ana")).state is State.WAITING


async def test_a_pause_without_end_is_lifted_by_hand(town: Town) -> None:
    await town.suspend("ana")
    assert await town.ledger.suspended_until("ana") == 0
    await town.go_to(town.noon + 20 * DAY_MS)
    with pytest.raises(errors.Suspended):
        await town.book("ana", town.noon + 21 * DAY_MS)
    await town.unsuspend("ana")
    assert await town.ledger.suspended_until("ana") is None
    assert (await town.book("ana", town.noon + 21 * DAY_MS)).state is State.WAITING


async def test_a_pause_and_its_end_are_told(town: Town) -> None:
    await town.suspend("ana", town.noon)
    await town.suspend("ben")
    await town.unsuspend("ana")
    told = [event for event in await town.news() if isinstance(event, Suspended)]
    assert [event.member for event in told] == ["ana", "ben", "ana"]
    assert [told[0].until_ms, told[2].until_ms] == [town.noon, 0]
    assert told[1].until_ms > town.noon + 1_000 * DAY_MS


async def test_lifting_what_is_not_there_is_told_to_nobody(town: Town) -> None:
    await town.unsuspend("ana")
    assert await town.news() == []


async def test_a_session_under_way_goes_on(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    await town.go_to(town.noon + MINUTE_MS)
    await town.suspend("ana")
    assert (await town.ledger.booking("b1")).pair == pair


async def test_a_pause_cannot_have_ended_already(town: Town) -> None:
    with pytest.raises(errors.BadField):
        await town.suspend("ana", await town.ledger.now_ms())


async def test_asked_again_nothing_is_cancelled_twice(town: Town) -> None:
    await town.book("ana")
    await town.ledger.suspend("same", "ana")
    await town.unsuspend("ana")
    booking = await town.book("ana")
    await town.ledger.suspend("same", "ana")
    assert await town.state_of(booking) == "waiting"

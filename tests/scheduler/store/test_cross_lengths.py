"""Where people are few: a shorter session is better than none, for who says so."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.events import BookingChanged
from scheduler.rules import MINUTE_MS, of
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town


@pytest.fixture
async def village(redis_client: Redis) -> Town:
    """A town of a small community."""
    return await Town(redis_client, rules=of(community="small")).open()


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def test_who_waits_for_a_longer_session_meets_who_wants_a_shorter(village: Town) -> None:
    ana = await village.book("ana", length_min=50, also_shorter=True)
    await village.news()
    ben = await village.book("ben", length_min=25)
    ana = await village.now(ana)
    assert (ana.partner, ben.partner) == ("ben", "ana")
    assert (ana.length_min, ana.wished_min, ben.length_min) == (25, 50, 25)
    changed = [event for event in await village.news() if isinstance(event, BookingChanged)]
    assert [(event.member, event.length_min) for event in changed] == [("ana", 25)]
    await whole(village)


async def test_whoever_comes_with_a_longer_wish_is_shortened_too(village: Town) -> None:
    await village.book("ben", length_min=25)
    ana = await village.book("ana", length_min=75, also_shorter=True)
    assert (ana.partner, ana.length_min, ana.wished_min) == ("ben", 25, 75)
    await whole(village)


async def test_nobody_is_shortened_who_did_not_say_so(village: Town) -> None:
    await village.book("ana", length_min=50)
    assert (await village.book("ben", length_min=25, also_shorter=True)).state == "waiting"


async def test_the_own_length_comes_first(village: Town) -> None:
    await village.book("ben", length_min=25)
    await village.book("cem", length_min=50)
    assert (await village.book("ana", length_min=50, also_shorter=True)).partner == "cem"


async def test_the_nearest_length_comes_next(village: Town) -> None:
    await village.book("ben", length_min=25)
    await village.book("cem", length_min=50)
    ana = await village.book("ana", length_min=75, also_shorter=True)
    assert (ana.partner, ana.length_min) == ("cem", 50)


async def test_who_waits_again_has_the_own_length_back(village: Town) -> None:
    ana = await village.book("ana", length_min=50, also_shorter=True)
    ben = await village.book("ben", length_min=25)
    await village.news()
    await village.cancel("ben", ben)
    ana = await village.now(ana)
    assert (ana.state, ana.length_min) == ("waiting", 50)
    assert "BookingChanged" in await village.told()
    assert (await village.book("cem", length_min=50)).partner == "ana"
    assert (await village.now(ana)).length_min == 50
    await whole(village)


async def test_the_time_that_was_booked_stays_taken(village: Town) -> None:
    """Otherwise it could not be given back."""
    at = village.noon
    await village.book("ana", length_min=75, also_shorter=True)
    await village.book("ben", length_min=25)
    with pytest.raises(errors.Overlap):
        await village.book("ana", at + 60 * MINUTE_MS, length_min=25)


async def test_the_shortened_session_ends_earlier_for_both(village: Town) -> None:
    ana = await village.book("ana", length_min=50, also_shorter=True)
    ben = await village.book("ben", length_min=25)
    await village.go_to(village.noon + 25 * MINUTE_MS)
    await village.tick()
    assert [(await village.now(each)).state for each in (ana, ben)] == ["done", "done"]
    await whole(village)


async def test_hard_rules_hold_between_lengths_too(village: Town) -> None:
    await village.block("ana", "ben")
    await village.book("ana", length_min=50, also_shorter=True)
    assert (await village.book("ben", length_min=25)).state == "waiting"


async def test_where_lengths_do_not_cross_the_wish_changes_nothing(town: Town) -> None:
    await town.book("ana", length_min=50, also_shorter=True)
    assert (await town.book("ben", length_min=25)).state == "waiting"


async def test_two_who_may_meet_again_meet_across_lengths(village: Town) -> None:
    await village.block("ana", "ben")
    ana = await village.book("ana", length_min=50, also_shorter=True)
    await village.book("ben", length_min=25)
    assert (await village.now(ana)).state == "waiting"
    await village.unblock("ana", "ben")
    ana = await village.now(ana)
    assert (ana.partner, ana.length_min, ana.wished_min) == ("ben", 25, 50)
    await whole(village)

"""Where people are few: a shorter session is better than none, for who says so."""

from __future__ import annotations

import msgspec
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


# Looking


async def seen(
    town: Town, member: str, length_min: int, *, also_shorter: bool = False
) -> list[tuple[int, tuple[str, ...]]]:
    """How long a session at noon would be, and with whom."""
    noon = town.noon
    found = await town.ledger.waiting(member, noon, noon + 1, length_min, also_shorter=also_shorter)
    assert {slot.start_ms for slot in found} <= {noon}
    return [(slot.length_min, slot.members) for slot in found]


async def test_who_waits_for_less_is_seen_by_whom_a_shorter_session_suits(village: Town) -> None:
    await village.book("ana", length_min=25)
    assert await seen(village, "ben", 50, also_shorter=True) == [(25, ("ana",))]
    assert await seen(village, "ben", 50) == []
    assert (await village.book("ben", length_min=50, also_shorter=True)).partner == "ana"


async def test_who_waits_for_more_is_seen_if_less_suits_them(village: Town) -> None:
    await village.book("ana", length_min=50, also_shorter=True)
    assert await seen(village, "ben", 25) == [(25, ("ana",))]
    await village.cancel("ana", (await village.ledger.bookings_of("ana", 0, village.noon + 1))[0])
    await village.book("ana", length_min=50)
    assert await seen(village, "ben", 25, also_shorter=True) == []


async def test_all_lengths_are_seen_at_once_the_own_first(village: Town) -> None:
    for name, length in (("ana", 25), ("ben", 50), ("cem", 75)):
        await village.profile(name, only_gender="woman", gender="man")  # not with each other
        await village.book(name, length_min=length, also_shorter=True)
    await village.profile("dia", gender="woman")
    assert await seen(village, "dia", 50, also_shorter=True) == [
        (50, ("ben", "cem")),
        (25, ("ana",)),
    ]
    assert await seen(village, "dia", 75) == [(75, ("cem",))]
    assert await seen(village, "dia", 75, also_shorter=True) == [
        (75, ("cem",)),
        (50, ("ben",)),
        (25, ("ana",)),
    ]


async def test_hard_rules_hold_for_what_is_seen_of_other_lengths(village: Town) -> None:
    await village.book("ana", length_min=25)
    await village.block("ana", "ben")
    assert await seen(village, "ben", 50, also_shorter=True) == []
    assert await seen(village, "ana", 50, also_shorter=True) == []


async def test_where_lengths_do_not_cross_only_the_own_is_seen(town: Town) -> None:
    await town.book("ana", length_min=25, also_shorter=True)
    assert await seen(town, "ben", 50, also_shorter=True) == []
    assert await seen(town, "ben", 25) == [(25, ("ana",))]


async def test_looking_goes_on_past_one_calls_worth_of_starts_of_all_lengths(village: Town) -> None:
    grid = village.rules.grid_ms
    starts = [village.noon + n * 2 * grid for n in range(80)]
    for number, start in enumerate(starts):
        await village.book("ana", start, length_min=(25, 50, 75)[number % 3], also_shorter=True)
    found = await village.ledger.waiting("ben", 0, starts[-1] + 1, 50, also_shorter=True)
    assert [slot.start_ms for slot in found] == starts
    assert {slot.length_min for slot in found} == {25, 50}


async def test_a_length_that_is_not_offered_shows_nobody(village: Town) -> None:
    await village.book("ana", length_min=25)
    assert await seen(village, "ben", 26, also_shorter=True) == []


async def test_soonest_goes_beside_somebody_of_another_length_too(redis_client: Redis) -> None:
    rules = msgspec.structs.replace(of(community="small"), grid_ms=MINUTE_MS)
    village = await Town(redis_client, rules=rules).open()
    now = await village.ledger.now_ms()
    minute = now - now % MINUTE_MS
    await village.book("ana", minute + 9 * MINUTE_MS)
    assert await village.soonest("ben", length_min=50) == minute + MINUTE_MS
    wish = {"length_min": 50, "also_shorter": True}
    assert await village.soonest("ben", **wish) == minute + 9 * MINUTE_MS

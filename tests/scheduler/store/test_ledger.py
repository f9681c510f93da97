"""Booking, cancelling, profiles and blocks: what members do to the ledger."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Gender, Lockable, Profile, State, Task
from scheduler.events import Booked, Cancelled, Matched, PoolChanged, Unmatched
from scheduler.rules import DAY_MS, DEFAULT, DEMO, MINUTE_MS, Rules
from tests.scheduler.store.town import Town

# Booking


async def test_the_first_to_book_waits(town: Town) -> None:
    booking = await town.book("ana", title="Chapter three", task=Task.DESK)
    assert booking.state is State.WAITING
    assert (booking.id, booking.member, booking.title) == ("b1", "ana", "Chapter three")
    assert (booking.pair, booking.partner, booking.locked) == (None, None, False)
    assert await town.told() == ["Booked", "PoolChanged"]


async def test_the_second_to_book_is_matched_at_once(town: Town) -> None:
    first = await town.book("ana")
    await town.news()
    second = await town.book("ben")
    assert (second.state, second.partner, second.partner_booking) == ("matched", "ana", "b1")
    mine = await town.ledger.booking(first.id)
    assert (mine.state, mine.partner, mine.pair) == ("matched", "ben", second.pair)
    matched, pool = await town.news()
    assert isinstance(matched, Matched)
    assert matched.members == ("ana", "ben")
    assert matched.bookings == ("b1", "b2")
    assert isinstance(pool, PoolChanged)


async def test_a_pair_names_members_and_bookings_in_the_same_order(town: Town) -> None:
    pair = await town.ledger.pair(await town.pair_of("ana", "ben"))
    assert (pair.members, pair.bookings) == (("ana", "ben"), ("b1", "b2"))
    assert (pair.dissolved, pair.settled) == (False, False)


async def test_the_longest_waiting_is_taken_first(town: Town) -> None:
    await town.book("ana", task=Task.DESK)
    await town.book("ben", task=Task.MOVING)
    assert (await town.book("cem")).partner == "ana"


async def test_slots_of_other_lengths_and_starts_do_not_mix(town: Town) -> None:
    await town.book("ana", length_min=25)
    assert (await town.book("ben", length_min=50)).state == "waiting"
    assert (await town.book("cem", town.noon + town.rules.grid_ms)).state == "waiting"


@pytest.mark.parametrize(
    ("error", "field", "start", "length"),
    [
        (errors.OffGrid, "start", 60_000, 25),
        (errors.BadLength, "length_min", 0, 26),
        (errors.InThePast, "start", -9 * 15 * MINUTE_MS, 25),
        (errors.InThePast, "start", -2 * DAY_MS, 25),
        (errors.BeyondHorizon, "start", 28 * DAY_MS, 25),
    ],
)
async def test_what_cannot_be_booked_is_refused_and_changes_nothing(
    town: Town, error: type[errors.SchedulerError], field: str, start: int, length: int
) -> None:
    with pytest.raises(error) as refused:
        await town.book("ana", town.noon + start, length_min=length)
    assert refused.value.field == field
    assert refused.value.data
    assert await town.news() == []
    assert (await town.book("ana")).id == "b1"


async def test_a_slot_that_starts_this_moment_is_past(town: Town) -> None:
    # Time goes on while we ask, so "this moment" is at most that: never ahead.
    await town.go_to(town.noon)
    with pytest.raises(errors.InThePast):
        await town.book("ana")


async def test_the_horizon_itself_can_be_booked(town: Town) -> None:
    now = await town.ledger.now_ms()
    last = (now + town.rules.horizon_ms) // town.rules.grid_ms * town.rules.grid_ms
    assert (await town.book("ana", last)).start_ms == last


@pytest.mark.parametrize(
    ("start_min", "length"), [(0, 25), (15, 25), (-15, 25), (-45, 50), (-60, 75)]
)
async def test_an_overlap_names_the_session_in_the_way(
    town: Town, start_min: int, length: int
) -> None:
    await town.book("ana")
    with pytest.raises(errors.Overlap) as refused:
        await town.book("ana", town.noon + start_min * MINUTE_MS, length_min=length)
    assert refused.value.data == {
        "booking": "b1",
        "start_ms": town.noon,
        "end_ms": town.noon + 25 * MINUTE_MS,
    }


async def test_a_session_may_begin_when_another_ends(town: Town) -> None:
    await town.book("ana", town.noon, length_min=75)
    await town.book("ana", town.noon + 75 * MINUTE_MS, length_min=75)
    await town.book("ana", town.noon - 75 * MINUTE_MS, length_min=75)


async def test_short_sessions_lie_end_to_end_beside_longer_ones(town: Town) -> None:
    short = await Town(town.redis, rules=Rules(lengths_min=(15, 30)), tag="short").open()
    await short.book("ana", length_min=15)
    await short.book("ana", short.noon + 15 * MINUTE_MS, length_min=15)
    await short.book("ana", short.noon - 15 * MINUTE_MS, length_min=15)
    with pytest.raises(errors.Overlap):
        await short.book("ana", short.noon - 30 * MINUTE_MS, length_min=30)


async def test_a_title_too_long_is_refused(town: Town) -> None:
    with pytest.raises(errors.BadField):
        await town.book("ana", title="x" * 101)


# Matching


async def test_two_who_met_lately_meet_others_first(town: Town) -> None:
    await town.session("ana", "ben")
    await town.block("ben", "cem")
    await town.book("ben")
    await town.book("cem")
    assert (await town.book("ana")).partner == "cem"


async def test_who_did_not_both_come_did_not_meet(town: Town) -> None:
    await town.session("ana", "ben", joined=False)
    await town.block("ben", "cem")
    await town.book("ben")
    await town.book("cem")
    assert (await town.book("ana")).partner == "ben"


async def test_having_met_is_forgotten_after_a_fortnight(town: Town) -> None:
    await town.session("ana", "ben")
    town.noon += 15 * DAY_MS
    await town.go_to(town.noon - 15 * MINUTE_MS)
    await town.block("ben", "cem")
    await town.book("ben")
    await town.book("cem")
    assert (await town.book("ana")).partner == "ben"


async def test_a_newcomer_meets_somebody_who_knows_how_it_goes(town: Town) -> None:
    await town.ledger.settle(await town.session("ben", "cem"), [])
    await town.block("ana", "ben")
    await town.book("ana")
    await town.book("ben")
    assert (await town.book("new")).partner == "ben"


async def test_quiet_goes_with_quiet_if_it_can(town: Town) -> None:
    await town.block("ana", "ben")
    await town.book("ana")
    await town.book("ben", quiet=True)
    assert (await town.book("cem", quiet=True)).partner == "ben"


async def test_quiet_is_only_for_who_accepts_it(town: Town) -> None:
    await town.profile("ana", accepts_quiet=False)
    await town.book("ana")
    assert (await town.book("ben", quiet=True)).state == "waiting"
    assert (await town.book("cem")).partner == "ana"


async def test_who_says_nothing_of_gender_suits_nobody_who_restricts_it(town: Town) -> None:
    await town.profile("ana", gender=Gender.WOMAN, only_gender=Gender.WOMAN)
    await town.book("ana")
    await town.book("ben")
    await town.profile("dia", gender=Gender.WOMAN)
    assert (await town.book("dia")).partner == "ana"


async def test_fifty_incompatible_waiters_hide_nobody(town: Town) -> None:
    await town.profile("ana", gender=Gender.WOMAN, only_gender=Gender.WOMAN)
    for n in range(60):
        await town.profile(f"man{n}", gender=Gender.MAN, only_gender=Gender.NON_BINARY)
        await town.book(f"man{n}")
    await town.profile("dia", gender=Gender.WOMAN)
    await town.block("dia", "man0")
    await town.book("dia", task=Task.DESK)
    assert (await town.book("ana")).partner == "dia"


async def test_sixty_blocked_waiters_hide_nobody(town: Town) -> None:
    # All desk workers alike, kept apart from each other by a gender they ask for and nobody has.
    for n in range(60):
        await town.profile(f"m{n}", gender=Gender.MAN, only_gender=Gender.WOMAN)
        await town.block("ana", f"m{n}")
        await town.book(f"m{n}")
    await town.profile("last", gender=Gender.MAN, only_gender=Gender.WOMAN)
    for n in range(60):
        await town.profile(f"n{n}", gender=Gender.MAN, only_gender=Gender.WOMAN)
        if n == 30:
            await town.book("last")
        await town.block(f"n{n}", "ana")
        await town.book(f"n{n}")
    await town.profile("ana", gender=Gender.WOMAN)
    assert (await town.book("ana")).partner == "last"


# Cancelling


async def test_a_waiting_booking_cancelled_is_gone(town: Town) -> None:
    booking = await town.book("ana")
    await town.news()
    assert (await town.cancel("ana", booking)).state == "cancelled"
    assert await town.told() == ["Cancelled", "PoolChanged"]
    assert (await town.book("ben")).state == "waiting"
    assert await town.ledger.bookings_of("ana", 0, town.noon * 2) == []


async def test_a_partner_left_alone_waits_again_with_the_time_it_came(town: Town) -> None:
    first = await town.book("ana")
    second = await town.book("ben")
    await town.news()
    await town.cancel("ben", second)
    again = await town.ledger.booking(first.id)
    assert (again.state, again.partner, again.created_ms) == ("waiting", None, first.created_ms)
    assert (await town.ledger.pair("p1")).dissolved
    cancelled, unmatched, pool = await town.news()
    assert isinstance(cancelled, Cancelled)
    assert (cancelled.pair, cancelled.partner, cancelled.by_system) == ("p1", "ana", False)
    assert isinstance(unmatched, Unmatched)
    assert (unmatched.booking, unmatched.former) == (first.id, "ben")
    assert isinstance(pool, PoolChanged)


async def test_a_partner_left_alone_is_matched_anew_in_the_same_step(town: Town) -> None:
    await town.book("ana", task=Task.DESK)
    ben = await town.book("ben")
    cem = await town.book("cem", task=Task.DESK)
    await town.news()
    await town.cancel("ben", ben)
    assert (await town.ledger.booking(cem.id)).partner == "ana"
    assert await town.told() == ["Cancelled", "Unmatched", "Matched", "PoolChanged"]


async def test_only_the_owner_can_cancel(town: Town) -> None:
    booking = await town.book("ana")
    with pytest.raises(errors.NotFound):
        await town.cancel("ben", booking)
    with pytest.raises(errors.NotFound):
        await town.cancel("ana", "b9")


async def test_from_its_start_on_a_session_cannot_be_cancelled(town: Town) -> None:
    booking = await town.book("ana")
    await town.go_to(town.noon)
    with pytest.raises(errors.TooLate):
        await town.cancel("ana", booking)


async def test_what_is_over_cannot_be_cancelled(town: Town) -> None:
    booking = await town.book("ana")
    await town.cancel("ana", booking)
    with pytest.raises(errors.AlreadyOver) as refused:
        await town.cancel("ana", booking)
    assert refused.value.data == {"state": "cancelled"}


# Profiles


async def test_a_profile_moves_who_waits_to_where_they_may_be_met(town: Town) -> None:
    await town.profile("ana", only_gender=Gender.WOMAN)
    await town.book("ana")
    ben = await town.book("ben")
    await town.profile("ana", only_gender=None)
    assert (await town.ledger.booking(ben.id)).partner == "ana"


async def test_a_match_that_a_gender_preference_forbids_is_dissolved(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.news()
    await town.profile("ana", only_gender=Gender.WOMAN)
    assert [await town.state_of(await town.ledger.booking(id)) for id in ("b1", "b2")] == [
        "waiting"
    ] * 2
    assert [type(each) for each in await town.news()] == [Unmatched, Unmatched, PoolChanged]


async def test_a_match_once_promised_outlives_a_change_of_mind_about_quiet(town: Town) -> None:
    await town.book("ana", quiet=True)
    ben = await town.book("ben")
    await town.profile("ben", accepts_quiet=False)
    assert await town.state_of(ben) == "matched"


async def test_a_profile_that_arrives_late_changes_nothing(town: Town) -> None:
    ledger, only = town.ledger, Profile(only_gender=Gender.WOMAN)
    await ledger.set_profile("v3", "ana", only, version=3)
    await ledger.set_profile("v2", "ana", Profile(), version=2)
    await town.book("ana")
    assert (await town.book("ben")).pair is None
    await ledger.set_profile("v3 again", "ana", only, version=3)
    await ledger.set_profile("v4", "ana", Profile(), version=4)
    assert (await ledger.booking("b2")).pair is not None


async def test_a_profile_without_a_version_counts_as_new_and_keeps_the_one_known(
    town: Town,
) -> None:
    ledger, only = town.ledger, Profile(only_gender=Gender.WOMAN)
    await ledger.set_profile("v3", "ana", Profile(), version=3)
    await ledger.set_profile("mended", "ana", only)
    await ledger.set_profile("v2", "ana", Profile(), version=2)
    await town.book("ana")
    assert (await town.book("ben")).pair is None


async def test_a_session_under_way_outlives_a_change_of_profile(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.go_to(town.noon + 1)
    await town.profile("ana", only_gender=Gender.WOMAN)
    assert (await town.ledger.booking("b1")).state == "matched"


@pytest.mark.parametrize("only", [Gender.UNSAID])
async def test_nobody_can_ask_for_no_statement(town: Town, only: Gender) -> None:
    with pytest.raises(errors.BadField) as refused:
        await town.profile("ana", only_gender=only)
    assert refused.value.field == "only_gender"


# Blocks


async def test_a_block_holds_in_both_directions(town: Town) -> None:
    await town.block("ana", "ben")
    await town.book("ana")
    assert (await town.book("ben")).state == "waiting"
    await town.book("ben", town.noon + 60 * MINUTE_MS)
    assert (await town.book("ana", town.noon + 60 * MINUTE_MS)).state == "waiting"


async def test_a_block_dissolves_coming_matches_and_finds_others(town: Town) -> None:
    await town.book("ana", task=Task.DESK)
    await town.book("ben")
    await town.book("cem", task=Task.DESK)
    await town.news()
    await town.block("ben", "ana")
    partners = [(await town.ledger.booking(id)).partner for id in ("b1", "b2", "b3")]
    assert partners == [None, "cem", "ben"]
    assert await town.told() == [
        "Unmatched",
        "Unmatched",
        "Matched",
        "PeopleChanged",
        "PoolChanged",
    ]


async def test_a_session_under_way_is_not_dissolved_by_a_block(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.go_to(town.noon + 1)
    await town.block("ana", "ben")
    assert (await town.ledger.booking("b1")).partner == "ben"


async def test_unblocking_does_not_lift_the_others_block(town: Town) -> None:
    await town.block("ana", "ben")
    await town.block("ben", "ana")
    await town.unblock("ana", "ben")
    await town.book("ana")
    assert (await town.book("ben")).state == "waiting"


async def test_unblocking_lets_two_who_wait_meet(town: Town) -> None:
    await town.block("ana", "ben")
    await town.book("ana")
    ben = await town.book("ben")
    await town.unblock("ana", "ben")
    assert (await town.ledger.booking(ben.id)).partner == "ana"


async def test_nobody_blocks_themselves(town: Town) -> None:
    with pytest.raises(errors.BadField):
        await town.block("ana", "ana")


# Asking again


async def test_a_repeat_gives_the_first_answer_and_changes_nothing(town: Town) -> None:
    wish = town.wish()
    first = await town.ledger.book("same", "ana", wish)
    await town.book("ben")
    await town.news()
    assert await town.ledger.book("same", "ana", wish) == first
    assert await town.news() == []


async def test_request_ids_are_each_members_own(town: Town) -> None:
    await town.ledger.book("same", "ana", town.wish())
    assert (await town.ledger.book("same", "ben", town.wish())).member == "ben"


async def test_a_request_id_answers_one_question_only(town: Town) -> None:
    first = await town.ledger.book("same", "ana", town.wish())
    with pytest.raises(errors.OtherRequest):
        await town.ledger.book("same", "ana", town.wish(town.noon + DAY_MS))
    assert await town.ledger.bookings_of("ana", 0, town.noon + 2 * DAY_MS) == [first]
    assert await town.ledger.book("same", "ana", town.wish()) == first


async def test_a_wish_worked_out_anew_is_no_other_question(town: Town) -> None:
    first = await town.ledger.book("same", "ana", town.wish(), asked="soon:25")
    later = town.wish(town.noon + DAY_MS)
    assert await town.ledger.book("same", "ana", later, asked="soon:25") == first
    with pytest.raises(errors.OtherRequest):
        await town.ledger.book("same", "ana", later, asked="soon:50")


async def test_a_refused_request_may_be_judged_anew(town: Town) -> None:
    booking = await town.book("ana")
    with pytest.raises(errors.Overlap):
        await town.ledger.book("again", "ana", town.wish())
    await town.cancel("ana", booking)
    assert (await town.ledger.book("again", "ana", town.wish())).state == "waiting"


@pytest.mark.parametrize("request_id", ["", "x" * 201])
async def test_a_request_needs_an_id_of_decent_length(town: Town, request_id: str) -> None:
    with pytest.raises(errors.BadField):
        await town.ledger.book(request_id, "ana", town.wish())


# Looking


async def test_waiting_shows_whom_a_member_may_meet_the_longest_waiting_first(town: Town) -> None:
    await town.book("ana", task=Task.DESK)
    await town.block("ben", "ana")
    await town.book("ben", task=Task.MOVING)
    await town.profile("cem", accepts_quiet=False)
    [slot] = await town.ledger.waiting("dia", 0, town.noon + 1, 25)
    assert (slot.start_ms, slot.members) == (town.noon, ("ana", "ben"))
    assert await town.ledger.waiting("ana", 0, town.noon + 1, 25) == []
    assert await town.ledger.waiting("dia", 0, town.noon, 25) == []


async def test_waiting_goes_on_past_one_calls_worth_of_starts(town: Town) -> None:
    starts = [town.noon + n * 30 * MINUTE_MS for n in range(130)]
    for start in starts:
        await town.book("ana", start)
    slots = await town.ledger.waiting("ben", 0, starts[-1] + 1, 25)
    assert [slot.start_ms for slot in slots] == starts


async def test_soonest_is_the_next_start_on_the_grid(town: Town) -> None:
    now = await town.ledger.now_ms()
    first = now - now % town.rules.grid_ms + town.rules.grid_ms
    assert await town.soonest("ana") == first


async def test_soonest_is_beside_somebody_who_waits_within_a_quarter_of_an_hour(town: Town) -> None:
    demo = await Town(town.redis, rules=DEMO, tag="demo").open()
    now = await demo.ledger.now_ms()
    minute = now - now % MINUTE_MS
    await demo.book("ana", minute + 9 * MINUTE_MS, length_min=3)
    await demo.book("ben", minute + 40 * MINUTE_MS, length_min=3)
    assert await demo.soonest("cem", length_min=3) == minute + 9 * MINUTE_MS
    await demo.block("ana", "dia")
    assert await demo.soonest("dia", length_min=3) == minute + MINUTE_MS


async def test_soonest_goes_only_where_the_wish_is_met(town: Town) -> None:
    """Who wishes for quiet is not led to whoever does not accept it."""
    demo = await Town(town.redis, rules=DEMO, tag="demo").open()
    now = await demo.ledger.now_ms()
    minute = now - now % MINUTE_MS
    await demo.profile("ben", accepts_quiet=False)
    await demo.book("ben", minute + 5 * MINUTE_MS, length_min=3, task=Task.MOVING)
    await demo.book("cem", minute + 9 * MINUTE_MS, length_min=3, task=Task.DESK)
    assert await demo.soonest("ana", length_min=3) == minute + 5 * MINUTE_MS
    assert await demo.soonest("ana", length_min=3, quiet=True) == minute + 9 * MINUTE_MS
    assert await demo.soonest("ana", length_min=3, task=Task.DESK) == minute + 9 * MINUTE_MS
    wish = {"length_min": 3, "quiet": True, "task": Task.MOVING}
    assert await demo.soonest("ana", **wish) == minute + MINUTE_MS


async def test_soonest_avoids_own_sessions(town: Town) -> None:
    now = await town.ledger.now_ms()
    next_start = now - now % town.rules.grid_ms + town.rules.grid_ms
    await town.book("ana", next_start, length_min=50)
    assert await town.soonest("ana") == next_start + 60 * MINUTE_MS
    with pytest.raises(errors.BadLength):
        await town.soonest("ana", length_min=26)


async def test_bookings_of_a_member_come_by_start_without_the_cancelled(town: Town) -> None:
    later = await town.book("ana", town.noon + 60 * MINUTE_MS)
    sooner = await town.book("ana")
    await town.cancel("ana", await town.book("ana", town.noon + 120 * MINUTE_MS))
    found = await town.ledger.bookings_of("ana", town.noon, town.noon + 180 * MINUTE_MS)
    assert [each.id for each in found] == [sooner.id, later.id]
    assert await town.ledger.bookings_of("ana", 0, town.noon) == []


async def test_an_unknown_booking_or_pair_is_not_found(town: Town) -> None:
    with pytest.raises(errors.NotFound):
        await town.ledger.booking("b1")
    with pytest.raises(errors.NotFound):
        await town.ledger.pair("p1")


async def test_booked_tells_where(town: Town) -> None:
    await town.book("ana")
    booked = (await town.news())[0]
    assert isinstance(booked, Booked)
    assert (booked.start_ms, booked.length_min) == (town.noon, 25)


async def test_many_bookings_are_read_in_parts_and_none_is_missing(town: Town) -> None:
    grid = 2 * town.rules.grid_ms
    made = [await town.book("ana", town.noon + number * grid) for number in range(190)]
    await town.redis.config_resetstat()
    found = await town.ledger.bookings_of("ana", town.noon, town.noon + 190 * grid)
    assert [each.id for each in found] == [each.id for each in made]
    stats: Any = await town.redis.info("commandstats")
    assert stats["cmdstat_fcall_ro"]["calls"] == 2


async def test_a_member_has_so_many_bookings_ahead_and_no_more(redis_client: Redis) -> None:
    few = msgspec.structs.replace(DEFAULT, bookings_max=2)
    town = await Town(redis_client, rules=few).open()
    hours = [town.noon + hour * 60 * MINUTE_MS for hour in range(4)]
    first, _ = await town.book("ana", hours[0]), await town.book("ana", hours[1])
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben", hours[2])
    for act in (town.book("ana", hours[2]), town.lock("ana", "ben", hours[2])):
        with pytest.raises(errors.Full) as refusal:
            await act
        assert refusal.value.data["limit"] == 2
    await town.cancel("ana", first)
    assert (await town.lock("ana", "ben", hours[2])).locked

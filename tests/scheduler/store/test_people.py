"""Favourites, friends, snoozes and blocks, and whose free times somebody sees."""

from __future__ import annotations

import pytest

from scheduler import errors
from scheduler.bookings import Gender, Lockable, State, Task
from scheduler.events import AnyEvent, FriendAsked, FriendMade, PeopleChanged, Unmatched
from scheduler.people import FreeTime, Friendship, Relation
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def relation(town: Town, member: str, other: str) -> Relation:
    return await town.people.relation(member, other)


def heard_by(news: list[AnyEvent]) -> list[str]:
    """Who was told that their people changed."""
    return [event.member for event in news if isinstance(event, PeopleChanged)]


async def until_unsnoozed(town: Town, instant_ms: int) -> None:
    await town.go_to(instant_ms)
    while (await town.tick()).fired:
        pass


# Favourites


async def test_a_favourite_is_one_sided_and_told_to_its_owner_alone(town: Town) -> None:
    await town.favour("ana", "ben")
    assert (await relation(town, "ana", "ben")).favourite
    assert not (await relation(town, "ben", "ana")).favourite
    assert heard_by(await town.news()) == ["ana"]


async def test_a_favourite_can_be_given_up(town: Town) -> None:
    await town.favour("ana", "ben")
    await town.disfavour("ana", "ben")
    assert await town.people.people_of("ana") == []
    assert heard_by(await town.news()) == ["ana", "ana"]


async def test_favouring_twice_says_it_once(town: Town) -> None:
    await town.favour("ana", "ben")
    await town.favour("ana", "ben")
    assert heard_by(await town.news()) == ["ana"]


async def test_there_is_a_most_of_favourites(town: Town) -> None:
    for n in range(500):
        await town.favour("ana", f"m{n}")
    with pytest.raises(errors.BadField) as refusal:
        await town.favour("ana", "one_more")
    assert refusal.value.data == {"most": 500}


async def test_favourites_change_nothing_that_is_booked(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    await town.book("cem")
    await town.favour("ana", "cem")
    await town.favour("cem", "ana")
    assert (await town.ledger.booking("b1")).pair == pair


# Friends


async def test_a_friendship_is_asked_for_and_accepted(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    assert (await relation(town, "ana", "ben")).friendship is Friendship.ASKED
    assert (await relation(town, "ben", "ana")).friendship is Friendship.ASKING
    await town.accept_friend("ben", "ana")
    for one, other in (("ana", "ben"), ("ben", "ana")):
        assert (await relation(town, one, other)).friendship is Friendship.FRIENDS
        assert await town.people.friends(one, other)
    asked, made = [
        event for event in await town.news() if isinstance(event, FriendAsked | FriendMade)
    ]
    assert (asked.member, asked.by, made.member, made.by) == ("ben", "ana", "ben", "ana")


async def test_asking_who_asks_is_accepting(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    await town.ask_friend("ben", "ana")
    assert await town.people.friends("ana", "ben")


async def test_what_nobody_asked_cannot_be_accepted(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    with pytest.raises(errors.NotFound):
        await town.accept_friend("ana", "ben")


@pytest.mark.parametrize("who", ["ana", "ben"])
async def test_either_may_end_withdraw_or_decline(town: Town, who: str) -> None:
    other = "ben" if who == "ana" else "ana"
    await town.ask_friend("ana", "ben")
    await town.end_friendship(who, other)
    assert await town.people.people_of("ana") == await town.people.people_of("ben") == []
    await town.befriend("ben", "ana")
    await town.end_friendship(who, other)
    assert not await town.people.friends("ana", "ben")
    assert not await town.people.friends("ben", "ana")


async def test_who_was_declined_does_not_ask_again_for_a_week(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    await town.end_friendship("ben", "ana")
    now = await town.ledger.now_ms()
    with pytest.raises(errors.Conflict) as refusal:
        await town.ask_friend("ana", "ben")
    assert abs(refusal.value.data["until_ms"] - now - 7 * DAY_MS) < MINUTE_MS
    assert (await relation(town, "ben", "ana")).friendship is Friendship.NONE
    await town.go_to(refusal.value.data["until_ms"])
    await town.ask_friend("ana", "ben")
    assert (await relation(town, "ben", "ana")).friendship is Friendship.ASKING


async def test_who_declined_may_ask_themselves(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    await town.end_friendship("ben", "ana")
    await town.befriend("ben", "ana")
    assert await town.people.friends("ana", "ben")


async def test_who_takes_their_own_asking_back_may_ask_again(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    await town.end_friendship("ana", "ben")
    await town.ask_friend("ana", "ben")
    assert (await relation(town, "ben", "ana")).friendship is Friendship.ASKING


@pytest.mark.parametrize("act", ["favour", "ask_friend", "snooze", "block"])
async def test_nobody_is_anything_to_themselves(town: Town, act: str) -> None:
    with pytest.raises(errors.BadField):
        await getattr(town, act)("ana", "ana")


# Snooze


async def test_a_snooze_holds_in_both_directions_and_only_its_owner_sees_it(town: Town) -> None:
    await town.snooze("ana", "ben")
    await town.book("ana")
    assert (await town.book("ben")).state is State.WAITING
    assert (await relation(town, "ana", "ben")).snoozed_until_ms == 0
    assert (await relation(town, "ben", "ana")).snoozed_until_ms is None
    assert heard_by(await town.news()) == ["ana"]
    await whole(town)


@pytest.mark.parametrize("locked", [False, True])
async def test_a_snooze_parts_a_coming_pair(town: Town, locked: bool) -> None:
    if locked:
        await town.locked_pair("ana", "ben")
    else:
        await town.pair_of("ben", "ana")
    await town.news()
    await town.snooze("ana", "ben")
    for id in ("b1", "b2"):
        left = await town.ledger.booking(id)
        free = locked and left.member == "ben"
        assert (left.state, left.locked, left.free_to_cancel) == (State.WAITING, False, free)
    lost = [event for event in await town.news() if isinstance(event, Unmatched)]
    assert {event.why for event in lost} == {"parted"}
    await whole(town)


async def test_a_snooze_keeps_favourite_and_friendship(town: Town) -> None:
    await town.favour("ana", "ben")
    await town.befriend("ana", "ben")
    await town.snooze("ana", "ben")
    await town.unsnooze("ana", "ben")
    found = await relation(town, "ana", "ben")
    assert (found.favourite, found.friendship) == (True, Friendship.FRIENDS)


async def test_a_snooze_with_an_end_lets_the_two_meet_from_then_on(town: Town) -> None:
    until_ms = town.noon - 60 * MINUTE_MS
    await town.snooze("ana", "ben", until_ms)
    await town.book("ana")
    await town.book("ben")
    assert (await relation(town, "ana", "ben")).snoozed_until_ms == until_ms
    await until_unsnoozed(town, until_ms)
    assert (await town.ledger.booking("b1")).partner == "ben"
    assert (await relation(town, "ana", "ben")).snoozed_until_ms is None
    await whole(town)


async def test_a_snooze_made_anew_ends_when_the_last_one_says(town: Town) -> None:
    until_ms = town.noon - 60 * MINUTE_MS
    await town.snooze("ana", "ben", until_ms)
    await town.snooze("ana", "ben")
    await until_unsnoozed(town, until_ms)
    assert (await relation(town, "ana", "ben")).snoozed_until_ms == 0


async def test_a_snooze_cannot_end_before_it_begins(town: Town) -> None:
    now = await town.ledger.now_ms()
    for until_ms in (-1, now):
        with pytest.raises(errors.BadField):
            await town.snooze("ana", "ben", until_ms)


async def test_lifting_a_snooze_that_is_not_there_changes_nothing(town: Town) -> None:
    await town.unsnooze("ana", "ben")
    assert await town.news() == []


# What keeps two apart is worked out from four truths


KEEPING_AWAY = ["ana blocks", "ana snoozes", "ben blocks", "ben snoozes"]


async def keep_away(town: Town, how: str, *, lift: bool) -> None:
    who, verb = how.split()
    other = "ben" if who == "ana" else "ana"
    act = {
        ("blocks", False): town.block,
        ("blocks", True): town.unblock,
        ("snoozes", False): town.snooze,
        ("snoozes", True): town.unsnooze,
    }[verb, lift]
    await act(who, other)


@pytest.mark.parametrize("lifted", KEEPING_AWAY)
@pytest.mark.parametrize("stays", KEEPING_AWAY)
async def test_lifting_one_reason_leaves_the_others(town: Town, lifted: str, stays: str) -> None:
    await keep_away(town, lifted, lift=False)
    if stays != lifted:
        await keep_away(town, stays, lift=False)
    await town.book("ana")
    ben = await town.book("ben")
    await keep_away(town, lifted, lift=True)
    met = await town.state_of(ben) == "matched"
    assert met == (stays == lifted)
    await whole(town)


# Blocks


async def test_a_block_ends_friendship_and_the_own_favour_for_good(town: Town) -> None:
    await town.favour("ana", "ben")
    await town.befriend("ana", "ben")
    await town.block("ana", "ben")
    await town.unblock("ana", "ben")
    assert await town.people.people_of("ana") == await town.people.people_of("ben") == []


async def test_a_block_takes_back_what_one_asked(town: Town) -> None:
    await town.ask_friend("ana", "ben")
    await town.block("ana", "ben")
    await town.unblock("ana", "ben")
    assert (await relation(town, "ben", "ana")).friendship is Friendship.NONE


async def test_who_is_blocked_is_told_nothing_and_keeps_what_they_had(town: Town) -> None:
    await town.session("ana", "ben")
    await town.favour("ben", "ana")
    await town.ask_friend("ben", "ana")
    before = await relation(town, "ben", "ana")
    await town.news()
    await town.block("ana", "ben")
    assert heard_by(await town.news()) == ["ana"]
    assert await relation(town, "ben", "ana") == before
    assert await town.people.people_of("ben") == [before]
    assert (await relation(town, "ana", "ben")).friendship is Friendship.NONE
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    assert await town.free("ben") == await town.free("ben", "ana") == []


async def test_whom_one_blocks_one_cannot_favour_or_befriend(town: Town) -> None:
    await town.block("ana", "ben")
    for act in (town.favour, town.ask_friend):
        with pytest.raises(errors.Conflict):
            await act("ana", "ben")


async def test_who_is_blocked_notices_nothing_when_favouring_or_asking(town: Town) -> None:
    """And the one who blocks hears nothing of it."""
    await town.block("ana", "ben")
    await town.news()
    await town.favour("ben", "ana")
    await town.ask_friend("ben", "ana")
    assert heard_by(await town.news()) == ["ben", "ben"]
    assert (await relation(town, "ana", "ben")).friendship is Friendship.NONE
    with pytest.raises(errors.NotFound):
        await town.accept_friend("ana", "ben")


async def test_an_ask_made_while_kept_apart_shows_when_nothing_keeps_apart(town: Town) -> None:
    await town.snooze("ana", "ben")
    await town.ask_friend("ben", "ana")
    assert (await relation(town, "ana", "ben")).friendship is Friendship.NONE
    await town.unsnooze("ana", "ben")
    assert (await relation(town, "ana", "ben")).friendship is Friendship.ASKING


async def test_who_blocks_sees_it_and_who_is_blocked_does_not(town: Town) -> None:
    await town.session("ana", "ben")
    await town.block("ana", "ben")
    [mine] = await town.people.people_of("ana")
    assert (mine.member, mine.blocked, mine.sessions) == ("ben", True, 1)
    theirs = await relation(town, "ben", "ana")
    assert (theirs.blocked, theirs.sessions) == (False, 1)
    assert await relation(town, "ben", "nobody") == Relation(member="nobody")


# Whom one met


async def test_people_are_those_one_met_too_with_how_often_and_when(town: Town) -> None:
    await town.session("ana", "ben")
    pair = await town.ledger.pair(await town.session("ana", "ben"))
    [met] = await town.people.people_of("ana")
    assert (met.member, met.sessions, met.last_ms) == ("ben", 2, pair.start_ms)


async def test_a_session_that_one_did_not_come_to_is_no_meeting(town: Town) -> None:
    await town.session("ana", "ben", joined=False)
    assert await town.people.people_of("ana") == []


# Free times


async def test_free_times_are_the_open_bookings_of_favourites_and_friends(town: Town) -> None:
    await town.favour("ana", "ben")
    await town.favour("ben", "ana")
    await town.befriend("ana", "cem")
    await town.open_to(Lockable.EVERYONE, "dov")
    hour = 60 * MINUTE_MS
    for number, member in enumerate(("ben", "cem", "dov")):
        await town.book(member, town.noon + number * hour)
    assert await town.free("ana") == [("ben", town.noon), ("cem", town.noon + hour)]
    assert await town.free("ana", "dov", "ben") == [
        ("ben", town.noon),
        ("dov", town.noon + 2 * hour),
    ]


async def test_free_times_are_within_the_span_asked_for(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    for day in range(3):
        await town.book("ben", town.noon + day * DAY_MS)
    times = await town.people.free_times("ana", ["ben"], town.noon + DAY_MS, town.noon + 2 * DAY_MS)
    assert times == [FreeTime(member="ben", start_ms=town.noon + DAY_MS, length_min=25)]


async def test_free_times_go_on_past_one_calls_worth(town: Town) -> None:
    everybody = [f"m{n}" for n in range(70)]
    await town.open_to(Lockable.EVERYONE, *everybody)
    for member in everybody:
        for number in range(4):
            await town.book(member, town.noon + number * 2 * DEFAULT.grid_ms)
    found = await town.free("ana", *everybody)
    assert len(found) == len(set(found)) == 280
    assert found == sorted(found, key=lambda time: (time[1], time[0]))


async def test_free_times_show_only_what_lock_in_would_accept(town: Town) -> None:
    """Setting, hard rules, locks, holds, the cut-off, the own calendar aside."""
    names = ["ben", "cem", "dov", "eva", "fay", "gil", "hal", "ida", "jon", "kay"]
    for name in names:
        await town.profile(name, lockable=Lockable.EVERYONE)
        await town.book(name)
    # By now some are pairs of chance: all of these can be had still.
    assert [who for who, _ in await town.free("ana", *names)] == names
    await town.profile("ben", lockable=Lockable.NOBODY)
    await town.profile("cem", lockable=Lockable.FAVOURITES)
    await town.block("dov", "ana")
    await town.snooze("ana", "eva")
    await town.profile("fay", lockable=Lockable.EVERYONE, only_gender=Gender.MAN)
    await town.suspend("gil")
    await town.lock("zoe", "hal")
    await town.ledger.hold((await town.invite("ida")).id, "key", town.noon, 25)
    assert await town.free("ana", *names) == [("jon", town.noon), ("kay", town.noon)]
    for who, _ in await town.free("ana", *names):
        assert who in ("jon", "kay")
    for name in set(names) - {"jon", "kay"}:
        with pytest.raises((errors.NotAvailable, errors.Taken)):
            await town.lock("ana", name)
    await town.go_to(town.noon - DEFAULT.lock_until_ms + 1)
    matched = {who for who, _ in await town.free("ana", "jon", "kay")}
    states = {
        who: (await town.ledger.bookings_of(who, town.noon, town.noon + 1))[0].state
        for who in ("jon", "kay")
    }
    assert matched == {who for who, state in states.items() if state is State.WAITING}


async def test_neither_quiet_nor_a_task_hides_a_free_time(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben", task=Task.DESK, quiet=True)
    assert await town.free("ana", "ben") == [("ben", town.noon)]


async def test_a_partner_by_chance_can_be_locked_in_to_the_end(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.pair_of("ana", "ben")
    await town.go_to(town.noon - MINUTE_MS)
    assert await town.free("ana", "ben") == [("ben", town.noon)]
    assert await town.free("cem", "ben") == []

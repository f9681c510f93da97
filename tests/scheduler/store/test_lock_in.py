"""Locking in: who may, what it takes from whom, and what is refused."""

from __future__ import annotations

import msgspec
import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Gender, Lockable, State, Task
from scheduler.events import Cancelled, Locked, Matched, Unmatched
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS, of
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

CUT_OFF = DEFAULT.lock_until_ms


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


# What it makes


async def test_two_locked_in_are_a_pair_that_says_so(town: Town) -> None:
    await town.favour("ben", "ana")
    theirs = await town.book("ben")
    await town.news()
    mine = await town.lock("ana", "ben", title="Chapter three", task=Task.DESK)
    assert (mine.state, mine.partner, mine.locked) == (State.MATCHED, "ben", True)
    assert (mine.title, mine.task) == ("Chapter three", Task.DESK)
    assert (await town.ledger.booking(theirs.id)).locked
    assert (await town.ledger.pair(mine.pair or "")).locked
    [matched, _] = await town.news()
    assert isinstance(matched, Matched)
    assert (matched.members, matched.locked, matched.by) == (("ben", "ana"), True, "ana")
    assert matched.former == (None, None)
    await whole(town)


async def test_chance_gives_way_and_who_is_displaced_waits_with_the_time_they_came(
    town: Town,
) -> None:
    await town.favour("ben", "ana")
    dov = await town.book("dov")
    await town.book("ben")
    await town.news()
    await town.lock("ana", "ben")
    waiting = await town.ledger.booking(dov.id)
    assert (waiting.state, waiting.created_ms) == (State.WAITING, dov.created_ms)
    news = await town.news()
    lost = {event.member: event for event in news if isinstance(event, Unmatched)}
    assert {who: (event.why, event.rematched) for who, event in lost.items()} == {
        "ben": ("locked_in", True),
        "dov": ("locked_in", False),
    }
    [matched] = [event for event in news if isinstance(event, Matched)]
    assert matched.former == ("dov", None)
    await whole(town)


async def test_who_is_displaced_is_matched_anew_in_the_same_call(town: Town) -> None:
    await town.favour("ben", "ana")
    dov = await town.book("dov", task=Task.DESK)
    await town.book("ben")
    eva = await town.book("eva", task=Task.DESK)
    fay = await town.book("fay", task=Task.MOVING)
    assert eva.state is fay.state is State.WAITING
    await town.lock("ana", "ben")
    assert (await town.ledger.booking(dov.id)).partner == "eva"
    await whole(town)


async def test_both_whom_it_displaces_are_placed_and_may_meet_each_other(town: Town) -> None:
    await town.favour("ben", "ana")
    await town.pair_of("ben", "dov")
    await town.pair_of("ana", "eva")
    mine = await town.lock("ana", "ben")
    partners = [(await town.ledger.booking(id)).partner for id in ("b1", "b2", "b3", "b4")]
    assert (mine.id, partners) == ("b3", ["ana", "eva", "ben", "dov"])
    await whole(town)


async def test_an_own_booking_of_the_slot_is_used_with_its_own_settings(town: Town) -> None:
    await town.favour("ben", "ana")
    await town.book("ben", task=Task.DESK)
    mine = await town.book("ana", task=Task.MOVING, title="Laundry")
    with pytest.raises(errors.NotAvailable):
        await town.lock("ana", "ben", task=Task.DESK)
    await town.edit("ana", mine, task=Task.ANYTHING)
    assert (await town.ledger.booking(mine.id)).partner == "ben"
    locked = await town.lock("ana", "ben", title="Another")
    assert (locked.id, locked.title, locked.locked) == (mine.id, "Laundry", True)


async def test_two_whom_chance_had_paired_become_locked_and_nobody_else_hears(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    await town.favour("ben", "ana")
    await town.news()
    mine = await town.lock("ana", "ben")
    assert (mine.pair, mine.locked) == (pair, True)
    [told] = await town.news()
    assert isinstance(told, Locked)
    assert (told.pair, told.by, set(told.members)) == (pair, "ana", {"ana", "ben"})
    assert (await town.ledger.booking("b2")).locked
    await whole(town)


@pytest.mark.parametrize("before", ["nothing", "in line", "by chance"])
async def test_a_version_tells_whether_the_lock_in_made_the_booking(
    town: Town, before: str
) -> None:
    """By it a page knows whether to cancel would undo it, or take what was there before."""
    await town.favour("ben", "ana")
    await town.pair_of("ben", "ana" if before == "by chance" else "dov")
    if before == "in line":
        await town.book("ana")
    mine = await town.lock("ana", "ben")
    assert (mine.version == 1) == (before == "nothing")


async def test_both_asking_for_each_other_find_it_done(town: Town) -> None:
    await town.favour("ana", "ben")
    mine, theirs = await town.locked_pair("ana", "ben")
    await town.news()
    assert await town.lock("ben", "ana") == theirs
    assert await town.news() == []
    assert mine.partner_booking == theirs.id


async def test_asked_twice_it_is_done_once(town: Town) -> None:
    await town.favour("ben", "ana")
    await town.book("ben")
    answers = [await town.ledger.lock_in("same", "ana", "ben", town.wish()) for _ in range(2)]
    assert answers[0] == answers[1]
    with pytest.raises(errors.OtherRequest):
        await town.ledger.lock_in("same", "ana", "dov", town.wish())


async def test_names_of_chance_may_be_hidden_those_of_a_lock_in_never_are(
    redis_client: Redis,
) -> None:
    town = await Town(redis_client, rules=of(reveal="t2")).open()
    await town.favour("ben", "ana")
    await town.book("ana")
    assert (await town.book("ben")).partner is None
    assert (await town.lock("ana", "ben")).partner == "ben"


async def test_a_match_that_made_a_session_shorter_gives_the_length_back(
    redis_client: Redis,
) -> None:
    """Ben waits for 50 minutes and meets Dov for 25 by chance; Ana locks in for those 25."""
    rules = msgspec.structs.replace(DEFAULT, cross_lengths=True)
    town = await Town(redis_client, rules=rules).open()
    await town.favour("ben", "ana")
    ben = await town.book("ben", length_min=50, also_shorter=True)
    dov = await town.book("dov", length_min=25)
    assert dov.partner == "ben"
    mine = await town.lock("ana", "ben", length_min=25)
    locked = await town.ledger.booking(ben.id)
    assert (locked.length_min, locked.wished_min, locked.locked) == (25, 50, True)
    await town.cancel("ana", mine)
    assert (await town.ledger.booking(ben.id)).partner == "dov"
    await town.cancel("dov", dov)
    assert (await town.ledger.booking(ben.id)).length_min == 50
    await whole(town)


# Who may


@pytest.mark.parametrize("lockable", list(Lockable))
@pytest.mark.parametrize("tie", ["none", "favourite", "friend"])
async def test_the_setting_decides_who_may(town: Town, lockable: Lockable, tie: str) -> None:
    await town.open_to(lockable, "ben")
    if tie == "favourite":
        await town.favour("ben", "ana")
    if tie == "friend":
        await town.befriend("ana", "ben")
    await town.book("ben")
    close = tie != "none"
    allowed = lockable is Lockable.EVERYONE or (lockable is Lockable.FAVOURITES and close)
    if allowed:
        assert (await town.lock("ana", "ben")).locked
    else:
        with pytest.raises(errors.NotAvailable):
            await town.lock("ana", "ben")


async def test_favouring_somebody_opens_nothing(town: Town) -> None:
    await town.favour("ana", "ben")
    await town.book("ben")
    with pytest.raises(errors.NotAvailable):
        await town.lock("ana", "ben")


async def test_locks_outlive_a_change_to_nobody(town: Town) -> None:
    mine, _ = await town.locked_pair("ana", "ben")
    await town.open_to(Lockable.NOBODY, "ben")
    assert (await town.ledger.booking(mine.id)).locked


async def test_whatever_is_against_it_is_answered_alike(town: Town) -> None:
    """Unknown, without a booking, blocked, blocking, snoozed, other gender, quiet, task, paused."""
    others = ["ben", "cem", "dov", "eva", "fay", "gil", "hal", "ida"]
    await town.open_to(Lockable.EVERYONE, *others)
    for minutes, other in enumerate(others):
        await town.book(other, town.noon + minutes * DEFAULT.grid_ms)
    await town.block("ana", "ben")
    await town.block("cem", "ana")
    await town.snooze("ana", "dov")
    await town.snooze("eva", "ana")
    await town.profile("fay", lockable=Lockable.EVERYONE, only_gender=Gender.MAN)
    await town.profile("gil", lockable=Lockable.EVERYONE, accepts_quiet=False)
    await town.edit("hal", await town.ledger.booking("b7"), task=Task.DESK)
    await town.suspend("ida")
    said = set()
    for minutes, other in enumerate([*others, "nobody"]):
        at = town.noon + minutes * DEFAULT.grid_ms
        with pytest.raises(errors.NotAvailable) as refusal:
            await town.lock("ana", other, at, quiet=True, task=Task.MOVING)
        said.add((refusal.value.code, refusal.value.field, str(refusal.value.data)))
    assert len(said) == 1


@pytest.mark.parametrize("state", ["locked", "held", "firm"])
async def test_who_keeps_away_learns_nothing_of_how_the_slot_stands(town: Town, state: str) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    ben = await town.book("ben")
    if state == "locked":
        await town.lock("dov", "ben")
    if state == "held":
        invite = await town.invite("ben")
        await town.ledger.hold(invite.id, "key", town.noon, 25)
    if state == "firm":
        await town.book("dov")
        await town.go_to(town.noon - CUT_OFF + 1)
    open_answer = errors.TooLate if state == "firm" else errors.Taken
    with pytest.raises(open_answer):
        await town.lock("ana", "ben")
    await town.block("ben", "eva")
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ben")
    assert (await town.ledger.booking(ben.id)).partner in ("dov", None)


async def test_nobody_locks_in_with_themselves(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    with pytest.raises(errors.NotAvailable):
        await town.lock("ana", "ana")


async def test_who_is_paused_locks_in_with_nobody(town: Town) -> None:
    await town.favour("ben", "ana")
    await town.book("ben")
    until_ms = town.noon + DAY_MS
    await town.suspend("ana", until_ms)
    with pytest.raises(errors.Suspended) as refusal:
        await town.lock("ana", "ben")
    assert refusal.value.data == {"until_ms": until_ms}


# When


async def test_a_match_can_be_broken_up_to_the_cut_off_and_not_after(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.pair_of("ben", "dov")
    await town.go_to(town.noon - CUT_OFF + 1)
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben")
    later = town.noon + 2 * 60 * MINUTE_MS
    await town.pair_of("ben", "dov", later)
    await town.go_to(later - CUT_OFF - 1_000)
    assert (await town.lock("ana", "ben", later)).locked


async def test_an_own_match_is_not_broken_after_the_cut_off_either(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben", task=Task.DESK)
    await town.block("ana", "ben")
    await town.pair_of("ana", "eva")
    await town.unblock("ana", "ben")
    await town.go_to(town.noon - CUT_OFF + 1)
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben")


async def test_who_waits_can_be_locked_in_until_the_start(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben")
    await town.go_to(town.noon - 1_000)
    assert (await town.lock("ana", "ben")).locked


async def test_from_the_start_on_it_is_too_late(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben")
    await town.go_to(town.noon)
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben")


@pytest.mark.parametrize("early", ["ben", "dov"])
async def test_who_is_in_the_room_keeps_the_partner(town: Town, early: str) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    pair = await town.pair_of("ben", "dov")
    await town.see(pair, early)
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben")


async def test_an_own_match_with_somebody_in_the_room_is_kept(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.block("ana", "ben")
    await town.book("ben", task=Task.DESK)
    await town.book("ana")
    pair = (await town.book("eva", task=Task.MOVING)).pair or ""
    await town.unblock("ana", "ben")
    await town.see(pair, "eva")
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben")


async def test_a_lock_is_never_taken_by_another(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana", "ben")
    await town.book("ben")
    await town.lock("ana", "ben")
    for other in ("ana", "ben"):
        with pytest.raises(errors.Taken):
            await town.lock("eva", other)


@pytest.mark.parametrize(
    ("error", "start", "length"),
    [
        (errors.OffGrid, 60_000, 25),
        (errors.BadLength, 0, 26),
        (errors.BeyondHorizon, DEFAULT.horizon_ms, 25),
    ],
)
async def test_what_cannot_be_booked_cannot_be_locked_in(
    town: Town, error: type[errors.BadRequest], start: int, length: int
) -> None:
    with pytest.raises(error):
        await town.lock("ana", "ben", town.noon + start, length_min=length)


async def test_a_title_too_long_is_refused(town: Town) -> None:
    with pytest.raises(errors.BadField):
        await town.lock("ana", "ben", title="x" * 101)


# Own bookings in the way


async def test_an_own_session_in_the_way_is_named(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben")
    mine = await town.book("ana", town.noon - DEFAULT.grid_ms)
    with pytest.raises(errors.Overlap) as refusal:
        await town.lock("ana", "ben")
    assert refusal.value.data["booking"] == mine.id
    assert await town.state_of(mine) == "waiting"


async def test_own_sessions_in_the_way_are_replaced_in_the_same_call(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    before = town.noon - DEFAULT.grid_ms
    await town.pair_of("ana", "dov", before)
    eva = await town.book("eva", before, task=Task.DESK)
    await town.book("ben", length_min=50)
    later = await town.book("ana", town.noon + DEFAULT.grid_ms)
    await town.news()
    locked = await town.lock("ana", "ben", length_min=50, replace=["b1", later.id])
    assert locked.locked
    assert [await town.state_of(each) for each in (eva, later)] == ["matched", "cancelled"]
    assert (await town.ledger.booking(eva.id)).partner == "dov"
    gone = [event for event in await town.news() if isinstance(event, Cancelled)]
    assert [(event.booking, event.by_system) for event in gone] == [
        ("b1", False),
        (later.id, False),
    ]
    await whole(town)


async def test_a_lock_in_may_replace_an_own_lock_of_the_same_slot(town: Town) -> None:
    mine, theirs = await town.locked_pair("ana", "dov")
    await town.open_to(Lockable.EVERYONE, "ben")
    await town.book("ben")
    with pytest.raises(errors.Overlap):
        await town.lock("ana", "ben")
    locked = await town.lock("ana", "ben", replace=[mine.id])
    assert (locked.partner, await town.state_of(mine)) == ("ben", "cancelled")
    left = await town.ledger.booking(theirs.id)
    assert (left.state, left.free_to_cancel) == (State.WAITING, True)
    await whole(town)


async def test_what_is_replaced_is_checked_before_anything_is_done(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ben")
    theirs = await town.book("ben")
    mine = await town.book("ana", town.noon - DEFAULT.grid_ms)
    elsewhere = await town.book("ana", town.noon + DAY_MS)
    gone = await town.cancel("ana", await town.book("ana", town.noon + 2 * DAY_MS))
    for wrong, error in (
        (theirs.id, errors.NotFound),
        ("b99", errors.NotFound),
        (gone.id, errors.AlreadyOver),
        (elsewhere.id, errors.BadField),
    ):
        with pytest.raises(error):
            await town.lock("ana", "ben", replace=[mine.id, wrong])
    assert await town.state_of(mine) == "waiting"
    await town.go_to(mine.start_ms)
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben", replace=[mine.id])


async def test_nothing_is_replaced_when_the_other_is_not_available(town: Town) -> None:
    mine = await town.book("ana", town.noon - DEFAULT.grid_ms)
    await town.book("ben")
    with pytest.raises(errors.NotAvailable):
        await town.lock("ana", "ben", replace=[mine.id])
    assert await town.state_of(mine) == "waiting"


# When one of the two goes


async def test_who_stays_is_back_in_line_as_a_regular_booking(town: Town) -> None:
    mine, theirs = await town.locked_pair("ana", "ben")
    await town.news()
    await town.cancel("ben", theirs)
    left = await town.ledger.booking(mine.id)
    assert (left.state, left.locked, left.free_to_cancel) == (State.WAITING, False, True)
    [lost] = [event for event in await town.news() if isinstance(event, Unmatched)]
    assert (lost.member, lost.was_locked, lost.why) == ("ana", True, "cancelled")
    assert (await town.book("dov")).partner == "ana"
    await whole(town)


@pytest.mark.parametrize("found", [False, True])
async def test_who_stayed_may_go_until_somebody_new_is_found(town: Town, found: bool) -> None:
    mine, theirs = await town.locked_pair("ana", "ben")
    await town.cancel("ben", theirs)
    if found:
        await town.book("dov")
    await town.news()
    await town.cancel("ana", mine)
    [gone] = [event for event in await town.news() if isinstance(event, Cancelled)]
    assert (gone.partner, gone.free) == (("dov", False) if found else (None, True))


async def test_locked_in_anew_one_is_bound_anew(town: Town) -> None:
    mine, theirs = await town.locked_pair("ana", "ben")
    await town.cancel("ben", theirs)
    await town.locked_pair("ana", "dov")
    assert not (await town.ledger.booking(mine.id)).free_to_cancel


async def test_a_gender_preference_of_later_ends_a_lock_and_frees_the_other(town: Town) -> None:
    mine, theirs = await town.locked_pair("ana", "ben")
    await town.profile("ana", only_gender=Gender.WOMAN)
    for booking, free in ((mine, False), (theirs, True)):
        left = await town.ledger.booking(booking.id)
        assert (left.state, left.free_to_cancel) == (State.WAITING, free)
    await whole(town)

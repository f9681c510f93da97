"""Scenarios of lock-ins, cancellations, invites and changed filters, point by point.

Ana is Ben's favourite and Ben lets favourites lock in; he has a match of chance with Dov. The numbers are
those of the scenarios that docs/ledger.md names.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec
import pytest

from scheduler import errors
from scheduler.bookings import Booking, Gender, Lockable, State, Task
from scheduler.events import AnyEvent, Cancelled, Locked, Matched, Unmatched
from scheduler.judge import judge_cancel
from scheduler.people import Invite, InviteKind
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS, SECOND_MS
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

HOUR_MS = 60 * MINUTE_MS
RACES = 12

E = TypeVar("E")


@pytest.fixture
async def tuesday(town: Town) -> Town:
    """Ben and Dov are paired at noon; Ana and Ben are each other's favourites."""
    await town.favour("ben", "ana")
    await town.favour("ana", "ben")
    await town.book("ben")
    await town.book("dov")
    await town.news()
    return town


@pytest.fixture
async def doors(store_url: str, town: Town) -> AsyncIterator[list[Ledger]]:
    """Ledgers of two processes: each with connections of its own."""
    clients = [connect(store_url) for _ in range(2)]
    yield [Ledger(client) for client in clients]
    for client in clients:
        await client.aclose()


async def at_once(*calls: Any) -> list[Any]:
    return await asyncio.gather(*calls, return_exceptions=True)


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def partner(town: Town, booking: str) -> str | None:
    return (await town.ledger.booking(booking)).partner


def only(news: list[AnyEvent], kind: type[E]) -> list[E]:
    return [event for event in news if isinstance(event, kind)]


# D2: filters that change


async def test_D2_a_changed_gender_filter_dissolves_and_both_are_rematched(town: Town) -> None:
    await town.profile("chi", gender=Gender.WOMAN)
    await town.pair_of("ana", "ben")
    await town.pair_of("chi", "dov")
    await town.block("chi", "dov")  # Chi and Dov wait, so that each of the two finds somebody
    await town.news()
    await town.profile("ana", only_gender=Gender.WOMAN)
    assert (await partner(town, "b1"), await partner(town, "b2")) == ("chi", "dov")
    news = await town.news()
    assert {event.why for event in only(news, Unmatched)} == {"parted"}
    assert only(news, Cancelled) == []  # nobody is penalised
    await whole(town)


async def test_D2_a_block_dissolves_and_both_are_rematched(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.pair_of("chi", "dov")
    await town.block("chi", "dov")
    await town.news()
    await town.block("ana", "ben")
    assert {await partner(town, "b1"), await partner(town, "b2")} == {"chi", "dov"}
    assert only(await town.news(), Cancelled) == []


@pytest.mark.parametrize(
    "soft", [{"accepts_quiet": False}, {"lockable": Lockable.NOBODY}, {"gender": Gender.WOMAN}]
)
async def test_D2_what_forbids_nobody_leaves_the_pair(town: Town, soft: dict[str, Any]) -> None:
    await town.pair_of("ana", "ben")
    await town.edit("ben", await town.ledger.booking("b2"), quiet=True)
    await town.profile("ana", **soft)
    assert await partner(town, "b1") == "ben"


async def test_D2_a_booking_changed_so_that_the_match_is_forbidden_asks_first(town: Town) -> None:
    await town.pair_of("ana", "ben")
    mine = await town.edit("ana", await town.ledger.booking("b1"), task=Task.DESK)
    theirs = await town.ledger.booking("b2")
    with pytest.raises(errors.NeedsRematch):
        await town.edit("ben", theirs, task=Task.MOVING)
    assert await partner(town, mine.id) == "ben"
    await town.edit("ben", theirs, task=Task.MOVING, rematch=True)
    assert (await partner(town, mine.id), await partner(town, theirs.id)) == (None, None)


# D3: a lock-in goes before a match of chance


async def test_D3_1_ana_sees_ben_locks_in_and_all_three_hear_of_it(tuesday: Town) -> None:
    town = tuesday
    before = {id: (await town.ledger.booking(id)).version for id in ("b1", "b2")}
    assert await town.free("ana") == [("ben", town.noon)]
    mine = await town.lock("ana", "ben")
    assert (mine.partner, mine.locked, await town.state_of("b2")) == ("ben", True, "waiting")
    news = await town.news()
    [matched] = only(news, Matched)
    assert set(matched.members) == {"ana", "ben"}
    assert {event.member for event in only(news, Unmatched)} == {"ben", "dov"}
    for id, version in before.items():
        assert (await town.ledger.booking(id)).version > version
    await whole(town)


async def test_D3_2_dov_is_first_in_line_again_and_has_no_flag(tuesday: Town) -> None:
    town = tuesday
    dov = await town.edit("dov", await town.ledger.booking("b2"), task=Task.DESK)
    await town.book("fay", task=Task.MOVING)
    await town.lock("ana", "ben")
    assert (await town.ledger.booking(dov.id)).created_ms == dov.created_ms
    assert (await town.book("eva")).partner == "dov"
    assert only(await town.news(), Cancelled) == []
    assert await town.ledger.flags_of("dov") == []


async def test_D3_2_dov_is_rematched_in_the_same_call_if_somebody_waits(tuesday: Town) -> None:
    town = tuesday
    await town.book("chi")
    await town.news()
    await town.lock("ana", "ben")
    assert await partner(town, "b2") == "chi"
    [dov] = [event for event in only(await town.news(), Unmatched) if event.member == "dov"]
    assert dov.rematched


async def test_D3_3_who_is_no_favourite_sees_nothing_and_is_refused(tuesday: Town) -> None:
    town = tuesday
    await town.favour("chi", "ben")
    assert await town.free("chi") == await town.free("chi", "ben") == []
    with pytest.raises(errors.NotAvailable):
        await town.lock("chi", "ben")


async def test_D3_4_of_two_in_one_second_one_gets_it_and_the_other_other_times(
    tuesday: Town, doors: list[Ledger]
) -> None:
    town = tuesday
    await town.favour("ben", "eva")
    for number in range(RACES):
        at = town.noon + (number + 1) * DAY_MS
        await town.pair_of("ben", "dov", at)
        one, other = await at_once(
            doors[0].lock_in(f"r{number}", "ana", "ben", town.wish(at)),
            doors[1].lock_in(f"r{number}", "eva", "ben", town.wish(at)),
        )
        assert {type(one), type(other)} == {Booking, errors.Taken}
        loser = "ana" if isinstance(one, errors.Taken) else "eva"
        assert await town.ledger.bookings_of(loser, at, at + 1) == []
    await whole(town)
    assert await town.free("eva", "ben") == [("ben", town.noon)]


async def test_D3_5_ben_cancels_and_ana_is_matched_anew_or_released(tuesday: Town) -> None:
    town = tuesday
    for at, released in ((town.noon, False), (town.noon + DAY_MS, True)):
        theirs = await town.book("ben", at) if released else await town.ledger.booking("b1")
        mine = await town.lock("ana", "ben", at)
        await town.cancel("ben", theirs)
        left = await town.ledger.booking(mine.id)
        assert (left.locked, left.free_to_cancel) == (False, released)
        await town.news()
        if released:
            await town.cancel("ana", left)
            [gone] = only(await town.news(), Cancelled)
            assert gone.free
            assert judge_cancel(gone, DEFAULT) is None
        else:
            assert left.partner == "dov"  # who waited since the lock-in took Ben away
    await whole(town)


async def test_D3_5_whoever_is_matched_anew_at_once_may_be_released_for_a_while(
    tuesday: Town,
) -> None:
    town = tuesday
    mine = await town.lock("ana", "ben")
    await town.go_to(town.noon - 30 * MINUTE_MS)
    await town.cancel("ben", "b1")
    assert await partner(town, mine.id) == "dov"
    left_ms = (await town.ledger.booking(mine.id)).left_ms
    await town.news()
    await town.cancel("ana", mine)
    [gone] = only(await town.news(), Cancelled)
    assert (gone.partner, gone.free, gone.left_ms) == ("dov", False, left_ms)
    assert judge_cancel(gone, DEFAULT) is None
    for after_ms, late in ((0, False), (1, True)):
        told = msgspec.structs.replace(gone, at_ms=left_ms + DEFAULT.cancel_regret_ms + after_ms)
        assert (judge_cancel(told, DEFAULT) is not None) == late
    assert (await town.ledger.booking("b2")).state is State.WAITING
    await whole(town)


@pytest.mark.parametrize(("stood_min", "released"), [(1, False), (4, False), (6, True)])
async def test_D3_5_a_lock_in_that_hardly_stood_frees_nobody_of_whom_they_had(
    town: Town, stood_min: int, released: bool
) -> None:
    """Else a friend could lock her in, go, and so let her go as well, with nobody late."""
    await town.open_to(Lockable.EVERYONE, "ana", "ben")
    mine, theirs = await town.book("ana"), await town.book("dov")
    await town.go_to(town.noon - 20 * MINUTE_MS)
    assert await partner(town, mine.id) == "dov"
    bens = await town.lock("ben", "ana")
    await town.go_to(town.noon - (20 - stood_min) * MINUTE_MS)
    await town.cancel("ben", bens)
    assert await partner(town, mine.id) == "dov"
    await town.cancel("ana", mine)
    of_ben, of_ana = only(await town.news(), Cancelled)
    # Whoever stays longer than one may regret a booking is late themselves.
    late = [judge_cancel(each, DEFAULT) is not None for each in (of_ben, of_ana)]
    assert late == [released, not released]
    assert (await town.ledger.booking(theirs.id)).state is State.WAITING
    await whole(town)


async def test_D3_5_two_locked_as_they_are_promise_anew(tuesday: Town) -> None:
    """Chance had paired them long ago: what counts is how long they were locked in."""
    town = tuesday
    await town.favour("ben", "dov")
    await town.book("eva")
    await town.go_to(town.noon - 20 * MINUTE_MS)
    await town.lock("dov", "ben")
    await town.cancel("dov", "b2")
    left = await town.ledger.booking("b1")
    assert (left.partner, left.left_ms) == ("eva", 0)


async def test_D3_5_ana_lets_somebody_new_down_like_anybody(tuesday: Town) -> None:
    town = tuesday
    mine = await town.lock("ana", "ben")
    await town.go_to(town.noon - 20 * MINUTE_MS)
    await town.cancel("ben", "b1")
    assert await partner(town, mine.id) == "dov"
    await town.go_to(town.noon - 10 * MINUTE_MS)
    await town.news()
    await town.cancel("ana", mine)
    [gone] = only(await town.news(), Cancelled)
    assert gone.partner == "dov"
    assert judge_cancel(gone, DEFAULT) is not None


async def test_D3_cut_off_ten_minutes_before_the_start(tuesday: Town) -> None:
    town = tuesday
    await town.go_to(town.noon - DEFAULT.lock_until_ms + 1)
    with pytest.raises(errors.TooLate):
        await town.lock("ana", "ben")
    assert await town.free("ana") == []
    assert await partner(town, "b1") == "dov"


@pytest.mark.parametrize("early", ["ben", "dov"])
async def test_D3_who_is_in_the_room_is_not_taken_away(tuesday: Town, early: str) -> None:
    pair = (await tuesday.ledger.booking("b1")).pair or ""
    await tuesday.see(pair, early)
    with pytest.raises(errors.TooLate):
        await tuesday.lock("ana", "ben")
    assert await tuesday.free("ana") == []


async def test_D3_a_lock_of_two_others_is_not_overridden(tuesday: Town) -> None:
    town = tuesday
    await town.favour("ben", "dov")
    await town.lock("dov", "ben")
    with pytest.raises(errors.Taken):
        await town.lock("ana", "ben")
    assert await partner(town, "b1") == "dov"


async def test_D3_available_to_no_one_keeps_locks_and_takes_no_new_ones(tuesday: Town) -> None:
    town = tuesday
    mine = await town.lock("ana", "ben")
    await town.book("ben", town.noon + DAY_MS)
    await town.open_to(Lockable.NOBODY, "ben")
    assert (await town.ledger.booking(mine.id)).locked
    assert await town.free("ana") == []
    with pytest.raises(errors.NotAvailable):
        await town.lock("ana", "ben", town.noon + DAY_MS)


async def test_D3_an_own_overlapping_booking_is_replaced_in_one_step(tuesday: Town) -> None:
    town = tuesday
    own = await town.book("ana", town.noon - DEFAULT.grid_ms)
    with pytest.raises(errors.Overlap) as refusal:
        await town.lock("ana", "ben")
    assert refusal.value.data["booking"] == own.id
    mine = await town.lock("ana", "ben", replace=[own.id])
    assert (mine.locked, await town.state_of(own)) == (True, "cancelled")
    await whole(town)


async def test_D3_two_paired_by_chance_become_locked_without_a_word_to_others(town: Town) -> None:
    await town.favour("ben", "ana")
    pair = await town.pair_of("ana", "ben")
    await town.book("dov")
    await town.news()
    assert (await town.lock("ana", "ben")).pair == pair
    news = await town.news()
    assert [type(event) for event in news] == [Locked]


async def test_D3_cancelling_races_with_locking_in(tuesday: Town, doors: list[Ledger]) -> None:
    town = tuesday
    for number in range(RACES):
        at = town.noon + (number + 1) * DAY_MS
        ben = await town.book("ben", at)
        locked, cancelled = await at_once(
            doors[number % 2].lock_in(f"r{number}", "ana", "ben", town.wish(at)),
            doors[1 - number % 2].cancel(f"r{number}", "ben", ben.id),
        )
        assert cancelled.state is State.CANCELLED
        mine = await town.ledger.bookings_of("ana", at, at + 1)
        if isinstance(locked, errors.NotAvailable):
            assert mine == []
        else:
            assert [(each.state, each.free_to_cancel) for each in mine] == [("waiting", True)]
    await whole(town)


async def test_D3_replacing_races_with_cancelling_what_is_replaced(
    tuesday: Town, doors: list[Ledger]
) -> None:
    town = tuesday
    for number in range(RACES):
        at = town.noon + (number + 1) * DAY_MS
        await town.book("ben", at)
        own = await town.book("ana", at - DEFAULT.grid_ms)
        locked, cancelled = await at_once(
            doors[number % 2].lock_in(f"r{number}", "ana", "ben", town.wish(at), replace=[own.id]),
            doors[1 - number % 2].cancel(f"r{number}", "ana", own.id),
        )
        kinds = (type(locked), type(cancelled))
        assert kinds in {(Booking, errors.AlreadyOver), (errors.AlreadyOver, Booking)}
        assert await town.state_of(own) == "cancelled"
    await whole(town)


# D8: cancelling


async def cancelled_at(town: Town, before_ms: int, *, matched: bool = True) -> Cancelled:
    """Ana cancels so long before the start; gives what was told of it."""
    await town.book("ana")
    if matched:
        await town.book("ben")
    await town.go_to(town.noon - before_ms)
    await town.news()
    await town.cancel("ana", "b1")
    [gone] = only(await town.news(), Cancelled)
    return gone


async def test_D8_1_without_a_partner_it_is_just_gone(town: Town) -> None:
    gone = await cancelled_at(town, 90 * MINUTE_MS, matched=False)
    assert (gone.pair, judge_cancel(gone, DEFAULT)) == (None, None)
    assert await town.ledger.bookings_of("ana", 0, town.noon + 1) == []


async def test_D8_2_in_time_the_partner_is_matched_anew_and_told(town: Town) -> None:
    await town.book("ana")
    await town.book("ben")
    await town.book("chi")
    await town.go_to(town.noon - 90 * MINUTE_MS)
    await town.news()
    await town.cancel("ana", "b1")
    assert await partner(town, "b2") == "chi"
    news = await town.news()
    [gone], [lost] = only(news, Cancelled), only(news, Unmatched)
    assert judge_cancel(gone, DEFAULT) is None
    assert (lost.member, lost.former, lost.why, lost.rematched) == ("ben", "ana", "cancelled", True)


async def test_D8_3_exactly_an_hour_before_is_in_time_and_a_moment_later_is_not(town: Town) -> None:
    gone = await cancelled_at(town, 90 * MINUTE_MS)
    for notice_ms, late in ((HOUR_MS, False), (HOUR_MS - 1, True)):
        told = msgspec.structs.replace(gone, at_ms=gone.start_ms - notice_ms)
        assert (judge_cancel(told, DEFAULT) is not None) == late


async def test_D8_4_twenty_minutes_before_it_is_late(town: Town) -> None:
    flag = judge_cancel(await cancelled_at(town, 20 * MINUTE_MS), DEFAULT)
    assert flag is not None
    assert flag.member == "ana"


async def test_D8_5_booked_shortly_before_it_may_be_regretted(town: Town) -> None:
    await town.go_to(town.noon - 15 * MINUTE_MS)
    gone = await cancelled_at(town, 12 * MINUTE_MS)
    assert gone.pair is not None
    assert judge_cancel(gone, DEFAULT) is None


async def test_D8_6_after_the_start_one_leaves(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.go_to(town.noon + SECOND_MS)
    with pytest.raises(errors.TooLate):
        await town.cancel("ana", "b1")


async def test_D8_both_cancel_in_one_second_and_only_the_first_can_be_late(
    town: Town, doors: list[Ledger]
) -> None:
    for number in range(RACES):
        await town.pair_of(f"a{number}", f"b{number}")
    await town.go_to(town.noon - 20 * MINUTE_MS)
    await town.news()
    for number in range(RACES):
        first, second = 2 * number + 1, 2 * number + 2
        await at_once(
            doors[number % 2].cancel("r", f"a{number}", f"b{first}"),
            doors[1 - number % 2].cancel("r", f"b{number}", f"b{second}"),
        )
        gone = only(await town.news(), Cancelled)
        assert [judge_cancel(each, DEFAULT) is not None for each in gone] == [True, False]
    await whole(town)


async def test_D8_a_lock_that_commits_first_is_ended_by_the_cancellation(tuesday: Town) -> None:
    town = tuesday
    mine = await town.lock("ana", "ben")
    await town.news()
    await town.cancel("ben", "b1")
    [gone] = only(await town.news(), Cancelled)
    assert gone.pair == mine.pair
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ben")


async def test_D8_pressed_twice_it_is_cancelled_once(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.news()
    first = await town.ledger.cancel("same", "ana", "b1")
    assert await town.ledger.cancel("same", "ana", "b1") == first
    with pytest.raises(errors.AlreadyOver):
        await town.ledger.cancel("other", "ana", "b1")
    assert len(only(await town.news(), Cancelled)) == 1


@pytest.mark.parametrize("by", ["sanction", "block"])
async def test_D8_what_sanction_or_block_ends_is_nobodys_cancellation(town: Town, by: str) -> None:
    await town.pair_of("ana", "ben")
    await town.go_to(town.noon - 20 * MINUTE_MS)
    await town.news()
    await (town.suspend("ana") if by == "sanction" else town.block("ana", "ben"))
    gone = only(await town.news(), Cancelled)
    assert [judge_cancel(each, DEFAULT) for each in gone] == [None] * len(gone)
    assert (await town.ledger.booking("b2")).state is State.WAITING
    await whole(town)  # the pool holds who waits once


# D14: an invite, used by somebody new


async def link(town: Town, **options: Any) -> Invite:
    return await town.invite("ana", token_hash="link", **options)


async def offered(town: Town, invite: Invite, viewer: str | None = None) -> list[int]:
    found = await town.invites.times(invite.id, viewer, 0, town.noon + 14 * DAY_MS)
    return [time.start_ms for time in found]


async def test_D14_1_eva_sees_the_open_times_without_an_account(town: Town) -> None:
    await town.book("ana")
    await town.book("ana", town.noon + DAY_MS)
    await link(town)
    invite = await town.invites.by_token("link")
    assert await offered(town, invite) == [town.noon, town.noon + DAY_MS]


async def test_D14_2_the_slot_is_held_and_then_locked_in_for_both(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    invite = await link(town)
    await town.ledger.hold(invite.id, "eva's", town.noon, 25)
    await town.news()
    with pytest.raises(errors.Taken):
        await town.lock("ben", "ana")
    mine = await town.lock("eva", "ana", invite=invite.id, holder_key="eva's")
    assert (mine.partner, mine.locked, (await town.ledger.booking("b1")).locked) == (
        "ana",
        True,
        True,
    )
    [matched] = only(await town.news(), Matched)
    assert matched.by == "eva"


async def test_D14_3_taken_meanwhile_other_times_are_there(town: Town) -> None:
    await town.favour("ana", "ben")
    for day in range(4):
        await town.book("ana", town.noon + day * DAY_MS)
    invite = await link(town)
    await town.lock("ben", "ana")
    with pytest.raises(errors.Taken):
        await town.lock("eva", "ana", invite=invite.id)
    assert await offered(town, invite, "eva") == [town.noon + day * DAY_MS for day in (1, 2, 3)]
    assert (await town.invites.mine("ana"))[0].uses == 0


async def test_D14_4_a_match_of_chance_is_replaced(town: Town) -> None:
    await town.pair_of("ana", "dov")
    await town.book("chi")
    invite = await link(town)
    assert (await town.lock("eva", "ana", invite=invite.id)).locked
    assert await partner(town, "b2") == "chi"
    await whole(town)


@pytest.mark.parametrize("why", ["off", "expired", "rotated", "used", "unknown"])
async def test_D14_a_link_that_is_none_any_more_says_nothing_and_opens_nothing(
    town: Town, why: str
) -> None:
    at = town.noon + 20 * DAY_MS
    await town.book("ana", at)
    kind = InviteKind.SINGLE if why == "used" else InviteKind.PERSONAL
    invite = await town.invite("ana", kind, token_hash="link")
    if why == "off":
        await town.revoke("ana", invite)
    if why == "rotated":
        await town.invite("ana", token_hash="another")
    if why == "used":
        await town.book("ana", at + DAY_MS)
        await town.lock("fay", "ana", at + DAY_MS, invite=invite.id)
    if why == "expired":
        await town.go_to(invite.expires_ms)
        at = invite.expires_ms - invite.expires_ms % DEFAULT.grid_ms + DAY_MS
        await town.book("ana", at)
    with pytest.raises(errors.NotFound):
        await town.invites.by_token("link" if why != "unknown" else "nonsense")
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ana", at, invite="i99" if why == "unknown" else invite.id)


async def test_D14_available_to_no_one_or_paused_it_shows_nothing(town: Town) -> None:
    await town.book("ana")
    invite = await link(town)
    await town.open_to(Lockable.NOBODY, "ana")
    assert await offered(town, invite) == []
    with pytest.raises(errors.NotAvailable):
        await town.lock("eva", "ana", invite=invite.id)
    always = await link_again(town)
    assert await offered(town, always) == [town.noon]
    await town.suspend("ana")
    assert await offered(town, always) == []


async def link_again(town: Town) -> Invite:
    return await town.invite("ana", always=True)


@pytest.mark.parametrize("bar", ["block", "blocked", "snooze", "snoozed", "gender", "overlap"])
async def test_D14_it_never_goes_past_anything_else(town: Town, bar: str) -> None:
    await town.book("ana")
    invite = await town.invite("ana", always=True)
    bars = {
        "block": town.block("ana", "eva"),
        "blocked": town.block("eva", "ana"),
        "snooze": town.snooze("ana", "eva"),
        "snoozed": town.snooze("eva", "ana"),
        "gender": town.profile("ana", only_gender=Gender.WOMAN),
        "overlap": town.book("eva", town.noon - DEFAULT.grid_ms),
    }
    for name, act in bars.items():
        if name == bar:
            await act
        else:
            act.close()
    refusal = errors.Overlap if bar == "overlap" else errors.NotAvailable
    with pytest.raises(refusal):
        await town.lock("eva", "ana", invite=invite.id)
    assert (await town.ledger.booking("b1")).state is State.WAITING


async def test_D14_two_links_make_two_sessions_unless_they_overlap(town: Town) -> None:
    await town.book("ana")
    await town.book("ben", town.noon + DAY_MS)
    await town.book("chi", town.noon + DEFAULT.grid_ms)
    links = {who: await town.invite(who) for who in ("ana", "ben", "chi")}
    await town.lock("eva", "ana", invite=links["ana"].id)
    await town.lock("eva", "ben", town.noon + DAY_MS, invite=links["ben"].id)
    with pytest.raises(errors.Overlap):
        await town.lock("eva", "chi", town.noon + DEFAULT.grid_ms, invite=links["chi"].id)
    assert len(await town.ledger.bookings_of("eva", 0, town.noon + 2 * DAY_MS)) == 2


async def test_D14_the_own_link_is_refused(town: Town) -> None:
    await town.book("ana")
    invite = await link(town)
    with pytest.raises(errors.NotAvailable):
        await town.lock("ana", "ana", invite=invite.id)


async def test_D14_who_never_finishes_leaves_nothing_behind(town: Town) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    booking = await town.book("ana")
    invite = await link(town)
    await town.news()
    await town.ledger.hold(invite.id, "eva's", town.noon, 25)
    await town.go_to(await town.ledger.now_ms() + DEFAULT.hold_ms)
    assert await town.news() == []  # Ana was never disturbed
    assert await offered(town, invite) == [town.noon]
    assert (await town.lock("ben", "ana")).partner_booking == booking.id


async def test_D14_a_link_for_one_use_is_used_once_however_many_press(
    town: Town, doors: list[Ledger]
) -> None:
    await town.book("ana")
    await town.book("ana", town.noon + DAY_MS)
    invite = await town.invite("ana", InviteKind.SINGLE)
    answers = await at_once(
        doors[0].lock_in("r", "eva", "ana", town.wish(), invite=invite.id),
        doors[1].lock_in("r", "fay", "ana", town.wish(town.noon + DAY_MS), invite=invite.id),
    )
    assert {type(each) for each in answers} == {Booking, errors.NotAvailable}

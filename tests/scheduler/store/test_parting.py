"""Who parts two that were matched: what it costs the one who chose it, and never the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from scheduler import errors
from scheduler.bookings import Booking, Gender, State
from scheduler.events import Cancelled
from scheduler.judge import judge_cancel
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

SOON = 30 * MINUTE_MS
"""So long before T it is late already."""


async def by_snooze(town: Town, booking: Booking) -> None:
    await town.snooze(booking.member, str(booking.partner), await town.ledger.now_ms() + SECOND_MS)


async def by_block(town: Town, booking: Booking) -> None:
    await town.block(booking.member, str(booking.partner))


async def by_profile(town: Town, booking: Booking) -> None:
    await town.profile(booking.member, only_gender=Gender.WOMAN)


async def by_edit(town: Town, booking: Booking) -> None:
    await town.edit(booking.member, booking, rematch=True, quiet=True)


Parting = Callable[[Town, Booking], Awaitable[None]]

every_way = pytest.mark.parametrize("part", [by_snooze, by_block, by_profile, by_edit])


async def two(town: Town, *, locked: bool = False) -> tuple[Booking, Booking]:
    """Ana's booking and Ben's, who goes along with no quiet session."""
    await town.profile("ben", accepts_quiet=False)
    if locked:
        return await town.locked_pair("ana", "ben")
    await town.pair_of("ana", "ben")
    return await town.ledger.booking("b1"), await town.ledger.booking("b2")


async def late_cancels(town: Town) -> list[tuple[str, str]]:
    """Member and pair of each cancellation that is flagged."""
    told = [event for event in await town.news() if isinstance(event, Cancelled)]
    flags = [flag for event in told if (flag := judge_cancel(event, DEFAULT))]
    return [(flag.member, flag.pair) for flag in flags]


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


@every_way
async def test_who_parts_late_and_cancels_then_has_cancelled_late(
    town: Town, part: Parting
) -> None:
    mine, _ = await two(town)
    await town.go_to(town.noon - SOON)
    await part(town, mine)
    assert (await town.now(mine)).state is State.WAITING
    await town.cancel("ana", mine)
    assert await late_cancels(town) == [("ana", mine.pair)]
    await whole(town)


@every_way
async def test_who_parts_and_stays_in_line_is_noted_nothing(town: Town, part: Parting) -> None:
    mine, theirs = await two(town)
    await town.go_to(town.noon - SOON)
    await part(town, mine)
    await town.go_to(town.noon + 25 * MINUTE_MS)
    await town.tick()
    assert (await town.state_of(mine), await town.state_of(theirs)) == ("done", "done")
    assert await late_cancels(town) == []


@every_way
async def test_who_parts_in_time_may_cancel_at_any_time(town: Town, part: Parting) -> None:
    mine, _ = await two(town)
    await town.go_to(town.noon - DEFAULT.late_cancel_ms - SECOND_MS)
    await part(town, mine)
    await town.go_to(town.noon - MINUTE_MS)
    await town.cancel("ana", mine)
    assert await late_cancels(town) == []


@every_way
async def test_who_was_parted_from_may_cancel(town: Town, part: Parting) -> None:
    mine, theirs = await two(town)
    await town.go_to(town.noon - SOON)
    await part(town, mine)
    await town.cancel("ben", theirs)
    assert await late_cancels(town) == []


@every_way
async def test_only_who_was_left_is_freed_of_a_lock_in(town: Town, part: Parting) -> None:
    mine, theirs = await two(town, locked=True)
    await town.go_to(town.noon - SOON)
    await part(town, mine)
    free = [(await town.now(booking)).free_to_cancel for booking in (mine, theirs)]
    assert free == [False, True]
    await town.cancel("ben", theirs)
    await town.cancel("ana", mine)
    assert await late_cancels(town) == [("ana", mine.pair)]
    await whole(town)


async def test_a_lock_in_that_takes_the_place_of_chance_is_no_parting_to_be_noted(
    town: Town,
) -> None:
    await town.pair_of("ana", "ben")
    await town.favour("cem", "ana")
    theirs = await town.book("cem")
    await town.go_to(town.noon - SOON)
    mine = await town.lock("ana", "cem")
    await town.cancel("cem", theirs)
    assert await late_cancels(town) == [("cem", mine.pair)]
    assert (await town.now(mine)).gave_up_ms == 0


# Free to cancel


async def test_being_left_frees_nobody_from_somebody_new(town: Town) -> None:
    mine, theirs = await town.locked_pair("ana", "ben")
    await town.cancel("ben", theirs)
    assert (await town.now(mine)).free_to_cancel
    await town.book("cem")
    found = await town.now(mine)
    assert (found.partner, found.free_to_cancel) == ("cem", False)
    await town.go_to(town.noon - MINUTE_MS)
    await town.cancel("ana", mine)
    assert await late_cancels(town) == [("ana", found.pair)]


async def test_snoozing_the_own_locked_partner_frees_nobody_from_a_stranger(town: Town) -> None:
    mine, _ = await town.locked_pair("ana", "ben")
    await town.go_to(town.noon - SOON)
    await town.book("cem")
    await town.snooze("ana", "ben")
    found = await town.now(mine)
    assert (found.partner, found.free_to_cancel) == ("cem", False)
    await town.cancel("ana", mine)
    assert await late_cancels(town) == [("ana", found.pair)]


# In the room


async def test_two_in_the_room_are_not_parted_by_an_edit(town: Town) -> None:
    mine, theirs = await two(town)
    await town.go_to(town.noon - 5 * MINUTE_MS)
    await town.sit(mine)
    await town.sit(theirs)
    await town.news()
    with pytest.raises(errors.TooLate):
        await town.edit("ana", mine, rematch=True, quiet=True)
    assert await town.now(mine) == mine
    assert await town.news() == []
    assert (await town.edit("ana", mine, title="Mine")).pair == mine.pair

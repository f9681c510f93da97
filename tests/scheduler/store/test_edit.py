"""Changing the settings of a booking: who is asked first, and what follows."""

from __future__ import annotations

import pytest

from scheduler import errors
from scheduler.bookings import Edit, Lockable, State, Task
from scheduler.events import BookingChanged, Cancelled, Unmatched
from scheduler.judge import judge_cancel
from scheduler.rules import DEFAULT, MINUTE_MS
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town


async def whole(town: Town) -> None:
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def test_what_is_absent_stays(town: Town) -> None:
    booking = await town.book("ana", title="Chapter three", task=Task.DESK)
    await town.news()
    edited = await town.edit("ana", booking, prefer_favourites=False, also_shorter=True)
    assert (edited.title, edited.task) == ("Chapter three", Task.DESK)
    assert (edited.prefer_favourites, edited.also_shorter) == (False, True)
    assert edited.version > booking.version
    assert await town.ledger.booking(booking.id) == edited
    [told, *_] = await town.news()
    assert isinstance(told, BookingChanged)
    assert (told.booking, told.member) == (booking.id, "ana")


async def test_an_edit_that_changes_nothing_is_told_to_nobody(town: Town) -> None:
    booking = await town.book("ana", title="Chapter three")
    await town.news()
    assert await town.edit("ana", booking, title="Chapter three", quiet=False) == booking
    assert await town.news() == []


async def test_who_waits_is_placed_anew(town: Town) -> None:
    ana = await town.book("ana", task=Task.DESK)
    ben = await town.book("ben", task=Task.MOVING)
    edited = await town.edit("ben", ben, task=Task.DESK)
    assert (edited.partner, edited.created_ms) == ("ana", ben.created_ms)
    assert await town.state_of(ana) == State.MATCHED
    await whole(town)


async def test_who_waits_may_wait_elsewhere_then(town: Town) -> None:
    booking = await town.book("ana")
    await town.profile("ben", accepts_quiet=False)
    await town.edit("ana", booking, quiet=True)
    assert (await town.book("ben")).state is State.WAITING
    await whole(town)


async def test_a_partner_who_goes_with_it_stays(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    edited = await town.edit("ana", await town.ledger.booking("b1"), quiet=True, task=Task.DESK)
    assert edited.pair == pair


@pytest.mark.parametrize("locked", [False, True])
async def test_a_match_that_an_edit_forbids_needs_consent(town: Town, locked: bool) -> None:
    await town.profile("ben", accepts_quiet=False)
    if locked:
        mine, _ = await town.locked_pair("ana", "ben")
    else:
        await town.pair_of("ben", "ana")
        mine = await town.ledger.booking("b2")
    await town.news()
    with pytest.raises(errors.NeedsRematch) as refusal:
        await town.edit("ana", mine, quiet=True)
    assert refusal.value.data == {"locked": locked}
    assert await town.ledger.booking(mine.id) == mine
    assert await town.news() == []


async def test_with_consent_both_are_placed_anew(town: Town) -> None:
    await town.profile("ben", accepts_quiet=False)
    await town.pair_of("ben", "ana")
    cem = await town.book("cem")
    await town.news()
    edited = await town.edit("ana", await town.ledger.booking("b2"), rematch=True, quiet=True)
    assert (edited.quiet, edited.partner) == (True, "cem")
    assert await town.state_of(cem) == State.MATCHED
    assert (await town.ledger.booking("b1")).state is State.WAITING
    lost = [event for event in await town.news() if isinstance(event, Unmatched)]
    assert {(event.member, event.why, event.rematched) for event in lost} == {
        ("ana", "parted", True),
        ("ben", "parted", False),
    }
    await whole(town)


async def test_who_breaks_a_lock_by_an_edit_is_bound_and_the_other_is_not(town: Town) -> None:
    await town.profile("ben", accepts_quiet=False)
    mine, theirs = await town.locked_pair("ana", "ben")
    edited = await town.edit("ana", mine, rematch=True, quiet=True)
    assert (edited.state, edited.locked, edited.free_to_cancel) == (State.WAITING, False, False)
    assert await town.ledger.booking(mine.id) == edited
    assert (await town.ledger.booking(theirs.id)).free_to_cancel
    await whole(town)


async def test_consent_where_none_is_needed_changes_nothing_more(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    booking = await town.ledger.booking("b1")
    assert (await town.edit("ana", booking, rematch=True, quiet=True)).pair == pair


async def test_only_its_owner_edits_a_booking(town: Town) -> None:
    booking = await town.book("ana")
    with pytest.raises(errors.NotFound):
        await town.edit("ben", booking, title="Mine")


async def test_what_is_over_cannot_be_edited(town: Town) -> None:
    booking = await town.cancel("ana", await town.book("ana"))
    with pytest.raises(errors.AlreadyOver):
        await town.edit("ana", booking, title="Late")


async def test_in_a_session_under_way_only_the_title_changes(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    booking = await town.ledger.booking("b1")
    await town.go_to(town.noon + MINUTE_MS)
    edited = await town.edit("ana", booking, title="As it turned out")
    assert (edited.title, edited.pair) == ("As it turned out", pair)
    with pytest.raises(errors.TooLate):
        await town.edit("ana", booking, quiet=True)


async def test_a_title_too_long_is_refused(town: Town) -> None:
    booking = await town.book("ana")
    with pytest.raises(errors.BadField):
        await town.edit("ana", booking, title="x" * 101)


async def test_asked_twice_it_is_done_once(town: Town) -> None:
    booking = await town.book("ana")
    edit = Edit(title="Once")
    first = await town.ledger.edit("same", "ana", booking.id, edit)
    await town.edit("ana", booking, title="Since")
    assert await town.ledger.edit("same", "ana", booking.id, edit) == first
    assert (await town.ledger.booking(booking.id)).title == "Since"


async def let_down(town: Town) -> list[str | None]:
    """The pairs that cancellations are flagged for, as the judge has it."""
    told = [event for event in await town.news() if isinstance(event, Cancelled)]
    return [
        flag.pair if flag else None for event in told for flag in [judge_cancel(event, DEFAULT)]
    ]


@pytest.mark.parametrize(("minutes", "late"), [(61, False), (30, True)])
async def test_parting_by_a_change_and_cancelling_then_is_the_cancel_it_looks_away_from(
    town: Town, minutes: int, late: bool
) -> None:
    await town.profile("ben", accepts_quiet=False)
    pair = await town.pair_of("ben", "ana")
    await town.go_to(town.noon - minutes * MINUTE_MS)
    mine = await town.edit("ana", await town.ledger.booking("b2"), rematch=True, quiet=True)
    assert (mine.state, mine.gave_up_ms > 0) == (State.WAITING, True)
    await town.go_to(town.noon - 10 * MINUTE_MS)
    await town.cancel("ana", mine)
    assert await let_down(town) == [pair if late else None]


async def test_who_found_somebody_else_after_a_change_is_bound_by_nothing_more(town: Town) -> None:
    await town.profile("ben", accepts_quiet=False)
    await town.pair_of("ben", "ana")
    await town.go_to(town.noon - 30 * MINUTE_MS)
    mine = await town.edit("ana", await town.ledger.booking("b2"), rematch=True, quiet=True)
    for member in ("cem", "dov"):  # one for each of the two
        theirs = await town.book(member)
    assert ((await town.now(mine)).partner, (await town.now(mine)).gave_up_ms) == ("dov", 0)
    await town.cancel("dov", theirs)
    await town.news()
    await town.cancel("ana", mine)
    assert await let_down(town) == [None]


async def test_what_a_lock_in_replaces_is_cancelled_like_anything(town: Town) -> None:
    theirs = await town.pair_of("ana", "ben")
    await town.open_to(Lockable.EVERYONE, "cem")
    await town.book("cem", town.noon + 15 * MINUTE_MS)
    await town.go_to(town.noon - 30 * MINUTE_MS)
    await town.lock("ana", "cem", town.noon + 15 * MINUTE_MS, replace=["b1"])
    assert await let_down(town) == [theirs]

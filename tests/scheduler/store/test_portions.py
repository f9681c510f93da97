"""What follows from one change for hundreds of bookings: done in portions, and done in the end."""

from __future__ import annotations

from scheduler.bookings import Booking, Gender, State
from scheduler.events import Ended
from scheduler.rules import MINUTE_MS
from scheduler.store import keys
from scheduler.store.connection import ask
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

SESSIONS = 150
APART_MS = 30 * MINUTE_MS


async def often_together(town: Town) -> list[Booking]:
    """Bookings of ana's, each matched with ben."""
    booked = []
    first = town.wish().start_ms
    for number in range(SESSIONS):
        at = first + number * APART_MS
        await town.book("ben", at)
        booked.append(await town.book("ana", at))
    return booked


async def timers(town: Town) -> list[str]:
    """What is left for the next tick."""
    found = await ask(town.redis, "ZRANGE", f"{keys.root('a')}:timers", 0, -1)
    names = [name.decode() for name in found]
    return [name for name in names if name.startswith(("apart:", "refresh:"))]


async def worked_off(town: Town) -> None:
    while await timers(town):
        await town.tick()
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def states(town: Town, booked: list[Booking]) -> set[State]:
    return {(await town.now(each)).state for each in booked}


async def test_a_block_parts_every_coming_pair_of_the_two(town: Town) -> None:
    booked = await often_together(town)
    await town.block("ana", "ben")
    assert (await town.now(booked[0])).state is State.WAITING
    await worked_off(town)
    assert await states(town, booked) == {State.WAITING}


async def test_what_is_left_of_a_block_that_was_lifted_brings_together_again(town: Town) -> None:
    booked = await often_together(town)
    await town.block("ana", "ben")
    await town.unblock("ana", "ben")
    await worked_off(town)
    assert await states(town, booked) == {State.MATCHED}


async def test_another_profile_reaches_every_coming_pair(town: Town) -> None:
    booked = await often_together(town)
    await town.profile("ana", gender=Gender.WOMAN, only_gender=Gender.WOMAN)
    await worked_off(town)
    assert await states(town, booked) == {State.WAITING}


async def test_one_call_does_not_do_all_of_it(town: Town) -> None:
    await often_together(town)
    await town.block("ana", "ben")
    assert [name.split(":")[2] for name in await timers(town)] == ["ana|ben"]


async def test_a_profile_that_matching_reads_alike_touches_no_booking(town: Town) -> None:
    waiting = await town.book("ana")
    await town.profile("ana", gender=Gender.UNSAID)
    assert (await town.now(waiting)).version == waiting.version


async def ended(town: Town) -> list[str]:
    """Bookings whose end was told since the last time."""
    found: list[str] = []
    while news := await town.news():
        found += [id for event in news if isinstance(event, Ended) for id in event.bookings]
    return found


async def test_all_that_ends_at_one_moment_ends_once_over_some_ticks(town: Town) -> None:
    booked = [(await town.book(f"m{number}")).id for number in range(1_001)]
    await town.go_to(town.noon + 25 * MINUTE_MS)
    everything = 10 * len(booked)
    await town.ledger.tick(limit=everything)
    at_first = await ended(town)
    assert len(at_first) < len(booked)
    while (await town.ledger.tick(limit=everything)).fired:
        pass
    assert sorted(at_first + await ended(town)) == sorted(booked)
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))

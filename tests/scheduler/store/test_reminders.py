"""Ten minutes and one minute before T, whoever has a booking is reminded."""

from __future__ import annotations

from redis.asyncio import Redis

from scheduler.events import ReminderDue
from scheduler.rules import MINUTE_MS, of
from tests.scheduler.store.town import Town


async def reminded(town: Town, minutes: int) -> dict[str, str | None]:
    """Who is reminded that long before T, and of whom."""
    await town.go_to(town.noon - minutes * MINUTE_MS)
    await town.tick()
    due = [event for event in await town.news() if isinstance(event, ReminderDue)]
    assert {(each.start_ms, each.minutes) for each in due} <= {(town.noon, minutes)}
    return {each.member: each.partner for each in due}


async def test_both_partners_and_who_still_waits_are_reminded_twice(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.book("cem")
    everybody = {"ana": "ben", "ben": "ana", "cem": None}
    assert await reminded(town, 10) == everybody
    assert await reminded(town, 1) == everybody


async def test_who_cancelled_is_not_reminded(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.cancel("ana", "b1")
    assert await reminded(town, 10) == {"ben": None}


async def test_what_was_booked_later_is_reminded_of_as_far_as_there_is_time(town: Town) -> None:
    await town.go_to(town.noon - 5 * MINUTE_MS)
    await town.book("ana")
    assert (await town.tick()).fired == 0
    assert await reminded(town, 1) == {"ana": None}


async def test_a_reminder_that_comes_too_late_is_none(town: Town) -> None:
    await town.book("ana")
    await town.news()
    await town.go_to(town.noon)
    await town.tick()
    assert "ReminderDue" not in await town.told()


async def test_a_reminder_gives_no_name_away(redis_client: Redis) -> None:
    town = await Town(redis_client, rules=of(reveal="t2")).open()
    await town.book("ana")
    await town.book("ben")
    assert await reminded(town, 10) == {"ana": None, "ben": None}
    assert await reminded(town, 1) == {"ana": "ben", "ben": "ana"}


async def test_a_snooze_that_ends_brings_two_who_wait_together(town: Town) -> None:
    until = town.noon - 30 * MINUTE_MS
    await town.snooze("ana", "ben", until)
    await town.book("ana")
    assert (await town.book("ben")).state == "waiting"
    await town.go_to(until)
    await town.tick()
    assert (await town.ledger.booking("b2")).partner == "ana"

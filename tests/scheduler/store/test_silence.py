"""Nobody can tell that somebody blocks or snoozes them: it looks like somebody who is not available."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Lockable
from scheduler.people import InviteKind
from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Desk, text
from tests.scheduler.store.town import Town
from tests.scheduler.web.circle import acquainted, fresh, tie

Ways = Callable[[Town], Awaitable[Any]]


async def by_a_block(town: Town) -> None:
    await town.block("ana", "ben")


async def by_a_snooze(town: Town) -> None:
    await town.snooze("ana", "ben")


async def by_being_available_to_nobody(town: Town) -> None:
    await town.open_to(Lockable.NOBODY, "ana")


async def life(town: Town, dice: random.Random) -> None:
    """What goes on around the two, the same in each town: ana books, others do, nobody meets ben."""
    await town.open_to(Lockable.EVERYONE, "ana", "cem")
    for _ in range(4):
        start = town.noon + dice.randrange(4) * 60 * MINUTE_MS
        for member in ("ana", "cem") if dice.random() < 0.5 else ("ana",):
            try:
                await town.book(member, start)
            except errors.Overlap:
                continue


async def seen_by_ben(town: Town) -> list[object]:
    """All that ben can ask about ana, and every answer; in times of the town."""
    answers: list[object] = [
        await town.people.relation("ben", "ana"),
        await town.people.people_of("ben"),
        await town.people.free_times("ben", ["ana"], 0, town.noon + DAY_MS),
        await town.invites.for_me("ben"),
        await town.people.friends("ben", "ana"),
    ]
    for hour in range(4):
        for length in (25, 50):
            at = town.noon + hour * 60 * MINUTE_MS
            try:
                answers.append(await town.lock("ben", "ana", at, length_min=length))
            except errors.SchedulerError as refusal:
                answers.append((refusal.code, refusal.field, refusal.data))
    return [moved(answer, -town.noon) for answer in answers]


def moved(answer: object, ms: int) -> str:
    """As text: the towns are built one after the other, and ids do not matter."""
    return str(answer).replace(str(-ms), "noon")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("apart", [by_a_block, by_a_snooze])
async def test_keeping_apart_reads_like_not_being_available(
    redis_client: Redis, apart: Ways, seed: int
) -> None:
    told = []
    for tag, way in (("a", apart), ("b", by_being_available_to_nobody)):
        town = await Town(redis_client, tag=tag).open()
        await life(town, random.Random(seed))
        await way(town)
        told.append(await seen_by_ben(town))
    assert told[0] == told[1]
    assert "'not_available'" in str(told[0])


@pytest.mark.parametrize("apart", [by_a_block, by_a_snooze])
async def test_whom_one_keeps_away_from_hears_nothing_of_it(town: Town, apart: Ways) -> None:
    await town.news()
    await apart(town)
    assert {getattr(event, "member", None) for event in await town.news()} == {"ana"}


@pytest.mark.parametrize("apart", [by_a_block, by_a_snooze])
async def test_an_invite_of_theirs_reads_as_one_that_is_over(town: Town, apart: Ways) -> None:
    await town.open_to(Lockable.EVERYONE, "ana")
    await town.book("ana")
    invite = await town.invite("ana", InviteKind.PERSONAL)
    await apart(town)
    codes = []
    for id in (invite.id, "i999"):
        with pytest.raises(errors.SchedulerError) as times:
            await town.invites.times(id, "ben", 0, town.noon + DAY_MS)
        with pytest.raises(errors.SchedulerError) as lock:
            await town.lock("ben", "ana", invite=id)
        codes.append((times.value.code, lock.value.code))
    assert codes[0] == codes[1]


@pytest.mark.parametrize("apart", ["block", "snooze"])
async def test_who_is_kept_away_and_signed_in_holds_nothing_by_a_link(
    desk: Desk, apart: str
) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    await acquainted(desk, ana, ben)
    start = await desk.slot(8)
    await ana.booked(start)
    body = {"request_id": fresh(), "kind": "personal"}
    url: str = (await ana.send("POST", "/invites", body))["url"]
    await tie(ana, apart, ben)
    slot = {"start": text(start), "length_min": 25}
    told = []
    for token in (url.rpartition("/")[2], "x" * 43):
        answer = await ben.call("POST", f"/i/{token}/hold", slot)
        told.append((answer.status, await answer.read()))
    assert told[0] == told[1]
    assert told[0][0] == 404
    [own] = await desk.ledger.bookings_of(ana.me["id"], start, start + 1)
    assert own.held_until_ms == 0

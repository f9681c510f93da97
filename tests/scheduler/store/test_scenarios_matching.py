"""The scenario of matching: ties, an odd number, gender, quiet, tasks, lengths, and five hundred at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from scheduler.bookings import Gender, Task
from scheduler.events import Cancelled, Matched
from scheduler.rules import MINUTE_MS
from scheduler.store.connection import CONNECTIONS
from scheduler.store.ledger import Ledger
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.servers import connected
from tests.scheduler.store.town import Town

HOUR_MS = 60 * MINUTE_MS
CROWD = 500


@pytest.fixture
async def doors(store_url: str, town: Town) -> AsyncIterator[list[Ledger]]:
    """Ledgers of several processes, each with connections of its own: one for everybody in a crowd."""
    clients = [await connected(store_url) for _ in range(1 + CROWD // CONNECTIONS)]
    yield [Ledger(client) for client in clients]
    for client in clients:
        await client.aclose()


async def partners(town: Town, *members: str) -> list[str | None]:
    """Whom each of these meets at noon."""
    span = (town.noon, town.noon + 1)
    return [(await town.ledger.bookings_of(member, *span))[0].partner for member in members]


async def they_restrict(town: Town, gender: Gender, only: Gender, *members: str) -> None:
    for member in members:
        await town.profile(member, gender=gender, only_gender=only)


# D2: matching rules


async def test_D2_1_of_three_the_first_two_meet_and_the_third_is_next(town: Town) -> None:
    for member in ("ana", "ben", "chi"):
        await town.book(member)
    assert await partners(town, "ana", "ben", "chi") == ["ben", "ana", None]
    await town.cancel("ben", "b2")
    assert await partners(town, "ana", "chi") == ["chi", "ana"]


async def test_D2_2_in_the_same_millisecond_the_earlier_booking_wins(town: Town) -> None:
    men, women = [f"man{n}" for n in range(12)], [f"woman{n}" for n in range(12)]
    await they_restrict(town, Gender.MAN, Gender.WOMAN, *men)  # so that they only wait
    await they_restrict(town, Gender.WOMAN, Gender.MAN, *women)
    await town.book("first", town.noon + HOUR_MS)
    await town.redis.hincrby("{a}:meta", "offset", -HOUR_MS)  # and the ledger's time stands still
    waiting = [await town.book(member) for member in men]
    assert len({each.created_ms for each in waiting}) == 1
    assert [(await town.book(member)).partner for member in women] == men


async def test_D2_3_a_gender_asked_for_outweighs_a_longer_wait(town: Town) -> None:
    await town.profile("ben", gender=Gender.MAN)
    await they_restrict(town, Gender.WOMAN, Gender.WOMAN, "ana", "chi")
    ben = await town.book("ben")
    await town.book("chi")
    await town.news()
    assert (await town.book("ana")).partner == "chi"
    assert await town.now(ben) == ben
    assert all(getattr(event, "member", "") != "ben" for event in await town.news())


async def test_D2_4_who_says_no_gender_meets_nobody_who_asks_for_one(town: Town) -> None:
    await they_restrict(town, Gender.WOMAN, Gender.WOMAN, "ana")
    await they_restrict(town, Gender.MAN, Gender.NON_BINARY, "ben")
    for member in ("ana", "ben", "eva"):
        await town.book(member)
    assert await partners(town, "ana", "ben", "eva") == [None, None, None]
    assert (await town.book("dov")).partner == "eva"


@pytest.mark.parametrize("quiet", [True, False], ids=["both quiet", "one quiet"])
async def test_D2_5_quiet_goes_with_who_accepts_it(town: Town, quiet: bool) -> None:
    await town.profile("ben", accepts_quiet=False)
    await town.book("ana", quiet=True)
    assert (await town.book("ben")).partner is None
    await town.profile("chi", accepts_quiet=True)
    assert (await town.book("chi", quiet=quiet)).partner == "ana"


@pytest.mark.parametrize("one", Task)
@pytest.mark.parametrize("other", Task)
async def test_D2_6_desk_and_moving_go_with_their_own_and_anything_with_all(
    town: Town, one: Task, other: Task
) -> None:
    await town.book("ana", task=one)
    meets = one is other or Task.ANYTHING in (one, other)
    assert (await town.book("ben", task=other)).partner == ("ana" if meets else None)


async def test_D2_7_lengths_at_one_start_never_meet(town: Town) -> None:
    for member, length_min in (("ana", 25), ("ben", 50), ("chi", 75)):
        await town.book(member, length_min=length_min)
    assert await partners(town, "ana", "ben", "chi") == [None, None, None]


WISHES: list[dict[str, Any]] = [
    {"length_min": length, "task": task} for length in (25, 50) for task in (Task.DESK, Task.MOVING)
]
GENDERS = (Gender.WOMAN, Gender.MAN)
CLASSES = [(gender, wish) for gender in GENDERS for wish in WISHES]
"""No member of one may meet a member of another: everybody asks for the own gender."""


async def test_D2_edge_five_hundred_at_once_are_paired_lawfully_but_for_one_of_each_kind(
    town: Town, doors: list[Ledger]
) -> None:
    kinds = [CLASSES[n % len(CLASSES)] for n in range(CROWD)]
    for n, (gender, _) in enumerate(kinds):
        await they_restrict(town, gender, gender, f"m{n}")
    made = [town.wish(**wish) for _, wish in kinds]
    await asyncio.gather(*(doors[n % len(doors)].book("r", f"m{n}", made[n]) for n in range(CROWD)))
    state = await snapshot(town.redis, "a", await town.ledger.now_ms())
    check(state)
    left = Counter(
        int(each["member"][1:]) % len(CLASSES)
        for each in state.bookings.values()
        if each["state"] == "waiting"
    )
    odd = {kind for kind in range(len(CLASSES)) if len(range(kind, CROWD, len(CLASSES))) % 2}
    assert left == dict.fromkeys(odd, 1)
    assert len(state.pairs) == (CROWD - len(odd)) / 2


async def test_D2_edge_nobody_is_penalised_for_a_pair_that_a_filter_dissolved(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.go_to(town.noon - 20 * MINUTE_MS)
    await town.news()
    await town.profile("ana", gender=Gender.WOMAN, only_gender=Gender.WOMAN)
    news = await town.news()
    assert await partners(town, "ana", "ben") == [None, None]
    assert not [event for event in news if isinstance(event, Cancelled | Matched)]
    await town.profile("chi", gender=Gender.WOMAN)
    assert (await town.book("chi")).partner in {"ana", "ben"}

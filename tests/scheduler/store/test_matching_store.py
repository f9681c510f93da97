"""Who becomes whose partner in the store: scores, reliability, and one more pair by a swap."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from scheduler.bookings import Gender
from scheduler.events import Matched, Unmatched
from scheduler.flags import Fault, Flag
from scheduler.rules import DEFAULT, MINUTE_MS, of
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

UNKNOWN = 880


async def choice_of(town: Town, chooser: str, *waiting: str, **wish: object) -> str | None:
    """Whom `chooser` gets, of two who wait and may not meet each other."""
    for number, member in enumerate(waiting):
        for other in waiting[:number]:
            await town.block(member, other)
    for member in waiting:
        await town.book(member)
    return (await town.book(chooser, **wish)).partner


# Scores


async def test_a_favourite_is_taken_before_who_waits_longer(town: Town) -> None:
    await town.favour("ana", "cem")
    assert await choice_of(town, "ana", "ben", "cem") == "cem"


async def test_who_favours_me_is_better_than_who_does_not(town: Town) -> None:
    await town.favour("cem", "ana")
    assert await choice_of(town, "ana", "ben", "cem") == "cem"


async def test_favouring_each_other_beats_being_favoured(town: Town) -> None:
    await town.favour("ana", "cem")
    await town.favour("ana", "ben")
    await town.favour("cem", "ana")
    assert await choice_of(town, "ana", "ben", "cem") == "cem"


async def test_friends_are_as_good_as_favourites_of_each_other(town: Town) -> None:
    await town.befriend("ana", "cem")
    await town.favour("ana", "ben")
    assert await choice_of(town, "ana", "ben", "cem") == "cem"


async def test_whoever_does_not_prefer_favourites_gets_who_waits_longest(town: Town) -> None:
    await town.favour("ana", "cem")
    assert await choice_of(town, "ana", "ben", "cem", prefer_favourites=False) == "ben"


async def test_favouring_is_over_when_it_is_taken_back(town: Town) -> None:
    await town.favour("cem", "ana")
    await town.disfavour("cem", "ana")
    assert await choice_of(town, "ana", "ben", "cem") == "ben"


async def test_friends_who_met_lately_still_come_first(town: Town) -> None:
    await town.befriend("ana", "cem")
    await town.session("ana", "cem")
    town.noon += 8 * DEFAULT.grid_ms
    assert await choice_of(town, "ana", "ben", "cem") == "cem"


async def test_who_comes_to_sessions_is_better_than_who_does_not(town: Town) -> None:
    await town.redis.hset("{a}:rel", mapping={"ben": 300, "cem": 950})
    assert await choice_of(town, "ana", "ben", "cem") == "cem"


# Reliability


async def reliability(town: Town, member: str) -> int:
    return int(await town.redis.hget("{a}:rel", member) or UNKNOWN)


def no_show(pair: str, member: str, booking: str) -> Flag:
    numbers = {"at_ms": 1, "measured_ms": 2, "limit_ms": 3, "start_ms": 4, "length_min": 25}
    return Flag(
        pair=pair,
        member=member,
        booking=booking,
        fault=Fault.NO_SHOW,
        rules_version=1,
        **numbers,
    )


async def test_each_verdict_counts_into_who_can_be_relied_upon(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [no_show(pair, "ben", "b2")])
    assert (await reliability(town, "ana"), await reliability(town, "ben")) == (890, 800)


async def test_a_verdict_that_takes_the_place_of_another_counts_once(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [no_show(pair, "ben", "b2")])
    await town.see(pair, "ben")  # evidence came late: judged anew
    await town.ledger.settle(pair, [])
    await town.ledger.settle(pair, [])
    assert await reliability(town, "ben") == (8_800 + 1_000) // 11


async def test_only_the_last_twenty_sessions_count(town: Town) -> None:
    key = "{a}:att:ben"
    await town.redis.zadd(key, {f"old{n}:0": n for n in range(20)})
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [])
    assert await town.redis.zcard(key) == 20
    assert await reliability(town, "ben") == (8_800 + 1_000) // 30


# One more pair


async def swap_ready(town: Town) -> None:
    """Ana and ben are a pair; zoe waits, and would go with ben only."""
    await town.book("ana")
    await town.book("ben")
    await town.profile("ana", gender=Gender.MAN)
    await town.profile("ben", gender=Gender.WOMAN)
    await town.profile("zoe", gender=Gender.UNSAID, only_gender=Gender.WOMAN)
    assert (await town.book("zoe")).state == "waiting"
    await town.profile("ida", gender=Gender.UNSAID, only_gender=Gender.MAN)
    await town.news()


async def test_long_before_t_nobody_loses_a_named_partner_to_a_swap(town: Town) -> None:
    await swap_ready(town)
    assert (await town.book("ida")).state == "waiting"


async def test_close_to_t_a_pair_and_two_who_wait_become_two_pairs(town: Town) -> None:
    await swap_ready(town)
    await town.go_to(town.noon - DEFAULT.pass_ms)
    assert (await town.book("ida")).partner == "ana"
    assert (await town.ledger.booking("b3")).partner == "ben"
    news = await town.news()
    unmatched = [event for event in news if isinstance(event, Unmatched)]
    assert {(each.member, each.former, each.why, each.rematched) for each in unmatched} == {
        ("ana", "ben", "improved", True),
        ("ben", "ana", "improved", True),
    }
    assert len([event for event in news if isinstance(event, Matched)]) == 2
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def test_while_names_are_hidden_a_swap_may_happen_any_time(redis_client: Redis) -> None:
    town = await Town(redis_client, rules=of(reveal="t2")).open()
    await swap_ready(town)
    assert (await town.book("ida")).state == "matched"
    assert (await town.ledger.booking("b3")).state == "matched"


async def test_who_loses_a_partner_close_to_t_may_get_another_by_a_swap(town: Town) -> None:
    await swap_ready(town)
    await town.profile("eli", gender=Gender.MAN)
    ida, eli = await town.book("ida"), await town.book("eli")
    assert (await town.now(ida)).partner == "eli"
    await town.go_to(town.noon - DEFAULT.pass_ms)
    await town.cancel("eli", eli)
    assert (await town.now(ida)).partner == "ana"
    assert (await town.ledger.booking("b3")).partner == "ben"


@pytest.mark.parametrize("bound", ["locked", "joined", "blocked"])
async def test_a_swap_leaves_alone_what_is_bound(town: Town, bound: str) -> None:
    await swap_ready(town)
    pair = (await town.ledger.booking("b1")).pair
    assert pair is not None
    if bound == "locked":
        await town.redis.hset("{a}:b:b1", "locked", 1)
        await town.redis.hset("{a}:b:b2", "locked", 1)
    if bound == "joined":
        await town.see(pair, "ana")
        await town.see(pair, "ben")
    if bound == "blocked":
        await town.block("ana", "ida")
    await town.go_to(town.noon - DEFAULT.pass_ms)
    assert (await town.book("ida")).state == "waiting"


async def test_pairs_that_wrote_to_each_other_are_taken_last(town: Town) -> None:
    await swap_ready(town)
    await town.profile("cem", gender=Gender.MAN)
    await town.profile("dia", gender=Gender.WOMAN)
    await town.profile("zoe", gender=Gender.UNSAID, only_gender=Gender.NON_BINARY)
    await town.book("cem")
    dia = await town.book("dia")
    await town.profile("zoe", gender=Gender.UNSAID, only_gender=Gender.WOMAN)
    first = (await town.ledger.booking("b1")).pair
    assert first is not None
    await town.redis.hset(f"{{a}}:p:{first}", "messaged", 1)
    assert (await town.ledger.pair(first)).messaged
    await town.go_to(town.noon - DEFAULT.pass_ms)
    ida = await town.book("ida")
    assert (ida.partner, (await town.now(dia)).partner) == ("cem", "zoe")


async def test_of_the_others_the_worst_pair_is_taken(town: Town) -> None:
    """Ana and ben, the first that would do, are friends; cem and dia are not."""
    for one, other in (("ana", "ben"), ("ben", "ana")):
        await town.redis.sadd(f"{{a}}:friend:{one}", other)
    await swap_ready(town)
    await town.profile("cem", gender=Gender.MAN)
    await town.profile("dia", gender=Gender.WOMAN)
    await town.profile("zoe", gender=Gender.UNSAID, only_gender=Gender.NON_BINARY)
    await town.book("cem")
    dia = await town.book("dia")
    await town.profile("zoe", gender=Gender.UNSAID, only_gender=Gender.WOMAN)
    await town.go_to(town.noon - DEFAULT.pass_ms)
    ida = await town.book("ida")
    assert (ida.partner, (await town.now(dia)).partner) == ("cem", "zoe")
    assert (await town.ledger.booking("b1")).partner == "ben"


async def test_nobody_is_swapped_once_the_session_has_begun(town: Town) -> None:
    await swap_ready(town)
    await town.book("ida")
    await town.go_to(town.noon)
    assert (await town.ledger.booking("b1")).partner == "ben"


# What pairs leave behind


async def test_partners_may_write_to_each_other_for_a_week_after(town: Town) -> None:
    await town.pair_of("ana", "ben")
    end = town.noon + 25 * MINUTE_MS
    for one, other in (("ana", "ben"), ("ben", "ana")):
        assert await town.redis.zscore(f"{{a}}:contact:{one}", other) == end + DEFAULT.contact_ms


async def test_a_verdict_forgets_whom_it_is_too_late_to_write_to(town: Town) -> None:
    await town.ledger.settle(await town.session("ana", "ben"), [])
    await town.go_to(await town.ledger.now_ms() + DEFAULT.contact_ms)
    await town.ledger.settle(await town.session("ana", "cem"), [])
    assert await town.redis.zrange("{a}:contact:ana", 0, -1) == [b"cem"]
    assert await town.redis.zrange("{a}:contact:ben", 0, -1) == [b"ana"]

"""What the optimiser reads of a slot, and what it may change there."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Booking, Gender
from scheduler.events import Matched, PlanDue, Unmatched
from scheduler.plan import Slot, Step
from scheduler.rules import DEFAULT, DEMO, MINUTE_MS, of
from scheduler.store.plans import STEP_MAX
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town


async def slot_of(town: Town) -> Slot:
    return await town.plans.slot(town.noon, 25)


async def step(town: Town, *couples: tuple[str, str], among: str = "") -> Step:
    """These pairs, by members; `among` are others of the step."""
    by_member = {claim.member: claim for claim in (await slot_of(town)).claims}
    names = [name for couple in couples for name in couple] + among.split()
    return Step(
        versions={by_member[name].booking: by_member[name].version for name in names},
        pairs=[(by_member[one].booking, by_member[other].booking) for one, other in couples],
    )


async def four(town: Town) -> None:
    for member in ("ana", "ben", "cem", "dia"):
        await town.book(member)
    await town.news()


async def partners(town: Town) -> dict[str, str | None]:
    by_booking = {claim.booking: claim.member for claim in (await slot_of(town)).claims}
    return {
        claim.member: by_booking.get(claim.partner_booking or "")
        for claim in (await slot_of(town)).claims
    }


# Reading


async def test_a_slot_has_all_live_bookings_with_what_is_known_of_their_members(
    town: Town,
) -> None:
    await town.profile("ana", gender=Gender.WOMAN, only_gender=Gender.WOMAN)
    await town.favour("ana", "cem")
    await town.favour("ana", "elsewhere")
    await town.befriend("ben", "cem")
    await town.block("cem", "ana")
    for member in ("ana", "ben", "cem"):
        await town.book(member)
    gone = await town.book("dia")
    await town.cancel("dia", gone)
    ana, ben, cem = (await slot_of(town)).claims
    assert [each.member for each in (ana, ben, cem)] == ["ana", "ben", "cem"]
    assert (ana.gender, ana.only_gender, ana.partner_booking) == (Gender.WOMAN, Gender.WOMAN, None)
    assert (ana.reliability, ana.sessions_kept, ana.locked, ana.messaged) == (880, 0, False, False)
    assert (ana.favourites, ana.avoided, ana.met) == (["cem"], ["cem"], [])
    assert (ben.partner_booking, cem.partner_booking) == (cem.booking, ben.booking)
    assert (ben.friends, cem.friends, cem.avoided) == (["cem"], ["ben"], ["ana"])


async def test_an_empty_slot_has_no_claims(town: Town) -> None:
    assert (await slot_of(town)).claims == []


async def test_a_large_slot_is_read_in_parts(town: Town) -> None:
    for n in range(120):
        await town.book(f"m{n}")
    assert len((await slot_of(town)).claims) == 120


async def test_having_met_lately_is_told(town: Town) -> None:
    await town.session("ana", "ben")
    town.noon = (await town.ledger.now_ms()) // DEFAULT.grid_ms * DEFAULT.grid_ms
    town.noon += 4 * DEFAULT.grid_ms
    await town.book("ana")
    await town.book("ben")
    ana, ben = (await slot_of(town)).claims
    assert (ana.met, ben.met) == (["ben"], ["ana"])


async def test_a_pair_counts_as_locked_once_both_are_in_the_room(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    await town.see(pair, "ana")
    assert [claim.locked for claim in (await slot_of(town)).claims] == [False, False]
    await town.see(pair, "ben")
    assert [claim.locked for claim in (await slot_of(town)).claims] == [True, True]


# Changing


async def test_a_plan_makes_its_pairs_and_tells_everybody(town: Town) -> None:
    await four(town)
    assert await town.plans.apply([await step(town, ("ana", "cem"), ("ben", "dia"))]) == [True]
    assert await partners(town) == {"ana": "cem", "cem": "ana", "ben": "dia", "dia": "ben"}
    news = await town.news()
    told = [event for event in news if isinstance(event, Unmatched)]
    assert {(event.why, event.rematched) for event in told} == {("improved", True)}
    former = {
        pair
        for event in news
        if isinstance(event, Matched)
        for pair in zip(event.members, event.former, strict=True)
    }
    assert former == {("ana", "ben"), ("ben", "ana"), ("cem", "dia"), ("dia", "cem")}
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def test_what_stays_as_it_is_is_not_touched(town: Town) -> None:
    await four(town)
    plan = await step(town, ("ana", "ben"), ("cem", "dia"))
    assert await town.plans.apply([plan]) == [True]
    assert await town.news() == []


async def test_a_plan_that_was_overtaken_changes_nothing(town: Town) -> None:
    await four(town)
    plan = await step(town, ("ana", "cem"), ("ben", "dia"))
    await town.cancel("ana", "b1")
    before = await partners(town)
    assert await town.plans.apply([plan]) == [False]
    assert await partners(town) == before


async def test_steps_stand_for_themselves(town: Town) -> None:
    await four(town)
    for member in ("eli", "fay", "gus", "hal"):
        await town.book(member)
    stale = await step(town, ("ana", "cem"), ("ben", "dia"))
    stale.versions["b1"] = 99
    good = await step(town, ("eli", "gus"), ("fay", "hal"))
    assert await town.plans.apply([stale, good]) == [False, True]
    assert (await partners(town))["eli"] == "gus"


async def test_no_rule_is_broken_by_a_plan(town: Town) -> None:
    await four(town)
    await town.block("ana", "cem")
    assert await town.plans.apply([await step(town, ("ana", "cem"), ("ben", "dia"))]) == [False]
    await town.profile("ben", accepts_quiet=False)
    eli = await town.book("eli", quiet=True)
    assert eli.state == "waiting"
    assert await town.plans.apply([await step(town, ("ben", "eli"), among="ana")]) == [False]


async def test_a_plan_never_leaves_fewer_with_a_partner(town: Town) -> None:
    await four(town)
    assert await town.plans.apply([await step(town, ("ana", "cem"), among="ben dia")]) == [False]
    assert await town.plans.apply([await step(town, ("ana", "cem"))]) == [False]  # not closed


async def test_lock_ins_and_pairs_in_the_room_are_left_alone(town: Town) -> None:
    await town.locked_pair("ana", "ben")
    await town.pair_of("cem", "dia")
    plan = await step(town, ("ana", "cem"), ("ben", "dia"))
    assert await town.plans.apply([plan]) == [False]


@pytest.mark.parametrize(("here", "done"), [(["ana"], True), (["ana", "ben"], False)])
async def test_a_pair_that_sits_together_is_left_alone(
    town: Town, here: list[str], done: bool
) -> None:
    await four(town)
    pair = (await town.ledger.booking("b1")).pair
    assert pair
    for member in here:
        await town.see(pair, member)
    assert await town.plans.apply([await step(town, ("ana", "cem"), ("ben", "dia"))]) == [done]


async def test_two_slots_make_no_step(town: Town) -> None:
    await town.profile("ben", accepts_quiet=False)
    await town.book("ana", quiet=True)
    await town.book("ben")
    elsewhere = await town.book("cem", length_min=50)
    plan = await step(town, among="ana")
    plan.versions[elsewhere.id] = elsewhere.version
    plan.pairs.append(("b1", elsewhere.id))
    assert await town.plans.apply([plan]) == [False]


@pytest.mark.parametrize("pairs", [[("b1", "b1")], [("b1", "b2"), ("b1", "b3")], [("b1", "b9")]])
async def test_nobody_is_paired_twice_or_with_nobody(
    town: Town, pairs: list[tuple[str, str]]
) -> None:
    await four(town)
    plan = await step(town, among="ana ben cem dia")
    plan.pairs.extend(pairs)
    assert await town.plans.apply([plan]) == [False]


async def test_nothing_is_planned_once_the_session_has_begun(town: Town) -> None:
    await four(town)
    plan = await step(town, ("ana", "cem"), ("ben", "dia"))
    await town.go_to(town.noon)
    assert await town.plans.apply([plan]) == [False]


async def test_who_is_left_over_waits_with_the_time_they_first_came(town: Town) -> None:
    await town.profile("ana", accepts_quiet=False)
    await town.book("ana")
    await town.book("ben")
    eli = await town.book("eli", quiet=True)
    assert await town.plans.apply([await step(town, ("ben", "eli"), among="ana")]) == [True]
    ana = await town.ledger.booking("b1")
    assert (ana.state, (await town.now(eli)).partner) == ("waiting", "ben")
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))


async def test_a_step_too_large_for_one_call_is_refused(town: Town) -> None:
    huge = Step(versions={f"b{n}": 1 for n in range(201)}, pairs=[])
    with pytest.raises(errors.BadField):
        await town.plans.apply([huge])


COMMANDS_A_BOOKING = 15


async def test_the_largest_step_is_short_work_for_the_store(town: Town) -> None:
    for n in range(STEP_MAX):
        await town.book(f"m{n}")
    names = [claim.member for claim in (await slot_of(town)).claims]
    couples = list(zip(names[::2], names[3::2] + names[1:2], strict=True))
    plan = await step(town, *couples)
    await town.redis.config_resetstat()
    assert await town.plans.apply([plan]) == [True]
    stats = await town.redis.info("commandstats")
    done = sum(each["calls"] for name, each in stats.items() if name != "cmdstat_fcall")
    assert done < COMMANDS_A_BOOKING * STEP_MAX, "what a command takes is some microseconds"


# When it is due


async def test_a_pass_is_due_a_minute_before_t(town: Town) -> None:
    await four(town)
    await town.go_to(town.noon - DEFAULT.pass_ms)
    await town.tick()
    due = [event for event in await town.news() if isinstance(event, PlanDue)]
    assert [(event.start_ms, event.length_min, event.stage) for event in due] == [
        (town.noon, 25, "pass")
    ]


async def test_a_slot_of_one_needs_no_pass(town: Town) -> None:
    await town.book("ana")
    await town.go_to(town.noon - DEFAULT.pass_ms)
    await town.tick()
    assert "PlanDue" not in await town.told()


async def test_an_hour_before_t_names_are_chosen_where_they_are_hidden_till_then(
    redis_client: Redis,
) -> None:
    town = await Town(redis_client, rules=of(reveal="t60")).open()
    await four(town)
    await town.go_to(town.noon - 60 * MINUTE_MS)
    await town.tick()
    assert [event.stage for event in await town.news() if isinstance(event, PlanDue)] == ["reveal"]
    await town.go_to(town.noon - MINUTE_MS)
    await town.tick()
    assert [event.stage for event in await town.news() if isinstance(event, PlanDue)] == ["pass"]


async def test_where_both_fall_together_there_is_one(redis_client: Redis) -> None:
    town = await Town(redis_client, rules=of(reveal="t2")).open()
    await four(town)
    await town.go_to(town.noon - 2 * MINUTE_MS)
    await town.tick()
    assert [event.stage for event in await town.news() if isinstance(event, PlanDue)] == ["reveal"]


async def test_the_demo_has_its_pass_too(redis_client: Redis) -> None:
    town = await Town(redis_client, rules=DEMO).open()
    await town.book("ana", length_min=3)
    await town.book("ben", length_min=3)
    await town.go_to(town.noon - DEMO.pass_ms)
    await town.tick()
    assert "PlanDue" in await town.told()


# Names


async def hidden(town: Town) -> Booking:
    await town.book("ana")
    return await town.book("ben")


async def test_partners_are_hidden_until_names_are_told(redis_client: Redis) -> None:
    town = await Town(redis_client, rules=of(reveal="t60")).open()
    ben = await hidden(town)
    assert (ben.state, ben.partner, ben.pair, ben.partner_booking) == ("matched", None, None, None)
    await town.go_to(town.noon - 60 * MINUTE_MS)
    assert (await town.now(ben)).partner == "ana"


async def test_a_lock_in_hides_nothing(redis_client: Redis) -> None:
    town = await Town(redis_client, rules=of(reveal="t2")).open()
    ana, _ = await town.locked_pair("ana", "ben")
    assert ana.partner == "ben"

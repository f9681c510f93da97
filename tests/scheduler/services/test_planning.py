"""A pass that is due improves its slot; what others changed meanwhile is read once more."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from scheduler.bookings import Gender
from scheduler.events import PlanDue, PoolChanged, Revealed
from scheduler.plan import Slot, Stage, Step
from scheduler.rules import DEFAULT
from scheduler.rules import of as rules_of
from scheduler.services.planning import Planning, seed_of
from scheduler.store.planner import Planner
from scheduler.store.plans import Plans
from tests.scheduler.slots import START_MS, claim, paired, slot
from tests.scheduler.store.town import Town


class Desk:
    """Answers with one slot, and takes steps as told."""

    def __init__(self, found: Slot, *answers: bool) -> None:
        self.found = found
        self.asked: list[tuple[int, int]] = []
        self.steps: list[list[Step]] = []
        self.revealed: list[list[str]] = []
        self._answers = list(answers)

    async def slot(self, start_ms: int, length_min: int) -> Slot:
        self.asked.append((start_ms, length_min))
        return self.found

    async def apply(self, steps: list[Step]) -> list[bool]:
        self.steps.append(steps)
        return [self._answers.pop(0) for _ in steps]

    async def reveal(self, bookings: list[str]) -> int:
        self.revealed.append(bookings)
        return 0


TWO_WAIT = slot([claim(0), claim(1)])


def due(stage: Stage = "pass") -> PlanDue:
    return PlanDue(at_ms=START_MS - 60_000, start_ms=START_MS, length_min=50, stage=stage)


async def hear(desk: Desk, event: PlanDue | PoolChanged) -> None:
    await Planning(desk, Planner()).on_event("1-0", event)


@pytest.mark.parametrize("stage", ["pass", "reveal"])
async def test_two_who_wait_are_brought_together(stage: Stage) -> None:
    desk = Desk(TWO_WAIT, True)
    await hear(desk, due(stage))
    assert desk.asked == [(START_MS, 50)]
    assert desk.steps == [[Step(versions={"b0": 1, "b1": 1}, pairs=[("b0", "b1")])]]


async def test_a_slot_that_is_as_good_as_it_can_be_is_left_alone() -> None:
    desk = Desk(paired(TWO_WAIT, (0, 1)))
    await hear(desk, due())
    assert (len(desk.asked), desk.steps) == (1, [])


@pytest.mark.parametrize(("answers", "times"), [((False, True), 2), ((False, False), 2)])
async def test_an_overtaken_plan_is_made_once_more_and_not_again(
    answers: tuple[bool, ...], times: int
) -> None:
    desk = Desk(TWO_WAIT, *answers)
    await hear(desk, due())
    assert len(desk.asked) == times


@pytest.mark.parametrize(("stage", "told"), [("reveal", [["b0", "b1"]]), ("pass", [])])
async def test_names_are_told_once_the_pass_at_their_moment_is_done(
    stage: Stage, told: list[list[str]]
) -> None:
    desk = Desk(TWO_WAIT, False, True)
    await hear(desk, due(stage))
    assert desk.revealed == told


async def test_other_news_is_left_alone() -> None:
    desk = Desk(TWO_WAIT)
    await hear(desk, PoolChanged(at_ms=0, start_ms=START_MS, length_min=50))
    assert desk.asked == []


def test_chance_is_the_same_for_a_slot_and_another_for_the_next() -> None:
    assert seed_of(TWO_WAIT) == seed_of(paired(TWO_WAIT, (0, 1)))
    assert seed_of(TWO_WAIT) != seed_of(Slot(start_ms=START_MS, length_min=25, claims=[]))


async def test_in_the_ledger_the_pass_gives_two_more_a_partner_a_minute_before(
    redis_client: Redis,
) -> None:
    """Ana and ben are a pair; zoe would go with ben only, ida with ana only, and both wait."""
    town = await Town(redis_client).open()
    await town.pair_of("ana", "ben")
    await town.profile("ana", gender=Gender.MAN)
    await town.profile("ben", gender=Gender.WOMAN)
    for member, only in (("zoe", Gender.WOMAN), ("ida", Gender.MAN)):
        await town.profile(member, only_gender=only)
        assert (await town.book(member)).state == "waiting"
    await town.go_to(town.noon - DEFAULT.pass_ms)
    await town.tick()
    planning = Planning(Plans(town.ledger.calls), Planner())
    for event in await town.news():
        await planning.on_event("1-0", event)
    partners = {
        member: (await town.ledger.bookings_of(member, 0, 2**52))[0] for member in ("zoe", "ida")
    }
    assert {member: booking.partner for member, booking in partners.items()} == {
        "zoe": "ben", "ida": "ana"
    }  # fmt: skip


@pytest.mark.parametrize("preset", ["t60", "t2"])
async def test_in_the_ledger_each_pair_is_told_its_names_once_when_they_are_due(
    redis_client: Redis, preset: str
) -> None:
    rules = rules_of(reveal=preset)
    assert rules.reveal_ms
    town = await Town(redis_client, rules=rules).open()
    await town.book("ana")
    await town.book("ben")
    await town.locked_pair("cem", "dov")
    seen = (await town.ledger.bookings_of("ana", 0, 2**52))[0]
    assert (seen.state, seen.partner) == ("matched", None)
    await town.go_to(town.noon - rules.reveal_ms)
    await town.news()
    await town.tick()
    planning = Planning(Plans(town.ledger.calls), Planner())
    [event] = [each for each in await town.news() if isinstance(each, PlanDue)]
    for _ in range(2):
        await planning.on_event("1-0", event)
    told = [each for each in await town.news() if isinstance(each, Revealed)]
    assert [set(each.members) for each in told] == [{"ana", "ben"}]
    now = await town.now(seen)
    assert (now.partner, now.version > seen.version) == ("ben", True)

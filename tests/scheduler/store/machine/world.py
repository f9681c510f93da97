"""What members do not see: plans of the optimiser and of others, mending, and stores that die."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scheduler.bookings import Wish
from scheduler.optimiser import improve
from scheduler.plan import Stage, Step
from scheduler.store.reconcile import reconcile
from tests.scheduler.store.machine.base import INDEX, NAMES
from tests.scheduler.store.machine.model import Entry
from tests.scheduler.store.machine.sessions import SessionRules

STAGES: list[Stage] = ["pass", "reveal"]
SEED = st.integers(0, 1_000)
SELDOM = 24


class WorldRules(SessionRules):
    """Plans, reconciling and restarts."""

    def slots(self) -> list[tuple[int, int]]:
        return sorted({each.slot for each in self.model.entries.values() if each.live})

    @precondition(lambda self: self.slots())
    @rule(index=INDEX, stage=st.sampled_from(STAGES), seed=SEED)
    def optimise(self, index: int, stage: Stage, seed: int) -> None:
        """What the optimiser proposes is done, whole, if the slot is to come; fewer are never matched."""
        place = self.pick(self.slots(), index)
        slot = self.run(self.town.plans.slot(*place))
        steps = improve(slot, stage=stage, seed=seed)
        for step in steps:
            assert 2 * len(step.pairs) >= self.matched_in(step)
        self.look_at_the_clock()
        self.carry_out(steps)

    def matched_in(self, step: Step) -> int:
        return sum(self.model.entries[id].state == "matched" for id in step.versions)

    def carry_out(self, steps: list[Step]) -> None:
        for step in steps:
            expected = self.model.may_apply(list(step.versions), step.pairs)
            assert self.run(self.town.plans.apply([step])) == [expected]
            if expected:
                self.model.apply(list(step.versions), step.pairs)

    @precondition(lambda self: self.model.entries)
    @rule(
        chosen=st.lists(INDEX, min_size=1, max_size=6),
        pairs=st.lists(st.tuples(INDEX, INDEX), max_size=3),
        strange=st.booleans(),
    )
    def plan_anything(self, chosen: list[int], pairs: list[tuple[int, int]], strange: bool) -> None:
        """Steps nobody should propose: other slots, people twice, fewer pairs, locked ones."""
        state = self.state_now()
        entries = self.model.by_number()
        if not strange:  # one slot, so that some of it may be done
            entries = [each for each in entries if each.slot == self.pick(entries, chosen[0]).slot]
        ids = [self.pick(entries, index).id for index in chosen]
        two = [(self.pick(ids, a), self.pick(ids, b)) for a, b in pairs]
        versions = {id: int(state.bookings[id]["version"]) for id in ids}
        self.look_at_the_clock()
        self.carry_out([Step(versions=versions, pairs=two)])

    @rule(order=st.randoms(use_true_random=False), locks=st.booleans(), fewer=st.booleans())
    def plan_a_slot_anew(self, order: random.Random, locks: bool, fewer: bool) -> None:
        """Everybody of the fullest slot to come, in other pairs; one of them may be locked in."""
        self.book_side_by_side(members=set(NAMES), slot=1)
        start_ms = self.slot_start(1)
        room = [
            each for each in self.model.by_number() if each.live and each.slot == (start_ms, 25)
        ]
        if locks and len(room) > 1:
            self.lock_these(*room[:2])
        order.shuffle(room)
        ids = [each.id for each in room]
        pairs = list(zip(ids[::2], ids[1::2], strict=False))
        state = self.state_now()
        versions = {id: int(state.bookings[id]["version"]) for id in ids}
        self.carry_out([Step(versions=versions, pairs=pairs[fewer:])])

    def lock_these(self, one: Entry, other: Entry) -> None:
        """The first two of the slot, as far as they may."""
        wish = Wish(start_ms=one.start_ms, length_min=one.length_min)
        if one.member != other.member and (other.member, one.member) not in self.model.blocks:
            self.both(
                lambda: self.model.favour(other.member, one.member),
                self.town.people.favourite,
                other.member,
                one.member,
            )
        self.claim(
            lambda: self.model.lock_in(one.member, other.member, wish),
            self.ledger.lock_in,
            one.member,
            other.member,
            wish,
        )

    @precondition(lambda self: self.slots())
    @rule(index=INDEX, seed=SEED, off=st.sampled_from([-1, 1]))
    def plan_by_what_has_changed(self, index: int, seed: int, off: int) -> None:
        """One version that differs, and the step changes nothing."""
        slot = self.run(self.town.plans.slot(*self.pick(self.slots(), index)))
        claims = slot.claims
        versions = {each.booking: each.version for each in claims}
        versions[self.pick(sorted(versions), seed)] += off
        pairs = [
            (one.booking, two.booking) for one, two in zip(claims[::2], claims[1::2], strict=False)
        ]
        before = self.state()
        assert self.run(self.town.plans.apply([Step(versions=versions, pairs=pairs)])) == [False]
        assert self.state() == before

    @rule(chance=st.integers(1, SELDOM))
    def reconcile(self, chance: int) -> None:
        """Of a ledger that is whole nothing needs mending; what nobody judged comes before the judge again."""
        if chance % 6 == 0:
            before = self.state()
            repairs = self.run(reconcile(self.ledger.calls))
            assert (repairs.calendars, repairs.slots, repairs.pools) == (0, 0, 0)
            after = self.state()
            again = after.timers.keys() - before.timers.keys()
            assert {name.partition(":")[0] for name in again} <= {"close"}
            assert repairs.timers == len(again)
            after.timers = before.timers
            assert after == before
            self.pass_time(0)

    @rule(chance=st.integers(1, SELDOM))
    def the_store_dies(self, chance: int) -> None:
        """kill -9 between two calls: all is there again, and time does not go back."""
        if chance == SELDOM:
            before, now = self.state(), self.run(self.ledger.now_ms())
            self.server.restart()
            assert self.state() == before
            assert self.run(self.ledger.now_ms()) >= now
            self.count_anew()

"""The ledger against its model: any history of commands, sessions and time.

After every step every invariant holds and the store says what the model says. A longer hunt:
`ALONGSIDE_TEST_EXAMPLES=2000 python -m pytest tests/scheduler/store/test_ledger_machine.py --timeout 0`
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Gender, Profile, Task, Wish
from scheduler.flags import Fault, Flag
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.store.connection import connect
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.model import Entry, Model
from tests.scheduler.store.town import Town

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_EXAMPLES", "60"))
STEPS = 30
GRID = DEFAULT.grid_ms
RULES = msgspec.structs.replace(DEFAULT, pass_ms=0)
"""Whom a swap takes from whom is a choice the model does not make: there is none before T."""

MEMBERS = st.sampled_from(["ana", "ben", "cem", "dia", "eli", "fay", "gus"])
GENDERS = st.sampled_from(Gender)
PROFILES = st.builds(
    Profile,
    gender=GENDERS,
    only_gender=st.none() | st.sampled_from([Gender.WOMAN, Gender.MAN]),
    accepts_quiet=st.booleans(),
)
SLOTS = st.integers(0, 2)
LENGTHS = st.sampled_from([25, 25, 50])
QUIET = st.sampled_from([False, False, True])
TASKS = st.sampled_from([Task.ANYTHING, Task.ANYTHING, Task.DESK, Task.MOVING])
MINUTES = st.sampled_from([1, 3, 6, 15, 40])
INDEX = st.integers(0, 1_000)

Command = Callable[[], Awaitable[Any]]


class LedgerMachine(RuleBasedStateMachine):
    """Rules do a thing in the store and in the model; invariants hold the two together."""

    def __init__(self, runner: asyncio.Runner, redis: Redis) -> None:
        super().__init__()
        self.run = runner.run
        self.town = self.run(self.begin(redis))
        self.ledger = self.town.ledger
        self.model = Model(RULES)
        self.requests = 0
        self.done: list[tuple[Command, object]] = []
        self.settled: set[str] = set()
        self.model.now_ms = self.ticked_ms = self.run(self.ledger.now_ms())

    async def begin(self, redis: Redis) -> Town:
        await redis.flushdb()
        return await Town(redis, rules=RULES).open()

    def do(self, method: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """A command under a new request id, remembered so that it can be repeated."""
        self.requests += 1
        request_id = f"r{self.requests}"

        def command() -> Awaitable[Any]:
            return method(request_id, *args)

        answer = self.run(command())
        self.done.append((command, answer))
        return answer

    def slot_start(self, slot: int) -> int:
        return self.model.now_ms - self.model.now_ms % GRID + (slot + 1) * GRID

    # Commands

    @rule(member=MEMBERS, slot=SLOTS, length=LENGTHS, quiet=QUIET, task=TASKS)
    def book(self, member: str, slot: int, length: int, quiet: bool, task: Task) -> None:
        wish = Wish(start_ms=self.slot_start(slot), length_min=length, quiet=quiet, task=task)
        refusal = self.model.refusal(member, wish)
        if refusal:
            self.refused(refusal, member, wish)
            return
        booking = self.do(self.ledger.book, member, wish)
        entry = self.model.book(member, wish, created_ms=booking.created_ms)
        assert (booking.id, booking.state) == (entry.id, entry.state)

    @rule(
        member=MEMBERS,
        start=st.sampled_from([-GRID, -GRID * 40, 60_000, DEFAULT.horizon_ms + GRID]),
        length=st.sampled_from([25, 26]),
    )
    def book_what_cannot_be_booked(self, member: str, start: int, length: int) -> None:
        wish = Wish(start_ms=self.slot_start(0) + start, length_min=length)
        refusal = self.model.refusal(member, wish)
        assert refusal
        self.refused(refusal, member, wish)

    def refused(self, code: str, member: str, wish: Wish) -> None:
        with pytest.raises(errors.BY_CODE[code]):
            self.do(self.ledger.book, member, wish)

    @precondition(lambda self: self.model.entries)
    @rule(index=INDEX)
    def cancel(self, index: int) -> None:
        entry = self.pick(self.model.by_number(), index)
        refusal = self.cancel_refusal(entry)
        if refusal:
            with pytest.raises(refusal):
                self.do(self.ledger.cancel, entry.member, entry.id)
            return
        self.do(self.ledger.cancel, entry.member, entry.id)
        self.model.cancel(entry)

    def cancel_refusal(self, entry: Entry) -> type[errors.SchedulerError] | None:
        if not entry.live:
            return errors.AlreadyOver
        return errors.TooLate if entry.start_ms <= self.model.now_ms else None

    @precondition(lambda self: self.model.entries)
    @rule(index=INDEX, member=MEMBERS)
    def cancel_somebody_elses(self, index: int, member: str) -> None:
        entry = self.pick(self.model.by_number(), index)
        if entry.member != member:
            with pytest.raises(errors.NotFound):
                self.do(self.ledger.cancel, member, entry.id)

    @rule(member=MEMBERS, other=MEMBERS)
    def block(self, member: str, other: str) -> None:
        if member == other:
            with pytest.raises(errors.BadField):
                self.do(self.ledger.block, member, other)
            return
        self.do(self.ledger.block, member, other)
        self.model.block(member, other)

    @precondition(lambda self: self.model.blocks)
    @rule(index=INDEX)
    def unblock(self, index: int) -> None:
        member, other = self.pick(sorted(self.model.blocks), index)
        self.do(self.ledger.unblock, member, other)
        self.model.unblock(member, other)

    @rule(member=MEMBERS, profile=PROFILES)
    def set_profile(self, member: str, profile: Profile) -> None:
        self.do(self.ledger.set_profile, member, profile)
        self.model.set_profile(member, profile)

    @precondition(lambda self: self.done)
    @rule(index=INDEX)
    def ask_again(self, index: int) -> None:
        command, answer = self.pick(self.done, index)
        before = self.state()
        assert self.run(command()) == answer
        assert self.state() == before

    # Sessions and time

    @rule(member=MEMBERS, other=MEMBERS)
    def hold_a_session(self, member: str, other: str) -> None:
        """A short cut to what random steps seldom reach: two who met."""
        for each in (member, other):
            self.book(member=each, slot=0, length=25, quiet=False, task=Task.ANYTHING)
        for index in range(len(self.meeting())):
            self.join(index=index)
        self.time_passes(minutes=40)
        for index in range(len(self.over())):
            self.settle(index=index)

    def meeting(self) -> list[Entry]:
        return [each for each in self.model.by_number() if each.state == "matched"]

    @precondition(lambda self: self.meeting())
    @rule(index=INDEX)
    def join(self, index: int) -> None:
        entry = self.pick(self.meeting(), index)
        event = PresenceEvent(
            id=f"{entry.id}:{self.requests}",
            member=entry.member,
            seen=Seen.JOIN,
            at_ms=self.model.now_ms,
        )
        self.run(self.ledger.record(self.pair_of(entry), [event, event]))
        self.model.join(entry)

    def over(self) -> list[Entry]:
        return [each for each in self.model.by_number() if each.state == "done" and each.partner]

    @precondition(lambda self: self.over())
    @rule(index=INDEX)
    def settle(self, index: int) -> None:
        entry = self.pick(self.over(), index)
        pair = self.pair_of(entry)
        two = [entry, self.model.partner_of(entry)]
        flags = [no_show(pair, each) for each in two if not each.joined]
        self.run(self.ledger.settle(pair, flags))
        for each in two if pair not in self.settled else ():
            self.model.kept[each.member] = self.model.kept.get(each.member, 0) + each.joined
            judged = self.model.attended.setdefault(each.member, [])
            judged.append((each.start_ms, each.joined))
        self.settled.add(pair)

    @precondition(lambda self: self.settled)
    @rule(index=INDEX)
    def evidence_comes_late(self, index: int) -> None:
        """It reopens the verdict and changes no count; the next verdict counts nobody twice."""
        pair = sorted(self.settled)[index % len(self.settled)]
        self.requests += 1
        event = PresenceEvent(
            id=f"late:{self.requests}",
            member=self.run(self.ledger.pair(pair)).members[0],
            seen=Seen.CAMERA_ON,
            at_ms=self.model.now_ms,
        )
        self.run(self.ledger.record(pair, [event]))
        assert not self.run(self.ledger.pair(pair)).settled

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.run(self.ledger.move_clock(minutes * MINUTE_MS))
        while self.run(self.ledger.tick()).fired:
            pass
        self.model.now_ms = self.ticked_ms = self.run(self.ledger.now_ms())
        self.model.tick()

    @rule(member=MEMBERS, length=LENGTHS)
    def look(self, member: str, length: int) -> None:
        now = self.model.now_ms
        slots = self.run(self.ledger.waiting(member, now - GRID, now + 9 * GRID, length))
        seen = {each.start_ms: each.members for each in slots}
        starts = map(self.slot_start, range(9))
        expected = {start: self.model.company(member, start, length) for start in starts}
        assert seen == {start: members for start, members in expected.items() if members}

    # Holding the two together

    @invariant()
    def every_invariant_holds(self) -> None:
        check(self.state_now())

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        state = self.state_now()
        found = {
            id: (each["state"], each["partner_booking"] or None, int(each["created_ms"]))
            for id, each in state.bookings.items()
        }
        assert found == {
            id: (each.state, each.partner, each.created_ms)
            for id, each in self.model.entries.items()
        }
        assert {who: n for who, n in state.kept.items() if n} == {
            who: n for who, n in self.model.kept.items() if n
        }
        watching = {
            name: due for name, due in state.timers.items() if name.startswith(("late", "noshow"))
        }
        assert watching == self.watched()
        closing = [due for name, due in state.timers.items() if name.startswith("close")]
        assert sorted(closing) == sorted(self.model.closing.values())

    def watched(self) -> dict[str, float]:
        """Of the matched who did not join: when they are late, and after that when they are missing."""
        found = {}
        for each in self.meeting():
            late, missing = each.start_ms + RULES.late_ms, each.start_ms + RULES.no_show_ms
            if each.joined or missing <= self.ticked_ms:
                continue
            name, due = ("late", late) if late > self.ticked_ms else ("noshow", missing)
            found[f"{name}:{each.id}"] = float(due)
        return found

    def state_now(self) -> Any:
        return self.run(snapshot(self.town.redis, "a", self.model.now_ms))

    def state(self) -> Any:
        state = self.state_now()
        state.now_ms = 0
        return state

    def pair_of(self, entry: Entry) -> str:
        pair = self.run(self.ledger.booking(entry.id)).pair
        assert isinstance(pair, str)
        return pair

    @staticmethod
    def pick(things: list[Any], index: int) -> Any:
        return things[index % len(things)]


def no_show(pair: str, entry: Entry) -> Flag:
    return Flag(
        pair=pair,
        member=entry.member,
        booking=entry.id,
        fault=Fault.NO_SHOW,
        at_ms=entry.start_ms,
        measured_ms=0,
        limit_ms=0,
        start_ms=entry.start_ms,
        length_min=entry.length_min,
        rules_version=1,
    )


@pytest.mark.timeout(600)  # shrinking a failure takes its time
def test_any_history_keeps_the_invariants_and_agrees_with_the_model(store_url: str) -> None:
    with asyncio.Runner() as runner:
        redis = connect(store_url)
        try:
            run_state_machine_as_test(
                lambda: LedgerMachine(runner, redis),
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    phases=[Phase.explicit, Phase.generate, Phase.shrink],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(redis.aclose())

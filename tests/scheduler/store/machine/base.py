"""What all parts of the machine share: the store, the model, and holding one against the other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from redis.asyncio import Redis

from scheduler import errors
from scheduler.events import AnyEvent, Cancelled, Matched, Unmatched
from scheduler.rules import DEFAULT, Rules
from scheduler.snapshot import Record, Snapshot
from scheduler.store.connection import connect
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.machine.model import Entry, Refused
from tests.scheduler.store.machine.rooms import Model
from tests.scheduler.store.town import Town
from tests.support import store

T = TypeVar("T")

RULES = msgspec.structs.replace(DEFAULT, pass_ms=0)
"""Whom a swap takes from whom is a choice the model does not make: there is none before T."""
GRID = RULES.grid_ms
NAMES = ["ana", "ben", "cem", "dia", "eli", "fay"]
MEMBERS = st.sampled_from(NAMES)
SLOTS = st.integers(0, 2)
LENGTHS = st.sampled_from([25, 25, 25, 50])
INDEX = st.integers(0, 1_000)

CALLS_MOST = 600
"""Commands one function may give the store: a bound on the keys it touches."""

Command = Callable[[], Awaitable[Any]]


class Server:
    """A store of its own, that can be killed at any border between two calls and comes back."""

    def __init__(self, runner: asyncio.Runner, directory: Path) -> None:
        # What a runner does for every call, signals and all, costs as much as the call.
        self.run = runner.get_loop().run_until_complete
        self._directory = directory
        # Each example empties the store: what was before must not be replayed by every restart.
        self._settings = ("--auto-aof-rewrite-min-size", "2mb")
        self.process, self._port = store.start(directory, *self._settings)
        self.redis = connect(f"redis://127.0.0.1:{self._port}/0")
        self.steps = 0
        self.told: Counter[str] = Counter()
        """What happened in all of them."""
        self.meta: dict[bytes, bytes] = {}
        """Rules, kind and epoch of an example that begins: the functions stay loaded."""

    def restart(self) -> None:
        """kill -9, and up again from the append-only file.

        While the disk is busy with a sync the store answers before it writes the file: what a crash costs
        then is the journal's business (`test_journal`), here it is what becomes of what was written.
        """
        self.run(self.until("aof_buffer_length", "aof_pending_bio_fsync"))
        self.told["killed"] += 1
        self.process.kill()
        self.process.wait()
        self.run(self.redis.connection_pool.disconnect())
        self.process = store.launch(self._directory, self._port, *self._settings)
        assert store.wait_for_answer(self.process, self._port)
        self.run(self.until("loading"))

    async def until(self, *names: str) -> None:
        """Wait until the store has none of these to do."""
        for _ in range(1_000):
            about = await self.redis.info("persistence")
            if not any(int(about[name]) for name in names):
                return
            await asyncio.sleep(0.01)

    async def changes(self) -> int:
        """How much has been written so far, of whatever kind."""
        about = await self.redis.info("persistence")
        return int(about["rdb_changes_since_last_save"])

    async def fresh(self, rules: Rules) -> Town:
        """A town on an empty store; its functions are loaded once."""
        await self.redis.flushdb()
        town = Town(self.redis, rules=rules)
        if self.meta:
            await self.redis.hset("{a}:meta", mapping=self.meta)
            await town.set_clock()
            return town
        await town.ledger.load_functions()
        self.meta = await self.redis.hgetall("{a}:meta")
        await town.set_clock()
        return town

    def stop(self) -> None:
        self.run(self.redis.aclose())
        store.stop(self.process)


class Base(RuleBasedStateMachine):
    """Rules do a thing in the model and in the store; after each step the two must say the same."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server, self.run = server, server.run
        self.town = self.run(server.fresh(RULES))
        self.redis: Redis = server.redis
        self.ledger = self.town.ledger
        self.model = Model(RULES)
        self.requests = 0
        self.done: list[tuple[Command, object]] = []
        self.offset = self.run(self.ledger.last_offset())
        self.look_at_the_clock()
        self.count_anew()

    # A step

    def look_at_the_clock(self) -> None:
        self.model.now_ms = self.run(self.ledger.now_ms())

    def both(
        self,
        predict: Callable[[], T],
        call: Callable[..., Awaitable[Any]],
        *args: Any,
        **options: Any,
    ) -> tuple[T, Any] | None:
        """Do it in the model and, as a member's command, in the store: the same answer, or the same refusal."""
        self.requests += 1
        request = f"r{self.requests}"
        return self.expect(predict, lambda: call(request, *args, **options), keep=True)

    def expect(
        self, predict: Callable[[], T], command: Command, *, keep: bool = False
    ) -> tuple[T, Any] | None:
        """What the model and the store answer; None if both refuse."""
        self.look_at_the_clock()
        try:
            expected = predict()
        except Refused as refusal:
            self.refused(refusal.code, command)
            return None
        answer = self.run(command())
        if keep:
            self.done.append((command, answer))
        return expected, answer

    def refused(self, code: str, command: Command) -> None:
        before = self.run(self.server.changes())
        with pytest.raises(errors.SchedulerError) as refusal:
            self.run(command())
        assert refusal.value.code == code
        self.server.told[f"refused {code}"] += 1
        assert self.run(self.server.changes()) == before

    def slot_start(self, slot: int) -> int:
        return self.model.now_ms - self.model.now_ms % GRID + (slot + 1) * GRID

    @staticmethod
    def pick(things: list[Any], index: int) -> Any:
        return things[index % len(things)]

    # After a step

    @invariant()
    def the_ledger_is_whole_and_agrees_with_the_model(self) -> None:
        self.server.steps += 1
        self.was_bounded()
        self.follow(self.news())
        state = self.state_now()
        check(state)
        assert {id: seen(each) for id, each in state.bookings.items()} == {
            id: expected(each) for id, each in self.model.entries.items()
        }
        self.pairs_agree(state)
        self.people_agree(state)
        self.count_anew()

    def news(self) -> list[AnyEvent]:
        entries = self.run(self.ledger.outbox_after(self.offset))
        if entries:
            self.offset = entries[-1][0]
        self.server.told.update(kind_of(event) for _, event in entries)
        return [event for _, event in entries]

    def follow(self, news: list[AnyEvent]) -> None:
        self.follow_the_rooms(news)
        self.follow_who_was_left(news)

    def follow_the_rooms(self, news: list[AnyEvent]) -> None:
        """Whom the ledger brought together after T is heard from it, and must have been allowed."""
        replaced = {
            each.booking for each in news if isinstance(each, Unmatched) and each.why == "replaced"
        }
        for event in news:
            if isinstance(event, Matched) and event.start_ms <= event.at_ms:
                one, other = (self.model.entries[id] for id in event.bookings)
                self.may_meet_now(one, other, replaced)
                # The second of the event was looking, or came: the model counts pairs, not who asked.
                self.model.meet(other, one)

    def follow_who_was_left(self, news: list[AnyEvent]) -> None:
        """By a lock-in: the model learns when, and a cancellation tells it."""
        for event in news:
            if isinstance(event, Unmatched) and event.was_locked:
                entry = self.model.entries[event.booking]
                entry.left_ms = entry.left_ms and event.at_ms
            elif isinstance(event, Cancelled):
                entry = self.model.entries[event.booking]
                assert (event.free, event.left_ms) == (entry.free, entry.left_ms)

    def may_meet_now(self, one: Entry, other: Entry, replaced: set[str]) -> None:
        for each in (one, other):
            assert self.model.may_go_on(each), f"{each.id} was not there, or not free"
            assert each.partner is None or each.partner in replaced
        assert one.slot == other.slot
        assert self.model.may_meet(one, other)

    def pairs_agree(self, state: Snapshot) -> None:
        assert {
            id: ({pair["booking_a"], pair["booking_b"]}, pair["locked"], pair["dissolved"])
            for id, pair in state.pairs.items()
        } == {
            id: (set(pair.bookings), flag(pair.locked), flag(pair.dissolved))
            for id, pair in self.model.pairs.items()
        }
        for id, pair in self.model.pairs.items():
            joined = {name for name in state.pairs[id] if name.startswith("joined:")}
            assert joined == {f"joined:{member}" for member in pair.joined}

    def people_agree(self, state: Snapshot) -> None:
        model = self.model
        assert {who: n for who, n in state.kept.items() if n} == {
            who: n for who, n in model.kept.items() if n
        }
        assert pairs_of(state.favourites) == model.favourites
        assert pairs_of(state.blocked) == model.blocks
        assert pairs_of(state.asks) == model.asks
        assert {frozenset(two) for two in pairs_of(state.friends)} == model.friends
        assert {
            (one, other): int(until)
            for one, others in state.snoozed.items()
            for other, until in others.items()
        } == model.snoozes

    def state_now(self) -> Snapshot:
        return self.run(snapshot(self.redis, "a", self.run(self.ledger.now_ms())))

    def state(self) -> Snapshot:
        """As it is, but for the time."""
        state = self.state_now()
        state.now_ms = 0
        return state

    # Bounded work

    def count_anew(self) -> None:
        self.run(self.redis.config_resetstat())

    def was_bounded(self) -> None:
        """No function gave more commands than may be, on average of a step's calls."""
        stats = self.run(self.redis.info("commandstats"))
        calls = {name.removeprefix("cmdstat_"): each["calls"] for name, each in stats.items()}
        functions = calls.pop("fcall", 0) + calls.pop("fcall_ro", 0)
        assert functions == 0 or sum(calls.values()) / functions <= CALLS_MOST


def kind_of(event: AnyEvent) -> str:
    """What happened, for a summary of what a run has reached."""
    if isinstance(event, Unmatched):
        return f"Unmatched {event.why}"
    if isinstance(event, Matched):
        after = event.start_ms <= event.at_ms
        return f"Matched{' locked' if event.locked else ' after T' if after else ''}"
    return type(event).__name__


def flag(value: bool) -> str:
    return "1" if value else "0"


def pairs_of(sets: dict[str, set[str]]) -> set[tuple[str, str]]:
    return {(one, other) for one, others in sets.items() for other in others}


def seen(booking: Record) -> tuple[object, ...]:
    """What the model knows of a booking, as the store has it."""
    return (
        booking["state"],
        booking["partner_booking"] or None,
        booking["pair"] or None,
        booking["locked"],
        booking["title"],
        booking.get("free_to_cancel", "0"),
        int(booking.get("left_ms", 0)),
        int(booking["created_ms"]),
    )


def expected(entry: Entry) -> tuple[object, ...]:
    return (
        entry.state,
        entry.partner,
        entry.pair,
        flag(entry.locked),
        entry.title,
        flag(entry.free),
        entry.left_ms,
        entry.created_ms,
    )

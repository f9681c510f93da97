"""Rooms: coming, being there, another partner, ends, and verdicts."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scheduler.judge import judge
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import MINUTE_MS
from scheduler.standby import Outcome, Search
from tests.scheduler.store.machine.base import INDEX, MEMBERS, NAMES, RULES
from tests.scheduler.store.machine.bookings import BookingRules
from tests.scheduler.store.machine.model import Entry, Meeting

OTHER_EVENTS = st.sampled_from([each for each in Seen if each is not Seen.JOIN])
STEP_MS = 10_000


class SessionRules(BookingRules):
    """What happens in rooms, and after."""

    # Coming and being there

    @precondition(lambda self: self.model.matched())
    @rule(index=INDEX)
    def join(self, index: int) -> None:
        entry = self.pick(self.model.matched(), index)
        self.witness(self.model.pair_of(entry), entry.member, Seen.JOIN)

    @precondition(lambda self: self.model.pairs)
    @rule(index=INDEX, side=st.integers(0, 1), seen=OTHER_EVENTS)
    def see_something(self, index: int, side: int, seen: Seen) -> None:
        """Whatever a room reports, of whichever session, in time or late."""
        pair = self.pick(list(self.model.pairs.values()), index)
        self.witness(pair, self.model.entries[pair.bookings[side]].member, seen)

    def witness(self, pair: Meeting, member: str, seen: Seen) -> None:
        self.look_at_the_clock()
        self.requests += 1
        event = PresenceEvent(
            id=f"hub:{self.requests}", member=member, seen=seen, at_ms=self.model.now_ms
        )
        self.run(self.ledger.record(pair.id, [event, event]))
        if seen in (Seen.JOIN, Seen.REJOIN):
            self.model.join(pair, member)

    def under_way(self) -> list[Entry]:
        """Bookings whose doors are open."""
        now = self.model.now_ms
        return [
            each
            for each in self.model.by_number()
            if each.live and each.start_ms - 10 * MINUTE_MS <= now
        ]

    @precondition(lambda self: self.under_way())
    @rule(index=INDEX)
    def here(self, index: int) -> None:
        entry = self.pick(self.under_way(), index)
        self.say_here(entry)

    def say_here(self, entry: Entry) -> None:
        both = self.expect(
            lambda: self.model.here(entry.member, entry.id),
            lambda: self.town.standby.here(entry.member, entry.id),
        )
        assert both
        assert both[0] == both[1]

    @precondition(lambda self: self.under_way())
    @rule(index=INDEX)
    def gone(self, index: int) -> None:
        entry = self.pick(self.under_way(), index)
        self.expect(lambda: self.model.gone(entry.id), lambda: self.town.standby.gone(entry.id))

    # Another partner

    @precondition(lambda self: self.under_way())
    @rule(index=INDEX, newcomers=st.booleans(), locked=st.booleans())
    def seek(self, index: int, newcomers: bool, locked: bool) -> None:
        entry = self.pick(self.under_way(), index)
        looked = entry.id in self.model.searches
        both = self.both(
            lambda: self.model.seek(entry.member, entry.id, newcomers=newcomers, locked=locked),
            self.town.standby.seek,
            entry.member,
            entry.id,
            newcomers=newcomers,
            locked=locked,
        )
        if both and not looked:
            self.found_whom_it_must(*both)

    def found_whom_it_must(self, best: Entry | None, search: Search) -> None:
        """Who is free and welcome is met at once, the best of them."""
        assert (search.outcome is Outcome.FOUND) == (best is not None)
        if best:
            assert search.booking.partner_booking == best.id

    @precondition(lambda self: self.under_way())
    @rule(index=INDEX, accept=st.booleans())
    def answer(self, index: int, accept: bool) -> None:
        entry = self.pick(self.under_way(), index)
        asked = self.run(self.redis.hgetall(f"{{a}}:asked:{entry.id}"))
        if not asked:
            code = "partner_here" if self.model.obstacle(entry) == "partner_here" else "not_found"
            self.refused(code, lambda: self.town.standby.answer(entry.member, entry.id, accept))
            return
        if accept and asked[b"newcomer"] == b"1" and entry.id in self.model.searches:
            self.model.searches[entry.id] = True
        by = self.model.entries[asked[b"by"].decode()]
        may = self.model.may_go_on(by) and self.model.obstacle(entry) is None
        if accept and asked[b"newcomer"] == b"0" and not (may and self.model.may_meet(by, entry)):
            self.refused("taken", lambda: self.town.standby.answer(entry.member, entry.id, True))
            return
        self.run(self.town.standby.answer(entry.member, entry.id, accept))

    @precondition(lambda self: self.model.searches)
    @rule(index=INDEX)
    def stop_seeking(self, index: int) -> None:
        entry = self.model.entries[self.pick(sorted(self.model.searches), index)]
        self.run(self.town.standby.stop(entry.member, entry.id))
        if entry.state == "matched":
            self.model.forget(entry.id)
        self.model.searches.pop(entry.id, None)
        self.model.given_up.discard(entry.id)

    @rule(
        come=st.lists(st.sampled_from([True, True, False]), min_size=6, max_size=6),
        seeks=st.lists(INDEX, min_size=1, max_size=3),
        newcomers=st.booleans(),
        wait=st.sampled_from([120_000, 180_000, 240_000]),
    )
    def some_do_not_come(
        self, come: list[bool], seeks: list[int], newcomers: bool, wait: int
    ) -> None:
        """What random steps seldom reach: some of a slot are there after T, and look for others."""
        self.book_side_by_side(members=set(NAMES), slot=0)
        live = [each for each in self.model.by_number() if each.live]
        start_ms = min((each.start_ms for each in live), default=self.model.now_ms)
        room = [each for each in live if each.start_ms == start_ms]
        self.come_at(
            start_ms + STEP_MS, [each for each, is_here in zip(room, come, strict=False) if is_here]
        )
        self.come_at(start_ms + wait, [each for each in room if self.model.is_here_lately(each)])
        for index in seeks:
            there = [each for each in self.under_way() if self.model.is_here(each)]
            if there:
                every = self.under_way()
                self.seek(
                    index=every.index(self.pick(there, index)), newcomers=newcomers, locked=True
                )
                self.hear()

    def come_at(self, instant_ms: int, entries: list[Entry]) -> None:
        """These are in the room then."""
        self.look_at_the_clock()
        if instant_ms > self.model.now_ms:
            steps = -(-(instant_ms - self.model.now_ms) // STEP_MS)
            self.pass_time(steps * STEP_MS)
        for entry in entries:
            if entry.live:
                self.come(entry)

    def come(self, entry: Entry) -> None:
        if entry.partner:
            self.witness(self.model.pair_of(entry), entry.member, Seen.JOIN)
        self.say_here(entry)
        self.hear()

    def hear(self) -> None:
        self.follow(self.news())

    # Time

    @rule(minutes=st.sampled_from([1, 1, 3, 6, 15, 40]))
    def time_passes(self, minutes: int) -> None:
        self.pass_time(minutes * MINUTE_MS)

    @rule(times=st.integers(1, 3), stay=st.booleans())
    def moments_pass(self, times: int, stay: bool) -> None:
        """Whoever is there says so, if they stay."""
        for _ in range(times):
            there = [each for each in self.under_way() if self.model.is_here(each)]
            self.pass_time(STEP_MS)
            for entry in there if stay else ():
                self.say_here(entry)
                self.hear()

    def pass_time(self, ms: int) -> None:
        if ms:
            self.run(self.ledger.move_clock(ms))
        while self.run(self.ledger.tick(limit=5)).fired:
            pass
        self.look_at_the_clock()
        self.model.tick()
        self.hear()
        left = self.run(self.redis.zcount("{a}:timers", "-inf", self.model.now_ms - 1_000))
        assert left == 0, "timers that were due did not fire"

    # Verdicts

    @precondition(lambda self: self.model.closed())
    @rule(index=INDEX, order=st.randoms(use_true_random=False), times=st.integers(1, 2))
    def settle(self, index: int, order: random.Random, times: int) -> None:
        """Judged in whatever order the log came, and however often."""
        meeting = self.pick(self.model.closed(), index)
        pair = self.run(self.ledger.pair(meeting.id))
        log = self.run(self.ledger.log_of(meeting.id))
        flags = judge(pair, log, RULES)
        shuffled = [*log, *log]
        order.shuffle(shuffled)
        assert judge(pair, shuffled, RULES) == flags
        for _ in range(times):
            self.run(self.ledger.settle(meeting.id, flags))
        if not pair.settled:
            self.model.settle(meeting, flags)

    @rule(member=MEMBERS, other=MEMBERS)
    def hold_a_session(self, member: str, other: str) -> None:
        """A short cut to what random steps seldom reach: two who met."""
        for each in (member, other):
            self.book(member=each, slot=0, length=25)
        for entry in [each for each in self.model.matched() if each.member in (member, other)]:
            self.witness(self.model.pair_of(entry), entry.member, Seen.JOIN)
        self.pass_time(42 * MINUTE_MS)
        for index in range(len(self.model.closed())):
            self.settle(index=index, order=random.Random(0), times=1)

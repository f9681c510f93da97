"""Booking, cancelling, editing, profiles, pauses, and asking again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scheduler.bookings import Edit, Gender, Lockable, Profile, Task, Wish
from scheduler.rules import MINUTE_MS
from tests.scheduler.store.machine.base import GRID, INDEX, LENGTHS, MEMBERS, RULES, SLOTS, Base

PROFILES = st.builds(
    Profile,
    gender=st.sampled_from([Gender.UNSAID, Gender.UNSAID, Gender.WOMAN, Gender.MAN]),
    only_gender=st.sampled_from([None, None, None, Gender.WOMAN, Gender.MAN]),
    accepts_quiet=st.sampled_from([True, True, False]),
    lockable=st.sampled_from(Lockable),
)
QUIET = st.sampled_from([False, False, True])
TASKS = st.sampled_from([Task.ANYTHING, Task.ANYTHING, Task.DESK, Task.MOVING])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["", "a plan"]),
        "quiet": QUIET,
        "task": TASKS,
        "prefer_favourites": st.booleans(),
    },
)
MODELS_NAME = {"prefer_favourites": "prefers"}


class BookingRules(Base):
    """What members do with their own bookings."""

    @rule(member=MEMBERS, slot=SLOTS, length=LENGTHS, quiet=QUIET, task=TASKS)
    def book(
        self,
        member: str,
        slot: int,
        length: int,
        quiet: bool = False,
        task: Task = Task.ANYTHING,
    ) -> None:
        self.look_at_the_clock()
        wish = Wish(start_ms=self.slot_start(slot), length_min=length, quiet=quiet, task=task)
        self.claim(lambda: self.model.book(member, wish), self.ledger.book, member, wish)

    def claim(self, predict: Callable[[], Any], *call: Any, **options: Any) -> None:
        """A booking was made, or one used: the model learns when."""
        if both := self.both(predict, *call, **options):
            entry, booking = both
            entry.created_ms = booking.created_ms
            assert (booking.id, booking.locked) == (entry.id, entry.locked)

    @rule(members=st.sets(MEMBERS, min_size=2, max_size=5), slot=SLOTS)
    def book_side_by_side(self, members: set[str], slot: int) -> None:
        """More often than chance would: several in one slot, who go with all."""
        for member in sorted(members):
            self.book(member=member, slot=slot, length=25)

    @rule(
        member=MEMBERS,
        off=st.sampled_from([(-GRID, 25), (60_000, 25), (RULES.horizon_ms + GRID, 25), (0, 26)]),
    )
    def book_what_cannot_be_booked(self, member: str, off: tuple[int, int]) -> None:
        self.look_at_the_clock()
        wish = Wish(start_ms=self.slot_start(0) + off[0], length_min=off[1])
        assert (
            self.both(lambda: self.model.book(member, wish), self.ledger.book, member, wish) is None
        )

    @precondition(lambda self: self.model.entries)
    @rule(index=INDEX, somebody=MEMBERS, own=st.sampled_from([True, True, True, False]))
    def cancel(self, index: int, somebody: str, own: bool) -> None:
        entry = self.pick(self.model.by_number(), index)
        member = entry.member if own else somebody
        self.both(lambda: self.model.cancel(member, entry.id), self.ledger.cancel, member, entry.id)

    @precondition(lambda self: self.model.entries)
    @rule(index=INDEX, changes=CHANGES, rematch=st.booleans())
    def edit(self, index: int, changes: dict[str, Any], rematch: bool) -> None:
        entry = self.pick(self.model.by_number(), index)
        new = {MODELS_NAME.get(name, name): value for name, value in changes.items()}
        self.both(
            lambda: self.model.edit(entry.member, entry.id, new, rematch=rematch),
            self.ledger.edit,
            entry.member,
            entry.id,
            Edit(**changes),
            rematch=rematch,
        )

    @rule(member=MEMBERS, profile=PROFILES)
    def set_profile(self, member: str, profile: Profile) -> None:
        self.both(
            lambda: self.model.set_profile(member, profile),
            self.ledger.set_profile,
            member,
            profile,
        )

    @rule(member=MEMBERS, minutes=st.sampled_from([0, 10, 60, -5]), chance=st.integers(1, 4))
    def suspend(self, member: str, minutes: int, chance: int) -> None:
        if chance > 1:  # whoever is paused plays no part
            return
        self.look_at_the_clock()
        until_ms = self.model.now_ms + minutes * MINUTE_MS if minutes else 0
        self.both(
            lambda: self.model.suspend(member, until_ms), self.ledger.suspend, member, until_ms
        )

    @precondition(lambda self: self.model.suspended)
    @rule(index=INDEX)
    def unsuspend(self, index: int) -> None:
        member = self.pick(sorted(self.model.suspended), index)
        self.both(lambda: self.model.suspended.pop(member), self.ledger.unsuspend, member)

    @precondition(lambda self: self.done)
    @rule(index=INDEX)
    def ask_again(self, index: int) -> None:
        """Any command, with the same request id: the first answer, and nothing changes."""
        command, answer = self.pick(self.done, index)
        before = self.state()
        assert self.run(command()) == answer
        assert self.state() == before

    @rule(member=MEMBERS, length=LENGTHS)
    def look(self, member: str, length: int) -> None:
        self.look_at_the_clock()
        now = self.model.now_ms
        slots = self.run(self.ledger.waiting(member, now - GRID, now + 9 * GRID, length))
        starts = map(self.slot_start, range(9))
        expected = {at: self.model.waiting_for(member, at, length) for at in starts}
        assert {each.start_ms: each.members for each in slots} == {
            start: members for start, members in expected.items() if members
        }

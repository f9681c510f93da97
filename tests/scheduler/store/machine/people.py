"""Favourites, friends, snoozes, blocks, locking in and invites."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scheduler.bookings import Task, Wish
from scheduler.people import InviteKind
from scheduler.rules import MINUTE_MS
from tests.scheduler.store.machine.base import GRID, INDEX, LENGTHS, MEMBERS, SLOTS, Base
from tests.scheduler.store.machine.bookings import QUIET, TASKS, BookingRules

KEYS = st.sampled_from(["", "key", "another key"])
INVITES = st.integers(0, 4)


class PeopleRules(Base):
    """What members are to each other."""

    @rule(member=MEMBERS, other=MEMBERS, act=st.sampled_from(["favourite", "ask_friend"]))
    def come_near(self, member: str, other: str, act: str) -> None:
        predict = {"favourite": self.model.favour, "ask_friend": self.model.ask_friend}[act]
        self.both(lambda: predict(member, other), getattr(self.town.people, act), member, other)

    @rule(member=MEMBERS, other=MEMBERS)
    def accept_friend(self, member: str, other: str) -> None:
        self.both(
            lambda: self.model.accept_friend(member, other),
            self.town.people.accept_friend,
            member,
            other,
        )

    @precondition(lambda self: self.model.asks)
    @rule(index=INDEX)
    def accept_what_was_asked(self, index: int) -> None:
        asker, asked = self.pick(sorted(self.model.asks), index)
        self.accept_friend(member=asked, other=asker)

    @rule(member=MEMBERS, other=MEMBERS)
    def part_ways(self, member: str, other: str) -> None:
        people, model = self.town.people, self.model
        self.both(
            lambda: model.favourites.discard((member, other)), people.unfavourite, member, other
        )
        self.both(lambda: model.end_friendship(member, other), people.end_friendship, member, other)

    @rule(member=MEMBERS, other=MEMBERS)
    def block(self, member: str, other: str) -> None:
        self.both(lambda: self.model.block(member, other), self.ledger.block, member, other)

    @precondition(lambda self: self.model.blocks)
    @rule(index=INDEX)
    def unblock(self, index: int) -> None:
        two = self.pick(sorted(self.model.blocks), index)
        self.both(lambda: self.model.unblock(*two), self.ledger.unblock, *two)

    @rule(member=MEMBERS, other=MEMBERS, minutes=st.sampled_from([0, 5, 20, -1]))
    def snooze(self, member: str, other: str, minutes: int) -> None:
        self.look_at_the_clock()
        until_ms = self.model.now_ms + minutes * MINUTE_MS if minutes else 0
        self.both(
            lambda: self.model.snooze(member, other, until_ms),
            self.town.people.snooze,
            member,
            other,
            until_ms=until_ms,
        )

    @precondition(lambda self: self.model.snoozes)
    @rule(index=INDEX)
    def unsnooze(self, index: int) -> None:
        two = self.pick(sorted(self.model.snoozes), index)
        self.both(lambda: self.model.unsnooze(*two), self.town.people.unsnooze, *two)

    @rule(member=MEMBERS, other=MEMBERS)
    def look_at_somebody(self, member: str, other: str) -> None:
        self.look_at_the_clock()
        relation = self.run(self.town.people.relation(member, other))
        assert relation == self.model.relation(member, other)


class LockRules(BookingRules):
    """Locking in, and the invites that lead there."""

    @rule(
        member=MEMBERS,
        other=MEMBERS,
        slot=SLOTS,
        length=LENGTHS,
        quiet=QUIET,
        task=TASKS,
        replaces=st.booleans(),
    )
    def lock_in(
        self,
        member: str,
        other: str,
        slot: int,
        length: int,
        quiet: bool,
        task: Task,
        replaces: bool,
    ) -> None:
        self.look_at_the_clock()
        wish = Wish(start_ms=self.slot_start(slot), length_min=length, quiet=quiet, task=task)
        self.lock(member, other, wish, replaces=replaces)

    def lock(
        self,
        member: str,
        other: str,
        wish: Wish,
        *,
        replaces: bool,
        invite: str = "",
        holder: str = "",
    ) -> None:
        in_the_way = self.model.in_the_way(member, wish) if replaces else []
        replace = tuple(each.id for each in in_the_way)
        self.claim(
            lambda: self.model.lock_in(
                member, other, wish, invite=invite, replace=replace, holder=holder
            ),
            self.ledger.lock_in,
            member,
            other,
            wish,
            invite=invite,
            replace=replace,
            holder_key=holder,
        )

    @precondition(lambda self: any(each.live for each in self.model.entries.values()))
    @rule(index=INDEX, member=MEMBERS, replaces=st.booleans())
    def lock_in_with_who_booked(self, index: int, member: str, replaces: bool) -> None:
        """More often than chance would: where there is somebody, and they like the one who comes."""
        live = [each for each in self.model.by_number() if each.live]
        theirs = self.pick(live, index)
        if theirs.member != member and (theirs.member, member) not in self.model.blocks:
            self.both(
                lambda: self.model.favour(theirs.member, member),
                self.town.people.favourite,
                theirs.member,
                member,
            )
        wish = Wish(start_ms=theirs.start_ms, length_min=theirs.length_min)
        self.lock(member, theirs.member, wish, replaces=replaces)

    @rule(
        member=MEMBERS,
        kind=st.sampled_from(["personal", "single", "member"]),
        to=MEMBERS,
        slot=st.integers(-1, 2),
        length=LENGTHS,
        always=st.booleans(),
    )
    def invite(self, member: str, kind: str, to: str, slot: int, length: int, always: bool) -> None:
        self.look_at_the_clock()
        place = (self.slot_start(slot), length)
        start, minutes = place if kind == "member" else (0, 0)
        self.both(
            lambda: self.model.invite(member, kind, to=to, slot=place, always=always),
            self.town.invites.create,
            member,
            InviteKind(kind),
            to=to if kind == "member" else None,
            start_ms=start,
            length_min=minutes,
            always=always,
            token_hash="" if kind == "member" else f"token-{self.requests}",
        )

    @precondition(lambda self: self.model.links)
    @rule(index=INVITES, member=MEMBERS, own=st.booleans())
    def revoke(self, index: int, member: str, own: bool) -> None:
        link = self.pick(list(self.model.links.values()), index)
        who = link.by if own else member
        self.both(lambda: self.model.revoke(who, link.id), self.town.invites.revoke, who, link.id)

    @precondition(lambda self: self.model.links)
    @rule(index=INVITES, key=st.sampled_from(["key", "another key"]), slot=SLOTS, length=LENGTHS)
    def hold(self, index: int, key: str, slot: int, length: int) -> None:
        self.look_at_the_clock()
        link = self.pick(list(self.model.links.values()), index)
        start = self.slot_start(slot)
        self.expect(
            lambda: self.model.hold(link.id, key, start, length),
            lambda: self.ledger.hold(link.id, key, start, length),
        )

    @precondition(lambda self: self.model.links)
    @rule(index=INVITES, member=MEMBERS, slot=SLOTS, length=LENGTHS, key=KEYS, exact=st.booleans())
    def follow_an_invite(
        self, index: int, member: str, slot: int, length: int, key: str, exact: bool
    ) -> None:
        self.look_at_the_clock()
        link = self.pick(list(self.model.links.values()), index)
        start, minutes = self.slot_start(slot), length
        if exact and link.kind == "member":
            member, start, minutes = link.to, link.start_ms, link.length_min
        elif exact and (theirs := self.model.coming(link.by)):
            start, minutes = theirs[0].slot
        wish = Wish(start_ms=start, length_min=minutes)
        self.lock(member, link.by, wish, replaces=True, invite=link.id, holder=key)

    @rule(viewer=MEMBERS, other=MEMBERS)
    def look_for_free_times(self, viewer: str, other: str) -> None:
        self.look_at_the_clock()
        now = self.model.now_ms
        times = self.run(self.town.people.free_times(viewer, [other], now, now + 9 * GRID))
        found = [(each.start_ms, each.length_min) for each in times]
        assert found == self.model.free_times(viewer, other, now, now + 9 * GRID)

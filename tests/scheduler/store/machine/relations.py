"""The model's people: what they are to each other, invites, and locking in."""

from __future__ import annotations

import msgspec

from scheduler.bookings import Lockable, Wish
from scheduler.matching import compatible
from scheduler.people import Friendship, Relation
from tests.scheduler.store.machine.model import Bookings, Entry, Refused

DECLINED_MS = 7 * 24 * 3_600_000


class Link(msgspec.Struct, kw_only=True):
    """An invite."""

    id: str
    by: str
    kind: str
    to: str = ""
    start_ms: int = 0
    length_min: int = 0
    always: bool = False
    expires_ms: int
    uses: int = 0
    revoked: bool = False
    held: dict[str, int] = {}
    """Bookings that it holds, and until when."""


class People(Bookings):
    """Favourites, friends, and who keeps away from whom."""

    asks: set[tuple[str, str]]
    declined: dict[tuple[str, str], int]
    together_times: dict[frozenset[str], int]

    def favour(self, member: str, other: str) -> None:
        self.not_oneself_nor_blocked(member, other)
        self.favourites.add((member, other))

    def ask_friend(self, member: str, other: str) -> None:
        self.not_oneself_nor_blocked(member, other)
        if frozenset((member, other)) in self.friends or (member, other) in self.asks:
            return
        if self.asks_openly(other, member):
            self.befriend(member, other)
        elif self.declined.get((member, other), 0) > self.now_ms:
            raise Refused("conflict")
        else:
            self.asks.add((member, other))

    def accept_friend(self, member: str, other: str) -> None:
        if frozenset((member, other)) in self.friends:
            return
        if not self.asks_openly(other, member):
            raise Refused("not_found")
        self.befriend(member, other)

    def end_friendship(self, member: str, other: str) -> None:
        if self.asks_openly(other, member):
            self.declined[other, member] = self.now_ms + DECLINED_MS
        self.unfriend(member, other)

    def asks_openly(self, one: str, other: str) -> bool:
        return (one, other) in self.asks and not self.apart(one, other)

    def befriend(self, one: str, other: str) -> None:
        self.asks -= {(one, other), (other, one)}
        self.friends.add(frozenset((one, other)))

    def unfriend(self, one: str, other: str) -> None:
        self.asks -= {(one, other), (other, one)}
        self.friends.discard(frozenset((one, other)))

    def not_oneself_nor_blocked(self, member: str, other: str) -> None:
        if member == other:
            raise Refused("bad_field")
        if (member, other) in self.blocks:
            raise Refused("conflict")

    def block(self, member: str, other: str) -> None:
        if member == other:
            raise Refused("bad_field")
        self.blocks.add((member, other))
        self.keep_apart(member, other)
        self.favourites.discard((member, other))
        self.asks.discard((member, other))
        self.friends.discard(frozenset((member, other)))

    def snooze(self, member: str, other: str, until_ms: int) -> None:
        if member == other or 0 < until_ms <= self.now_ms:
            raise Refused("bad_field")
        self.snoozes[member, other] = until_ms
        self.keep_apart(member, other)

    def keep_apart(self, member: str, other: str) -> None:
        for entry in self.coming(member):
            if entry.partner and self.partner_of(entry).member == other:
                self.part(entry, by=member)

    def unblock(self, member: str, other: str) -> None:
        self.blocks.discard((member, other))
        self.bring_together(member, other)

    def unsnooze(self, member: str, other: str) -> None:
        if self.snoozes.pop((member, other), None) is not None:
            self.bring_together(member, other)

    def bring_together(self, member: str, other: str) -> None:
        for entry in self.coming(member) if not self.apart(member, other) else ():
            theirs = self.find(other, *entry.slot)
            if entry.state == "waiting" and theirs and theirs.state == "waiting":
                self.place(entry)

    def relation(self, member: str, other: str) -> Relation:
        """What the member may see of the other: of who blocks them, what they saw before."""
        own = (member, other) in self.blocks
        two = frozenset((member, other))
        return Relation(
            member=other,
            favourite=(member, other) in self.favourites,
            friendship=self.friendship(member, other),
            snoozed_until_ms=self.snoozes.get((member, other)),
            blocked=own,
            sessions=self.together_times.get(two, 0),
            last_ms=self.met.get(two, 0),
        )

    def friendship(self, member: str, other: str) -> Friendship:
        if frozenset((member, other)) in self.friends:
            return Friendship.FRIENDS
        if (member, other) in self.asks:
            return Friendship.ASKED
        return Friendship.ASKING if self.asks_openly(other, member) else Friendship.NONE


class Locks(People):
    """Locking in, and the invites that lead there."""

    links: dict[str, Link]

    def invite(
        self, member: str, kind: str, *, to: str, slot: tuple[int, int], always: bool
    ) -> Link:
        if kind == "member":
            self.check_slot_of_invite(member, to, slot)
        if kind == "personal":
            for link in self.links.values():
                if link.by == member and link.kind == "personal":
                    link.revoked = True
        start, length = slot if kind == "member" else (0, 0)
        expires = self.now_ms + self.rules.invite_ms
        link = Link(
            id=f"i{len(self.links) + 1}",
            by=member,
            kind=kind,
            to=to if kind == "member" else "",
            start_ms=start,
            length_min=length,
            always=always,
            expires_ms=min(expires, start) if start else expires,
        )
        self.links[link.id] = link
        return link

    def check_slot_of_invite(self, member: str, to: str, slot: tuple[int, int]) -> None:
        if to == member:
            raise Refused("bad_field")
        if slot[1] not in self.rules.lengths_min:
            raise Refused("bad_length")
        if slot[0] <= self.now_ms:
            raise Refused("in_the_past")

    def revoke(self, member: str, id: str) -> None:
        link = self.links.get(id)
        if link is None or member not in (link.by, link.to):
            raise Refused("not_found")
        link.revoked = True

    def stands(self, link: Link) -> bool:
        used = link.kind != "personal" and link.uses > 0
        return not link.revoked and self.now_ms < link.expires_ms and not used

    def leads(self, link: Link | None, by: str, member: str, slot: tuple[int, int]) -> bool:
        return (
            link is not None
            and link.by == by
            and self.stands(link)
            and (link.kind != "member" or link.to == member)
            and (link.start_ms == 0 or slot == (link.start_ms, link.length_min))
        )

    def open(self, other: str, member: str, link: Link | None) -> bool:
        """Whether the other can be locked in by the member; "" is whoever has not signed up."""
        if other == member or self.apart(other, member) or self.is_suspended(other):
            return False
        lockable = self.profile(other).lockable
        if link is not None:
            return lockable is not Lockable.NOBODY or link.always or link.kind == "member"
        close = (other, member) in self.favourites or frozenset((other, member)) in self.friends
        return lockable is Lockable.EVERYONE or (lockable is Lockable.FAVOURITES and close)

    def firm(self, entry: Entry) -> bool:
        if entry.state != "matched":
            return False
        return entry.start_ms - self.now_ms < self.rules.lock_until_ms or self.begun(entry)

    def is_held(self, entry: Entry, holder: str) -> bool:
        return entry.held_until_ms > self.now_ms and entry.holder != holder

    def hold(self, id: str, holder: str, start_ms: int, length_min: int) -> None:
        link = self.links.get(id)
        if link is None or not self.leads(link, link.by, "", (start_ms, length_min)):
            raise Refused("not_available")
        entry = self.find(link.by, start_ms, length_min) if self.open(link.by, "", link) else None
        if entry is None:
            raise Refused("not_available")
        if entry.locked or self.is_held(entry, holder):
            raise Refused("taken")
        if start_ms <= self.now_ms or self.firm(entry):
            raise Refused("too_late")
        held = {id for id, until in link.held.items() if until > self.now_ms}
        if len(held - {entry.id}) >= 5:
            raise Refused("taken")
        until_ms = self.now_ms + self.rules.hold_ms
        entry.holder, entry.held_until_ms, link.held[entry.id] = holder, until_ms, until_ms

    def lock_in(
        self,
        member: str,
        other: str,
        wish: Wish,
        *,
        invite: str = "",
        replace: tuple[str, ...] = (),
        holder: str = "",
    ) -> Entry:
        done = self.find(member, wish.start_ms, wish.length_min)
        if done and done.locked and self.partner_of(done).member == other:
            return done
        mine, replaced = self.own_side(member, wish, replace)
        theirs = self.their_side(
            member, other, mine or self.entry("b0", member, wish), invite, holder
        )
        if mine and mine.partner == theirs.id:
            return self.upgrade(mine, theirs, replaced, invite)
        if (mine and self.firm(mine)) or self.firm(theirs):
            raise Refused("too_late")
        self.use(theirs, invite)
        mine = mine or self.make(member, wish)
        displaced = [
            self.split(each, by=member) for each in (theirs, mine) if each.state == "matched"
        ]
        for each in (theirs, mine):
            each.in_line = False
        for each in replaced:
            self.give_up(each)
        self.pair_up(mine, theirs, locked=True)
        for each in sorted(displaced, key=lambda each: each.created_ms):
            self.place(each)
        return mine

    def own_side(
        self, member: str, wish: Wish, replace: tuple[str, ...]
    ) -> tuple[Entry | None, list[Entry]]:
        """The own booking that is used, and those that are given up."""
        if self.is_suspended(member):
            raise Refused("suspended")
        if wish.start_ms <= self.now_ms:
            raise Refused("too_late")
        if fault := self.fault_of_slot(wish):
            raise Refused(fault)
        in_the_way = self.in_the_way(member, wish)
        for id in replace:
            if self.to_give_up(member, id) not in in_the_way:
                raise Refused("bad_field")
        slot = (wish.start_ms, wish.length_min)
        used = next((each for each in in_the_way if each.slot == slot and not each.locked), None)
        others = [each for each in in_the_way if each is not used]
        if any(each.id not in replace for each in others):
            raise Refused("overlap")
        return used, others

    def their_side(self, member: str, other: str, mine: Entry, invite: str, holder: str) -> Entry:
        """The other's booking; everything about them that is against it is one refusal."""
        link = self.links.get(invite)
        if invite and not self.leads(link, other, member, mine.slot):
            raise Refused("not_available")
        theirs = self.find(other, *mine.slot)
        if theirs is None or not self.open(other, member, link if invite else None):
            raise Refused("not_available")
        if not compatible(self.candidate(mine), self.candidate(theirs)):
            raise Refused("not_available")
        if theirs.locked or self.is_held(theirs, holder):
            raise Refused("taken")
        return theirs

    def use(self, theirs: Entry, invite: str) -> None:
        theirs.held_until_ms = 0
        if invite:
            self.links[invite].uses += 1

    def upgrade(self, mine: Entry, theirs: Entry, replaced: list[Entry], invite: str) -> Entry:
        self.use(theirs, invite)
        for each in replaced:
            self.give_up(each)
        self.pair_of(mine).locked = mine.locked = theirs.locked = True
        self.pair_of(mine).locked_ms = self.now_ms
        mine.left_ms = theirs.left_ms = 0
        return mine

    def free_times(
        self, viewer: str, other: str, from_ms: int, to_ms: int
    ) -> list[tuple[int, int]]:
        """What `lock_in` would accept now, but for own bookings and the wish."""
        if not self.open(other, viewer, None):
            return []
        return [
            each.slot
            for each in self.coming(other)
            if from_ms <= each.start_ms < to_ms and self.can_be_had(viewer, each)
        ]

    def can_be_had(self, viewer: str, entry: Entry) -> bool:
        asking = self.entry(
            "b0", viewer, Wish(start_ms=entry.start_ms, length_min=entry.length_min)
        )
        theirs = bool(entry.partner) and self.partner_of(entry).member == viewer
        return (
            not entry.locked
            and not self.is_held(entry, "")
            and compatible(self.candidate(asking), self.candidate(entry))
            and (theirs or not self.firm(entry))
        )

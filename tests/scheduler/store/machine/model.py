"""The ledger as a book on a table: the reference that the machine holds the store against.

Written from the rules, with no thought of how the store does it: everything is looked for among all
bookings, every time. What may not be done raises `Refused` with the code the store must answer with.
This part is bookings and matching; `relations` and `rooms` are the rest of the model.
"""

from __future__ import annotations

import msgspec

from scheduler.bookings import Profile, Task, Wish
from scheduler.matching import POLICY, Candidate, compatible, genders_agree, likes, score
from scheduler.rules import MINUTE_MS, Rules


class Refused(Exception):
    """The ledger must answer with this code, and change nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Entry(msgspec.Struct, kw_only=True):
    """A booking."""

    id: str
    member: str
    start_ms: int
    length_min: int
    quiet: bool
    task: Task
    prefers: bool = True
    title: str = ""
    created_ms: int
    state: str = "waiting"
    in_line: bool = False
    """Waits where others can find it; not while a call has it in hand."""
    partner: str | None = None
    """The partner's booking."""
    pair: str | None = None
    locked: bool = False
    free: bool = False
    """Left by whom a lock-in promised."""
    left_ms: int = 0
    """When that was, until they are promised somebody again; a promise too young does not count."""
    missed: str | None = None
    """The pair in which this member was given up."""
    held_until_ms: int = 0
    holder: str = ""

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.length_min * MINUTE_MS

    @property
    def live(self) -> bool:
        return self.state in ("waiting", "matched")

    @property
    def number(self) -> int:
        return int(self.id[1:])

    @property
    def slot(self) -> tuple[int, int]:
        return self.start_ms, self.length_min


class Meeting(msgspec.Struct, kw_only=True):
    """A pair."""

    id: str
    bookings: tuple[str, str]
    locked: bool = False
    locked_ms: int = 0
    dissolved: bool = False
    parted_by: str | None = None
    met_ms: int = 0
    joined: dict[str, int] = {}
    """Member to when they were first seen."""
    kept: dict[str, bool] = {}


class Matching:
    """Who stands where, and who is given whom."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now_ms = 0
        self.entries: dict[str, Entry] = {}
        self.pairs: dict[str, Meeting] = {}
        self.profiles: dict[str, Profile] = {}
        self.met: dict[frozenset[str], int] = {}
        self.kept: dict[str, int] = {}
        self.attended: dict[str, dict[str, tuple[int, bool]]] = {}
        """Of each member the pairs that were judged: when, and whether they kept it."""
        self.blocks: set[tuple[str, str]] = set()
        self.snoozes: dict[tuple[str, str], int] = {}
        self.favourites: set[tuple[str, str]] = set()
        self.friends: set[frozenset[str]] = set()

    # Who may meet whom, and how gladly

    def apart(self, one: str, other: str) -> bool:
        both = ((one, other), (other, one))
        return any(two in self.blocks or two in self.snoozes for two in both)

    def may_meet(self, one: Entry, other: Entry) -> bool:
        return not self.apart(one.member, other.member) and compatible(
            self.candidate(one), self.candidate(other)
        )

    def score(self, one: Entry, other: Entry) -> int:
        met_ms = self.met.get(frozenset((one.member, other.member)))
        lately = met_ms is not None and met_ms > self.now_ms - POLICY.repeat_ms
        liked = self.likes(one, other) + self.likes(other, one)
        return score(self.candidate(one), self.candidate(other), met_lately=lately, liked=liked)

    def likes(self, one: Entry, other: Entry) -> bool:
        favourite = (one.member, other.member) in self.favourites
        friend = frozenset((one.member, other.member)) in self.friends
        return likes(self.candidate(one), favourite=favourite, friend=friend)

    def best(self, entry: Entry, others: list[Entry]) -> Entry | None:
        """The best of these, between equals the longest waiting."""
        ranked = [(self.score(entry, each), -each.number, each) for each in others]
        return max(ranked, key=lambda rank: rank[:2])[2] if ranked else None

    def candidate(self, entry: Entry) -> Candidate:
        return Candidate(
            member=entry.member,
            profile=self.profile(entry.member),
            quiet=entry.quiet,
            task=entry.task,
            sessions_kept=self.kept.get(entry.member, 0),
            reliability=self.reliability(entry.member),
            prefer_favourites=entry.prefers,
        )

    def profile(self, member: str) -> Profile:
        return self.profiles.get(member, Profile())

    def reliability(self, member: str) -> int:
        """Permille; of the last 20 sessions, and ten more of which nearly nine are taken as kept."""
        last = sorted(self.attended.get(member, {}).values())[-20:]
        return (8_800 + 1_000 * sum(kept for _, kept in last)) // (10 + len(last))

    # Places

    def place(self, entry: Entry) -> None:
        """Beside the best of all who wait there, or in line."""
        entry.in_line = False
        best = self.best(entry, self.company(entry)) if entry.start_ms > self.now_ms else None
        if best:
            self.pair_up(entry, best)
        else:
            entry.in_line = True

    def company(self, entry: Entry) -> list[Entry]:
        return [
            each
            for each in self.by_number()
            if each.state == "waiting" and each.in_line and each.slot == entry.slot
            if each is not entry and self.may_meet(entry, each)
        ]

    def pair_up(self, entry: Entry, other: Entry, *, locked: bool = False) -> Meeting:
        pair = Meeting(
            id=f"p{len(self.pairs) + 1}",
            bookings=(other.id, entry.id),
            locked=locked,
            locked_ms=self.now_ms if locked else 0,
        )
        self.pairs[pair.id] = pair
        for one, two in ((entry, other), (other, entry)):
            one.state, one.in_line, one.partner, one.pair = "matched", False, two.id, pair.id
            one.locked, one.free = locked, False
            one.left_ms = 0 if locked else one.left_ms
        return pair

    def split(self, entry: Entry, *, by: str | None) -> Entry:
        """End a match: both are nowhere yet. Whom a lock-in promised somebody, and who was left, is free."""
        partner = self.partner_of(entry)
        self.pair_of(entry).dissolved = True
        for each in (entry, partner):
            self.set_free(each, by=by)
        return partner

    def set_free(self, entry: Entry, *, by: str | None) -> None:
        entry.free = entry.locked and by != entry.member
        stood_ms = self.now_ms - self.pair_of(entry).locked_ms
        coming = entry.start_ms > self.now_ms
        if entry.free and coming and stood_ms > self.rules.cancel_regret_ms:
            entry.left_ms = self.now_ms
        entry.state, entry.in_line, entry.partner, entry.pair = "waiting", False, None, None
        entry.locked = False

    def part(self, entry: Entry, *, by: str | None) -> None:
        partner = self.split(entry, by=by)
        self.place(entry)
        self.place(partner)

    def give_up(self, entry: Entry) -> None:
        partner = self.split(entry, by=entry.member) if entry.partner else None
        entry.state, entry.in_line, entry.free = "cancelled", False, entry.free
        if partner:
            self.place(partner)

    # Looking

    def by_number(self) -> list[Entry]:
        return sorted(self.entries.values(), key=lambda each: each.number)

    def own(self, member: str) -> list[Entry]:
        """A member's live bookings, by start."""
        live = [each for each in self.entries.values() if each.live and each.member == member]
        return sorted(live, key=lambda each: each.start_ms)

    def coming(self, member: str) -> list[Entry]:
        return [each for each in self.own(member) if each.start_ms > self.now_ms]

    def matched(self) -> list[Entry]:
        return [each for each in self.by_number() if each.state == "matched"]

    def find(self, member: str, start_ms: int, length_min: int) -> Entry | None:
        slot = (start_ms, length_min)
        return next((each for each in self.own(member) if each.slot == slot), None)

    def partner_of(self, entry: Entry) -> Entry:
        assert entry.partner is not None
        return self.entries[entry.partner]

    def pair_of(self, entry: Entry) -> Meeting:
        assert entry.pair is not None
        return self.pairs[entry.pair]

    def together(self, entry: Entry) -> bool:
        return len(self.pair_of(entry).joined) == 2

    def begun(self, entry: Entry) -> bool:
        return bool(self.pair_of(entry).joined)

    def waiting_for(self, member: str, start_ms: int, length_min: int) -> tuple[str, ...]:
        """Who waits there whom this member may meet, quiet or not, whatever they do."""
        asking = self.entry("b0", member, Wish(start_ms=start_ms, length_min=length_min))
        return tuple(each.member for each in self.company(asking))

    def entry(self, id: str, member: str, wish: Wish) -> Entry:
        return Entry(
            id=id,
            member=member,
            start_ms=wish.start_ms,
            length_min=wish.length_min,
            quiet=wish.quiet,
            task=wish.task,
            prefers=wish.prefer_favourites,
            title=wish.title,
            created_ms=self.now_ms,
        )


class Bookings(Matching):
    """What members do with their own bookings."""

    suspended: dict[str, int]

    def is_suspended(self, member: str) -> bool:
        until = self.suspended.get(member)
        return until is not None and (until == 0 or until > self.now_ms)

    def fault_of_slot(self, wish: Wish) -> str | None:
        """Why nobody can claim this."""
        checks = {
            "off_grid": wish.start_ms % self.rules.grid_ms != 0,
            "bad_length": wish.length_min not in self.rules.lengths_min,
            "in_the_past": wish.start_ms <= self.now_ms,
            "beyond_horizon": wish.start_ms > self.now_ms + self.rules.horizon_ms,
        }
        return next((code for code, holds in checks.items() if holds), None)

    def in_the_way(self, member: str, wish: Wish) -> list[Entry]:
        end_ms = self.rules.end_ms(wish.start_ms, wish.length_min)
        return [
            each
            for each in self.own(member)
            if each.start_ms < end_ms and wish.start_ms < each.end_ms
        ]

    def book(self, member: str, wish: Wish) -> Entry:
        if self.is_suspended(member):
            raise Refused("suspended")
        if fault := self.fault_of_slot(wish):
            raise Refused(fault)
        if self.in_the_way(member, wish):
            raise Refused("overlap")
        entry = self.make(member, wish)
        self.place(entry)
        return entry

    def make(self, member: str, wish: Wish) -> Entry:
        entry = self.entry(f"b{len(self.entries) + 1}", member, wish)
        self.entries[entry.id] = entry
        return entry

    def to_give_up(self, member: str, id: str) -> Entry:
        entry = self.entries.get(id)
        if entry is None or entry.member != member:
            raise Refused("not_found")
        if not entry.live:
            raise Refused("already_over")
        if self.now_ms >= entry.start_ms:
            raise Refused("too_late")
        return entry

    def cancel(self, member: str, id: str) -> Entry:
        entry = self.to_give_up(member, id)
        self.give_up(entry)
        return entry

    def edit(self, member: str, id: str, changes: dict[str, object], *, rematch: bool) -> Entry:
        entry = self.entries.get(id)
        if entry is None or entry.member != member:
            raise Refused("not_found")
        if not entry.live:
            raise Refused("already_over")
        new = {name: value for name, value in changes.items() if getattr(entry, name) != value}
        settings = new.keys() - {"title"}
        if settings and self.now_ms >= entry.start_ms:
            raise Refused("too_late")
        edited = msgspec.structs.replace(entry, **new)  # type: ignore[arg-type]
        parts = bool(settings) and bool(entry.partner) and not self.still_goes(edited)
        if parts and self.together(entry):
            raise Refused("too_late")
        if parts and not rematch:
            raise Refused("needs_rematch")
        for name, value in new.items():
            setattr(entry, name, value)
        self.settle_in(entry, parts=parts, classed=bool(settings - {"prefers"}))
        return entry

    def still_goes(self, entry: Entry) -> bool:
        return compatible(self.candidate(entry), self.candidate(self.partner_of(entry)))

    def settle_in(self, entry: Entry, *, parts: bool, classed: bool) -> None:
        if parts:
            self.part(entry, by=entry.member)
        elif entry.state == "waiting" and classed:
            self.place(entry)

    def set_profile(self, member: str, profile: Profile) -> None:
        self.profiles[member] = profile
        for entry in self.coming(member):
            if entry.state == "waiting":
                self.place(entry)
            elif not genders_agree(profile, self.profile(self.partner_of(entry).member)):
                self.part(entry, by=member)

    def suspend(self, member: str, until_ms: int) -> None:
        if until_ms and until_ms <= self.now_ms:
            raise Refused("bad_field")
        self.suspended[member] = until_ms
        for entry in self.coming(member):
            self.give_up(entry)

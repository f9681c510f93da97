"""The ledger as a book on a table: the reference that the model test holds the store against.

Written from the rules, with no thought of how the store does it: everything is looked for among all
bookings, every time.
"""

from __future__ import annotations

import msgspec

from scheduler.bookings import Profile, Task, Wish
from scheduler.matching import POLICY, Candidate, compatible, genders_agree, score
from scheduler.rules import MINUTE_MS, Rules


class Entry(msgspec.Struct, kw_only=True):
    """A booking."""

    id: str
    member: str
    start_ms: int
    length_min: int
    quiet: bool
    task: Task
    created_ms: int
    state: str = "waiting"
    partner: str | None = None
    """The partner's booking."""
    joined: bool = False
    """The member was seen in the session of the match this booking has now."""

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.length_min * MINUTE_MS

    @property
    def live(self) -> bool:
        return self.state in ("waiting", "matched")

    @property
    def number(self) -> int:
        return int(self.id[1:])


class Model:
    """Bookings, profiles, blocks; `now_ms` is set by the test before each step."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now_ms = 0
        self.entries: dict[str, Entry] = {}
        self.profiles: dict[str, Profile] = {}
        self.blocks: set[tuple[str, str]] = set()
        self.met: dict[frozenset[str], int] = {}
        self.kept: dict[str, int] = {}
        self.attended: dict[str, list[tuple[int, bool]]] = {}
        """Of each member the sessions that were judged: when, and whether they kept it."""
        self.closing: dict[str, int] = {}
        """One booking of a pair whose doors close at this time."""

    # Commands

    def refusal(self, member: str, wish: Wish) -> str | None:
        """The code `book` must answer with, or None."""
        end_ms = self.rules.end_ms(wish.start_ms, wish.length_min)
        checks = {
            "off_grid": wish.start_ms % self.rules.grid_ms != 0,
            "bad_length": wish.length_min not in self.rules.lengths_min,
            "in_the_past": wish.start_ms <= self.now_ms,
            "beyond_horizon": wish.start_ms > self.now_ms + self.rules.horizon_ms,
            "overlap": any(
                each.start_ms < end_ms and wish.start_ms < each.end_ms for each in self.own(member)
            ),
        }
        return next((code for code, holds in checks.items() if holds), None)

    def book(self, member: str, wish: Wish, *, created_ms: int) -> Entry:
        entry = Entry(
            id=f"b{len(self.entries) + 1}",
            member=member,
            start_ms=wish.start_ms,
            length_min=wish.length_min,
            quiet=wish.quiet,
            task=wish.task,
            created_ms=created_ms,
        )
        self.entries[entry.id] = entry
        self.place(entry)
        return entry

    def cancel(self, entry: Entry) -> None:
        partner = self.set_free(entry)
        entry.state = "cancelled"
        if partner:
            self.place(partner)

    def block(self, member: str, other: str) -> None:
        self.blocks.add((member, other))
        for entry in self.coming(member):
            if entry.partner and self.entries[entry.partner].member == other:
                self.part(entry)

    def unblock(self, member: str, other: str) -> None:
        self.blocks.discard((member, other))
        for entry in self.coming(member):
            self.place(entry)

    def set_profile(self, member: str, profile: Profile) -> None:
        self.profiles[member] = profile
        for entry in self.coming(member):
            if entry.state == "waiting":
                self.place(entry)
            elif not genders_agree(profile, self.profile(self.partner_of(entry).member)):
                self.part(entry)

    # Sessions

    def join(self, entry: Entry) -> None:
        entry.joined = True

    def tick(self) -> None:
        """Everything that is due by now."""
        for entry in self.by_number():
            if entry.live and entry.end_ms <= self.now_ms:
                self.finish(entry)
        closed = [id for id, at in self.closing.items() if at <= self.now_ms]
        for id in closed:
            del self.closing[id]

    def finish(self, entry: Entry) -> None:
        entry.state = "done"
        if entry.partner is None:
            return
        partner = self.partner_of(entry)
        if partner.state == "done":
            return
        partner.state = "done"
        self.closing[min(entry, partner, key=lambda each: each.number).id] = (
            entry.end_ms + self.rules.doors_close_ms
        )
        if entry.joined and partner.joined:
            self.met[frozenset((entry.member, partner.member))] = entry.start_ms

    # Matching

    def place(self, entry: Entry) -> None:
        """Beside the best of all who may be met, or in line."""
        others = [each for each in self.by_number() if self.may_meet(entry, each)]
        if entry.state != "waiting" or entry.start_ms <= self.now_ms or not others:
            return
        best = max(
            others, key=lambda each: (self.score(entry, each), -each.created_ms, -each.number)
        )
        for one, other in ((entry, best), (best, entry)):
            one.state, one.partner, one.joined = "matched", other.id, False

    def may_meet(self, one: Entry, other: Entry) -> bool:
        return (
            other.state == "waiting"
            and self.same_slot(one, other)
            and (one.member, other.member) not in self.blocks
            and (other.member, one.member) not in self.blocks
            and compatible(self.candidate(one), self.candidate(other))
        )

    def score(self, one: Entry, other: Entry) -> int:
        met_ms = self.met.get(frozenset((one.member, other.member)))
        lately = met_ms is not None and met_ms > self.now_ms - POLICY.repeat_ms
        return score(self.candidate(one), self.candidate(other), met_lately=lately)

    def part(self, entry: Entry) -> None:
        partner = self.set_free(entry)
        self.place(entry)
        if partner:
            self.place(partner)

    def set_free(self, entry: Entry) -> Entry | None:
        if entry.partner is None:
            return None
        partner = self.partner_of(entry)
        for each in (entry, partner):
            each.state, each.partner, each.joined = "waiting", None, False
        return partner

    # Looking

    def by_number(self) -> list[Entry]:
        return sorted(self.entries.values(), key=lambda each: each.number)

    def own(self, member: str) -> list[Entry]:
        """A member's live bookings, by start."""
        live = [each for each in self.entries.values() if each.live and each.member == member]
        return sorted(live, key=lambda each: each.start_ms)

    def coming(self, member: str) -> list[Entry]:
        return [each for each in self.own(member) if each.start_ms > self.now_ms]

    def company(self, member: str, start_ms: int, length_min: int) -> tuple[str, ...]:
        """Who waits there whom this member may meet, quiet or not, whatever they do."""
        asking = Entry(
            id="b0",
            member=member,
            start_ms=start_ms,
            length_min=length_min,
            quiet=False,
            task=Task.ANYTHING,
            created_ms=self.now_ms,
        )
        found = [each for each in self.by_number() if self.may_meet(asking, each)]
        return tuple(each.member for each in sorted(found, key=lambda each: each.created_ms))

    def partner_of(self, entry: Entry) -> Entry:
        assert entry.partner is not None
        return self.entries[entry.partner]

    def profile(self, member: str) -> Profile:
        return self.profiles.get(member, Profile())

    def reliability(self, member: str) -> int:
        """Permille; of the last 20 sessions, and ten more of which nearly nine are taken as kept."""
        last = sorted(self.attended.get(member, []))[-20:]
        return (8_800 + 1_000 * sum(kept for _, kept in last)) // (10 + len(last))

    def candidate(self, entry: Entry) -> Candidate:
        return Candidate(
            member=entry.member,
            profile=self.profile(entry.member),
            quiet=entry.quiet,
            task=entry.task,
            sessions_kept=self.kept.get(entry.member, 0),
            reliability=self.reliability(entry.member),
        )

    @staticmethod
    def same_slot(one: Entry, other: Entry) -> bool:
        return (one.start_ms, one.length_min) == (other.start_ms, other.length_min)

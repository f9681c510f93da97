"""The model's sessions: who is in the room, who may have another partner, what ends and is judged.

Whom somebody meets after T is not worked out here: the machine hears it from the ledger and asks this
model whether it may be (`may_go_on`, `is_here`), and who would have had to meet at once (`best_here`).
"""

from __future__ import annotations

from scheduler.flags import Fault, Flag
from scheduler.rules import Rules
from tests.scheduler.store.machine.model import Entry, Meeting, Refused
from tests.scheduler.store.machine.relations import Locks

STALE_MS = 20_000
MISSED = {Fault.NO_SHOW, Fault.EARLY_LEAVE}


class Model(Locks):
    """The whole ledger."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.suspended = {}
        self.asks = set()
        self.declined = {}
        self.together_times = {}
        self.links = {}
        self.signs: dict[str, tuple[int, bool]] = {}
        """Booking to the last sign of life, and whether the member went then."""
        self.free_list: set[str] = set()
        self.searches: dict[str, bool] = {}
        """Bookings that look for another partner, and whether a first-timer is welcome."""
        self.given_up: set[str] = set()
        """Of these the lock-ins that are given up."""

    # Presence

    def is_here(self, entry: Entry) -> bool:
        last, gone = self.signs.get(entry.id, (0, True))
        return not gone and self.now_ms - last < STALE_MS

    def is_here_lately(self, entry: Entry) -> bool:
        """Came, and has not said that they went."""
        return entry.id in self.signs and not self.signs[entry.id][1]

    def here(self, member: str, id: str) -> bool:
        entry = self.entries[id]
        if entry.member != member:
            raise Refused("not_found")
        if not entry.live:
            return False
        was_here = self.is_here(entry)
        self.signs[id] = (self.now_ms, False)
        if not was_here:
            self.arrived(entry)
        if entry.start_ms <= self.now_ms < entry.end_ms:
            self.sits_down(entry)
        return True

    def sits_down(self, entry: Entry) -> None:
        """Free, if without a partner; and whoever was given up shows in the old pair that they came."""
        if entry.missed:
            self.pairs[entry.missed].joined.setdefault(entry.member, self.now_ms)
        if entry.state == "waiting":
            self.free_list.add(entry.id)

    def gone(self, id: str) -> None:
        if self.is_here(self.entries[id]):
            self.signs[id] = (self.now_ms, True)
        self.forget(id)

    def arrived(self, entry: Entry) -> None:
        """Nobody looks for another partner where both are there."""
        self.signs[entry.id] = (self.now_ms, False)
        if entry.partner and entry.start_ms <= self.now_ms:
            self.forget(entry.id)
            self.forget(entry.partner)

    def forget(self, id: str) -> None:
        self.free_list.discard(id)
        self.searches.pop(id, None)
        self.given_up.discard(id)

    def join(self, pair: Meeting, member: str) -> None:
        """Seen in the room of a pair, if it is still theirs."""
        pair.joined.setdefault(member, self.now_ms)
        entry = next(each for id in pair.bookings if (each := self.entries[id]).member == member)
        if entry.pair == pair.id and entry.live:
            self.arrived(entry)

    # Changing partners

    def obstacle(self, entry: Entry) -> str | None:
        """Why this booking's member cannot have another partner now."""
        if not entry.live or self.now_ms >= entry.end_ms:
            return "already_over"
        if self.now_ms < entry.start_ms:
            return "not_yet"
        if entry.state == "waiting":
            return None
        if self.is_here(self.partner_of(entry)):
            return "partner_here"
        return "not_yet" if self.now_ms < self.change_from(entry) else None

    def change_from(self, entry: Entry) -> int:
        """From when the absent partner may be given up."""
        rules, partner = self.rules, self.partner_of(entry)
        joined = self.pair_of(entry).joined.get(entry.member, self.now_ms)
        waited = min(joined + rules.partner_gone_ms, entry.start_ms + rules.no_show_ms)
        late = entry.start_ms + (
            rules.zero_gap_late_ms if self.straight_before(partner) else rules.late_ms
        )
        back = self.signs[partner.id][0] + rules.partner_gone_ms if partner.id in self.signs else 0
        return max(late, waited, back)

    def straight_before(self, entry: Entry) -> bool:
        return any(
            each.member == entry.member and each.pair and each.end_ms == entry.start_ms
            for each in self.entries.values()
            if each.state != "cancelled"
        )

    def seek(self, member: str, id: str, *, newcomers: bool, locked: bool) -> Entry | None:
        """The partner that must be found at once, if there is one to be found."""
        entry = self.entries[id]
        if entry.member != member:
            raise Refused("not_found")
        if code := self.obstacle(entry):
            raise Refused(code)
        if entry.locked and not locked:
            raise Refused("needs_rematch")
        self.signs[id] = (self.now_ms, False)
        self.searches[id] = newcomers
        self.free_list.add(id)
        if locked:
            self.given_up.add(id)
        return self.best_here(entry)

    def may_go_on(self, entry: Entry) -> bool:
        """Whether this booking may be given another partner now."""
        return self.is_here(entry) and self.obstacle(entry) is None

    def best_here(self, entry: Entry) -> Entry | None:
        """Whom somebody present must be given at once: the best who is free, and welcome without asking."""
        others = [self.entries[id] for id in self.free_list if id != entry.id]
        return self.best(entry, [each for each in others if self.goes_at_once(entry, each)])

    def goes_at_once(self, entry: Entry, other: Entry) -> bool:
        bound = other.locked and other.id not in self.given_up
        return (
            other.slot == entry.slot
            and not bound
            and self.may_go_on(other)
            and self.may_meet(entry, other)
            and not (self.is_choosy(entry) and self.is_new(other))
            and not (self.is_new(entry) and self.is_choosy(other))
        )

    def is_new(self, entry: Entry) -> bool:
        return self.kept.get(entry.member, 0) == 0

    def is_choosy(self, entry: Entry) -> bool:
        """Has kept sessions, looks for another, and did not say that first-timers are welcome."""
        return entry.id in self.searches and not self.searches[entry.id] and not self.is_new(entry)

    def go_on(self, entry: Entry) -> None:
        """Leave the absent partner, who is back in line."""
        partner, pair = self.partner_of(entry), self.pair_of(entry)
        pair.parted_by = entry.member
        for each in (entry, partner):
            self.set_free(each, by=entry.member)
            self.forget(each.id)
        partner.in_line, partner.missed = True, pair.id

    def meet(self, one: Entry, other: Entry) -> None:
        for each in (one, other):
            if each.partner:
                self.go_on(each)
            self.forget(each.id)
        pair = self.pair_up(one, other)
        pair.met_ms = self.now_ms
        pair.joined = dict.fromkeys((one.member, other.member), self.now_ms)

    # Time

    def tick(self) -> None:
        """Everything that is due by now, in that order."""
        due = [(each.end_ms, each.number, each) for each in self.entries.values() if each.live]
        for end_ms, _, entry in sorted(due, key=lambda each: each[:2]):
            if end_ms <= self.now_ms:
                self.finish(entry)
        ending = [(until, f"{a}|{b}", (a, b)) for (a, b), until in self.snoozes.items()]
        for until, _, two in sorted(ending):
            if 0 < until <= self.now_ms:
                self.unsnooze(*two)

    def finish(self, entry: Entry) -> None:
        if entry.state == "done":
            return
        entry.state, entry.in_line = "done", False
        if entry.partner is None:
            return
        partner = self.partner_of(entry)
        partner.state = "done"
        two = frozenset((entry.member, partner.member))
        if self.together(entry):
            self.met[two] = max(entry.start_ms, self.met.get(two, 0))
            self.together_times[two] = self.together_times.get(two, 0) + 1

    # Verdicts

    def closed(self) -> list[Meeting]:
        """Pairs that can be judged."""
        return [pair for pair in self.pairs.values() if self.is_over(pair)]

    def is_over(self, pair: Meeting) -> bool:
        return not pair.dissolved and self.entries[pair.bookings[0]].end_ms <= self.now_ms

    def settle(self, pair: Meeting, flags: list[Flag]) -> None:
        for entry in (self.entries[id] for id in pair.bookings):
            member = entry.member
            faulty = any(flag.member == member and flag.fault in MISSED for flag in flags)
            kept = member in pair.joined and not faulty and pair.parted_by is None
            self.kept[member] = self.kept.get(member, 0) + kept - pair.kept.get(member, False)
            pair.kept[member] = kept
            judged = self.attended.setdefault(member, {})
            judged.pop(pair.id, None)
            if pair.parted_by is None or faulty:
                judged[pair.id] = (entry.start_ms, kept)

    # Plans

    def may_apply(self, ids: list[str], pairs: list[tuple[str, str]]) -> bool:
        """Whether a step over these bookings, seen as they are, may be carried out."""
        entries = [self.entries[id] for id in ids]
        named = [id for two in pairs for id in two]
        partner = {a: b for two in pairs for a, b in (two, two[::-1])}
        return (
            bool(entries)
            and all(each.live and each.slot == entries[0].slot for each in entries)
            and entries[0].start_ms > self.now_ms
            and len(named) == len(set(named))
            and set(named) <= set(ids)
            and all(self.may_meet(self.entries[a], self.entries[b]) for a, b in pairs)
            and len(named) >= sum(each.state == "matched" for each in entries)
            and all(self.may_change(each, partner, ids) for each in entries)
        )

    def may_change(self, entry: Entry, partner: dict[str, str], ids: list[str]) -> bool:
        if entry.state != "matched" or partner.get(entry.id) == entry.partner:
            return True
        return entry.partner in ids and not entry.locked and not self.together(entry)

    def apply(self, ids: list[str], pairs: list[tuple[str, str]]) -> None:
        partner = {a: b for two in pairs for a, b in (two, two[::-1])}
        entries = sorted((self.entries[id] for id in ids), key=lambda each: each.number)
        changed = [
            each
            for each in entries
            if each.state == "waiting" or partner.get(each.id) != each.partner
        ]
        for each in changed:
            if each.partner:
                self.split(each, by=None)
        for each in changed:
            other = self.entries[partner[each.id]] if each.id in partner else None
            if other and each.number < other.number:
                self.pair_up(each, other)
        left = [each for each in changed if each.id not in partner]
        for each in left:
            each.in_line = True
        for each in left:
            if each.state == "waiting":
                self.place(each)

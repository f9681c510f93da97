"""What must hold of a ledger at every moment, as small functions over a snapshot.

Each goes through the things it is about and says of each what is wrong, or nothing. The numbers are those
of docs/invariants.md, which also names what cannot be seen in a state and is held by tests instead. What
the outbox must have told is in `chronicle`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, pairwise, product
from typing import NamedTuple

import msgspec

from scheduler.flags import Fault, Flag
from scheduler.matching import Candidate, compatible, genders_agree
from scheduler.rules import MINUTE_MS
from scheduler.snapshot import (
    LIVE,
    Record,
    Snapshot,
    Thing,
    booking_thing,
    ends,
    slot_of,
    slot_thing,
    start_of,
    taken_until,
)

STATES = LIVE | {"cancelled", "done"}
OVERDUE_MS = MINUTE_MS
VERDICT_MS = 10 * MINUTE_MS


class Look(NamedTuple):
    """One thing that was looked at, and what is wrong with it, if anything is."""

    thing: Thing
    wrong: str | None = None
    also: tuple[Thing, ...] = ()
    """What else must be read to see whether it still is."""


Looks = Iterator[Look]


class Invariant(NamedTuple):
    """One function of the table, with the number it has in docs/invariants.md."""

    number: int
    check: Callable[[Snapshot], Looks]

    @property
    def name(self) -> str:
        return self.check.__name__

    def __str__(self) -> str:
        return f"{self.number:>2} {self.name.replace('_', ' ')}"


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """Something that does not hold."""

    number: int
    invariant: str
    thing: Thing
    wrong: str
    also: tuple[Thing, ...] = ()

    def __str__(self) -> str:
        return f"{self.number} {self.invariant}: {self.thing} {self.wrong}"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant, looked at everywhere."""

    invariant: Invariant
    checked: int
    violations: list[Violation]


def examine(s: Snapshot, invariants: Iterable[Invariant]) -> list[Finding]:
    """Each of these, everywhere in the snapshot."""
    return [_examine(s, invariant) for invariant in invariants]


def _examine(s: Snapshot, invariant: Invariant) -> Finding:
    checked, violations = 0, []
    for look in invariant.check(s):
        checked += 1
        if look.wrong is not None:
            violations.append(
                Violation(
                    number=invariant.number,
                    invariant=invariant.name,
                    thing=look.thing,
                    wrong=look.wrong,
                    also=look.also,
                )
            )
    return Finding(invariant=invariant, checked=checked, violations=violations)


def first(faults: Mapping[str, bool]) -> str | None:
    """The first of these sentences that is true."""
    return next((text for text, holds in faults.items() if holds), None)


# Bookings and pairs


def every_booking_is_in_one_state(s: Snapshot) -> Looks:
    for booking in s.bookings.values():
        links = [bool(booking.get(name)) for name in ("pair", "partner", "partner_booking")]
        state = booking.get("state", "")
        yield Look(
            booking_thing(booking),
            first(
                {
                    f"is in no known state: {state!r}": state not in STATES,
                    "has half a partner": len(set(links)) > 1,
                    "is matched with nobody": state == "matched" and not links[0],
                    f"is {state} and has a partner": state in {"waiting", "cancelled"} and links[0],
                }
            ),
        )


def no_id_is_missing(s: Snapshot) -> Looks:
    for kind, held in (("booking", s.bookings), ("pair", s.pairs)):
        count = s.counters.get(kind + "s", 0)
        for number in range(1, count + 1):
            id = kind[0] + str(number)
            yield Look(Thing(kind, id), None if id in held else "is missing")
        for id in held.keys() - {kind[0] + str(number) for number in range(1, count + 1)}:
            yield Look(Thing(kind, id), "was never counted")


def partners_agree_about_each_other(s: Snapshot) -> Looks:
    for mine in s.bookings.values():
        if mine["state"] == "matched":
            theirs = s.bookings.get(mine["partner_booking"])
            also = (Thing("booking", mine["partner_booking"]),)
            yield Look(booking_thing(mine), _disagreement(mine, theirs), also)


def _disagreement(mine: Record, theirs: Record | None) -> str | None:
    if theirs is None:
        return "has a partner that does not exist"
    return first(
        {
            "is its own partner": mine["id"] == theirs["id"] or mine["member"] == theirs["member"],
            "has a partner who is not matched": theirs["state"] != "matched",
            "has a partner who has another": theirs["partner_booking"] != mine["id"],
            "names another member as partner": mine["partner"] != theirs["member"],
            "has a partner of another pair": mine["pair"] != theirs["pair"],
            "has a partner in another slot": slot_of(mine) != slot_of(theirs),
            "is locked in from one side": mine["locked"] != theirs["locked"],
        }
    )


def a_pair_that_stands_is_that_of_its_two_bookings(s: Snapshot) -> Looks:
    for pair in s.pairs.values():
        stands = pair["dissolved"] == "0" and "parted_ms" not in pair
        two = [s.bookings.get(pair["booking_a"]), s.bookings.get(pair["booking_b"])]
        also = (Thing("booking", pair["booking_a"]), Thing("booking", pair["booking_b"]))
        yield Look(Thing("pair", pair["id"]), _unlike_its_bookings(pair, two, stands=stands), also)


def _unlike_its_bookings(pair: Record, two: list[Record | None], *, stands: bool) -> str | None:
    here = [booking for booking in two if booking is not None]
    has_it = [booking["pair"] == pair["id"] for booking in here]
    return first(
        {
            "has a booking that does not exist": len(here) < 2,
            "stands, and not all of its bookings know": stands and not all(has_it),
            "is over, and a booking still has it": not stands and any(has_it),
            "is locked in otherwise than its bookings": any(
                mine and booking["locked"] != pair["locked"]
                for mine, booking in zip(has_it, here, strict=True)
            ),
        }
    )


def nobody_is_in_two_places(s: Snapshot) -> Looks:
    of: dict[str, list[Record]] = defaultdict(list)
    for booking in s.live():
        of[booking["member"]].append(booking)
    for bookings in of.values():
        bookings.sort(key=start_of)
        yield Look(booking_thing(bookings[0]))
        for one, other in pairwise(bookings):
            overlap = taken_until(one) > start_of(other)
            wrong = f"overlaps {other['id']} of the same member" if overlap else None
            yield Look(booking_thing(one), wrong, (booking_thing(other),))


# Who may meet


def who_keeps_away_from_somebody_never_meets_them(s: Snapshot) -> Looks:
    for booking in s.coming_matches():
        apart = s.avoid(booking["member"], booking["partner"])
        wrong = "is matched with somebody who keeps away" if apart else None
        yield Look(booking_thing(booking), wrong, (Thing("member", booking["partner"]),))


def avoiding_is_blocking_or_snoozing_in_either_direction(s: Snapshot) -> Looks:
    truth: dict[str, set[str]] = defaultdict(set)
    for away in (s.blocked, s.snoozed):
        for one, others in away.items():
            for other in others:
                truth[one].add(other)
                truth[other].add(one)
    for member in truth.keys() | s.avoided.keys():
        odd = truth[member] ^ s.avoided.get(member, set())
        also = tuple(Thing("member", other) for other in sorted(odd)[:20])
        yield Look(Thing("member", member), f"avoids {len(odd)} otherwise" if odd else None, also)


def gender_preferences_hold_for_coming_matches(s: Snapshot) -> Looks:
    for booking in s.coming_matches():
        agree = genders_agree(s.profile(booking["member"]), s.profile(booking["partner"]))
        wrong = None if agree else "is matched against a gender preference"
        yield Look(booking_thing(booking), wrong, (Thing("member", booking["partner"]),))


def nobody_waits_beside_a_compatible_waiter(s: Snapshot) -> Looks:
    for slot, by_traits in _waiting_alike(s).items():
        pairs = [(one, one) for one in by_traits] + list(combinations(by_traits, 2))
        for one, other in pairs:
            yield _beside(s, slot_thing(slot), by_traits[one], by_traits[other])


Traits = tuple[object, ...]


def _waiting_alike(s: Snapshot) -> dict[tuple[int, int], dict[Traits, list[Record]]]:
    """Who waits in a coming slot, by what decides every rule but blocks."""
    found: dict[tuple[int, int], dict[Traits, list[Record]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for booking in s.waiting():
        if start_of(booking) > s.now_ms and not s.is_suspended(booking["member"]):
            mine = s.candidate(booking)
            traits = (mine.profile.gender, mine.profile.only_gender, mine.takes_quiet)
            found[slot_of(booking)][(*traits, mine.quiet, mine.task)].append(booking)
    return found


def _beside(s: Snapshot, slot: Thing, some: list[Record], others: list[Record]) -> Look:
    """A healthy store ends at the first look, or has as many here as avoid each other."""
    if not compatible(_as_member(s, some[0], "one"), _as_member(s, others[0], "another")):
        return Look(slot)
    for one, other in product(some, others):
        if one["member"] != other["member"] and not s.avoid(one["member"], other["member"]):
            also = (booking_thing(one), booking_thing(other))
            return Look(slot, f"holds {one['id']} and {other['id']}, who could meet", also)
    return Look(slot)


def _as_member(s: Snapshot, booking: Record, member: str) -> Candidate:
    return msgspec.structs.replace(s.candidate(booking), member=member)


def nobody_is_matched_while_suspended(s: Snapshot) -> Looks:
    coming = {each["member"]: each for each in s.live() if start_of(each) > s.now_ms}
    for member in s.suspended:
        if s.is_suspended(member):
            wrong = f"is suspended and has {coming[member]['id']}" if member in coming else None
            yield Look(Thing("member", member), wrong)


# What is derived from bookings


def pools_hold_the_waiting_and_nobody_else(s: Snapshot) -> Looks:
    entries = {(*key, entry) for key, pool in s.pools.items() for entry in pool}
    for booking in s.waiting():
        place = (*slot_of(booking), booking.get("class", ""))
        score = s.pools.get(place, {}).get(f"{booking['id']}:{booking['member']}")
        entries.discard((*place, f"{booking['id']}:{booking['member']}"))
        right = score == float(booking["created_ms"])
        yield Look(booking_thing(booking), None if right else "waits and is not in line")
    for *_, entry in entries:
        yield Look(Thing("booking", entry.partition(":")[0]), "is in line and does not wait")


def lists_of_pools_name_those_that_hold_somebody(s: Snapshot) -> Looks:
    filled: dict[tuple[int, int], set[str]] = defaultdict(set)
    for start, length, kind in s.pools:
        filled[start, length].add(kind)
    listed = {(int(start), length) for length, starts in s.starts.items() for start in starts}
    for slot in filled.keys() | s.classes.keys() | listed:
        faults = {
            "lists other classes than wait": filled[slot] != s.classes.get(slot, set()),
            "is in the list of starts or not, wrongly": (slot in listed) != bool(filled[slot]),
        }
        yield Look(slot_thing(slot), first(faults))


def calendars_hold_the_live_and_the_past_the_done(s: Snapshot) -> Looks:
    held = {(who, each.split(":")[0]) for who, all_ in s.calendars.items() for each in all_}
    for booking in s.live():
        mine = (booking["member"], booking["id"])
        at = s.calendars.get(booking["member"], {}).get(_calendar_entry(booking))
        held.discard(mine)
        right = at == float(booking["start_ms"])
        yield Look(booking_thing(booking), None if right else "is not in its calendar as it is")
    for _, id in held:
        yield Look(Thing("booking", id), "is in a calendar and not live")
    yield from _past(s)


def _calendar_entry(booking: Record) -> str:
    return f"{booking['id']}:{(taken_until(booking) - start_of(booking)) // MINUTE_MS}"


def _past(s: Snapshot) -> Looks:
    listed = {(who, id) for who, all_ in s.past.items() for id in all_}
    done = {(b["member"], b["id"]) for b in s.bookings.values() if b["state"] == "done"}
    for who_and_id in listed | done:
        right = who_and_id in listed and who_and_id in done
        yield Look(Thing("booking", who_and_id[1]), None if right else "is past or done, not both")


def slots_hold_the_live(s: Snapshot) -> Looks:
    held = {(*slot, id) for slot, ids in s.slots.items() for id in ids}
    live = {(*slot_of(each), each["id"]) for each in s.live()}
    for entry in held | live:
        right = entry in held and entry in live
        also = (slot_thing(entry[:2]),)
        yield Look(Thing("booking", entry[2]), None if right else "is live or in the slot", also)


# Timers


def every_live_booking_ends(s: Snapshot) -> Looks:
    for booking in s.live():
        right = s.timers.get(f"end:{booking['id']}") == float(ends(booking))
        yield Look(booking_thing(booking), None if right else "has no timer for its end")


def no_timer_is_left_over(s: Snapshot) -> Looks:
    for name in s.timers:
        kind, _, id = name.partition(":")
        if kind in NEEDED:
            of = "pair" if kind == "close" else "booking"
            yield Look(Thing(of, id), None if NEEDED[kind](s, id) else f"needs no timer {kind}")


def _is_live(s: Snapshot, id: str) -> bool:
    return s.bookings.get(id, {}).get("state") in LIVE


def _is_matched(s: Snapshot, id: str) -> bool:
    return s.bookings.get(id, {}).get("state") == "matched"


def _closes(s: Snapshot, id: str) -> bool:
    pair = s.pairs.get(id, {})
    done = s.bookings.get(pair.get("booking_a", ""), {}).get("state") == "done"
    return "parted_ms" in pair or done


NEEDED = {
    **dict.fromkeys(("end", "remind10", "remind1"), _is_live),
    **dict.fromkeys(("late", "noshow"), _is_matched),
    "close": _closes,
}


def no_timer_to_come_is_missing(s: Snapshot) -> Looks:
    for booking in s.live():
        missing = [chain[-1][0] for chain in _chains_of(s, booking) if _is_broken(s, chain)]
        wrong = f"lacks the timers {', '.join(missing)}" if missing else None
        yield Look(booking_thing(booking), wrong, (Thing("pair", booking["pair"]),))
    for member, snoozed in s.snoozed.items():
        for other, until in snoozed.items():
            right = until == 0 or s.timers.get(f"unsnooze:{member}|{other}") == until
            yield Look(Thing("member", member), None if right else "snoozes without end")


Chain = list[tuple[str, int]]
"""Timers of which each sets the next when it fires: one of them is there until the last has."""


def _is_broken(s: Snapshot, chain: Chain) -> bool:
    to_come = chain[-1][1] > s.now_ms
    return to_come and all(s.timers.get(name) != at for name, at in chain)


def _chains_of(s: Snapshot, booking: Record) -> Iterator[Chain]:
    """The timers a live booking has while their time has not come."""
    id, start, rules = booking["id"], start_of(booking), s.rules
    yield [(f"remind{n}:{id}", start - n * MINUTE_MS) for n in (10, 1)]
    of = f"plan:{start}:{booking['length_min']}"
    if rules.reveal_ms is not None:
        yield [(of + ":reveal", start - rules.reveal_ms)]
    if rules.reveal_ms != rules.pass_ms:
        yield [(of + ":pass", start - rules.pass_ms)]
    pair = s.pairs.get(booking["pair"], {})
    if booking["state"] == "matched" and not _is_watched_no_more(pair, booking["member"]):
        late = [(f"late:{id}", start + ms) for ms in (rules.late_ms, rules.zero_gap_late_ms)]
        yield [*late, (f"noshow:{id}", start + rules.no_show_ms)]


def _is_watched_no_more(pair: Record, member: str) -> bool:
    return "met_ms" in pair or f"joined:{member}" in pair


def no_timer_waits_for_long(s: Snapshot) -> Looks:
    """A store nobody ticked lately shows here: is a scheduler up?"""
    for name, at in s.timers.items():
        late = s.now_ms - at > OVERDUE_MS
        wrong = f"was due {(s.now_ms - at) / 1_000:.0f} s ago" if late else None
        yield Look(Thing("timer", name), wrong)


def every_session_is_judged(s: Snapshot) -> Looks:
    """Ten minutes after its doors closed: is a scheduler up, and is its outbox read?"""
    for pair in s.pairs.values():
        if _is_over(s, pair):
            due = ends(pair) + s.rules.doors_close_ms
            behind = pair["settled"] == "0" and s.now_ms > due + VERDICT_MS
            wrong = "waits for its verdict" if behind else None
            yield Look(Thing("pair", pair["id"]), wrong)


def _is_over(s: Snapshot, pair: Record) -> bool:
    return pair["dissolved"] == "0" and _closes(s, pair["id"])


# People, flags and counts


def relations_agree_from_both_ends(s: Snapshot) -> Looks:
    for name, ours, theirs in (
        ("favourite", s.favourites, s.fans),
        ("friend", s.friends, s.friends),
        ("asked", s.asks, s.asked_by),
    ):
        forward = {(one, other) for one, others in ours.items() for other in others}
        back = {(one, other) for other, ones in theirs.items() for one in ones}
        for one, other in forward | back:
            right = (one, other) in forward and (one, other) in back
            wrong = None if right else f"is {name} to {other} from one end"
            yield Look(Thing("member", one), wrong, (Thing("member", other),))


def who_blocks_somebody_is_nothing_else_to_them(s: Snapshot) -> Looks:
    """The other may go on favouring them: they do not know."""
    for one, others in s.blocked.items():
        for other in others:
            friends = other in s.friends.get(one, ()) or one in s.friends.get(other, ())
            known = friends or other in s.favourites.get(one, ())
            wrong = f"blocks {other}, who is a favourite or friend" if known else None
            yield Look(Thing("member", one), wrong, (Thing("member", other),))


def sessions_kept_are_those_of_the_pairs(s: Snapshot) -> Looks:
    counted: dict[str, int] = defaultdict(int)
    for pair in s.pairs.values():
        for member in (pair["member_a"], pair["member_b"]):
            counted[member] += int(pair.get(f"kept:{member}", 0))
    for member in counted.keys() | s.kept.keys():
        kept = s.kept.get(member, 0)
        wrong = f"kept {counted[member]}, counted {kept}" if kept != counted[member] else None
        yield Look(Thing("member", member), wrong)


def who_came_is_noted_with_the_booking_too(s: Snapshot) -> Looks:
    """The end of a session asks the booking, all else the pair."""
    for booking in s.bookings.values():
        if booking.get("state") == "matched":
            pair = booking["pair"]
            came = f"joined:{booking['member']}" in s.pairs.get(pair, {})
            noted = booking.get("joined") == pair
            wrong = None if noted == came else f"{'has' if noted else 'lacks'} the note of a join"
            yield Look(booking_thing(booking), wrong, (Thing("pair", pair),))


def one_session_flags_a_member_once(s: Snapshot) -> Looks:
    for member, groups in s.flags.items():
        for name, flags in groups.items():
            kind, _, id = name.partition(":")
            wrong = FLAGGED[kind](s, id, member, flags)
            yield Look(Thing("member", member), wrong and f"{wrong} ({name})")


def _wrong_session(s: Snapshot, id: str, member: str, flags: list[Flag]) -> str | None:
    pair = s.pairs.get(id, {})
    return first(
        {
            "has several flags of one session": len(flags) != 1,
            "is flagged for somebody else": any(flag.member != member for flag in flags),
            "is flagged for a session that never was": pair.get("dissolved") != "0",
            "is flagged for a session of others": f"kept:{member}" not in pair,
        }
    )


def _wrong_cancel(s: Snapshot, id: str, member: str, flags: list[Flag]) -> str | None:
    booking = s.bookings.get(id, {})
    return first(
        {
            "has several flags of one booking": len(flags) != 1,
            "is flagged for another fault": any(each.fault != Fault.LATE_CANCEL for each in flags),
            "is flagged for a booking that stands": booking.get("state") != "cancelled",
            "is flagged for somebody else": booking.get("member") != member,
        }
    )


FLAGGED = {"session": _wrong_session, "cancel": _wrong_cancel}

STATE = (
    Invariant(1, every_booking_is_in_one_state),
    Invariant(2, no_id_is_missing),
    Invariant(3, partners_agree_about_each_other),
    Invariant(3, a_pair_that_stands_is_that_of_its_two_bookings),
    Invariant(4, nobody_is_in_two_places),
    Invariant(5, who_keeps_away_from_somebody_never_meets_them),
    Invariant(5, avoiding_is_blocking_or_snoozing_in_either_direction),
    Invariant(6, gender_preferences_hold_for_coming_matches),
    Invariant(7, pools_hold_the_waiting_and_nobody_else),
    Invariant(7, lists_of_pools_name_those_that_hold_somebody),
    Invariant(8, calendars_hold_the_live_and_the_past_the_done),
    Invariant(8, slots_hold_the_live),
    Invariant(9, every_live_booking_ends),
    Invariant(9, no_timer_is_left_over),
    Invariant(11, nobody_waits_beside_a_compatible_waiter),
    Invariant(18, no_timer_to_come_is_missing),
    Invariant(23, nobody_is_matched_while_suspended),
    Invariant(25, one_session_flags_a_member_once),
    Invariant(31, relations_agree_from_both_ends),
    Invariant(31, who_blocks_somebody_is_nothing_else_to_them),
    Invariant(32, sessions_kept_are_those_of_the_pairs),
    Invariant(33, who_came_is_noted_with_the_booking_too),
)
"""What the state itself must satisfy, after every call of a function."""

UP_TO_DATE = (Invariant(18, no_timer_waits_for_long), Invariant(18, every_session_is_judged))
"""What holds as long as somebody ticks and judges."""

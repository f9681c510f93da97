"""What is derived from bookings must be as they are: pools, calendars, slots and timers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduler.look import Look, Looks, first
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

OVERDUE_MS = MINUTE_MS
VERDICT_MS = 10 * MINUTE_MS

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
        looks = (0, MINUTE_MS, rules.late_ms, rules.zero_gap_late_ms)
        late = [(f"late:{id}", start + ms) for ms in looks]
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

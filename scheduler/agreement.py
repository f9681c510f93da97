"""What bookings, pairs, people and flags must agree about, and who may meet: invariants of the records.

What is derived from them, pools, calendars and timers, is in `derived`.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise, product

import msgspec

from scheduler.flags import Fault, Flag
from scheduler.look import Look, Looks, first
from scheduler.matching import Candidate, compatible, genders_agree
from scheduler.snapshot import (
    LIVE,
    Record,
    Snapshot,
    Thing,
    booking_thing,
    slot_of,
    slot_thing,
    start_of,
    taken_until,
)

STATES = LIVE | {"cancelled", "done"}


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

"""What must hold of a ledger: each invariant sees what breaks it, and nothing in a ledger that is whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scheduler.bookings import Gender, Profile
from scheduler.flags import Fault, Flag
from scheduler.invariants import STATE, UP_TO_DATE, examine
from scheduler.rules import MINUTE_MS
from scheduler.snapshot import Snapshot, Thing
from tests.scheduler.snapshots import T, booking, whole


def broken(s: Snapshot) -> set[str]:
    """The names of what does not hold."""
    return {str(each) for one in examine(s, (*STATE, *UP_TO_DATE)) for each in one.violations}


def flag(pair: str, fault: Fault = Fault.LATE, member: str = "ana") -> Flag:
    return Flag(
        pair=pair,
        member=member,
        booking="b1",
        fault=fault,
        at_ms=T,
        measured_ms=1,
        limit_ms=0,
        start_ms=T,
        length_min=25,
        rules_version=1,
    )


Damage = Callable[[Snapshot], object]

DAMAGE: list[tuple[str, Damage]] = [
    (
        "1 every_booking_is_in_one_state: booking b3 is in no known state",
        lambda s: s.bookings["b3"].update(state="lost"),
    ),
    (
        "1 every_booking_is_in_one_state: booking b1 has half a partner",
        lambda s: s.bookings["b1"].update(pair=""),
    ),
    (
        "1 every_booking_is_in_one_state: booking b3 is matched with nobody",
        lambda s: s.bookings["b3"].update(state="matched"),
    ),
    (
        "1 every_booking_is_in_one_state: booking b1 is waiting and has a partner",
        lambda s: s.bookings["b1"].update(state="waiting"),
    ),
    ("2 no_id_is_missing: booking b4 is missing", lambda s: s.bookings.pop("b4")),
    ("2 no_id_is_missing: pair p1 was never counted", lambda s: s.counters.update(pairs=0)),
    (
        "3 partners_agree_about_each_other: booking b1 has a partner who has another",
        lambda s: s.bookings["b2"].update(partner_booking="b3"),
    ),
    (
        "3 partners_agree_about_each_other: booking b1 has a partner that does not exist",
        lambda s: s.bookings.pop("b2"),
    ),
    (
        "3 partners_agree_about_each_other: booking b1 is locked in from one side",
        lambda s: s.bookings["b1"].update(locked="1"),
    ),
    (
        "3 partners_agree_about_each_other: booking b2 has a partner in another slot",
        lambda s: s.bookings["b1"].update(length_min="50"),
    ),
    (
        "3 a_pair_that_stands_is_that_of_its_two_bookings: pair p1 is over, and a booking still",
        lambda s: s.pairs["p1"].update(dissolved="1"),
    ),
    (
        "4 nobody_is_in_two_places: booking b1 overlaps b5 of the same member",
        lambda s: s.bookings.update(b5=booking("b5", "ana", T + 15 * MINUTE_MS)),
    ),
    (
        "5 who_keeps_away_from_somebody_never_meets_them: booking b2 is matched with",
        lambda s: s.snoozed.update(ana={"ben": 0.0}),
    ),
    (
        "5 avoiding_is_blocking_or_snoozing_in_either_direction: member dia avoids 1 otherwise",
        lambda s: s.blocked.update(cem={"dia"}),
    ),
    (
        "6 gender_preferences_hold_for_coming_matches: booking b1 is matched against",
        lambda s: s.profiles.update(ben=Profile(only_gender=Gender.WOMAN)),
    ),
    (
        "7 pools_hold_the_waiting_and_nobody_else: booking b3 waits and is not in line",
        lambda s: s.pools.clear(),
    ),
    (
        "7 pools_hold_the_waiting_and_nobody_else: booking b4 is in line and does not wait",
        lambda s: s.pools.update({(T, 25, "u*-aa-"): {"b4:dia": 1.0}}),
    ),
    (
        "7 lists_of_pools_name_those_that_hold_somebody: slot",
        lambda s: s.classes.clear(),
    ),
    (
        "7 lists_of_pools_name_those_that_hold_somebody: slot 60000:25 is in the list of starts",
        lambda s: s.starts[25].update({"60000": 60000.0}),
    ),
    (
        "8 calendars_hold_the_live_and_the_past_the_done: booking b1 is not in its calendar",
        lambda s: s.calendars["ana"].update({"b1:25": 1.0}),
    ),
    (
        "8 calendars_hold_the_live_and_the_past_the_done: booking b4 is in a calendar and not",
        lambda s: s.calendars.update(dia={"b4:25": 1.0}),
    ),
    (
        "8 calendars_hold_the_live_and_the_past_the_done: booking b4 is past or done, not both",
        lambda s: s.past.clear(),
    ),
    ("8 slots_hold_the_live: booking b1", lambda s: s.slots[T, 25].remove("b1")),
    ("9 every_live_booking_ends: booking b3 has no timer", lambda s: s.timers.pop("end:b3")),
    (
        "9 no_timer_is_left_over: booking b3 needs no timer noshow",
        lambda s: s.timers.update({"noshow:b3": T + 1.0}),
    ),
    (
        "9 no_timer_is_left_over: pair p1 needs no timer close",
        lambda s: s.timers.update({"close:p1": T + 1.0}),
    ),
    (
        "11 nobody_waits_beside_a_compatible_waiter: slot",
        lambda s: s.bookings.update(b5=booking("b5", "eva", T + 60 * MINUTE_MS)),
    ),
    (
        "18 no_timer_to_come_is_missing: booking b1 lacks the timers noshow:b1",
        lambda s: s.timers.pop("late:b1"),
    ),
    (
        "18 no_timer_to_come_is_missing: member ana snoozes without end",
        lambda s: s.snoozed.update(ana={"dia": T + 1.0}),
    ),
    (
        "18 no_timer_waits_for_long: timer unsnooze:a|b was due 1800 s ago",
        lambda s: s.timers.update({"unsnooze:a|b": s.now_ms - 30.0 * MINUTE_MS}),
    ),
    (
        "23 nobody_is_matched_while_suspended: member cem is suspended and has b3",
        lambda s: s.suspended.update(cem=0),
    ),
    (
        "25 one_session_flags_a_member_once: member ana has several flags of one session",
        lambda s: s.flags.update(ana={"session:p1": [flag("p1"), flag("p1")]}),
    ),
    (
        "25 one_session_flags_a_member_once: member ana is flagged for a booking that stands",
        lambda s: s.flags.update(ana={"cancel:b1": [flag("p1", Fault.LATE_CANCEL)]}),
    ),
    (
        "31 relations_agree_from_both_ends: member ana is favourite to ben from one end",
        lambda s: s.favourites.update(ana={"ben"}),
    ),
    (
        "31 who_blocks_somebody_is_nothing_else_to_them: member ana blocks cem",
        lambda s: (s.blocked.update(ana={"cem"}), s.friends.update(cem={"ana"})),
    ),
    (
        "32 sessions_kept_are_those_of_the_pairs: member ana kept 1, counted 0",
        lambda s: s.pairs["p1"].update({"kept:ana": "1"}),
    ),
    (
        "33 who_came_is_noted_with_the_booking_too: booking b1 has the note",
        lambda s: s.bookings["b1"].update(joined="p1"),
    ),
    (
        "33 who_came_is_noted_with_the_booking_too: booking b2 lacks the note",
        lambda s: s.pairs["p1"].update({"joined:ben": "1"}),
    ),
]


def test_a_ledger_that_is_whole_breaks_nothing() -> None:
    assert broken(whole()) == set()


@pytest.mark.parametrize(("expected", "damage"), DAMAGE, ids=[text for text, _ in DAMAGE])
def test_damage_is_seen(expected: str, damage: Damage) -> None:
    s = whole()
    damage(s)
    assert any(found.startswith(expected) for found in broken(s)), broken(s)


def test_every_invariant_is_broken_by_something_here() -> None:
    named = {text.split(":")[0].split()[1] for text, _ in DAMAGE}
    known = {each.name for each in (*STATE, *UP_TO_DATE)}
    assert known - named == {"every_session_is_judged"}


def test_a_session_nobody_judged_is_seen_after_a_while() -> None:
    s = whole()
    for id in ("b1", "b2"):
        s.bookings[id]["state"] = "done"
    s.now_ms = T + 39 * MINUTE_MS
    assert not any("verdict" in each for each in broken(s))
    s.now_ms = T + 41 * MINUTE_MS
    assert "18 every_session_is_judged: pair p1 waits for its verdict" in broken(s)


def test_who_keeps_away_may_wait_side_by_side() -> None:
    s = whole()
    s.bookings["b5"] = booking("b5", "eva", T + 60 * MINUTE_MS)
    s.blocked["eva"] = {"cem"}
    assert not any(each.startswith("11") for each in broken(s))


def test_a_suspension_that_is_over_binds_nobody() -> None:
    s = whole()
    s.suspended["cem"] = s.now_ms - 1
    assert broken(s) == set()


def test_things_are_counted_as_they_are_looked_at() -> None:
    counts = {one.invariant.name: one.checked for one in examine(whole(), STATE)}
    assert counts["every_booking_is_in_one_state"] == 4
    assert counts["partners_agree_about_each_other"] == 2


def test_a_violation_says_what_it_is_about() -> None:
    s = whole()
    s.bookings["b1"]["locked"] = "1"
    found = [each for one in examine(s, STATE) for each in one.violations if each.number == 3]
    assert found[0].thing == Thing("booking", "b1")
    assert found[0].also == (Thing("booking", "b2"),)

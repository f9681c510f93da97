"""What must hold of a ledger at every moment: the table of invariants, and how a snapshot is examined.

Each is a small function over a snapshot that goes through the things it is about and says of each what is
wrong, or nothing. The numbers are those of docs/invariants.md, which also names what cannot be seen in a
state and is held by tests instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from scheduler import agreement, chronicle, derived
from scheduler.look import Looks
from scheduler.snapshot import Snapshot, Thing


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


STATE = (
    Invariant(1, agreement.every_booking_is_in_one_state),
    Invariant(2, agreement.no_id_is_missing),
    Invariant(3, agreement.partners_agree_about_each_other),
    Invariant(3, agreement.a_pair_that_stands_is_that_of_its_two_bookings),
    Invariant(4, agreement.nobody_is_in_two_places),
    Invariant(5, agreement.who_keeps_away_from_somebody_never_meets_them),
    Invariant(5, agreement.avoiding_is_blocking_or_snoozing_in_either_direction),
    Invariant(6, agreement.gender_preferences_hold_for_coming_matches),
    Invariant(7, derived.pools_hold_the_waiting_and_nobody_else),
    Invariant(7, derived.lists_of_pools_name_those_that_hold_somebody),
    Invariant(8, derived.calendars_hold_the_live_and_the_past_the_done),
    Invariant(8, derived.slots_hold_the_live),
    Invariant(9, derived.every_live_booking_ends),
    Invariant(9, derived.no_timer_is_left_over),
    Invariant(11, agreement.nobody_waits_beside_a_compatible_waiter),
    Invariant(18, derived.no_timer_to_come_is_missing),
    Invariant(23, agreement.nobody_is_matched_while_suspended),
    Invariant(25, agreement.one_session_flags_a_member_once),
    Invariant(31, agreement.relations_agree_from_both_ends),
    Invariant(31, agreement.who_blocks_somebody_is_nothing_else_to_them),
    Invariant(32, agreement.sessions_kept_are_those_of_the_pairs),
    Invariant(33, agreement.who_came_is_noted_with_the_booking_too),
)
"""What the state itself must satisfy, after every call of a function."""

UP_TO_DATE = (
    Invariant(18, derived.no_timer_waits_for_long),
    Invariant(18, derived.every_session_is_judged),
)
"""What holds as long as somebody ticks and judges."""

TOLD = (
    Invariant(1, chronicle.what_is_over_stays_over),
    Invariant(10, chronicle.a_lock_in_ends_only_by_its_two),
    Invariant(15, chronicle.who_was_displaced_is_told_what_became_of_it),
    Invariant(16, chronicle.partners_change_only_while_one_is_missing),
    Invariant(17, chronicle.nothing_fires_twice),
    Invariant(21, chronicle.partners_are_told_of_each_other),
    Invariant(22, chronicle.the_outbox_tells_the_state_of_every_booking),
)
"""What the outbox must have told. 20 is part of 16: before `late_ms` nobody's match changes."""

"""What is seen goes into the log of the pair, and coming into that of a pair which was missed, too."""

from __future__ import annotations

import msgspec

from scheduler.presence import Seen
from scheduler.rules import DEFAULT
from signalling.commands import Record
from signalling.events import Missed
from signalling.plan import Plan
from signalling.recording import Recording
from signalling.seat import Seat
from signalling.transitions import Ids, Transition
from tests.signalling.stage import ANA, BEN, DOORS_CLOSE, LENGTH_MIN, T

PLAN = Plan(pair="p9", bookings=("b1", "b2"), members=(ANA, BEN), start_ms=T, length_min=LENGTH_MIN)
ALONE = msgspec.structs.replace(PLAN, pair="", bookings=("b1",), members=(ANA,))
MISSED = Missed(pair="p8", former="Dov", at_ms=T)
CAME = [Transition(Seen.JOIN, T), Transition(Seen.CAMERA_OFF, T)]


def recording(plan: Plan = PLAN, missed: Missed | None = None) -> Recording:
    seats = [
        Seat(member, booking, DEFAULT, start_ms=T, length_min=LENGTH_MIN)
        for member, booking in zip(plan.members, plan.bookings, strict=True)
    ]
    seats[0].missed = missed
    return Recording(plan, seats, DEFAULT, Ids("hub-1"))


def told(one: Recording, seen: list[Transition]) -> list[tuple[str, list[str]]]:
    return [
        (command.pair, [event.seen.value for event in command.events])
        for command in one.lines(0, seen)
        if isinstance(command, Record)
    ]


def test_a_pair_s_log_has_all_that_was_seen() -> None:
    assert told(recording(), CAME) == [("p9", ["join", "camera_off"])]


def test_a_missed_pair_hears_of_the_coming_alone() -> None:
    assert told(recording(ALONE, MISSED), CAME) == [("p8", ["join"])]
    assert told(recording(PLAN, MISSED), CAME) == [
        ("p8", ["join"]),
        ("p9", ["join", "camera_off"]),
    ]


def test_nothing_is_recorded_without_a_pair_after_its_end_or_behind_closed_doors() -> None:
    assert told(recording(ALONE), CAME) == []
    assert told(recording(), [Transition(Seen.LEAVE, DOORS_CLOSE + 1)]) == []
    over = recording()
    over.end()
    assert told(over, CAME) == []

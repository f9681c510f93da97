"""What members read of a session: what happened in the room, and nothing of what was noted."""

from __future__ import annotations

import pytest

from scheduler.bookings import Came
from scheduler.outcomes import outcomes
from scheduler.rules import DEFAULT
from tests.scheduler.sessions import Log, a_pair, both_there


def read(log: Log) -> list[tuple[Came, int]]:
    """Ana's, then Ben's."""
    return [(each.came, each.together_min) for each in outcomes(a_pair(), log.events, DEFAULT)]


def test_two_who_stay_were_together_for_the_whole_session() -> None:
    log = both_there().ana("leave", "E+0:10").ben("leave", "E-0:30")
    assert read(log) == [(Came.TOGETHER, 50), (Came.TOGETHER, 50)]


def test_who_came_late_was_together_for_less() -> None:
    log = Log().ana("join", "T-1:00").ben("join", "T+4:00")
    assert read(log) == [(Came.TOGETHER, 46), (Came.TOGETHER, 46)]


def test_a_partner_who_did_not_come_is_said_to_be_absent_and_reads_it_of_themselves() -> None:
    assert read(Log().ana("join", "T-1:00")) == [(Came.PARTNER_ABSENT, 0), (Came.ABSENT, 0)]
    assert read(Log()) == [(Came.ABSENT, 0), (Came.ABSENT, 0)]


def test_two_who_were_there_at_different_times_did_not_meet() -> None:
    log = Log().ana("join", "T-1:00").ana("leave", "T+6:00").ben("join", "T+20:00")
    assert read(log) == [(Came.NOT_MET, 0), (Came.NOT_MET, 0)]


def test_two_who_agreed_to_end_ended_early() -> None:
    log = both_there().ana("end_agreed", "T+30:00").ben("end_agreed", "T+30:05")
    log.ana("leave", "T+30:05").ben("leave", "T+30:05")
    assert read(log) == [(Came.ENDED_EARLY, 30), (Came.ENDED_EARLY, 30)]


@pytest.mark.parametrize("seen", ["leave", "drop"])
def test_who_was_gone_first_is_told_as_such_whether_they_chose_to_or_not(seen: str) -> None:
    log = both_there().ben(seen, "T+20:00").ana("leave", "T+25:00")
    assert read(log) == [(Came.PARTNER_GONE, 20), (Came.GONE, 20)]


def test_a_minute_or_two_at_the_end_is_nothing() -> None:
    log = both_there().ben("leave", "E-2:00")
    assert [came for came, _ in read(log)] == [Came.TOGETHER, Came.TOGETHER]


def test_outcomes_name_the_own_bookings() -> None:
    assert [each.booking for each in outcomes(a_pair(), [], DEFAULT)] == ["b1", "b2"]

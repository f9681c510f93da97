"""Transitions become lines of the log."""

from __future__ import annotations

from scheduler.presence import Seen
from signalling.transitions import Ids, Transition, lines


def test_each_line_has_an_id_of_this_hub_s_life() -> None:
    ids = Ids("h1")
    seen = [Transition(Seen.JOIN, 5), Transition(Seen.BREAK, 6, minutes=3)]
    join, away = lines(ids, "m_ana", seen, 0, 10)
    assert (join.id, away.id) == ("h1:1", "h1:2")
    assert (away.member, away.at_ms, away.minutes) == ("m_ana", 6, 3)


def test_only_what_happened_between_the_doors_is_part_of_the_session() -> None:
    seen = [Transition(Seen.JOIN, at_ms) for at_ms in (4, 5, 10, 11)]
    assert [line.at_ms for line in lines(Ids("h"), "m_ana", seen, 5, 10)] == [5, 10]

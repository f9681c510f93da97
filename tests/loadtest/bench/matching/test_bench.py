"""The bench tells every figure of every policy asked for, the same in each run."""

from __future__ import annotations

from loadtest.bench.matching.bench import SLOTS, small, tallies
from loadtest.bench.matching.small import CALENDARS


def test_processes_share_the_work_and_the_counts_stay_the_same() -> None:
    names = ["first-come", "ours"]
    once, again = (tallies(names, ("1",), slots={4: 8, 8: 4}) for _ in range(2))
    assert once == again
    assert list(once) == [(name, size) for name in names for size in (4, 8)]
    assert once["ours", 4].slots == 8


def test_the_sizes_are_those_that_are_promised() -> None:
    assert list(SLOTS) == [4, 8, 20, 60]


def test_small_communities_are_told_calendar_by_calendar() -> None:
    found = list(small(1))
    assert [figure.subject for figure in found[:: len(found) // 8]] == [*CALENDARS, *CALENDARS]
    assert [figure.figure for figure in found] == sorted(
        (figure.figure for figure in found), reverse=True
    )

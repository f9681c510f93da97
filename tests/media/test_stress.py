"""How much of what a worker can do it does."""

from __future__ import annotations

import pytest

from media.stress import CPU_FULL, WINDOW_S, Figures, Stress


def stress(**most: int) -> Stress:
    return Stress(Figures(0.0, 5.0, 1000), packets_per_s=most.get("packets_per_s", 1000))


def test_pairs_alone_are_a_share_of_the_most() -> None:
    assert stress().ratio(3, 4) == 0.75


def test_the_larger_one_counts() -> None:
    busy = stress()
    busy.look(Figures(1.0, 5.0, 1500))
    assert busy.packets_per_s == 500
    assert busy.ratio(1, 4) == 0.5
    assert busy.ratio(3, 4) == 0.75


def test_a_core_is_full_before_it_has_nothing_left() -> None:
    busy = stress()
    busy.look(Figures(WINDOW_S, 5.0 + CPU_FULL * WINDOW_S, 1000))
    assert busy.strain == pytest.approx(1.0)


def test_a_short_burst_of_work_is_no_strain() -> None:
    busy = stress()
    busy.look(Figures(0.25, 5.25, 1000))
    assert busy.strain == 0.0


def test_rest_is_noticed_after_the_window() -> None:
    busy = stress()
    for quarter in range(1, 9):
        busy.look(Figures(quarter / 4, 5.0 + quarter / 4, 1000))
    assert busy.strain > 1.0
    for quarter in range(9, 18):
        busy.look(Figures(quarter / 4, 7.0, 1000))
    assert busy.strain == 0.0


def test_a_clock_that_stands_still_is_no_news() -> None:
    busy = stress()
    busy.look(Figures(0.0, 9.0, 9000))
    assert busy.strain == 0.0

"""What the optimiser's time is measured on is a slot as there might be one."""

from __future__ import annotations

from loadtest.bench.matching.cost import SIZES, crowd, figures
from scheduler.board import Board


def test_a_crowd_is_matched_but_for_some() -> None:
    board = Board(crowd(100))
    assert len(board.seats) == 100
    assert 4 <= len(board.waiting()) <= 10
    assert all(board.may_meet(*pair) for pair in board.pairs())
    assert board.fond()


def test_each_stage_is_measured_at_each_size() -> None:
    found = list(figures(quick=True))
    assert {figure.figure for figure in found} == {"optimiser_pass_cpu", "optimiser_reveal_cpu"}
    assert [figure.at for figure in found[:2]] == [f"{size} members" for size in SIZES[:2]]
    assert all(figure.value is not None and figure.value > 0 for figure in found)

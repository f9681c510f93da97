"""Hindsight matches as many as can be, and of those the best."""

from __future__ import annotations

import pytest

from loadtest.bench.matching.arrivals import scene
from loadtest.bench.matching.desk import Met
from loadtest.bench.matching.hindsight import best
from loadtest.bench.matching.people import community
from loadtest.bench.matching.play import play
from loadtest.bench.matching.policies import POLICIES, Policy
from scheduler.board import Board
from tests.scheduler.slots import claim, slot


def test_more_pairs_come_before_better_ones() -> None:
    board = Board(
        slot(
            [
                claim(0, avoided=["m2", "m3"]),
                claim(1, favourites=["m2"]),
                claim(2, favourites=["m1"]),
                claim(3, avoided=["m1"]),
            ]
        )
    )
    assert sorted(map(sorted, best(board, range(4)))) == [[0, 1], [2, 3]]
    assert best(board, [1, 2]) in ([(1, 2)], [(2, 1)])


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_no_policy_does_better(policy: Policy) -> None:
    town, nothing = community(8, "1"), Met()
    for number in range(25):
        desk = play(scene(town, 8, number, "1"), policy, nothing)
        ideal = best(desk.board, desk.places)
        pairs = [
            (a, place.partner) for a, place in desk.places.items() if a < (place.partner or -1)
        ]
        assert len(pairs) <= len(ideal)
        if len(pairs) == len(ideal):
            worth = desk.board.worth
            assert sum(worth(a, b or 0) for a, b in pairs) <= sum(worth(*pair) for pair in ideal)

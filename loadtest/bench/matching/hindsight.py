"""The best that could have been done with a slot by somebody who knew everything beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import rustworkx

from scheduler.board import Board


def best(board: Board, members: Iterable[int]) -> list[tuple[int, int]]:
    """Of these members as many pairs as can be, and of those the ones of the greatest worth."""
    numbers = list(members)
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(numbers)
    places = range(len(numbers))
    graph.add_edges_from(
        [
            (one, other, board.worth(numbers[one], numbers[other]))
            for one, other in combinations(places, 2)
            if board.may_meet(numbers[one], numbers[other])
        ]
    )
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return [(numbers[one], numbers[other]) for one, other in found]

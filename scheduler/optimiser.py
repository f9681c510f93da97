"""The matching pass over a slot: better pairs than taking everybody as they come gives.

Two stages. `pass`, near the start, when names are known: a pair is broken only where that gives more
members a partner, and rather one that has not written to each other; nobody loses a partner without
getting another. `reveal`, just before names become known: as many pairs as can be, and of those sets the
one of the greatest worth. Of an odd number one is left over; who already had a partner is rather not.

What is proposed is a list of steps, each closed in itself (`plan.Step`), which the ledger checks again.
The same slot and seed give the same steps. A large slot is worked on in rooms of `ROOM` members, so that
no step is larger than that and the cost grows with the members only.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from random import Random

import rustworkx

from scheduler.board import Board
from scheduler.matching import POLICY, Weights
from scheduler.plan import Slot, Stage, Step

Partners = dict[int, int]

ROOM = 150
"""Members worked on together, and so the largest step: a call of the ledger must stay short."""
LINK = 100
"""Old pairs and favourites are kept in one room in clusters up to this."""
ROUNDS = 10
"""How many rooms may find no partner for anybody before the rest are given up."""
DENSE = 40
"""Up to this many members all pairs are weighed against each other; beyond, of each member only"""
BEST, CHANCE = 10, 10
"""the best, some by chance (everybody's best are the same few), and the present one."""

KEPT = 1_000_000
"""A pair that is kept outweighs all the worth of a room."""
ASSURED = 25
"""What it is worth that a member who had a partner has one. (If it outweighed everything, who came last
would be left over, however well they fit: that would cost up to a twentieth of all worth.)"""
FINE, NOISE = 1 << 40, 1 << 30
"""Between equals the seed decides, not the order in which they are looked at."""


def improve(
    slot: Slot, *, stage: Stage, seed: int, weights: Weights = POLICY.weights
) -> list[Step]:
    """What to change in a slot, in closed steps; nothing if it is as good as it can be."""
    board, random = Board(slot, weights), Random(seed)
    steps: list[Step] = []
    for now in _pass(board, random) if stage == "pass" else _reveal(board, random):
        steps += _steps(board, now, stage)
    return steps


def _pass(board: Board, random: Random) -> Iterator[Partners]:
    """Rooms of those without a partner and some pairs, until nobody waits or all have been tried."""
    waiting, pairs, fruitless = board.waiting(), board.pairs(), 0
    random.shuffle(pairs)
    while len(waiting) >= 2 and fruitless < ROUNDS:
        some = waiting[: ROOM // 2]
        fit = (ROOM - len(some)) // 2
        with_some, pairs = pairs[:fit], pairs[fit:]
        now = _solve(board, [*some, *_flat(with_some)], "pass", random)
        yield now
        left = [number for number in some if number not in now]
        waiting = waiting[len(some) :] + left
        fruitless += len(left) == len(some)
        if len(left) == len(some) == len(waiting) and not pairs:
            return


def _reveal(board: Board, random: Random) -> Iterator[Partners]:
    """Everybody, in rooms that keep together whom an old pair or a liking joins."""
    clusters = _clusters(board, random) if len(board.seats) > ROOM else [range(len(board.seats))]
    for room in _rooms(clusters):
        yield _solve(board, room, "reveal", random)


def _rooms(clusters: Iterable[Iterable[int]]) -> Iterator[list[int]]:
    room: list[int] = []
    for cluster in clusters:
        members = list(cluster)
        if len(room) + len(members) > ROOM:
            yield room
            room = []
        room += members
    yield room


def _clusters(board: Board, random: Random) -> list[list[int]]:
    """Old pairs, joined where one of one would be matched by liking with one of another."""
    clusters = [[*pair] for pair in board.pairs()] + [[alone] for alone in board.waiting()]
    random.shuffle(clusters)
    home = {number: cluster for cluster in clusters for number in cluster}
    for one, other in sorted(_match(_fond_edges(board))):
        mine, theirs = home[one], home[other]
        if mine is not theirs and len(mine) + len(theirs) <= LINK:
            mine += theirs
            home.update(dict.fromkeys(theirs, mine))
    whole = {id(cluster): cluster for cluster in home.values()}
    return list(whole.values())


def _fond_edges(board: Board) -> list[tuple[int, int, int]]:
    """Without noise, which would cost seconds among ten thousand; who meets is decided in the rooms."""
    return [(*pair, board.worth(*pair)) for pair in board.fond()]


def _solve(board: Board, room: list[int], stage: Stage, random: Random) -> Partners:
    """The best partners within a room."""
    room = sorted(room)
    edges = [
        (one, other, _fine(_value(board, one, other, worth, stage), random))
        for (one, other), worth in _candidates(board, room, stage, random).items()
    ]
    found = _match(edges)
    return dict(found) | {other: one for one, other in found}


def _candidates(
    board: Board, room: list[int], stage: Stage, random: Random
) -> dict[tuple[int, int], int]:
    """Pairs worth a look, with their worth."""
    all_ = {
        (one, other): board.worth(one, other)
        for index, one in enumerate(room)
        for other in room[index + 1 :]
        if board.may_meet(one, other) or board.partners.get(one) == other
    }
    if len(room) <= DENSE:
        return all_
    kept = set(_thinned(all_, random))
    kept.update(pair for pair in all_ if board.partners.get(pair[0]) == pair[1])
    if stage == "pass":  # nothing is left out for those whom it is about
        kept.update(pair for pair in all_ if not board.partners.keys() >= {*pair})
    return {pair: worth for pair, worth in all_.items() if pair in kept}


def _thinned(all_: dict[tuple[int, int], int], random: Random) -> Iterator[tuple[int, int]]:
    of: dict[int, list[tuple[int, int]]] = {}
    for pair in all_:
        for number in pair:
            of.setdefault(number, []).append(pair)
    for pairs in of.values():
        yield from heapq.nlargest(BEST, pairs, key=all_.__getitem__)
        yield from random.sample(pairs, min(CHANCE, len(pairs)))


def _value(board: Board, one: int, other: int, worth: int, stage: Stage) -> int:
    """What a stage gives for a pair."""
    if stage == "reveal":
        return worth + ASSURED * ((one in board.partners) + (other in board.partners))
    if board.partners.get(one) != other:
        return worth
    return worth + 2 * KEPT + KEPT * board.messaged(one)


def _fine(value: int, random: Random) -> int:
    return value * FINE + random.randrange(NOISE)


def _match(edges: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """As many pairs as can be, and of those sets one of the greatest value."""
    names = sorted({number for edge in edges for number in edge[:2]})
    place = {number: index for index, number in enumerate(names)}
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(names)
    graph.add_edges_from([(place[one], place[other], value) for one, other, value in edges])
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return {(names[min(pair)], names[max(pair)]) for pair in found}


def _flat(pairs: Iterable[tuple[int, int]]) -> Iterator[int]:
    for pair in pairs:
        yield from pair


def _steps(board: Board, now: Partners, stage: Stage) -> Iterator[Step]:
    """The changes of a room as closed steps: each follows old and new partners until none is left."""
    seen: set[int] = set()
    for number in sorted(now):
        if number not in seen and board.partners.get(number) != now[number]:
            closed = _closed(board, now, number)
            seen |= closed
            if _is_better(board, now, closed, stage):
                yield _step(board, now, closed)


def _closed(board: Board, now: Partners, first: int) -> set[int]:
    found, ahead = {first}, [first]
    while ahead:
        number = ahead.pop()
        for partners in (board.partners, now):
            other = partners.get(number)
            if other is not None and other not in found:
                found.add(other)
                ahead.append(other)
    return found


def _is_better(board: Board, now: Partners, closed: set[int], stage: Stage) -> bool:
    """More members with a partner; or, where nobody knows a name yet, as many in better pairs."""
    before, after = (_sum(board, partners, closed) for partners in (board.partners, now))
    if stage == "reveal":
        return after > before
    return after[0] > before[0] and now.keys() >= closed & board.partners.keys()


def _sum(board: Board, partners: Partners, closed: set[int]) -> tuple[int, int]:
    """How many pairs, and what they are worth before names are known."""
    pairs = [(one, partners[one]) for one in closed if one < partners.get(one, -1)]
    return len(pairs), sum(
        _value(board, *pair, board.worth(*pair), stage="reveal") for pair in pairs
    )


def _step(board: Board, now: Partners, closed: set[int]) -> Step:
    claims = {number: board.seats[number].claim for number in sorted(closed)}
    pairs = [
        (claim.booking, claims[now[number]].booking)
        for number, claim in claims.items()
        if number < now.get(number, -1)
    ]
    return Step(versions={claim.booking: claim.version for claim in claims.values()}, pairs=pairs)

"""Which slots the robots hold."""

from __future__ import annotations

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from loadtest.planner import LIGHTS_MIN, Board, Book, Cancel, Held, View, plan

MINUTE = 60_000
NOW = 1_000 * MINUTE + 20_000
GRID, LENGTH = MINUTE, 3 * MINUTE


def held(mark: str, start_min: int, *, matched: bool = False) -> Held:
    start = start_min * MINUTE
    return Held(id=mark, start_ms=start, end_ms=start + LENGTH, matched=matched)


def board(*views: View, yielded: frozenset[int] = frozenset()) -> Board:
    return Board(now_ms=NOW, grid_ms=GRID, length_ms=LENGTH, views=views, yielded=yielded)


def lit(number: int) -> View:
    """A robot that keeps its two lights."""
    return View(
        number=number,
        held=tuple(
            held(f"l{number}{n}", 1_001 + ahead) for n, ahead in enumerate(LIGHTS_MIN[number])
        ),
    )


def test_each_robot_keeps_two_lights_in_the_coming_minutes() -> None:
    moves = plan(board(View(number=0), View(number=1), View(number=2)))
    assert all(isinstance(move, Book) for move in moves)
    starts = [move.start_ms for move in moves]
    assert len(starts) == len(set(starts)) == 6
    assert all(start % GRID == 0 and NOW < start < NOW + 30 * MINUTE for start in starts)


def test_with_all_lights_lit_nothing_is_to_do() -> None:
    assert plan(board(lit(0), lit(1), lit(2))) == []


def test_a_light_nobody_came_to_is_set_further_ahead() -> None:
    stale = View(number=0, held=(held("old", 1_000), held("near", 1_001), held("far", 1_012)))
    near = View(
        number=0,
        held=(
            Held(id="old", start_ms=NOW + 9_000, end_ms=NOW + LENGTH, matched=False),
            held("far", 1_012),
        ),
    )
    assert Cancel(number=0, booking="near") not in plan(board(stale))
    first, second = plan(board(near))
    assert first == Cancel(number=0, booking="old")
    assert isinstance(second, Book)
    assert second.start_ms > NOW


def test_a_person_who_waits_alone_gets_a_free_robot_at_once() -> None:
    waits = 1_002 * MINUTE
    views = (
        View(number=0, held=(held("m", 1_001, matched=True),), waiting=(waits,)),
        View(number=1, waiting=(waits,)),
    )
    assert plan(board(*views)) == [Book(number=1, start_ms=waits)]


def test_a_robot_lets_its_own_light_go_to_join_somebody() -> None:
    waits = 1_004 * MINUTE
    view = View(number=0, held=(held("light", 1_005),), waiting=(waits,))
    assert plan(board(view)) == [
        Cancel(number=0, booking="light"),
        Book(number=0, start_ms=waits),
    ]


def test_two_people_at_two_times_get_two_robots() -> None:
    one, two = 1_002 * MINUTE, 1_003 * MINUTE
    views = tuple(View(number=n, waiting=(one, two)) for n in range(2))
    moves = plan(board(*views))
    assert {move.number for move in moves} == {0, 1}
    assert {move.start_ms for move in moves if isinstance(move, Book)} == {one, two}


def test_a_person_a_robot_may_not_meet_is_left_to_another() -> None:
    waits = 1_002 * MINUTE
    moves = plan(board(View(number=0), View(number=1, waiting=(waits,))))
    assert moves == [Book(number=1, start_ms=waits)]


def test_a_robot_gives_way_when_a_second_person_comes() -> None:
    start = 1_003 * MINUTE
    with_ana = View(number=0, held=(held("m", 1_003, matched=True),), waiting=(start,))
    assert plan(board(with_ana, View(number=1, waiting=(start,)))) == [
        Cancel(number=0, booking="m")
    ]


def test_a_robot_somebody_chose_stays_with_them() -> None:
    start = 1_003 * MINUTE
    chosen = msgspec.structs.replace(held("m", 1_003, matched=True), locked=True)
    views = (View(number=0, held=(chosen,), waiting=(start,)), View(number=1, waiting=(start,)))
    assert plan(board(*views)) == [Book(number=1, start_ms=start)]


def test_a_robot_in_the_room_stays_there() -> None:
    start = 1_003 * MINUTE
    seated = View(number=0, held=(held("m", 1_003, matched=True),), waiting=(start,), busy=True)
    assert plan(board(seated, View(number=1, waiting=(start,)))) == [Book(number=1, start_ms=start)]


def test_way_is_given_once_only() -> None:
    start = 1_003 * MINUTE
    with_ana = View(number=0, held=(held("m", 1_003, matched=True),), waiting=(start,))
    moves = plan(board(with_ana, View(number=1, waiting=(start,)), yielded=frozenset({start})))
    assert moves == [Book(number=1, start_ms=start)]


@given(
    st.lists(
        st.tuples(st.integers(1_001, 1_030), st.booleans()), max_size=8, unique_by=lambda h: h[0]
    ),
    st.sets(st.integers(1_001, 1_030), max_size=4),
)
@example([(1_002, True), (1_007, True)], set())  # both lights want the gap behind the second
def test_no_plan_ever_overlaps_own_sessions(
    bookings: list[tuple[int, bool]], waits: set[int]
) -> None:
    mine: list[Held] = []
    for start, matched in bookings:
        one = held(f"b{start}", start, matched=matched)
        if all(one.start_ms >= h.end_ms or h.start_ms >= one.end_ms for h in mine):
            mine.append(one)
    view = View(number=0, held=tuple(mine), waiting=tuple(w * MINUTE for w in sorted(waits)))
    live = {h.id: (h.start_ms, h.end_ms) for h in mine}
    for move in plan(board(view)):
        if isinstance(move, Cancel):
            del live[move.booking]
        else:
            end = move.start_ms + LENGTH
            assert all(move.start_ms >= e or s >= end for s, e in live.values())
            live[f"new{move.start_ms}"] = (move.start_ms, end)

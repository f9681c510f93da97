"""Which slots the robots hold: the one decision all robots of an instance make together.

In order of weight: a robot gives way when a second person waits at the start it took, so that two
people meet each other; a free robot joins every person who waits alone; and each robot keeps lights
on the calendar, bookings that wait, so that a newcomer sees company in the coming minutes.
"""

from __future__ import annotations

import msgspec

from loadtest.script import EARLY_MS

LIGHTS_MIN = ((3, 11), (5, 17), (8, 26))
"""How many minutes ahead each robot keeps its two waiting bookings, by number modulo three."""

STALE_MS = EARLY_MS[1]
"""A light this close to its start is let go: nobody came, and a new one is set further ahead."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A robot's own live booking."""

    id: str
    start_ms: int
    end_ms: int
    matched: bool
    locked: bool = False
    """Somebody chose this robot: it stays, whoever else waits there."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What one robot sees of the calendar."""

    number: int
    held: tuple[Held, ...] = ()
    waiting: tuple[int, ...] = ()
    """Starts at which a person waits whom this robot may meet."""
    busy: bool = False
    """In a room, or about to enter one: it may not give way any more."""


class Book(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    number: int
    start_ms: int


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    number: int
    booking: str


Move = Book | Cancel


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a plan is made of."""

    now_ms: int
    grid_ms: int
    length_ms: int
    views: tuple[View, ...]
    yielded: frozenset[int] = frozenset()
    """Starts at which a robot gave way once already: twice would go on for ever between two
    people who may not meet."""


def plan(board: Board) -> list[Move]:
    """What the robots should do now; an empty list when all is well."""
    giving = _give_way(board)
    if giving:
        return giving
    joining = _join_people(board)
    if joining:
        return joining
    return _keep_lights(board)


def _give_way(board: Board) -> list[Move]:
    wanted = {start for view in board.views for start in view.waiting} - board.yielded
    return [
        Cancel(number=view.number, booking=held.id)
        for view in board.views
        if not view.busy
        for held in view.held
        if held.matched and not held.locked
        if held.start_ms in wanted and held.start_ms > board.now_ms
    ]


def _join_people(board: Board) -> list[Move]:
    moves: list[Move] = []
    taken: set[int] = set()
    for start in sorted({s for view in board.views for s in view.waiting if s > board.now_ms}):
        end = start + board.length_ms
        able = [v for v in board.views if v.number not in taken and _may_join(v, start, end)]
        if not able:
            continue
        chosen = min(able, key=lambda v: (len(_across(v, start, end)), v.number))
        taken.add(chosen.number)
        moves += [
            Cancel(number=chosen.number, booking=held.id) for held in _across(chosen, start, end)
        ]
        moves.append(Book(number=chosen.number, start_ms=start))
    return moves


def _keep_lights(board: Board) -> list[Move]:
    moves: list[Move] = []
    lit = {held.start_ms for view in board.views for held in view.held if not held.matched}
    for view in board.views:
        stale = [h for h in view.held if not h.matched and h.start_ms - board.now_ms < STALE_MS]
        moves += [
            Cancel(number=view.number, booking=h.id) for h in stale if h.start_ms > board.now_ms
        ]
        alight = sum(1 for h in view.held if not h.matched and h not in stale)
        for ahead_min in LIGHTS_MIN[view.number % len(LIGHTS_MIN)][alight:]:
            start = _free_start(board, view, ahead_min, lit)
            lit.add(start)
            view = _with_light(view, start, start + board.length_ms)
            moves.append(Book(number=view.number, start_ms=start))
    return moves


def _with_light(view: View, start_ms: int, end_ms: int) -> View:
    light = Held(id="", start_ms=start_ms, end_ms=end_ms, matched=False)
    return msgspec.structs.replace(view, held=(*view.held, light))


def _free_start(board: Board, view: View, ahead_min: int, lit: set[int]) -> int:
    start = -(-(board.now_ms + ahead_min * 60_000) // board.grid_ms) * board.grid_ms
    while start in lit or _across(view, start, start + board.length_ms):
        start += board.grid_ms
    return start


def _may_join(view: View, start_ms: int, end_ms: int) -> bool:
    return start_ms in view.waiting and not any(
        held.matched for held in _across(view, start_ms, end_ms)
    )


def _across(view: View, start_ms: int, end_ms: int) -> list[Held]:
    return [h for h in view.held if h.start_ms < end_ms and start_ms < h.end_ms]

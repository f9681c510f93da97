"""From T on: who comes, who is missed, and who finds another partner among those who are here."""

from __future__ import annotations

from loadtest.bench.matching.desk import Desk
from scheduler.rules import DEFAULT

VETERAN_GETS_NEW = -250
"""After a change a first-timer is the last choice for who has kept a session."""


def worked(desk: Desk) -> list[tuple[int, int]]:
    """Pairs of which both were there within `no_show_ms`, partner changes included."""
    return Lateness(desk).play()


def here_by(desk: Desk, at_ms: int) -> list[int]:
    """Who has come by then."""
    intents = desk.scene.intents
    return [
        one
        for one in desk.places
        if (comes := intents[one].comes_ms) is not None and comes <= at_ms
    ]


class Lateness:
    """A slot after T. Who has no partner, or gave up a missing one, is matched with the next who is free."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._partners = {one: place.partner for one, place in desk.places.items()}
        self._here: set[int] = set()
        self._free: list[int] = []
        self._pairs: list[tuple[int, int]] = []
        self._met: set[int] = set()

    def play(self) -> list[tuple[int, int]]:
        for _, comes, one in sorted(self._events()):
            self._come(one) if comes else self._ask(one)
        return self._pairs

    def _events(self) -> list[tuple[int, bool, int]]:
        intents, late_ms = self._desk.scene.intents, DEFAULT.late_ms
        here = here_by(self._desk, DEFAULT.no_show_ms)
        comes = [(intents[one].comes_ms or 0, True, one) for one in here]
        asks = [
            (max(late_ms + after, intents[one].comes_ms or 0), False, one)
            for one in here
            if (after := 0 if self._partners[one] is None else intents[one].asks_after_ms)
            is not None
        ]
        return [event for event in comes + asks if event[0] <= DEFAULT.no_show_ms]

    def _come(self, one: int) -> None:
        self._here.add(one)
        other = self._partners[one]
        if other is not None and other in self._here and self._partners[other] == one:
            self._meet(one, other)
        elif other is not None and self._partners[other] != one:
            self._find(one)  # was given up

    def _ask(self, one: int) -> None:
        if one in self._here and one not in self._met:
            self._find(one)

    def _find(self, one: int) -> None:
        self._partners[one] = None
        board = self._desk.board
        found = [other for other in self._free if board.may_meet(one, other)]
        if found:
            best = max(found, key=lambda other: (self._worth(one, other), -other))
            self._free.remove(best)
            self._meet(one, best)
        elif one not in self._free:
            self._free.append(one)

    def _worth(self, one: int, other: int) -> int:
        seats = self._desk.board.seats
        kept = {seats[number].candidate.sessions_kept > 0 for number in (one, other)}
        return self._desk.board.worth(one, other) + (VETERAN_GETS_NEW if len(kept) == 2 else 0)

    def _meet(self, one: int, other: int) -> None:
        self._met |= {one, other}
        self._pairs.append((one, other))

"""Rooms by name, booking and line, for as long as somebody may come back."""

from __future__ import annotations

import pytest

from scheduler.bookings import State
from scheduler.rules import DEFAULT
from signalling.config import HubConfig
from signalling.connection import Connection
from signalling.deadlines import Deadlines
from signalling.fleet import Fleet
from signalling.lobby import Key
from signalling.plan import Shared
from signalling.rate_limit import Patience, TokenBucket
from signalling.rooms import Rooms
from signalling.transitions import Ids
from tests.signalling.stage import DOORS_CLOSE, E, Stage, T, booking

FOUND = Stage().found(booking())


@pytest.fixture
def rooms() -> Rooms:
    config = HubConfig(origins=())
    shared = Shared(rules=DEFAULT, config=config, fleet=Fleet(), ids=Ids("hub-1"))
    deadlines: Deadlines[Key] = Deadlines()
    return Rooms(shared, deadlines)


def page() -> Connection:
    return Connection("ana", "m_ana", "s1", Patience(TokenBucket(1, 1, T), 1), T)


def test_a_pair_has_one_room_and_both_bookings_find_it(rooms: Rooms) -> None:
    room = rooms.for_found(FOUND, T)
    assert rooms.for_found(Stage().found(booking("b2", "m_ben")), T) is room
    assert rooms.get("p9") is room
    assert rooms.of_line("p9") is room
    assert "p9" in rooms


def test_a_page_that_sits_is_found_by_its_booking(rooms: Rooms) -> None:
    room, ana = rooms.for_found(FOUND, T), page()
    assert rooms.of_booking("b1") is None
    rooms.seat(ana, room, 0)
    assert rooms.of_booking("b1") == (room, 0)
    assert rooms.booking_of(ana) == "b1"
    assert ana.place is not None
    assert rooms.at(ana.place) is room
    rooms.unplace("b1")
    assert rooms.of_booking("b1") is None


def test_a_room_wants_to_be_woken_until_its_doors_close(rooms: Rooms) -> None:
    room = rooms.for_found(FOUND, E)
    assert rooms.deadlines.next() is not None
    rooms.close(room)
    assert "p9" not in rooms
    assert rooms.deadlines.next() is None


def test_a_room_that_nobody_enters_is_forgotten_when_its_doors_close(rooms: Rooms) -> None:
    room = rooms.for_found(FOUND, T)
    assert room.closes_ms == DOORS_CLOSE
    rooms.forget_if_done(room)
    assert "p9" in rooms, "a pair may come yet"


def test_an_empty_room_of_one_or_of_none_any_more_is_forgotten(rooms: Rooms) -> None:
    alone = rooms.for_found(Stage().found(booking(state=State.WAITING), alone=True), T)
    rooms.forget_if_done(alone)
    assert "b1" not in rooms
    parted = rooms.for_found(FOUND, T)
    parted.dissolve()
    rooms.forget_if_done(parted)
    assert "p9" not in rooms


def test_everybody_is_told(rooms: Rooms) -> None:
    rooms.for_found(FOUND, T)
    asked: list[str] = []
    rooms.each(lambda room: asked.append(room.plan.key) or [])
    assert asked == ["p9"]

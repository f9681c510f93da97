"""What a socket may say in which state."""

from __future__ import annotations

from typing import get_args

import pytest

from signalling import wire
from signalling.connection import Connection, Place
from signalling.errors import NotSeated, OutOfTurn, Refusal
from signalling.rate_limit import Patience, TokenBucket
from tests.support.golden_wire import MESSAGES

SAID = [message for message in MESSAGES if isinstance(message, get_args(wire.ClientMessage))]
LOBBY = (wire.Enter, wire.Ping)


def connection(*, greeted: bool, seated: bool = False) -> Connection:
    found = Connection("c1", "m_ana", "s", Patience(TokenBucket(1, 1, 0), 1), 5_000)
    if greeted:
        found.hello_due_ms = None
    found.place = Place("p9", 0) if seated else None
    return found


def refusal(found: Connection, message: wire.Message) -> type[Refusal] | None:
    try:
        found.allow(message)
    except Refusal as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("message", SAID, ids=lambda m: type(m).__name__)
def test_the_table_of_states(message: wire.Message) -> None:
    hello = isinstance(message, wire.Hello)
    assert refusal(connection(greeted=False), message) is (None if hello else OutOfTurn)
    lobby = OutOfTurn if hello else None if isinstance(message, LOBBY) else NotSeated
    assert refusal(connection(greeted=True), message) is lobby
    assert refusal(connection(greeted=True, seated=True), message) is (OutOfTurn if hello else None)


def test_what_causes_look_ups_costs_more() -> None:
    found = connection(greeted=True)
    enter = wire.Enter(booking="b1", camera=True, mic=True)
    assert found.cost(enter) > found.cost(wire.Ping(n=1))


ENTER = wire.Enter(booking="b1", camera=True, mic=True)


def test_a_newer_look_up_of_a_booking_overtakes_the_older() -> None:
    found = connection(greeted=True)
    older, newer = found.ask("b1", ENTER), found.ask("b1", found.wish("b1"))
    assert found.answered(older) is None
    asked = found.answered(newer)
    assert asked is not None
    assert asked.enter is ENTER
    assert found.answered(newer) is None, "an answer counts once"


def test_look_ups_of_different_bookings_do_not_disturb_each_other() -> None:
    found = connection(greeted=True)
    enter, refresh = found.ask("b1", ENTER), found.ask("b2", None)
    first, second = found.answered(enter), found.answered(refresh)
    assert first is not None
    assert second is not None
    assert (first.booking, second.booking) == ("b1", "b2")


def test_a_page_wants_into_one_room_at_a_time() -> None:
    found = connection(greeted=True)
    earlier = found.ask("b1", ENTER)
    found.ask("b2", wire.Enter(booking="b2", camera=True, mic=True))
    assert found.answered(earlier) is None
    assert found.wish("b1") is None

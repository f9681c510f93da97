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

"""A room's connection: its name, its first generation, and a room without one."""

from __future__ import annotations

import msgspec

from media import control
from scheduler.rules import DEFAULT
from signalling import wire
from signalling.call import Held
from signalling.circuit import Circuit, first_generation
from signalling.commands import Send
from signalling.fleet import Fleet
from signalling.plan import Plan, Shared
from signalling.recording import Recording
from signalling.seat import Seat
from signalling.telling import Telling
from signalling.transitions import Ids
from tests.signalling.stage import ANA, BEN, CONFIG, DOORS_OPEN, LENGTH_MIN, SECOND, T

PLAN = Plan(pair="p9", bookings=("b1", "b2"), members=(ANA, BEN), start_ms=T, length_min=LENGTH_MIN)
NEXT = msgspec.structs.replace(PLAN, pair="p20", bookings=("b11", "b12"))
ALONE = msgspec.structs.replace(PLAN, pair="", bookings=("b1",), members=(ANA,))
SHARED = Shared(rules=DEFAULT, config=CONFIG, fleet=Fleet(), ids=Ids("hub-1"))


def circuit(plan: Plan = PLAN) -> Circuit:
    seats = [
        Seat(member, booking, DEFAULT, start_ms=T, length_min=LENGTH_MIN)
        for member, booking in zip(plan.members, plan.bookings, strict=True)
    ]
    for seat, conn in zip(seats, ("ana", "ben"), strict=False):
        seat.enter(conn, "tab", True, True, T)
    telling = Telling(plan, seats, SHARED)
    telling.seats(T)
    return Circuit(plan, seats, SHARED, telling, Recording(plan, seats, DEFAULT, SHARED.ids), gen=0)


def negotiated(commands: list) -> list[str]:
    return [
        command.conn
        for command in commands
        if isinstance(command, Send) and isinstance(command.message, wire.Negotiate)
    ]


def test_both_pages_are_told_to_connect() -> None:
    one = circuit()
    assert negotiated(one.joined(1, Held(), T)) == ["ana", "ben"]
    assert one.next_deadline() is not None


def test_who_is_alone_has_nobody_to_connect_to() -> None:
    one = circuit(ALONE)
    assert one.line == "b1"
    assert one.joined(0, Held(), T) == []
    assert one.failed(0, wire.Failed(gen=1), T) == []
    assert one.signal(0, wire.Signal(gen=1, kind="offer")) == []
    assert one.worker_said("w1", control.PairRefused(pair="b1", gen=1, code="full"), T) == []
    assert one.next_deadline() is None
    assert one.stop() == []


def test_a_connection_that_is_taken_over_keeps_its_name_and_generation() -> None:
    first, second = circuit(), circuit(NEXT)
    first.joined(1, Held(), T)
    assert negotiated(second.take_over(first, False, T)) == []
    assert second.line == "p9"
    assert second.holds(Held(1, "direct"))
    assert first.line == "p9"
    assert first.joined(0, Held(), T) == []


def test_generations_are_counted_on_beyond_those_of_an_earlier_hub() -> None:
    assert first_generation(PLAN, SHARED, T, rebuilt=False) == 0
    assert first_generation(PLAN, SHARED, T, rebuilt=True) == (T - DOORS_OPEN) // SECOND

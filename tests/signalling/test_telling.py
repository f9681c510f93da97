"""What a page is shown of its room."""

from __future__ import annotations

import msgspec

from scheduler.rules import DEFAULT
from signalling import wire
from signalling.commands import Send
from signalling.config import HubConfig
from signalling.desk import Desk
from signalling.events import Missed
from signalling.fleet import Fleet
from signalling.plan import Plan, Shared
from signalling.seat import Seat
from signalling.telling import Telling
from signalling.transitions import Ids
from tests.signalling.stage import ANA, BEN, DOORS_CLOSE, DOORS_OPEN, LENGTH_MIN, E, T

PLAN = Plan(pair="p9", bookings=("b1", "b2"), members=(ANA, BEN), start_ms=T, length_min=LENGTH_MIN)
SHARED = Shared(rules=DEFAULT, config=HubConfig(origins=()), fleet=Fleet(), ids=Ids("hub-1"))


def told(plan: Plan = PLAN, *conns: str) -> tuple[Telling, list[Seat]]:
    seats = [
        Seat(member, booking, DEFAULT, start_ms=T, length_min=LENGTH_MIN)
        for member, booking in zip(plan.members, plan.bookings, strict=True)
    ]
    for seat, conn in zip(seats, conns, strict=False):
        seat.enter(conn, "tab", True, True, T)
    return Telling(plan, seats, SHARED), seats


def test_nothing_is_said_to_an_empty_seat() -> None:
    telling, _ = told(PLAN, "ana")
    assert telling.send(1, wire.AskOver()) == []
    assert telling.over(0, "left") == [Send("ana", wire.Over(reason="left"))]


def test_seats_are_told_to_both_sides_when_they_differ() -> None:
    telling, seats = told(PLAN, "ana", "ben")
    first, second = telling.seats(T)
    assert isinstance(first, Send)
    assert isinstance(second, Send)
    assert first.message.you == second.message.them
    assert telling.seats(T) == []
    seats[0].goes_on = True
    assert [send.conn for send in telling.seats(T, but=0)] == ["ben"]


def test_the_whole_room_has_the_session_and_who_did_not_wait() -> None:
    telling, seats = told(PLAN, "ana")
    seats[0].missed = Missed(pair="p8", former="Dov", at_ms=T + 1)
    (send,) = telling.welcome(0, Desk(DEFAULT), T, carried=True)
    room = send.message
    assert (room.opens_ms, room.start_ms, room.end_ms, room.closes_ms) == (
        DOORS_OPEN,
        T,
        E,
        DOORS_CLOSE,
    )
    assert room.partner == wire.Person(
        member="m_ben", name="Ben", zone="Europe/Warsaw", sessions=12
    )
    assert room.replaced == wire.GoneOn(name="Dov", at_ms=T + 1)
    assert room.carried


def test_who_waits_alone_sees_an_empty_other_side() -> None:
    alone = msgspec.structs.replace(PLAN, pair="", bookings=("b1",), members=(ANA,))
    telling, _ = told(alone, "ana")
    partner, seats = telling.introduce(0, Desk(DEFAULT), T)
    assert partner.message == wire.PartnerChanged(pair="", partner=None)
    assert not seats.message.them.here

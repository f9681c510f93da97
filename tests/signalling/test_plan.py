"""What becomes of a booking that was looked up."""

from __future__ import annotations

import msgspec

from scheduler.bookings import State
from signalling.plan import plan_of
from tests.signalling.stage import PAIR, Stage, booking

FOUND = Stage().found(booking())


def test_a_pair_s_room_has_the_pair_s_name_and_order() -> None:
    plan = plan_of(FOUND)
    assert plan.key == "p9"
    assert plan.bookings == ("b1", "b2")
    assert [member.id for member in plan.members] == ["m_ana", "m_ben"]


def test_who_waits_alone_has_a_room_by_the_booking() -> None:
    waiting = booking(state=State.WAITING)
    assert plan_of(Stage().found(waiting, alone=True)).key == "b1"
    assert plan_of(Stage().found(waiting)).members[0].id == "m_ana"


def test_a_room_knows_what_the_pair_is() -> None:
    pair = msgspec.structs.replace(PAIR, locked=True, met_ms=7, zero_gap=(False, True))
    plan = plan_of(Stage().found(booking(), pair=pair, friends=True))
    assert (plan.locked, plan.met_ms, plan.zero_gap, plan.friends) == (
        True,
        7,
        (False, True),
        True,
    )


def test_a_side_stays_a_side_from_room_to_room() -> None:
    pair = msgspec.structs.replace(PAIR, zero_gap=(False, True))
    plan = plan_of(Stage().found(booking(), pair=pair))
    turned = plan.in_order_of(("m_ben", "m_ana"))
    assert turned.bookings == ("b2", "b1")
    assert [member.id for member in turned.members] == ["m_ben", "m_ana"]
    assert turned.zero_gap == (True, False)
    assert turned.in_order_of(("m_ben", "m_ana")) is turned

"""Who gets in, by booking and by the clock."""

from __future__ import annotations

import pytest

from scheduler.bookings import Booking, State
from scheduler.rules import DEFAULT, DEMO, MINUTE_MS
from signalling.admission import admit, doors
from signalling.errors import BookingCancelled, BookingUnknown, NotAdmitted, RoomClosed, TooEarly
from tests.signalling.stage import DOORS_CLOSE, DOORS_OPEN, T, booking

OPEN = range(DOORS_OPEN, DOORS_CLOSE)


@pytest.mark.parametrize("state", [State.WAITING, State.MATCHED, State.DONE])
@pytest.mark.parametrize("now_ms", [OPEN[0], T, OPEN[-1]])
def test_the_own_booking_opens_the_door_while_it_is_open(state: State, now_ms: int) -> None:
    admit(booking(state=state), "m_ana", DEFAULT, now_ms)


@pytest.mark.parametrize(
    ("found", "now_ms", "why"),
    [
        (booking(), OPEN[0] - 1, TooEarly),
        (booking(), OPEN[-1] + 1, RoomClosed),
        (booking(state=State.CANCELLED), T, BookingCancelled),
        (booking(member="m_ben"), T, BookingUnknown),
        (booking(member="m_ben", state=State.CANCELLED), T, BookingUnknown),
        (booking(member="m_ben"), OPEN[0] - 1, BookingUnknown),
    ],
)
def test_nothing_else_does(found: Booking, now_ms: int, why: type[NotAdmitted]) -> None:
    with pytest.raises(why):
        admit(found, "m_ana", DEFAULT, now_ms)


def test_doors_follow_the_rules_of_the_instance() -> None:
    assert doors(DEMO, T, 3) == (T - MINUTE_MS, T + 3 * MINUTE_MS + MINUTE_MS // 2)

from __future__ import annotations

from scheduler.bookings import Booking, Pair, State, Wish
from scheduler.rules import MINUTE_MS

BOOKING = Booking(
    id="b1",
    member="ana",
    start_ms=60_000,
    length_min=25,
    state=State.WAITING,
    created_ms=1,
    version=1,
)
PAIR = Pair(id="p1", start_ms=60_000, length_min=50, members=("ana", "ben"), bookings=("b1", "b2"))


def test_a_session_ends_its_length_after_its_start() -> None:
    assert BOOKING.end_ms == 26 * MINUTE_MS
    assert PAIR.end_ms == 51 * MINUTE_MS


def test_a_booking_begins_without_partner_and_unlocked() -> None:
    assert (BOOKING.pair, BOOKING.partner, BOOKING.locked) == (None, None, False)


def test_a_wish_asks_for_little_unless_told() -> None:
    wish = Wish(start_ms=0, length_min=25)
    assert (wish.title, wish.quiet, wish.task, wish.prefer_favourites) == (
        "",
        False,
        "anything",
        True,
    )

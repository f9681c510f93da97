"""Who may take a seat, and when: by booking, while the doors are open."""

from __future__ import annotations

from scheduler.bookings import Booking, State
from scheduler.rules import Rules
from signalling.errors import BookingCancelled, BookingUnknown, RoomClosed, TooEarly


def doors(rules: Rules, start_ms: int, length_min: int) -> tuple[int, int]:
    """When the doors of a session open and close."""
    end_ms = rules.end_ms(start_ms, length_min)
    return start_ms - rules.doors_open_ms, end_ms + rules.doors_close_ms


def admit(booking: Booking, member: str, rules: Rules, now_ms: int) -> None:
    """Let a member in, or raise `NotAdmitted`.

    Another's booking is refused exactly as one that does not exist.
    """
    if booking.member != member:
        raise BookingUnknown
    if booking.state is State.CANCELLED:
        raise BookingCancelled
    opens_ms, closes_ms = doors(rules, booking.start_ms, booking.length_min)
    if now_ms < opens_ms:
        raise TooEarly(opens_ms=opens_ms)
    if now_ms >= closes_ms:
        raise RoomClosed

"""When giving a session up is still fine, and from when on it lets somebody down."""

from __future__ import annotations

from scheduler.bookings import Booking, State
from scheduler.rules import Rules


def in_time_until_ms(start_ms: int, created_ms: int, rules: Rules) -> int:
    """The last moment at which cancelling a matched session is fine: an hour before T, and, for what was
    booked in that last hour, five minutes after booking."""
    notice_ms = start_ms - rules.late_cancel_ms
    if created_ms < notice_ms:
        return notice_ms
    return max(notice_ms, created_ms + rules.cancel_regret_ms)


def late_cancel_from_ms(booking: Booking, rules: Rules) -> int | None:
    """After which moment giving this booking up would be late; None if nobody would be let down."""
    in_time_ms = in_time_until_ms(booking.start_ms, booking.created_ms, rules)
    let_down = booking.state is State.MATCHED or (
        booking.state is State.WAITING and booking.gave_up_ms > in_time_ms
    )
    return min(booking.start_ms, in_time_ms) if let_down and not booking.free_to_cancel else None

"""When giving a session up is still fine, and from when on it lets somebody down."""

from __future__ import annotations

from scheduler.bookings import Booking, State
from scheduler.rules import Rules


def in_time_until_ms(start_ms: int, created_ms: int, rules: Rules, left_ms: int = 0) -> int:
    """The last moment at which cancelling a matched session is fine: an hour before T, and, for what was
    booked in that last hour, five minutes after booking. Whose partner of a lock-in went (`left_ms`) has as
    long to be released, whoever was found since."""
    notice_ms = start_ms - rules.late_cancel_ms
    in_time_ms = max(notice_ms, left_ms + rules.cancel_regret_ms)
    if created_ms < notice_ms:
        return in_time_ms
    return max(in_time_ms, created_ms + rules.cancel_regret_ms)


def late_cancel_from_ms(booking: Booking, rules: Rules) -> int | None:
    """After which moment giving this booking up would be late; None if nobody would be let down."""
    in_time_ms = in_time_until_ms(booking.start_ms, booking.created_ms, rules, booking.left_ms)
    let_down = booking.state is State.MATCHED or (
        booking.state is State.WAITING and booking.gave_up_ms > in_time_ms
    )
    return min(booking.start_ms, in_time_ms) if let_down and not booking.free_to_cancel else None


def release_until_ms(booking: Booking, rules: Rules) -> int | None:
    """How long a member is asked whether they stay with somebody who was found for them after the partner
    of their lock-in went; None if there is nothing to ask."""
    if booking.state is not State.MATCHED or not booking.left_ms:
        return None
    return min(booking.start_ms, booking.left_ms + rules.cancel_regret_ms)

"""Looking for another partner in a session that has begun: what is asked, and what comes of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scheduler.bookings import Booking


class Outcome(StrEnum):
    """What came of looking, for now; events of the outbox tell what comes later."""

    FOUND = "found"
    ASKING = "asking"
    """Somebody is asked now."""
    NEWCOMER = "newcomer"
    """Only a first-timer is free: the one who looks is asked."""
    NOBODY = "nobody"
    """Nobody is free now; whoever comes will be matched at once."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to `seek`."""

    outcome: Outcome
    booking: Booking
    """The own booking as it is now."""
    until_ms: int = 0
    """Until when is asked."""

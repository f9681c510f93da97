"""Looking for another partner in a session that has begun: what is asked, and what comes of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scheduler.bookings import Booking
from scheduler.rules import Rules


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


def change_from_ms(
    rules: Rules, start_ms: int, *, joined_ms: int, zero_gap: bool = False, went_ms: int = 0
) -> int:
    """From when a member who joined then may ask for another partner than the absent one, who has
    `zero_gap` if their session before ended at T, and was last here at `went_ms`, if ever.

    Who came late themselves waits a while first, unless the partner is a no-show by then. A partner who
    was here may come back for a while. The ledger decides by the same rule (`change_from` in
    `functions/shared/presence.lua`); hubs tell pages by this one.
    """
    late_ms = rules.zero_gap_late_ms if zero_gap else rules.late_ms
    waited = min(joined_ms + rules.partner_gone_ms, start_ms + rules.no_show_ms)
    back = went_ms + rules.partner_gone_ms if went_ms else 0
    return max(start_ms + late_ms, waited, back)

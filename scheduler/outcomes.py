"""What came of a session, in the room: who was there, with whom, and for how long.

Facts for the session's own members, read from the same log as the judge's, but no verdict: it says that
the partner was not there, and nothing of why or of what was noted about them.
"""

from __future__ import annotations

import msgspec

from scheduler.bookings import Came, Pair
from scheduler.presence import PresenceEvent
from scheduler.rules import MINUTE_MS, Rules
from scheduler.spans import Span, overlaps, total_ms
from scheduler.timeline import Story, story_of


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one member reads of a session that is over."""

    booking: str
    came: Came
    together_min: int
    """Both were there for so long, to the nearest minute."""


def outcomes(pair: Pair, log: list[PresenceEvent], rules: Rules) -> list[Outcome]:
    """For both members, in their order."""
    one, two = (story_of(pair, member, log, rules) for member in pair.members)
    session = Span(max(pair.start_ms, pair.met_ms), pair.end_ms)
    together_ms = total_ms(overlaps(overlaps(one.here, two.here), [session]))
    return [
        Outcome(
            booking=booking,
            came=_came(own, other, together_ms, pair.end_ms - rules.early_leave_ms),
            together_min=round(together_ms / MINUTE_MS),
        )
        for booking, own, other in zip(pair.bookings, (one, two), (two, one), strict=True)
    ]


def _came(own: Story, other: Story, together_ms: int, early_ms: int) -> Came:
    """`early_ms`: who was gone before this did not stay to the end."""
    if own.joined_ms is None:
        return Came.ABSENT
    if other.joined_ms is None:
        return Came.PARTNER_ABSENT
    if together_ms == 0:
        return Came.NOT_MET
    if own.agreed_ms is not None and other.agreed_ms is not None:
        return Came.ENDED_EARLY if max(own.agreed_ms, other.agreed_ms) < early_ms else Came.TOGETHER
    own_last, other_last = _last_ms(own), _last_ms(other)
    if min(own_last, other_last) >= early_ms:
        return Came.TOGETHER
    return Came.GONE if own_last <= other_last else Came.PARTNER_GONE


def _last_ms(story: Story) -> int:
    return max((span.to_ms for span in story.here), default=0)

"""The numbers of an instance: declared once here, shown to members as they are.

T is a session's start, E its end. Instants are integer milliseconds since the Unix epoch, always
UTC; a field's unit is in its name.
"""

from __future__ import annotations

import msgspec

MINUTE_MS = 60_000
SECOND_MS = 1_000
DAY_MS = 24 * 60 * MINUTE_MS


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Every rule a member can be judged by or refused for. Frozen: an instance has one of these."""

    kind: str = "standard"
    """What they are for: `standard`, or `demo`. A store serves instances of one kind only."""
    version: int = 1
    """Raised whenever a number changes, so that a flag names the rules it was judged by. The demo counts
    from 1001 on: accepting its rules is accepting no others."""

    grid_ms: int = 15 * MINUTE_MS
    """Sessions start on multiples of this, counted from the Unix epoch."""
    lengths_min: tuple[int, ...] = (25, 50, 75)
    """Session lengths offered, in minutes."""
    horizon_ms: int = 28 * DAY_MS
    """How far ahead of now a session may start."""

    bookings_max: int = 200
    """How many sessions one member may have ahead at the same time."""

    doors_open_ms: int = 10 * MINUTE_MS
    """The room opens this long before T."""
    doors_close_ms: int = 5 * MINUTE_MS
    """The room closes this long after E; then the session is judged."""
    on_time_ms: int = 60 * SECOND_MS
    """A first join up to T plus this counts as on time in the statistics."""
    late_ms: int = 2 * MINUTE_MS
    """A first join later than T plus this is late; a join at exactly this moment is not."""
    no_show_ms: int = 5 * MINUTE_MS
    """No join by T plus this is a no-show; a join at exactly this moment is late instead."""
    early_leave_ms: int = 2 * MINUTE_MS
    """Gone for good earlier than E minus this is an early leave."""
    partner_gone_ms: int = 60 * SECOND_MS
    """A partner away longer than this frees the other to leave."""

    camera_nudge_ms: int = 30 * SECOND_MS
    """The member is told privately after this long without a picture."""
    camera_tell_ms: int = 60 * SECOND_MS
    """The partner may tell them after this long without a picture."""
    camera_off_ms: int = 120 * SECOND_MS
    """More than this in a row without a picture, outside breaks, is flagged."""
    camera_off_share: float = 0.10
    """More than this share of the session without a picture, outside breaks, is flagged."""
    camera_repair_ms: int = 5 * MINUTE_MS
    """So much time without a picture by a fault is excused in a session; a partner whose picture fails for
    this long frees the other to leave."""
    asleep_ms: int = 60 * SECOND_MS
    """So long a picture that ceased because the page itself was put to sleep counts as a fault."""
    cameras_off_agreed: bool = False
    """Whether two may agree to work with their cameras off; either takes it back at any time."""
    break_max_ms: int = 5 * MINUTE_MS
    """The longest single break."""
    break_share: float = 0.20
    """All breaks together may take this share of a session."""

    drop_grace_ms: int = 90 * SECOND_MS
    """Each lost connection counts as presence for this long."""
    drop_budget_ms: int = MINUTE_MS
    drop_budget_share: float = 0.08
    """All lost connections of a session count as presence for this long and this share of its
    length together: 3, 5 and 7 minutes for 25, 50 and 75."""

    zero_gap_late_ms: int = 3 * MINUTE_MS
    """Instead of `late_ms`, for a member whose session before ended at T: they come from another room."""

    community: str = "large"
    """How many people there are: `small`, `medium` or `large`; see `COMMUNITIES`."""
    cross_lengths: bool = False
    """Whether a member may say that a shorter session is welcome too, when nobody waits for this length."""
    reveal_ms: int | None = None
    """How long before T matched members learn each other's names; None is at once. Lock-ins always are."""
    pass_ms: int = MINUTE_MS
    """How long before T the one matching pass over a slot runs that may change partners already named."""
    lock_until_ms: int = 10 * MINUTE_MS
    """A lock-in may take a member out of a match until this long before T."""
    hold_ms: int = 30 * MINUTE_MS
    """How long a slot chosen through an invite is kept while a newcomer signs up."""
    invite_ms: int = 30 * DAY_MS
    """How long an invite lasts unless it is turned off before."""
    ask_ms: int = 15 * SECOND_MS
    """How long somebody who waits for their own partner is asked whether to meet another."""
    contact_ms: int = 7 * DAY_MS
    """How long after E partners may still write to each other."""
    free_times_ms: int = 14 * DAY_MS
    """How far ahead the free times of favourites are shown."""

    announce_ms: int = 30 * MINUTE_MS
    """Who wrote to the partner within this time before T, and then came late, had announced it."""
    late_cancel_ms: int = 60 * MINUTE_MS
    """Cancelling a matched session with less than this to T is late; exactly this is fine."""
    cancel_regret_ms: int = 5 * MINUTE_MS
    """A booking made inside the last hour may be cancelled freely for this long."""

    direct_budget_ms: int = 4 * SECOND_MS
    """How long the direct path may take before the relay is used."""
    media_direct: str = "everyone"
    """Who may connect directly: everyone, friends, nobody."""

    title_max: int = 100
    task_max: int = 500
    chat_max: int = 2_000
    """Longest private title, task and chat line, in characters."""
    day_start_hour: int = 8
    day_end_hour: int = 22
    """The part of the day the calendar opens by default, in the member's zone."""
    minimum_age: int = 17

    def end_ms(self, start_ms: int, length_min: int) -> int:
        """E of a session."""
        return start_ms + length_min * MINUTE_MS

    def excused_drops_ms(self, length_min: int) -> int:
        """How much lost connection one session of this length excuses."""
        return self.drop_budget_ms + round(length_min * MINUTE_MS * self.drop_budget_share)


DEFAULT = Rules()

COMMUNITIES: dict[str, dict[str, object]] = {
    "large": {},
    "medium": {"grid_ms": 30 * MINUTE_MS, "cross_lengths": True},
    "small": {"grid_ms": 60 * MINUTE_MS, "cross_lengths": True},
}
"""What the size of a community changes: the fewer people, the fewer starts, so that they meet. Under 8
members in four hours are small, up to 40 medium (docs/matching.md)."""

REVEALS: dict[str, dict[str, object]] = {
    "at_once": {},
    "t60": {"reveal_ms": 60 * MINUTE_MS, "lock_until_ms": 60 * MINUTE_MS},
    "t2": {"reveal_ms": 2 * MINUTE_MS, "pass_ms": 2 * MINUTE_MS},
}
"""When partners learn each other's names: presets, with what else follows from each."""


def of(*, community: str = "large", reveal: str = "at_once") -> Rules:
    """The default rules for a community of this size and this policy of names; `KeyError` if unknown."""
    return msgspec.structs.replace(
        DEFAULT, community=community, **COMMUNITIES[community], **REVEALS[reveal]
    )


DEMO = Rules(
    kind="demo",
    version=1001,
    grid_ms=MINUTE_MS,
    lengths_min=(3,),
    horizon_ms=DAY_MS,
    doors_open_ms=MINUTE_MS,
    doors_close_ms=30 * SECOND_MS,
    on_time_ms=15 * SECOND_MS,
    late_ms=30 * SECOND_MS,
    no_show_ms=90 * SECOND_MS,
    early_leave_ms=30 * SECOND_MS,
    camera_off_share=0.7,
    camera_repair_ms=MINUTE_MS,
    zero_gap_late_ms=45 * SECOND_MS,
    pass_ms=10 * SECOND_MS,
    lock_until_ms=30 * SECOND_MS,
)
"""A session one can watch whole: a start every minute, three minutes long. The limits that a start,
an end or a share of 50 minutes sets are drawn in accordingly; the camera's 120 s in a row stay."""

"""What happened in the ledger, told to others through the outbox stream.

Each ledger function appends its events in the same call that makes the change. The hubs, the
mailer and the judge read them; an entry's stream id is its offset for every reader.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=_snake):
    """Base of all outbox events; `at_ms` is the ledger's own time."""

    at_ms: int


class Booked(Event, frozen=True, kw_only=True):
    """A booking was made and waits for a partner."""

    booking: str
    member: str
    start_ms: int
    length_min: int


class Matched(Event, frozen=True, kw_only=True):
    """Two bookings became a pair."""

    pair: str
    bookings: tuple[str, str]
    members: tuple[str, str]
    start_ms: int
    length_min: int
    waited_ms: tuple[int, int] = (0, 0)
    """How long each had waited since booking, in the order of `members`."""
    locked: bool = False
    by: str | None = None
    """Who locked it in."""
    former: tuple[str | None, str | None] = (None, None)
    """Whom each lost in the same call, in the order of `members`."""


class Locked(Event, frozen=True, kw_only=True):
    """A pair that chance had made was locked in: nothing else changed."""

    pair: str
    bookings: tuple[str, str]
    members: tuple[str, str]
    by: str


class Revealed(Event, frozen=True, kw_only=True):
    """The two of a pair learn each other's names, which were kept until now."""

    pair: str
    bookings: tuple[str, str]
    members: tuple[str, str]
    start_ms: int
    length_min: int


Why = Literal["cancelled", "locked_in", "parted", "replaced", "improved", "suspended"]


class Unmatched(Event, frozen=True, kw_only=True):
    """A booking lost its partner, and waits again unless it was `rematched` in the same call."""

    booking: str
    member: str
    former: str
    """The member who went."""
    start_ms: int
    length_min: int
    pair: str = ""
    """The pair that ended."""
    why: Why = "cancelled"
    """`cancelled` by the partner · the partner was `locked_in` by another · the two may not meet any more
    (`parted`) · this member was late and the partner went on (`replaced`) · the pass or a swap
    `improved` the slot · the partner was `suspended`."""
    rematched: bool = False
    was_locked: bool = False


class BookingChanged(Event, frozen=True, kw_only=True):
    """Its member changed a booking's settings, or the length became another by a match."""

    booking: str
    member: str
    start_ms: int
    length_min: int


class Cancelled(Event, frozen=True, kw_only=True):
    """A booking was cancelled by its member, or by the system when `by_system`."""

    booking: str
    member: str
    start_ms: int
    length_min: int
    created_ms: int
    pair: str | None = None
    """The pair it ended, if it was matched."""
    partner: str | None = None
    by_system: bool = False
    free: bool = False
    """Never a late cancellation: the partner of a lock-in had gone before."""
    gave_up: str | None = None
    """The pair this member chose to end before, if nobody else was found since."""
    gave_up_ms: int = 0
    """When that was."""
    left_ms: int = 0
    """When the partner of a lock-in went, unless this member was locked in anew."""


class ReminderDue(Event, frozen=True, kw_only=True):
    """`minutes` from now a booking begins."""

    booking: str
    member: str
    partner: str | None
    start_ms: int
    minutes: int


class Awaited(Event, frozen=True, kw_only=True):
    """A session began `minutes` ago: the partner is in the room, and this member has not come."""

    booking: str
    member: str
    partner: str
    start_ms: int
    minutes: int


class PlanDue(Event, frozen=True, kw_only=True):
    """The matching pass over a slot is due."""

    start_ms: int
    length_min: int
    stage: Literal["reveal", "pass"]
    """`reveal`: names become known now, so anybody may still change. `pass`: break as few pairs as can be."""


class Asked(Event, frozen=True, kw_only=True):
    """A member who is here without a partner is asked whether to meet `by`, or, with `newcomer`, the
    one who looks is asked whether a first-timer is welcome."""

    booking: str
    member: str
    by: str
    newcomer: bool
    until_ms: int


class AskOver(Event, frozen=True, kw_only=True):
    """What was asked is not asked any more: answered, too late, or the partner came."""

    booking: str
    member: str


class NobodyFree(Event, frozen=True, kw_only=True):
    """Everybody who could be asked was: who looks stays on the list, and hears of it if somebody comes."""

    booking: str
    member: str


class PeopleChanged(Event, frozen=True, kw_only=True):
    """What this member would see of their people changed: favourites, friends, hidden ones."""

    member: str


class FriendAsked(Event, frozen=True, kw_only=True):
    """`by` would like to be friends with `member`."""

    member: str
    by: str


class FriendMade(Event, frozen=True, kw_only=True):
    """`member` accepted the friendship that `by` had asked for."""

    member: str
    by: str


class Invited(Event, frozen=True, kw_only=True):
    """`by` invites a member to a slot, as with "book again"."""

    invite: str
    member: str
    by: str
    start_ms: int
    length_min: int


class Written(Event, frozen=True, kw_only=True):
    """`by` wrote to `member`."""

    member: str
    by: str


class Suspended(Event, frozen=True, kw_only=True):
    """Matching is paused for a member until then, or goes on if 0; coming bookings were cancelled."""

    member: str
    until_ms: int


class PoolChanged(Event, frozen=True, kw_only=True):
    """Somebody began or ceased to wait at this slot."""

    start_ms: int
    length_min: int


class LateDue(Event, frozen=True, kw_only=True):
    """T plus `late_ms` passed and this member has not joined."""

    pair: str
    booking: str
    member: str


class NoShowDue(Event, frozen=True, kw_only=True):
    """T plus `no_show_ms` passed and this member has not joined."""

    pair: str
    booking: str
    member: str


class Ended(Event, frozen=True, kw_only=True):
    """E passed: these bookings are done, each its member's; both of a pair stand in one event."""

    bookings: tuple[str, ...]
    members: tuple[str, ...]


class Closed(Event, frozen=True, kw_only=True):
    """Doors closed: the session can be judged. Told again when its log grew after the verdict."""

    pair: str


class Settled(Event, frozen=True, kw_only=True):
    """A session was judged; the flagged members are named."""

    pair: str
    members: tuple[str, ...]
    flagged: tuple[str, ...]


class Flagged(Event, frozen=True, kw_only=True):
    """Cancelling this booking was flagged as late. What sessions give is told by `Settled`."""

    member: str
    booking: str


class SignedOut(Event, frozen=True, kw_only=True):
    """Sign-in sessions of a member ended: hubs close the sockets that used them."""

    member: str
    session: str | None = None
    """Hash of the one session, or None for all."""


class ClockMoved(Event, frozen=True, kw_only=True):
    """The ledger's clock was set forward (tests and the demo only)."""

    offset_ms: int


AnyEvent = (
    Booked
    | Matched
    | Unmatched
    | Cancelled
    | PoolChanged
    | LateDue
    | NoShowDue
    | Ended
    | Closed
    | Settled
    | Flagged
    | SignedOut
    | ClockMoved
    | Locked
    | Revealed
    | BookingChanged
    | ReminderDue
    | Awaited
    | PlanDue
    | Asked
    | AskOver
    | NobodyFree
    | PeopleChanged
    | FriendAsked
    | FriendMade
    | Invited
    | Written
    | Suspended
)

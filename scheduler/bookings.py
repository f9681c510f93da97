"""Bookings, pairs and waiting slots as the ledger returns them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scheduler.rules import MINUTE_MS


class State(StrEnum):
    """A booking is in exactly one of these; cancelled and done are final."""

    WAITING = "waiting"
    MATCHED = "matched"
    CANCELLED = "cancelled"
    DONE = "done"


class Came(StrEnum):
    """How a session went for one of its members."""

    TOGETHER = "together"
    """The two were there to the end."""
    ENDED_EARLY = "ended_early"
    """They agreed to end before."""
    PARTNER_GONE = "partner_gone"
    """The partner was gone well before the end, by choice or not."""
    GONE = "gone"
    """The member was, first."""
    NOT_MET = "not_met"
    """Both were there, but not at the same time."""
    PARTNER_ABSENT = "partner_absent"
    """The partner did not come."""
    ABSENT = "absent"
    """The member did not come."""


class Task(StrEnum):
    """How a member will work; `anything` goes with all."""

    DESK = "desk"
    MOVING = "moving"
    ANYTHING = "anything"


class Gender(StrEnum):
    """Self-declared; `unsaid` matches nobody who restricts gender."""

    WOMAN = "woman"
    MAN = "man"
    NON_BINARY = "non_binary"
    UNSAID = "unsaid"


class Lockable(StrEnum):
    """Who may lock in with a member: members they may meet, those they favour (friends with them), nobody."""

    EVERYONE = "everyone"
    FAVOURITES = "favourites"
    NOBODY = "nobody"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What matching needs to know of a member; copied into the waiting pools."""

    gender: Gender = Gender.UNSAID
    only_gender: Gender | None = None
    """Match me only with this gender; None for everybody."""
    accepts_quiet: bool = True
    lockable: Lockable = Lockable.FAVOURITES


SOONEST = 0
"""The start of a wish for as soon as possible: it is found when it is booked."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A claim on a slot, before it becomes a booking."""

    start_ms: int
    length_min: int
    title: str = ""
    """Private to its owner."""
    quiet: bool = False
    task: Task = Task.ANYTHING
    prefer_favourites: bool = True
    also_shorter: bool = False
    """A shorter session is welcome too; counts only where the rules have `cross_lengths`."""


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be changed of a live booking; what is absent stays. Start and length cannot."""

    title: str | msgspec.UnsetType = msgspec.UNSET
    quiet: bool | msgspec.UnsetType = msgspec.UNSET
    task: Task | msgspec.UnsetType = msgspec.UNSET
    prefer_favourites: bool | msgspec.UnsetType = msgspec.UNSET
    also_shorter: bool | msgspec.UnsetType = msgspec.UNSET


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A member's claim on a slot."""

    id: str
    member: str
    start_ms: int
    length_min: int
    state: State
    title: str = ""
    quiet: bool = False
    task: Task = Task.ANYTHING
    prefer_favourites: bool = True
    created_ms: int
    version: int
    """Raised by each change."""
    pair: str | None = None
    """The pair's id while matched, and after the session."""
    partner: str | None = None
    """The partner's member id while matched, and after the session."""
    partner_booking: str | None = None
    locked: bool = False
    also_shorter: bool = False
    wished_min: int = 0
    """The length that was booked; 0 or `length_min` unless the match made the session shorter."""
    held_until_ms: int = 0
    """Nobody else may lock in before this: somebody chose the slot through an invite and signs up."""
    free_to_cancel: bool = False
    """The partner of a lock-in went, and nobody else was found: giving up is no late cancellation."""
    gave_up_ms: int = 0
    """When its member last chose to part from a partner, if nobody else was found since."""
    left_ms: int = 0
    """When the partner of a lock-in went, if it had stood for a while, unless its member was locked in anew."""
    outcome: Came | None = None
    """What came of the session in the room, once that is known."""
    together_min: int = 0
    """How long both were there."""
    missed: str | None = None
    """The pair in which this member was given up for another partner, if that happened."""

    @property
    def end_ms(self) -> int:
        """E."""
        return self.start_ms + self.length_min * MINUTE_MS


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two matched bookings; a session is their meeting."""

    id: str
    start_ms: int
    length_min: int
    members: tuple[str, str]
    bookings: tuple[str, str]
    """In the order of `members`."""
    locked: bool = False
    dissolved: bool = False
    """A cancellation ended the pair before the session."""
    settled: bool = False
    """The session was judged."""
    met_ms: int = 0
    """When the two were brought together, if that was after T (a change of partners): nobody is late."""
    parted_ms: int = 0
    """When one of the two went on with another partner; 0 if none did."""
    parted_by: str | None = None
    """Who did; the other was absent. By this pair they are judged for when they came alone."""
    zero_gap: tuple[bool, bool] = (False, False)
    """Whose session before ended at T: `Rules.zero_gap_late_ms` is their limit. In the order of `members`."""
    messaged: bool = False
    """The two wrote to each other: the pass breaks such a pair last."""

    @property
    def end_ms(self) -> int:
        """E."""
        return self.start_ms + self.length_min * MINUTE_MS


class WaitingSlot(msgspec.Struct, frozen=True, kw_only=True):
    """Members who wait at one start and whom the asking member may meet."""

    start_ms: int
    length_min: int
    """Of a session with them: less than was asked for where they wait for a shorter one."""
    members: tuple[str, ...]
    """Member ids, the longest waiting first."""

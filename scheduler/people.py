"""What members are to each other: favourites, friends, hidden ones, and who may be locked in.

A favourite is one-sided and nobody is told. A friendship is asked for and accepted. A snooze and a
block keep two members apart in both directions; neither is told to anybody.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Friendship(StrEnum):
    """How far a friendship has come, seen from one side."""

    NONE = "none"
    ASKED = "asked"
    """This member asked."""
    ASKING = "asking"
    """The other asked."""
    FRIENDS = "friends"


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """What one member is to another, as only the first may see it."""

    member: str
    """The other."""
    favourite: bool = False
    friendship: Friendship = Friendship.NONE
    snoozed_until_ms: int | None = None
    """0 is for good; None is not at all."""
    blocked: bool = False
    sessions: int = 0
    """Sessions held together."""
    last_ms: int = 0
    """T of the last one."""


class FreeTime(msgspec.Struct, frozen=True, kw_only=True):
    """A slot in which a member can be locked in."""

    member: str
    start_ms: int
    length_min: int
    held: bool = False
    """Others are kept off it, for the one who asks."""


class InviteKind(StrEnum):
    """Whom an invite is for."""

    PERSONAL = "personal"
    """Anybody with the link, again and again."""
    SINGLE = "single"
    """The first with the link."""
    MEMBER = "member"
    """One member and one slot: \"book again\". Has no link."""


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """A way past somebody's availability setting, and past nothing else."""

    id: str
    by: str
    kind: InviteKind
    always: bool = False
    """Shows times although the member is available to nobody."""
    to: str | None = None
    start_ms: int = 0
    length_min: int = 0
    """The one slot it is for; 0 for all open ones."""
    created_ms: int
    expires_ms: int
    uses: int = 0
    revoked: bool = False


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that is kept through an invite's link for somebody who signs up."""

    holder: str
    """Hash of the key to it."""
    invite: str
    start_ms: int
    length_min: int
    until_ms: int

    def covers(self, invite: str, start_ms: int, length_min: int) -> bool:
        """Whether it is this slot, by this link."""
        slot = (self.invite, self.start_ms, self.length_min)
        return slot == (invite, start_ms, length_min)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message between two members."""

    id: str
    by: str
    at_ms: int
    text: str


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """The messages of two members, as one of them sees them."""

    member: str
    """The other."""
    lines: list[Line] = []
    """The newest 200, oldest first."""
    unread: int = 0
    open_until_ms: int | None = None
    """Until when this one may write; None without end (friends), 0 if not any more. It tells nothing of whether
    the other wants to hear."""

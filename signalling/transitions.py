"""A change of what is seen of a member, before it has an id; and how one becomes a line of the log."""

from __future__ import annotations

import msgspec

from scheduler.presence import Cause, PresenceEvent, Seen, Witness


class Transition(msgspec.Struct, frozen=True):
    """Something changed at this moment."""

    seen: Seen
    at_ms: int
    witness: Witness = Witness.HUB
    minutes: int = 0
    closed: bool = False
    """Of a drop: the page itself closed its socket."""
    cause: Cause = ""
    """Of a camera that is off: the fault, if it was one."""


class Ids:
    """Ids of one hub's life: `<hub epoch>:<sequence>`, so that recording twice records once."""

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self._count = 0

    def next(self) -> str:
        self._count += 1
        return f"{self._epoch}:{self._count}"


def lines(
    ids: Ids, member: str, transitions: list[Transition], opens_ms: int, closes_ms: int
) -> list[PresenceEvent]:
    """The log lines of a member's transitions; what lies outside open doors is not part of it."""
    return [
        PresenceEvent(
            id=ids.next(),
            member=member,
            seen=t.seen,
            at_ms=t.at_ms,
            witness=t.witness,
            minutes=t.minutes,
            closed=t.closed,
            cause=t.cause,
        )
        for t in transitions
        if opens_ms <= t.at_ms <= closes_ms
    ]

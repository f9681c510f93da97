"""A session's event log, read for one member: when they came, were there, went, and had no picture.

Hubs and workers record in any order, some twice, and a hub that dies records nothing more. Reading
therefore sorts first, drops repetitions, and lets doubt speak for the member: of events with the same
stamp the one that means "here", "picture" or "fault" comes last, of two losses the one that was no choice
comes first, and a missing goodbye means having stayed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import msgspec

from scheduler.bookings import Pair
from scheduler.presence import PresenceEvent, Seen, Witness
from scheduler.rules import MINUTE_MS, Rules
from scheduler.spans import Span, merged

RANK = {
    Seen.LEAVE: 0,
    Seen.DROP: 1,
    Seen.JOIN: 2,
    Seen.REJOIN: 2,
    Seen.CAMERA_OFF: 3,
    Seen.CAMERA_ON: 4,
    Seen.BACK: 5,
    Seen.BREAK: 6,
    Seen.OFF_OVER: 7,
    Seen.OFF_AGREED: 8,
    Seen.END_AGREED: 9,
}
"""The order in which events of the same millisecond are read."""

COMING = frozenset({Seen.JOIN, Seen.REJOIN})


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What one member did in one session, as far as the log tells."""

    joined_ms: int | None
    """The first join, before T or after; None if there was none."""
    left_ms: int | None
    """The goodbye, or the closing of the page, after which they did not return before E; a lost
    connection is none."""
    left_silently: bool = False
    """They closed the page and said no goodbye: perhaps they meant to come back."""
    here: list[Span]
    """In the seat and connected, up to E."""
    lost: list[Span]
    """The connection was lost, up to the return, the goodbye or E."""
    breaks: list[Span]
    """Declared breaks, each as long as the rules let it count."""
    off: list[Span]
    """Without a picture, by the own client's word or by the relay's, present or not."""
    faults: list[Span]
    """Without a picture by a fault: the device, the permission or the line."""
    free: list[Span]
    """They had agreed that cameras may be off."""
    agreed_ms: int | None
    """When they agreed to end now."""

    def is_here(self, at_ms: int) -> bool:
        """Whether they were in the seat and connected at this instant."""
        return any(span.from_ms <= at_ms < span.to_ms for span in self.here)


def in_order(log: list[PresenceEvent]) -> list[PresenceEvent]:
    """The log in the order it is read, each event once."""
    by_id: dict[str, PresenceEvent] = {}
    for event in sorted(log, key=_order):
        by_id.setdefault(event.id, event)
    return list(by_id.values())


def _order(event: PresenceEvent) -> tuple[int, int, str, str, int, bool, str, str]:
    return (
        event.at_ms,
        RANK[event.seen],
        event.cause,
        event.witness,
        event.minutes,
        event.closed,
        event.member,
        event.id,
    )


def story_of(pair: Pair, member: str, log: list[PresenceEvent], rules: Rules) -> Story:
    """Read the log for one member of the pair."""
    events = [event for event in in_order(log) if event.member == member]
    presence = _Presence(pair.end_ms, rules, rules.excused_drops_ms(pair.length_min))
    for event in events:
        # A page opened again after E to check in undoes no goodbye.
        if event.at_ms < pair.end_ms:
            presence.feed(event)
    presence.finish()
    return Story(
        joined_ms=_first(events, COMING),
        left_ms=presence.left_ms,
        left_silently=presence.left_silently,
        here=presence.here,
        lost=presence.lost,
        breaks=merged(_breaks(events, rules)),
        off=merged(_off(events, pair.end_ms)),
        faults=merged(_faults(events, pair.end_ms)),
        free=merged(_free(events, pair.end_ms)),
        agreed_ms=_first(events, {Seen.END_AGREED}),
    )


def _first(events: list[PresenceEvent], kinds: frozenset[Seen] | set[Seen]) -> int | None:
    return next((event.at_ms for event in events if event.seen in kinds), None)


class _Presence:
    """Follows one member through out, here, lost and left, collecting the spans between."""

    def __init__(self, end_ms: int, rules: Rules, budget_ms: int) -> None:
        self.here: list[Span] = []
        self.lost: list[Span] = []
        self.left_ms: int | None = None
        self.left_silently = False
        self._since: int | None = None
        self._stretch: list[Span] | None = None
        self._closed = False
        self._end_ms = end_ms
        self._grace_ms = rules.drop_grace_ms
        self._budget_ms = budget_ms

    def feed(self, event: PresenceEvent) -> None:
        if event.seen in COMING and self._stretch is not self.here:
            self._turn(self.here, event.at_ms)
            self.left_ms = None
        elif event.seen is Seen.DROP and self._stretch is self.here:
            self._turn(self.lost, event.at_ms)
            self._closed = event.closed
        elif event.seen is Seen.LEAVE and self._may_leave(event.at_ms):
            self._turn(None, event.at_ms)
            self.left_ms = event.at_ms

    def finish(self) -> None:
        """E: a page that was closed and not opened again was a goodbye all along."""
        if self._stretch is self.lost and self._closed:
            self.left_ms, self._stretch = self._since, None
            self.left_silently = True
        self._turn(None, self._end_ms)

    def _may_leave(self, at_ms: int) -> bool:
        """A goodbye out of a lost connection counts within its grace; later the loss was the end."""
        if self._stretch is self.here:
            return True
        return self._stretch is self.lost and at_ms - (self._since or 0) <= self._grace_left_ms()

    def _grace_left_ms(self) -> int:
        used = sum(min(span.length_ms, self._grace_ms) for span in self.lost)
        return max(0, min(self._grace_ms, self._budget_ms - used))

    def _turn(self, stretch: list[Span] | None, at_ms: int) -> None:
        if self._stretch is not None and self._since is not None and self._since < at_ms:
            self._stretch.append(Span(self._since, at_ms))
        self._stretch, self._since = stretch, at_ms


def _breaks(events: list[PresenceEvent], rules: Rules) -> Iterator[Span]:
    """Each declared break up to `back` or its end, whatever other breaks were declared meanwhile."""
    for index, event in enumerate(events):
        if event.seen is Seen.BREAK:
            declared = event.minutes * MINUTE_MS or rules.break_max_ms
            due = event.at_ms + min(declared, rules.break_max_ms)
            back = _first(events[index:], {Seen.BACK})
            yield Span(event.at_ms, due if back is None else min(due, back))


def _off(events: list[PresenceEvent], end_ms: int) -> Iterator[Span]:
    """The stretches without a picture, by any witness.

    A hub weighs its witnesses and records one stream, in which a picture seen by either ends the
    other's "off". Where both speak for themselves, each one's "off" lasts until its own "on": that
    is so if its own comes right after the other's.
    """
    told = [event for event in events if event.seen in (Seen.CAMERA_OFF, Seen.CAMERA_ON)]
    off: set[Witness] = set()
    since = 0
    for event, following in zip_longest(told, told[1:]):
        if event.seen is Seen.CAMERA_OFF:
            since = since if off else event.at_ms
            off.add(event.witness)
        elif off:
            off = {witness for witness in off if _insists(witness, event, following)}
            if not off:
                yield Span(since, event.at_ms)
    if off:
        yield Span(since, max(since, end_ms))


def _faults(events: list[PresenceEvent], end_ms: int) -> Iterator[Span]:
    """The stretches without a picture by a fault: up to a picture, or to one who leaves it off."""
    told = [event for event in events if event.seen in (Seen.CAMERA_OFF, Seen.CAMERA_ON)]
    for event, following in zip_longest(told, told[1:]):
        if event.seen is Seen.CAMERA_OFF and event.cause:
            yield Span(event.at_ms, following.at_ms if following else max(event.at_ms, end_ms))


def _free(events: list[PresenceEvent], end_ms: int) -> Iterator[Span]:
    """The stretches in which cameras might be off: from each agreement until it was taken back."""
    for index, event in enumerate(events):
        if event.seen is Seen.OFF_AGREED:
            over = _first(events[index:], {Seen.OFF_OVER})
            yield Span(event.at_ms, max(event.at_ms, end_ms) if over is None else over)


def _insists(witness: Witness, event: PresenceEvent, following: PresenceEvent | None) -> bool:
    """Whether this witness sees no picture although `event` says that another does."""
    return (
        witness is not event.witness
        and following is not None
        and following.seen is Seen.CAMERA_ON
        and following.witness is witness
    )

"""What the pages of a room are shown: the whole room at first, then what changes."""

from __future__ import annotations

from collections.abc import Sequence

from signalling import wire
from signalling.admission import doors
from signalling.commands import AnyCommand, Send
from signalling.desk import Desk, portions
from signalling.plan import Plan, Shared
from signalling.seat import NOBODY, Seat

LOG_BYTES = 40 * 1024
"""So much of the log goes into `room`, which must fit one frame; the rest follows entry by entry."""


class Telling:
    """Knows what each page was told last of the seats."""

    def __init__(self, plan: Plan, seats: Sequence[Seat], shared: Shared) -> None:
        self._plan = plan
        self._seats = seats
        self._rules = shared.rules
        self._shown: list[wire.Seat] = []

    def send(self, side: int, message: wire.Message) -> list[AnyCommand]:
        """Say something to this side's page, if there is one."""
        conn = self._seats[side].conn if side < len(self._seats) else None
        return [Send(conn, message)] if conn else []

    def over(self, side: int, reason: wire.OverReason) -> list[AnyCommand]:
        return self.send(side, wire.Over(reason=reason))

    def seats(self, now_ms: int, *, but: int | None = None) -> list[AnyCommand]:
        """Tell the pages of both seats, if anything differs from what they were told last."""
        views = self._views(now_ms)
        if views == self._shown:
            return []
        self._shown = views
        return [
            command
            for side in range(len(self._seats))
            if side != but
            for command in self.send(side, wire.Seats(you=views[side], them=views[1 - side]))
        ]

    def welcome(
        self, side: int, desk: Desk, now_ms: int, *, carried: bool = False
    ) -> list[AnyCommand]:
        """The whole room."""
        newest, before = portions(desk.entries, LOG_BYTES)
        out = self.send(side, self._room(side, newest, now_ms, carried=carried))
        for entry in reversed(before):
            out += self.send(side, entry)
        return out

    def introduce(self, side: int, desk: Desk, now_ms: int) -> list[AnyCommand]:
        """Another partner, to a page that knows the session."""
        views = self._views(now_ms)
        changed = wire.PartnerChanged(pair=self._plan.pair, partner=self._partner(side))
        out = self.send(side, changed)
        out += self.send(side, wire.Seats(you=views[side], them=views[1 - side]))
        for entry in desk.entries:
            out += self.send(side, entry)
        return out

    def _views(self, now_ms: int) -> list[wire.Seat]:
        views = [seat.view(now_ms) for seat in self._seats]
        return views if len(views) == 2 else [*views, NOBODY]

    def _room(self, side: int, log: list[wire.Entry], now_ms: int, *, carried: bool) -> wire.Room:
        views, seat, plan = self._views(now_ms), self._seats[side], self._plan
        opens_ms, closes_ms = doors(self._rules, plan.start_ms, plan.length_min)
        gone = seat.missed
        return wire.Room(
            booking=seat.booking,
            pair=plan.pair,
            start_ms=plan.start_ms,
            end_ms=self._rules.end_ms(plan.start_ms, plan.length_min),
            opens_ms=opens_ms,
            closes_ms=closes_ms,
            title=seat.title,
            partner=self._partner(side),
            you=views[side],
            them=views[1 - side],
            log=log,
            break_budget_ms=seat.breaks.budget_ms,
            break_max_ms=self._rules.break_max_ms,
            carried=carried,
            replaced=wire.GoneOn(name=gone.former, at_ms=gone.at_ms) if gone else None,
        )

    def _partner(self, side: int) -> wire.Person | None:
        if len(self._seats) < 2:
            return None
        member = self._seats[1 - side].member
        return wire.Person(
            member=member.id, name=member.name, zone=member.zone, sessions=member.sessions
        )

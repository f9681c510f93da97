"""One session's room: two seats from doors open to doors closed, or one that waits for a partner.

Holds what both sides share (the log, the call, the wish to end) and tells each page what the other
does. What is seen of a member goes to the session's event log; nothing is recorded for a member
without a pair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from media import control
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import Rules
from signalling import wire
from signalling.admission import doors
from signalling.call import Call, Held
from signalling.commands import AnyCommand, Record, Send
from signalling.config import HubConfig
from signalling.desk import Desk, portions
from signalling.errors import NotNow, RoomClosed
from signalling.fleet import Fleet
from signalling.ports import Member
from signalling.seat import NOBODY, Seat
from signalling.transitions import Ids, Transition, lines

LOG_BYTES = 40 * 1024
"""So much of the log goes into `room`, which must fit one frame; the rest follows entry by entry."""

Reason = Literal["closed", "left", "other_tab", "ended_together", "cancelled", "signed_out"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a room is made from."""

    pair: str
    """Empty for a member who waits alone."""
    bookings: tuple[str, ...]
    members: tuple[Member, ...]
    """Both in the order of the pair."""
    start_ms: int
    length_min: int

    @property
    def key(self) -> str:
        """The room's name inside the hub."""
        return self.pair or self.bookings[0]


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What all rooms of a hub have in common."""

    rules: Rules
    config: HubConfig
    fleet: Fleet
    ids: Ids


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A page that takes a seat."""

    conn: str
    tab: str
    title: str
    camera: bool
    mic: bool
    held: Held = Held()


class Room:
    """A living machine: messages and time in, commands out."""

    def __init__(self, plan: Plan, shared: Shared, log: list[PresenceEvent], now_ms: int) -> None:
        rules = shared.rules
        self.plan = plan
        self.desk = Desk(rules)
        self.dissolved = False
        """A cancellation ended the pair: nothing is recorded any more."""
        self.opens_ms, self.closes_ms = doors(rules, plan.start_ms, plan.length_min)
        self.end_ms = rules.end_ms(plan.start_ms, plan.length_min)
        self.seats = [
            Seat(member, booking, rules, start_ms=plan.start_ms, length_min=plan.length_min)
            for member, booking in zip(plan.members, plan.bookings, strict=True)
        ]
        self._shared = shared
        self._shown: list[wire.Seat] = []
        self._called_ms = now_ms
        """Who is missing was last looked at then."""
        self._call = self._new_call(rebuilt=bool(log), now_ms=now_ms) if plan.pair else None
        self._rebuild(log, now_ms)

    @property
    def empty(self) -> bool:
        """Whether no page is here."""
        return all(seat.conn is None for seat in self.seats)

    def side_of(self, booking: str) -> int:
        return self.plan.bookings.index(booking)

    def renew(self, members: tuple[Member, ...]) -> None:
        """What the ledger says of the members now; the next connection is made by it."""
        now = {member.id: member for member in members}
        for seat in self.seats:
            seat.member = now.get(seat.member.id, seat.member)
        if self._call:
            self._call.renew()

    # Coming and going.

    def check_open(self, side: int) -> None:
        """Raise `RoomClosed` after an agreed end: that seat is not given again."""
        if self.seats[side].ended:
            raise RoomClosed

    def enter(self, side: int, arrival: Arrival, now_ms: int) -> list[AnyCommand]:
        """A page takes its seat and gets the whole room. Raises `RoomClosed` after an agreed end."""
        return self._seat(side, arrival, now_ms, self._welcome)

    def move_in(self, side: int, arrival: Arrival, now_ms: int) -> list[AnyCommand]:
        """A page comes from another room of the same booking: its partner came, went or changed."""
        return self._seat(side, arrival, now_ms, self._introduce)

    def lose(self, side: int, now_ms: int, *, closed: bool = False) -> list[AnyCommand]:
        """A page's socket is gone, `closed` by the page or lost."""
        self.seats[side].lose(now_ms, self._shared.config.drop_after_ms, closed=closed)
        if self._call:
            self._call.parted()
        return self._show(now_ms)

    def leave(self, side: int, now_ms: int, reason: Reason = "left") -> list[AnyCommand]:
        """A member leaves for good."""
        over = self._over(side, reason)
        seen = self._lines(side, self.seats[side].leave(now_ms))
        stopped = self._stop_call()
        # Nobody sees the packets of the one who stays any more.
        for stays in range(len(self.seats)):
            if stays != side:
                seen += self._lines(stays, self.seats[stays].camera.travel(False, now_ms))
        return [*seen, *over, *stopped, *self._show(now_ms)]

    def put_out(self, side: int, reason: Reason) -> list[AnyCommand]:
        """A page loses the seat, though its member did not leave: nothing is recorded."""
        over = self._over(side, reason)
        self.seats[side].conn = None
        return over

    def dissolve(self) -> list[AnyCommand]:
        """The pair is no more."""
        self.dissolved = True
        return self._stop_call()

    def close(self) -> list[AnyCommand]:
        """Doors close."""
        out = [over for side in range(len(self.seats)) for over in self.put_out(side, "closed")]
        return [*out, *self._stop_call()]

    def _seat(
        self,
        side: int,
        arrival: Arrival,
        now_ms: int,
        tell: Callable[[int, int], list[AnyCommand]],
    ) -> list[AnyCommand]:
        self.check_open(side)
        seat = self.seats[side]
        seat.title = arrival.title
        seen = seat.enter(
            arrival.conn,
            arrival.tab,
            arrival.camera,
            arrival.mic,
            now_ms,
            keeps=self._call is not None and self._call.holds(arrival.held),
        )
        told = [*self._lines(side, seen), *tell(side, now_ms)]
        call = self._call.joined(side, arrival.held, now_ms) if self._call else []
        return [*told, *self._show(now_ms, but=side), *self._after_call(call, now_ms)]

    def _welcome(self, side: int, now_ms: int) -> list[AnyCommand]:
        newest, before = portions(self.desk.entries, LOG_BYTES)
        out = self._send(side, self._room(side, newest, now_ms))
        for entry in reversed(before):
            out += self._send(side, entry)
        return out + self._late_by_now(side, now_ms)

    def _introduce(self, side: int, now_ms: int) -> list[AnyCommand]:
        views = self._views(now_ms)
        out = self._send(
            side, wire.PartnerChanged(pair=self.plan.pair, partner=self._partner(side))
        )
        out += self._send(side, wire.Seats(you=views[side], them=views[1 - side]))
        for entry in self.desk.entries:
            out += self._send(side, entry)
        return out + self._late_by_now(side, now_ms)

    def _late_by_now(self, side: int, now_ms: int) -> list[AnyCommand]:
        """The last limit that the partner let pass, for a partner who is not in the seat since."""
        if len(self.seats) < 2 or now_ms >= self.end_ms:
            return []
        presence = self.seats[1 - side].presence
        for limit_ms, no_show in reversed(self._limits()):
            if limit_ms <= now_ms and presence.absent_since(limit_ms):
                return self._send(side, self._partner_late(no_show))
        return []

    def _limits(self) -> tuple[tuple[int, bool], ...]:
        """When the partner of a missing member is told; the second time they count as a no-show."""
        rules, start_ms = self._shared.rules, self.plan.start_ms
        return ((start_ms + rules.late_ms, False), (start_ms + rules.no_show_ms, True))

    # What pages say.

    def receive(self, side: int, message: wire.Message, now_ms: int) -> list[AnyCommand]:
        """A page in its seat said something. Raises `Refusal`."""
        return RECEIVE[type(message)](self, side, message, now_ms)

    def _on_leave(self, side: int, message: wire.Leave, now_ms: int) -> list[AnyCommand]:
        return self.leave(side, now_ms)

    def _on_signal(self, side: int, message: wire.Signal, now_ms: int) -> list[AnyCommand]:
        return self._call.signal(side, message) if self._call else []

    def _on_connected(self, side: int, message: wire.Connected, now_ms: int) -> list[AnyCommand]:
        call = self._call.connected(side, message, now_ms) if self._call else []
        return self._after_call(call, now_ms)

    def _on_failed(self, side: int, message: wire.Failed, now_ms: int) -> list[AnyCommand]:
        call = self._call.failed(message, now_ms) if self._call else []
        return self._after_call(call, now_ms)

    def _on_media(self, side: int, message: wire.Media, now_ms: int) -> list[AnyCommand]:
        seen = self.seats[side].media(message.camera, message.mic, now_ms)
        return [*self._lines(side, seen), *self._show(now_ms)]

    def _on_break(self, side: int, message: wire.Break, now_ms: int) -> list[AnyCommand]:
        if not self.plan.start_ms <= now_ms < self.end_ms:
            raise NotNow
        seen = self.seats[side].breaks.start(message.minutes, now_ms)
        return [*self._lines(side, seen), *self._show(now_ms)]

    def _on_back(self, side: int, message: wire.Back, now_ms: int) -> list[AnyCommand]:
        seen = self.seats[side].breaks.back(now_ms)
        return [*self._lines(side, seen), *self._show(now_ms)]

    def _on_end_together(
        self, side: int, message: wire.EndTogether, now_ms: int
    ) -> list[AnyCommand]:
        if now_ms < self.plan.start_ms or len(self.seats) < 2:
            raise NotNow
        self.seats[side].wants_end = True
        if all(seat.wants_end for seat in self.seats):
            return self._end_by_agreement(now_ms)
        return self._show(now_ms)

    def _end_by_agreement(self, now_ms: int) -> list[AnyCommand]:
        out: list[AnyCommand] = []
        for side, seat in enumerate(self.seats):
            seat.ended = True
            out += self._lines(side, [Transition(Seen.END_AGREED, now_ms)])
            out += self.put_out(side, "ended_together")
        return [*out, *self._stop_call()]

    def _on_entry(self, side: int, message: wire.Entry, now_ms: int) -> list[AnyCommand]:
        fresh = self.desk.write(message, self.seats[side].member.id, now_ms)
        # Also back to its author, who learns by it that the hub has the entry.
        return [*self._send(side, message), *(self._send(1 - side, message) if fresh else [])]

    # What others say.

    def worker_said(
        self, worker: str, message: control.WorkerMessage, now_ms: int
    ) -> list[AnyCommand]:
        """A worker speaks of this pair."""
        if self._call is None:
            return []
        match message:
            case control.PairOpened():
                return self._after_call(self._call.opened(worker, message, now_ms), now_ms)
            case control.PairRefused():
                return self._after_call(self._call.refused(worker, message, now_ms), now_ms)
            case control.LegState():
                self._call.leg(message, now_ms)
                return self._show(now_ms)
            case control.Camera():
                return self._camera(self._call, message, now_ms)
            case _:
                return []

    def _camera(self, call: Call, message: control.Camera, now_ms: int) -> list[AnyCommand]:
        if message.gen != call.gen or message.state == "suspect":
            return []
        at_ms = now_ms - max(0, message.since_ms)
        seen = self.seats[message.side].observe(message.state == "on", at_ms)
        return [*self._lines(message.side, seen), *self._show(now_ms)]

    def worker_up(self, worker: str, now_ms: int) -> list[AnyCommand]:
        """A worker answers again."""
        call = self._call.worker_up(worker, now_ms) if self._call else []
        return self._after_call(call, now_ms)

    def worker_down(self, worker: str, now_ms: int) -> list[AnyCommand]:
        """A worker does not answer."""
        call = self._call.worker_down(worker, now_ms) if self._call else []
        return self._after_call(call, now_ms)

    # Time.

    def next_deadline(self) -> int:
        due = [self.closes_ms, *(seat.next_deadline() for seat in self.seats)]
        due += [limit_ms for limit_ms, _ in self._limits() if limit_ms > self._called_ms]
        if self._call:
            due.append(self._call.next_deadline())
        return min(at for at in due if at is not None)

    def woke(self, now_ms: int) -> list[AnyCommand]:
        """What is due by now, but for closing: that is the hub's to do."""
        out: list[AnyCommand] = []
        for side, seat in enumerate(self.seats):
            seen, nudges = seat.woke(now_ms)
            out += self._lines(side, seen)
            out += [command for nudge in nudges for command in self._send(side, nudge)]
        call = self._call.woke(now_ms) if self._call else []
        return [*out, *self._after_call(call, now_ms), *self._call_the_roll(now_ms)]

    def _call_the_roll(self, now_ms: int) -> list[AnyCommand]:
        """At each limit, whoever is here hears of a partner who is not."""
        due = any(self._called_ms < limit_ms <= now_ms for limit_ms, _ in self._limits())
        self._called_ms = now_ms
        if not due:
            return []
        return [c for side in range(len(self.seats)) for c in self._late_by_now(side, now_ms)]

    # Inside.

    def _new_call(self, *, rebuilt: bool, now_ms: int) -> Call:
        shared = self._shared
        # An earlier hub counted generations one by one: a second each is beyond any of them.
        gen = max(0, now_ms - self.opens_ms) // 1000 if rebuilt else 0
        return Call(self.plan.pair, self.seats, shared.rules, shared.config, shared.fleet, gen)

    def _rebuild(self, log: list[PresenceEvent], now_ms: int) -> None:
        by_member = {seat.member.id: seat for seat in self.seats}
        for line in log:
            if line.member in by_member:
                by_member[line.member].replay(line)
        for seat in self.seats:
            # Whoever was here when an earlier hub ended has no page here yet.
            seat.lose(now_ms, self._shared.config.rebuilt_drop_after_ms)

    def _stop_call(self) -> list[AnyCommand]:
        return self._call.stop() if self._call else []

    def _after_call(self, commands: list[AnyCommand], now_ms: int) -> list[AnyCommand]:
        """Pass the call's commands on; the path decides who tells about cameras."""
        out = list(commands)
        for side, seat in enumerate(self.seats if self._call else []):
            assert self._call is not None
            out += self._lines(side, seat.camera.travel(self._call.relayed, now_ms))
        return [*out, *self._show(now_ms)]

    def _send(self, side: int, message: wire.Message) -> list[AnyCommand]:
        conn = self.seats[side].conn if side < len(self.seats) else None
        return [Send(conn, message)] if conn else []

    def _over(self, side: int, reason: Reason) -> list[AnyCommand]:
        return self._send(side, wire.Over(reason=reason))

    def _lines(self, side: int, seen: list[Transition]) -> list[AnyCommand]:
        if not self.plan.pair or self.dissolved or not seen:
            return []
        member = self.seats[side].member.id
        events = lines(self._shared.ids, member, seen, self.opens_ms, self.closes_ms)
        return [Record(self.plan.pair, events)] if events else []

    def _views(self, now_ms: int) -> list[wire.Seat]:
        views = [seat.view(now_ms) for seat in self.seats]
        return views if len(views) == 2 else [*views, NOBODY]

    def _show(self, now_ms: int, *, but: int | None = None) -> list[AnyCommand]:
        """Tell the pages of both seats, if anything differs from what they were told last."""
        views = self._views(now_ms)
        if views == self._shown:
            return []
        self._shown = views
        return [
            command
            for side in range(len(self.seats))
            if side != but
            for command in self._send(side, wire.Seats(you=views[side], them=views[1 - side]))
        ]

    def _room(self, side: int, log: list[wire.Entry], now_ms: int) -> wire.Room:
        views, seat = self._views(now_ms), self.seats[side]
        return wire.Room(
            booking=seat.booking,
            pair=self.plan.pair,
            start_ms=self.plan.start_ms,
            end_ms=self.end_ms,
            opens_ms=self.opens_ms,
            closes_ms=self.closes_ms,
            title=seat.title,
            partner=self._partner(side),
            you=views[side],
            them=views[1 - side],
            log=log,
            break_budget_ms=seat.breaks.budget_ms,
            break_max_ms=self._shared.rules.break_max_ms,
        )

    def _partner(self, side: int) -> wire.Person | None:
        if len(self.seats) < 2:
            return None
        member = self.seats[1 - side].member
        return wire.Person(
            member=member.id, name=member.name, zone=member.zone, sessions=member.sessions
        )

    def _partner_late(self, no_show: bool) -> wire.PartnerLate:
        start_ms, rules = self.plan.start_ms, self._shared.rules
        return wire.PartnerLate(
            no_show=no_show,
            next_ms=start_ms + rules.no_show_ms,
            change_from_ms=start_ms + rules.late_ms,
        )


RECEIVE: dict[type[wire.Message], Callable[[Room, int, Any, int], list[AnyCommand]]] = {
    wire.Leave: Room._on_leave,
    wire.Signal: Room._on_signal,
    wire.Connected: Room._on_connected,
    wire.Failed: Room._on_failed,
    wire.Media: Room._on_media,
    wire.Break: Room._on_break,
    wire.Back: Room._on_back,
    wire.EndTogether: Room._on_end_together,
    wire.Entry: Room._on_entry,
}

"""One session's room: two seats from doors open to doors closed, or one that waits for a partner.

Holds what both sides share (the log, the call, the wish to end or to go on) and tells each page what
the other does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from scheduler.presence import PresenceEvent, Seen
from signalling import commands, wire
from signalling.admission import doors
from signalling.alone import Alone
from signalling.cameras_off import CamerasOff
from signalling.circuit import Circuit, first_generation
from signalling.commands import AnyCommand
from signalling.desk import Desk
from signalling.errors import NotNow, RoomClosed
from signalling.onward import Onward
from signalling.plan import Arrival, Plan, Shared
from signalling.ports import Member
from signalling.recording import Recording
from signalling.roll import Roll
from signalling.seat import Seat
from signalling.telling import Telling
from signalling.transitions import Transition


class Timed(Protocol):
    """A part of a room that wants to be called at some time."""

    def next_deadline(self) -> int | None: ...


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
        self.tell = Telling(plan, self.seats, shared)
        self.onward = Onward(plan, rules, self.closes_ms)
        self._shared = shared
        self._roll = Roll(plan, rules, now_ms)
        self._alone = Alone(plan, self.seats, rules, shared.ids, self._roll, self.tell)
        self._recording = Recording(plan, self.seats, rules, shared.ids)
        self._agreement = CamerasOff(plan, self.seats, rules, self._recording, self.tell)
        gen = first_generation(plan, shared, now_ms, rebuilt=bool(log))
        self.circuit = Circuit(plan, self.seats, shared, self.tell, self._recording, gen=gen)
        self._rebuild(log, now_ms)

    @property
    def empty(self) -> bool:
        """Whether no page is here."""
        return all(seat.conn is None for seat in self.seats)

    def side_of(self, booking: str) -> int:
        return self.plan.bookings.index(booking)

    def renew(self, members: tuple[Member, ...], friends: bool) -> None:
        """What the ledger says of the members now; the next connection is made by it."""
        now = {member.id: member for member in members}
        for seat in self.seats:
            seat.member = now.get(seat.member.id, seat.member)
        self.circuit.renew(friends)

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

    def take_over(self, former: Room, titles: tuple[str, ...], now_ms: int) -> list[AnyCommand]:
        """Both pages come from the session before, with their connection and their log."""
        seen = [c for side in (0, 1) for c in self._follow(side, former, titles[side], now_ms)]
        self.desk.merge(former.desk.entries)
        told = [
            c for side in (0, 1) for c in self.tell.welcome(side, self.desk, now_ms, carried=True)
        ]
        call = self.circuit.take_over(former.circuit, self.plan.friends, now_ms)
        return [*seen, *told, *call]

    def _follow(self, side: int, former: Room, title: str, now_ms: int) -> list[AnyCommand]:
        old, new = former.seats[side], self.seats[side]
        conn, mic = old.conn or "", old.mic
        seen = new.enter(conn, old.tab, old.camera.claimed, mic, now_ms, keeps=True)
        new.title, new.leg_stalled, new.screen = title, old.leg_stalled, old.screen
        seen += new.camera.follow(old.camera, now_ms)
        left = former._recording.lines(side, old.leave(now_ms))
        old.ended = True
        return [*left, *self._recording.lines(side, seen), *self._alone.came(side, now_ms)]

    def lose(self, side: int, now_ms: int, *, closed: bool = False) -> list[AnyCommand]:
        """A page's socket is gone, `closed` by the page or lost."""
        self.seats[side].lose(now_ms, self._shared.config.drop_after_ms, closed=closed)
        self.circuit.parted()
        return [*self._alone.lost(side, now_ms), *self.tell.seats(now_ms)]

    def leave(self, side: int, now_ms: int, reason: wire.OverReason = "left") -> list[AnyCommand]:
        """A member leaves for good."""
        over = self.tell.over(side, reason)
        seen = self._recording.lines(side, self.seats[side].leave(now_ms))
        seen += self._alone.went(side)
        stopped = self.circuit.stop()
        if len(self.seats) == 2:
            seen += self.circuit.unwatched(1 - side, now_ms)
        return [*seen, *over, *stopped, *self.tell.seats(now_ms)]

    def put_out(self, side: int, reason: wire.OverReason) -> list[AnyCommand]:
        """A page loses the seat, though its member did not leave: nothing is recorded."""
        over = self.tell.over(side, reason)
        self.seats[side].conn = None
        return over

    def replace(self, side: int) -> list[AnyCommand]:
        """The partner did not wait for this late member, and is with somebody else."""
        return [*self.put_out(side, "replaced"), *self._alone.went(side)]

    def dissolve(self) -> list[AnyCommand]:
        """The pair is no more."""
        self.dissolved = True
        self._alone.end()
        self._recording.end()
        return self.circuit.stop()

    def close(self) -> list[AnyCommand]:
        """Doors close."""
        out = [over for side in range(len(self.seats)) for over in self.put_out(side, "closed")]
        return [*out, *self.circuit.stop()]

    def _seat(
        self,
        side: int,
        arrival: Arrival,
        now_ms: int,
        tell: Callable[[int, int], list[AnyCommand]],
    ) -> list[AnyCommand]:
        self.check_open(side)
        seat = self.seats[side]
        seat.title, seat.missed = arrival.title, arrival.missed
        seat.came_ms = seat.came_ms or arrival.came_ms
        seen = seat.enter(
            arrival.conn,
            arrival.tab,
            arrival.camera,
            arrival.mic,
            now_ms,
            keeps=self.circuit.holds(arrival.held),
        )
        told = [
            *self._recording.lines(side, seen),
            *tell(side, now_ms),
            *self._alone.came(side, now_ms),
        ]
        told += self.tell.seats(now_ms, but=side)
        self.onward.returned(now_ms)
        return told + self.circuit.joined(side, arrival.held, now_ms)

    def _welcome(self, side: int, now_ms: int) -> list[AnyCommand]:
        told = self.tell.welcome(side, self.desk, now_ms)
        for message in self.seats[side].standby.so_far(now_ms):
            told += self.tell.send(side, message)
        return told + self._late_by_now(side, now_ms)

    def _introduce(self, side: int, now_ms: int) -> list[AnyCommand]:
        return self.tell.introduce(side, self.desk, now_ms) + self._late_by_now(side, now_ms)

    def _late_by_now(self, side: int, now_ms: int) -> list[AnyCommand]:
        late = self._roll.missing(side, self.seats, now_ms)
        return self.tell.send(side, late) if late else []

    # What pages say.

    def heard(self, side: int, now_ms: int) -> list[AnyCommand]:
        """A page in its seat said something, whatever it was: it is awake."""
        seen = self.seats[side].heard(now_ms)
        return [*self._recording.lines(side, seen), *self.tell.seats(now_ms)] if seen else []

    def receive(self, side: int, message: wire.Message, now_ms: int) -> list[AnyCommand]:
        """A page in its seat said something. Raises `Refusal`."""
        return RECEIVE[type(message)](self, side, message, now_ms)

    def _on_leave(self, side: int, message: wire.Leave, now_ms: int) -> list[AnyCommand]:
        return self.leave(side, now_ms)

    def _on_signal(self, side: int, message: wire.Signal, now_ms: int) -> list[AnyCommand]:
        return self.circuit.signal(side, message)

    def _on_connected(self, side: int, message: wire.Connected, now_ms: int) -> list[AnyCommand]:
        return self.circuit.connected(side, message, now_ms)

    def _on_failed(self, side: int, message: wire.Failed, now_ms: int) -> list[AnyCommand]:
        return self.circuit.failed(side, message, now_ms)

    def _on_silent(self, side: int, message: wire.Silent, now_ms: int) -> list[AnyCommand]:
        return self.circuit.silent(side, message, now_ms)

    def _on_seen(self, side: int, message: wire.Seen, now_ms: int) -> list[AnyCommand]:
        return self.circuit.seen(side, message, now_ms)

    def _on_figures(self, side: int, message: wire.Figures, now_ms: int) -> list[AnyCommand]:
        figures = self.seats[side].reports.take(message.figures)
        return [commands.Report(self.circuit.path, figures)]

    def _on_media(self, side: int, message: wire.Media, now_ms: int) -> list[AnyCommand]:
        seen = self.seats[side].media(message, now_ms)
        return [*self._recording.lines(side, seen), *self.tell.seats(now_ms)]

    def _on_break(self, side: int, message: wire.Break, now_ms: int) -> list[AnyCommand]:
        if not self.plan.start_ms <= now_ms < self.end_ms:
            raise NotNow
        seen = self.seats[side].breaks.start(message.minutes, now_ms)
        return [*self._recording.lines(side, seen), *self.tell.seats(now_ms)]

    def _on_back(self, side: int, message: wire.Back, now_ms: int) -> list[AnyCommand]:
        seen = self.seats[side].breaks.back(now_ms)
        return [*self._recording.lines(side, seen), *self.tell.seats(now_ms)]

    def _on_tell_camera(self, side: int, message: wire.TellCamera, now_ms: int) -> list[AnyCommand]:
        if len(self.seats) < 2 or now_ms >= self.end_ms or not self.seats[1 - side].tell_missed():
            raise NotNow
        told = self.tell.send(1 - side, wire.Nudge(kind="camera_missed"))
        return [*told, *self.tell.seats(now_ms)]

    def _on_cameras_off(self, side: int, message: wire.CamerasOff, now_ms: int) -> list[AnyCommand]:
        agreed = self._agreement.wish(side, message.on, now_ms)
        return [*agreed, *self.tell.seats(now_ms)]

    def _on_end_together(
        self, side: int, message: wire.EndTogether, now_ms: int
    ) -> list[AnyCommand]:
        if now_ms < self.plan.start_ms or len(self.seats) < 2:
            raise NotNow
        self.seats[side].wants_end = True
        if all(seat.wants_end for seat in self.seats):
            return self._end_by_agreement(now_ms)
        return self.tell.seats(now_ms)

    def _end_by_agreement(self, now_ms: int) -> list[AnyCommand]:
        out: list[AnyCommand] = []
        for side, seat in enumerate(self.seats):
            seat.ended = True
            out += self._recording.lines(side, [Transition(Seen.END_AGREED, now_ms)])
            out += self.put_out(side, "ended_together")
        return [*out, *self.circuit.stop()]

    def _on_go_on(self, side: int, message: wire.GoOn, now_ms: int) -> list[AnyCommand]:
        if len(self.seats) < 2 or not self.onward.may_wish(now_ms):
            raise NotNow
        self.seats[side].goes_on = True
        if all(seat.goes_on for seat in self.seats):
            self.onward.wish(now_ms)
        return [*self.tell.seats(now_ms), *self._look_onward(now_ms)]

    def _on_seek(self, side: int, message: wire.Seek, now_ms: int) -> list[AnyCommand]:
        return self._alone.seek(side, message, now_ms)

    def _on_stop_seeking(
        self, side: int, message: wire.StopSeeking, now_ms: int
    ) -> list[AnyCommand]:
        return self._alone.stop_seeking(side)

    def _on_answer(self, side: int, message: wire.Answer, now_ms: int) -> list[AnyCommand]:
        return self._alone.answer(side, message, now_ms)

    def _on_entry(self, side: int, message: wire.Entry, now_ms: int) -> list[AnyCommand]:
        fresh = self.desk.write(message, self.seats[side].member.id, now_ms)
        # Also back to its author, who learns by it that the hub has the entry.
        return [
            *self.tell.send(side, message),
            *(self.tell.send(1 - side, message) if fresh else []),
        ]

    # Time.

    def next_deadline(self) -> int:
        parts: list[Timed] = [self._roll, self.onward, self._alone, self.circuit, *self.seats]
        due = [self.closes_ms, *(part.next_deadline() for part in parts)]
        return min(at for at in due if at is not None)

    def woke(self, now_ms: int) -> list[AnyCommand]:
        """What is due by now, but for closing: that is the hub's to do."""
        out: list[AnyCommand] = []
        for side, seat in enumerate(self.seats):
            seen, nudges = seat.woke(now_ms)
            out += self._recording.lines(side, seen)
            out += [command for nudge in nudges for command in self.tell.send(side, nudge)]
        out += [*self.circuit.woke(now_ms), *self._call_the_roll(now_ms)]
        return [*out, *self._alone.woke(now_ms), *self._look_onward(now_ms)]

    def _call_the_roll(self, now_ms: int) -> list[AnyCommand]:
        """At each limit, whoever is here hears of a partner who is not."""
        if not self._roll.call(now_ms):
            return []
        return [c for side in range(len(self.seats)) for c in self._late_by_now(side, now_ms)]

    def _look_onward(self, now_ms: int) -> list[AnyCommand]:
        if not self.onward.look(now_ms) or self.dissolved:
            return []
        first, second = (seat.member.id for seat in self.seats)
        between = self.onward.from_ms, self.onward.to_ms
        return [commands.LookUpNext(self.plan.key, (first, second), *between)]

    # Inside.

    def _rebuild(self, log: list[PresenceEvent], now_ms: int) -> None:
        by_member = {seat.member.id: seat for seat in self.seats}
        for line in log:
            if line.member in by_member:
                by_member[line.member].replay(line)
        # Whoever was here when an earlier hub ended has no page here yet.
        lost = [side for side, seat in enumerate(self.seats) if seat.presence.connected]
        for side in lost:
            self.seats[side].lose(now_ms, self._shared.config.rebuilt_drop_after_ms)
        self._alone.began_anew(lost)


RECEIVE: dict[type[wire.Message], Callable[[Room, int, Any, int], list[AnyCommand]]] = {
    wire.Leave: Room._on_leave,
    wire.Signal: Room._on_signal,
    wire.Connected: Room._on_connected,
    wire.Failed: Room._on_failed,
    wire.Silent: Room._on_silent,
    wire.Seen: Room._on_seen,
    wire.Figures: Room._on_figures,
    wire.Media: Room._on_media,
    wire.Break: Room._on_break,
    wire.Back: Room._on_back,
    wire.TellCamera: Room._on_tell_camera,
    wire.CamerasOff: Room._on_cameras_off,
    wire.EndTogether: Room._on_end_together,
    wire.GoOn: Room._on_go_on,
    wire.Seek: Room._on_seek,
    wire.StopSeeking: Room._on_stop_seeking,
    wire.Answer: Room._on_answer,
    wire.Entry: Room._on_entry,
}

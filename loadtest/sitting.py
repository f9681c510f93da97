"""A robot in one room: messages of the hub and the time come in, deeds come out.

`handle` and `tick` decide; `web.robot` carries the deeds out. A sitting outlives its socket: after
a reconnection `resume` takes the seat back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec

from loadtest.desk import Desk
from loadtest.script import Act, Beat, due, session_script
from signalling import wire

REPLY = "I read you, {name}. Back to my screws."
BREAK_MIN = 1
ASK_AGAIN_MS = 1_000
"""How soon after a refusal because of the doors."""


class Say(msgspec.Struct, frozen=True):
    """Send to the hub."""

    message: wire.Message


class Share(msgspec.Struct, frozen=True):
    """Give to the partner: over the data channel if it is open, else through the hub."""

    entry: wire.Entry


class Build(msgspec.Struct, frozen=True):
    """Make a connection of a new generation."""

    asked: wire.Negotiate


class Pass(msgspec.Struct, frozen=True):
    """Hand to the connection of its generation."""

    signal: wire.Signal


class CheckOut(msgspec.Struct, frozen=True):
    """Say how it went, privately."""

    tasks: tuple[str, ...]


class Part(msgspec.Struct, frozen=True):
    """Let go of all connections: the partner is another one, or gone."""


Deed = Say | Share | Build | Pass | CheckOut | Part


class Sitting:
    """One session of one robot. `over` once there is nothing more to do."""

    def __init__(self, booking: str, member: str, own: str, start_ms: int, end_ms: int) -> None:
        self.booking = booking
        self.start_ms, self.end_ms = start_ms, end_ms
        self.entered = False
        self.over = False
        self.desk = Desk()
        self._member, self._own = member, own
        self._beats = session_script(f"{booking}/{member}", start_ms, end_ms)
        self._partner: wire.Person | None = None
        self._together = False
        self._tasks: dict[int, wire.Entry] = {}
        self._said = 0
        self._replied = False

    @classmethod
    def carried(cls, room: wire.Room, member: str, own: str, now_ms: int) -> Sitting:
        """The next session with the same partner, into which the hub brought both."""
        sitting = cls(room.booking, member, own, room.start_ms, room.end_ms)
        sitting.entered = True
        sitting._beats = [beat for beat in sitting._beats if beat.act is not Act.ENTER]
        sitting.handle(room, now_ms)
        return sitting

    @property
    def enter_ms(self) -> int:
        """When the robot comes."""
        return session_script(f"{self.booking}/{self._member}", self.start_ms, self.end_ms)[0].at_ms

    def tick(self, now_ms: int) -> list[Deed]:
        """What the timetable asks for by now."""
        if self.over:
            return []
        ripe, self._beats = due(self._beats, now_ms, self._together)
        return [deed for beat in ripe for deed in self._act(beat, now_ms)]

    def resume(self) -> list[Deed]:
        """Take the seat again after the socket was lost."""
        return [self._enter()] if self.entered and not self.over else []

    def handle(self, message: wire.Message, now_ms: int) -> list[Deed]:
        """What a message of the hub asks for."""
        handler = _HANDLERS.get(type(message))
        return handler(self, message, now_ms) if handler else []

    # Acts of the timetable.

    def _act(self, beat: Beat, now_ms: int) -> list[Deed]:
        return _ACTS[beat.act](self, beat, now_ms)

    def _come(self, _beat: Beat, _now_ms: int) -> list[Deed]:
        self.entered = True
        return [self._enter()]

    def _write(self, beat: Beat, now_ms: int) -> list[Deed]:
        return [self._chat(beat.line, now_ms)]

    def _add_task(self, beat: Beat, now_ms: int) -> list[Deed]:
        task = self._entry(now_ms, kind="task", text=beat.line)
        self._tasks[beat.task] = task
        return [Share(task)]

    def _tick_task(self, beat: Beat, now_ms: int) -> list[Deed]:
        task = self._tasks.get(beat.task)
        return [Share(self._entry(now_ms, kind="tick", ref=task.id, done=True))] if task else []

    def _rest(self, _beat: Beat, _now_ms: int) -> list[Deed]:
        return [Say(wire.Break(minutes=BREAK_MIN))]

    def _return(self, _beat: Beat, _now_ms: int) -> list[Deed]:
        return [Say(wire.Back())]

    def _seek(self, _beat: Beat, _now_ms: int) -> list[Deed]:
        return [] if self._together else [Say(wire.Seek(newcomers=True))]

    def _go(self, _beat: Beat, _now_ms: int) -> list[Deed]:
        return [Say(wire.Leave())]

    def _check_out(self, _beat: Beat | None = None, _now_ms: int = 0) -> list[Deed]:
        self.over = True
        return [CheckOut(tuple(t.text for t in self._tasks.values()))]

    # Messages of the hub.

    def _room(self, room: wire.Room, _now_ms: int) -> list[Deed]:
        for entry in room.log:
            self.desk.add(entry)
        self._partner = room.partner
        self._together = room.them.here
        return []

    def _seats(self, seats: wire.Seats, _now_ms: int) -> list[Deed]:
        self._together = seats.them.here and self._partner is not None
        if seats.them.wants_end and not seats.you.wants_end:
            return [Say(wire.EndTogether())]
        return []

    def _partner_changed(self, change: wire.PartnerChanged, _now_ms: int) -> list[Deed]:
        self._partner, self._together, self._replied = change.partner, False, False
        self.desk = Desk()
        for task in self._tasks.values():
            self.desk.add(task)
        return [Part()]

    def _partner_late(self, late: wire.PartnerLate, now_ms: int) -> list[Deed]:
        """Nobody keeps a robot waiting: it looks for somebody else as soon as it may."""
        return self._seek_at(late.change_from_ms, now_ms)

    def _seek_at(self, at_ms: int, now_ms: int) -> list[Deed]:
        waiting = [beat for beat in self._beats if beat.act is not Act.SEEK]
        self._beats = [Beat(at_ms=max(at_ms, now_ms), act=Act.SEEK), *waiting]
        return []

    def _asked(self, _asked: wire.Asked, _now_ms: int) -> list[Deed]:
        return [Say(wire.Answer(accept=True))]

    def _negotiate(self, asked: wire.Negotiate, _now_ms: int) -> list[Deed]:
        """A robot's stack cannot restart ICE: it asks for the next generation at once."""
        if asked.round:
            return [Say(wire.Failed(gen=asked.gen, round=asked.round))]
        return [Build(asked)]

    def _signal(self, signal: wire.Signal, _now_ms: int) -> list[Deed]:
        return [Pass(signal)]

    def heard(self, entry: wire.Entry, now_ms: int) -> list[Deed]:
        """An entry of the partner came, by either way. The first line gets an answer."""
        fresh = self.desk.add(entry)
        if not fresh or entry.kind != "chat" or entry.by == self._member or self._replied:
            return []
        self._replied = True
        return [self._chat(REPLY, now_ms)]

    def _closed(self, over: wire.Over, _now_ms: int) -> list[Deed]:
        if over.reason == "replaced" and not self.over:
            return [Part(), self._enter()]
        return [] if self.over else self._check_out()

    def end(self) -> list[Deed]:
        """The partner and the robot are in their next session already."""
        return [] if self.over else self._check_out()

    def _refused(self, refused: wire.Refused, now_ms: int) -> list[Deed]:
        """The hub's clock may be a moment behind ours: then ask again. Else it is over."""
        if refused.ref == "enter" and refused.code == "too_early":
            self._beats.insert(0, Beat(at_ms=now_ms + ASK_AGAIN_MS, act=Act.ENTER))
        elif refused.ref == "enter":
            self.over = True
        elif refused.code == "not_yet":
            self._seek_at(int(refused.data.get("change_from_ms", now_ms + ASK_AGAIN_MS)), now_ms)
        return []

    def _enter(self) -> Deed:
        return Say(wire.Enter(booking=self.booking, camera=True, mic=True))

    def _chat(self, line: str, now_ms: int) -> Deed:
        name = self._partner.name if self._partner else ""
        return Share(self._entry(now_ms, kind="chat", text=line.format(name=name, own=self._own)))

    def _entry(self, now_ms: int, **what: Any) -> wire.Entry:
        """An own entry. Its id is the same after a restart, so nothing is said twice."""
        self._said += 1
        mark = f"{self.booking}-{self._said}"
        entry = wire.Entry(id=mark, by=self._member, at_ms=now_ms, **what)
        self.desk.add(entry)
        return entry


_ACTS: dict[Act, Callable[[Sitting, Beat, int], list[Deed]]] = {
    Act.ENTER: Sitting._come,
    Act.GREET: Sitting._write,
    Act.TASK: Sitting._add_task,
    Act.TICK: Sitting._tick_task,
    Act.BREAK: Sitting._rest,
    Act.BACK: Sitting._return,
    Act.SEEK: Sitting._seek,
    Act.GOODBYE: Sitting._write,
    Act.LEAVE: Sitting._go,
    Act.CHECK_OUT: Sitting._check_out,
}

_HANDLERS = cast(
    "dict[type[wire.Message], Callable[[Sitting, wire.Message, int], list[Deed]]]",
    {
        wire.Room: Sitting._room,
        wire.Seats: Sitting._seats,
        wire.PartnerChanged: Sitting._partner_changed,
        wire.PartnerLate: Sitting._partner_late,
        wire.Asked: Sitting._asked,
        wire.Negotiate: Sitting._negotiate,
        wire.Signal: Sitting._signal,
        wire.Entry: Sitting.heard,
        wire.Over: Sitting._closed,
        wire.Refused: Sitting._refused,
    },
)

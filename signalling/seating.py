"""Who sits in which room: entering, moving with a changed partner, and what others say to a room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from media import control
from scheduler import events as ledger
from scheduler.bookings import State
from scheduler.rules import Rules
from signalling import events, wire
from signalling.admission import admit
from signalling.call import Held
from signalling.commands import AnyCommand, LookUp
from signalling.connection import Connection, LookedUp, Place
from signalling.deadlines import Deadlines
from signalling.desk import is_id
from signalling.errors import BookingUnknown, StoreAway
from signalling.lobby import Key, Lobby
from signalling.room import Arrival, Plan, Room, Shared

AGAIN_MS = 1_000
"""How soon a look-up that failed is tried again."""


class Seating:
    """All rooms of a hub, and the places of its connections in them."""

    def __init__(
        self, rules: Rules, shared: Shared, lobby: Lobby, deadlines: Deadlines[Key]
    ) -> None:
        self._rules = rules
        self._shared = shared
        self._lobby = lobby
        self._deadlines = deadlines
        self._rooms: dict[str, Room] = {}
        self._seated: dict[str, Place] = {}
        """Where the page of a booking sits, or sat last."""
        self._again: dict[str, str] = {}
        """Bookings that could not be looked up for pages that sit, and whose they are."""

    # Entering.

    def enter(self, connection: Connection, message: wire.Enter) -> list[AnyCommand]:
        """A page asks for a seat: the ledger knows whether there is one. Raises `NotAdmitted`."""
        if not is_id(message.booking):
            raise BookingUnknown
        return [_look_up(connection, message.booking, message)]

    def found(
        self, connection: Connection, asked: LookedUp, event: events.Found, now_ms: int
    ) -> list[AnyCommand]:
        """The ledger answered. Raises `NotAdmitted`."""
        if event.booking.id != asked.booking:
            raise BookingUnknown
        admit(event.booking, connection.member, self._rules, now_ms)
        self._renew(event)
        if asked.enter is None:
            return self._move(connection, event, now_ms)
        room = self._room_for(event, now_ms)
        before = self._carry_over(connection, event.booking.id, room)
        return before + self._sit(connection, asked.enter, room, event.booking.title, now_ms)

    def not_found(
        self, connection: Connection, asked: LookedUp, *, away: bool, now_ms: int
    ) -> list[AnyCommand]:
        """The ledger knows no such booking, or does not answer. Raises `NotAdmitted`."""
        if asked.enter is None:
            # The page knows nothing of this look-up, so it will not ask again.
            if away:
                self._again[asked.booking] = connection.member
                self._deadlines.set(("again", asked.booking), now_ms + AGAIN_MS)
            return []
        if not away:
            raise BookingUnknown
        return self._enter_from_memory(connection, asked.enter, now_ms)

    def _enter_from_memory(
        self, connection: Connection, entering: wire.Enter, now_ms: int
    ) -> list[AnyCommand]:
        """The store is away: whoever has been in this room gets the seat back without it."""
        place = self._seated.get(entering.booking)
        room = self._rooms.get(place.room) if place else None
        if place is None or room is None or room.dissolved:
            raise StoreAway
        seat = room.seats[place.side]
        if seat.member.id != connection.member:
            raise BookingUnknown
        return self._sit(connection, entering, room, seat.title, now_ms)

    def _room_for(self, event: events.Found, now_ms: int) -> Room:
        plan = _plan(event)
        if plan.key not in self._rooms:
            room = self._rooms[plan.key] = Room(plan, self._shared, event.log, now_ms)
            # Even a room that nobody is let into is to be forgotten when its doors close.
            self._after(room, [])
        return self._rooms[plan.key]

    def _renew(self, event: events.Found) -> None:
        """Members may have changed since the room was made: above all, hide their address now."""
        room = self._rooms.get(_plan(event).key)
        if room is not None:
            room.renew(event.members)

    def _sit(
        self, connection: Connection, entering: wire.Enter, room: Room, title: str, now_ms: int
    ) -> list[AnyCommand]:
        side = room.side_of(entering.booking)
        arrival = Arrival(
            conn=connection.conn,
            tab=connection.tab,
            title=title,
            camera=entering.camera,
            mic=entering.mic,
            held=Held(entering.gen, entering.path),
        )
        room.check_open(side)
        out = self._leave_other_room(connection, room, now_ms)
        out += self._take_over(connection, room, side)
        connection.place = self._seated[entering.booking] = Place(room.plan.key, side)
        return out + self._after(room, room.enter(side, arrival, now_ms))

    def _take_over(self, connection: Connection, room: Room, side: int) -> list[AnyCommand]:
        """Another tab of the same member held the seat."""
        holder = self._lobby.get(room.seats[side].conn)
        if holder is None or holder is connection:
            return []
        return self._after(room, room.put_out(side, "other_tab"))

    def _leave_other_room(
        self, connection: Connection, room: Room, now_ms: int
    ) -> list[AnyCommand]:
        """One page sits in one room: going to the next session leaves the last one."""
        place = connection.place
        if place is None or place.room == room.plan.key:
            return []
        other = self._rooms[place.room]
        other.seats[place.side].conn = None
        return self._after(other, other.leave(place.side, now_ms))

    # A partner came, went or changed.

    def refresh(self, member: str, booking: str) -> list[AnyCommand]:
        """Look a booking up again: its page may belong into another room now, or nowhere."""
        return [
            _look_up(connection, booking, connection.wish(booking))
            for connection in self._lobby.of(member)
            if connection.wish(booking) or self._booking_of(connection) == booking
        ]

    def cancelled(self, event: ledger.Cancelled) -> list[AnyCommand]:
        """A booking is no more, and neither is its pair."""
        out: list[AnyCommand] = []
        pair_room = self._rooms.get(event.pair or "")
        if pair_room is not None:
            out += self._after(pair_room, pair_room.dissolve())
        place = self._seated.get(event.booking)
        if place is not None:
            room = self._rooms[place.room]
            out += self._after(room, room.put_out(place.side, "cancelled"))
            self._forget_if_done(room)
        # A page just about to enter must not get a seat by what was read before.
        for connection in self._lobby.of(event.member):
            if enter := connection.wish(event.booking):
                out.append(_look_up(connection, event.booking, enter))
        return out

    def _move(self, connection: Connection, event: events.Found, now_ms: int) -> list[AnyCommand]:
        plan, place = _plan(event), connection.place
        if place is None or place.room == plan.key:
            return []
        seat = self._rooms[place.room].seats[place.side]
        if seat.booking != event.booking.id:
            return []
        arrival = Arrival(
            conn=connection.conn,
            tab=connection.tab,
            title=event.booking.title,
            camera=seat.camera.claimed,
            mic=seat.mic,
        )
        room = self._room_for(event, now_ms)
        before = self._carry_over(connection, event.booking.id, room)
        side = room.side_of(event.booking.id)
        connection.place = self._seated[event.booking.id] = Place(plan.key, side)
        return before + self._after(room, room.move_in(side, arrival, now_ms))

    def _carry_over(self, connection: Connection, booking: str, room: Room) -> list[AnyCommand]:
        """Give up the seat in the room this booking had before, and take the own tasks along."""
        place = self._seated.get(booking)
        former = self._rooms.get(place.room) if place else None
        if place is None or former is None or former is room:
            return []
        seat = former.seats[place.side]
        room.desk.merge(former.desk.tasks_of(seat.member.id))
        if seat.conn == connection.conn:
            connection.place = None
            seat.conn = None
        out = former.put_out(place.side, "other_tab")
        del self._seated[booking]
        out += self._after(former, former.dissolve())
        self._forget_if_done(former)
        return out

    # Going.

    def unseat(
        self, connection: Connection, now_ms: int, *, closed: bool = False
    ) -> list[AnyCommand]:
        """A page is gone, `closed` in order or lost; its seat is held for a while."""
        place, connection.place = connection.place, None
        room = self._rooms.get(place.room) if place else None
        if place is None or room is None or room.seats[place.side].conn != connection.conn:
            return []
        return self._after(room, room.lose(place.side, now_ms, closed=closed))

    def sign_out(self, connection: Connection, now_ms: int) -> list[AnyCommand]:
        """A member's sign-in ended: that is leaving."""
        place = connection.place
        if place is None:
            return []
        room = self._rooms[place.room]
        return self._after(room, room.leave(place.side, now_ms, "signed_out"))

    def closed(self, pair: str) -> list[AnyCommand]:
        """The ledger closed the doors."""
        room = self._rooms.get(pair)
        return self._close(room) if room else []

    # What is said to a room.

    def receive(
        self, connection: Connection, message: wire.ClientMessage, now_ms: int
    ) -> list[AnyCommand]:
        """A seated page said something. Raises `Refusal`."""
        assert connection.place is not None, "only seated pages speak in rooms"
        room = self._rooms[connection.place.room]
        return self._after(room, room.receive(connection.place.side, message, now_ms))

    def worker_said(
        self, worker: str, message: control.WorkerMessage, now_ms: int
    ) -> list[AnyCommand]:
        if isinstance(message, control.Load):
            self._shared.fleet.load(worker, message)
            return []
        room = self._rooms.get(message.pair)
        return self._after(room, room.worker_said(worker, message, now_ms)) if room else []

    def worker_up(self, worker: str, now_ms: int) -> list[AnyCommand]:
        self._shared.fleet.up(worker)
        return self._every_room(lambda room: room.worker_up(worker, now_ms))

    def worker_down(self, worker: str, now_ms: int) -> list[AnyCommand]:
        self._shared.fleet.down(worker)
        return self._every_room(lambda room: room.worker_down(worker, now_ms))

    # Time.

    def woke(self, key: str, now_ms: int) -> list[AnyCommand]:
        """A room's deadline has come."""
        room = self._rooms[key]
        if now_ms >= room.closes_ms:
            return self._close(room)
        return self._after(room, room.woke(now_ms))

    def look_again(self, booking: str) -> list[AnyCommand]:
        """The store was away when this booking changed."""
        return self.refresh(self._again.pop(booking), booking)

    # Inside.

    def _booking_of(self, connection: Connection) -> str | None:
        place = connection.place
        return self._rooms[place.room].seats[place.side].booking if place else None

    def _every_room(self, tell: Callable[[Room], list[AnyCommand]]) -> list[AnyCommand]:
        return [c for room in list(self._rooms.values()) for c in self._after(room, tell(room))]

    def _after(self, room: Room, commands: list[AnyCommand]) -> list[AnyCommand]:
        """Re-arm a room's deadline after anything that happened in it."""
        if room.plan.key in self._rooms:
            self._deadlines.set(("room", room.plan.key), room.next_deadline())
        return commands

    def _close(self, room: Room) -> list[AnyCommand]:
        out = room.close()
        self._forget(room)
        return out

    def _forget_if_done(self, room: Room) -> None:
        """An empty room stays for those who come back, unless nobody can."""
        if room.empty and (room.dissolved or not room.plan.pair):
            self._forget(room)

    def _forget(self, room: Room) -> None:
        self._rooms.pop(room.plan.key, None)
        self._deadlines.set(("room", room.plan.key), None)
        for booking in room.plan.bookings:
            place = self._seated.get(booking)
            if place is not None and place.room == room.plan.key:
                del self._seated[booking]


def _look_up(connection: Connection, booking: str, enter: wire.Enter | None) -> LookUp:
    return LookUp(connection.conn, connection.ask(booking, enter), booking)


def _plan(event: events.Found) -> Plan:
    booking, pair = event.booking, event.pair
    if pair is None or booking.state is State.WAITING:
        pairing: dict[str, Any] = {"pair": "", "bookings": (booking.id,)}
    else:
        pairing = {"pair": pair.id, "bookings": pair.bookings}
    return Plan(
        **pairing,
        members=event.members,
        start_ms=booking.start_ms,
        length_min=booking.length_min,
    )

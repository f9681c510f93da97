"""Who sits in which room: entering, leaving, and what pages and workers say to a room."""

from __future__ import annotations

from media import control
from signalling import events, wire
from signalling.admission import admit
from signalling.call import Held
from signalling.commands import AnyCommand
from signalling.connection import Connection, LookedUp
from signalling.desk import is_id
from signalling.errors import BookingUnknown, StoreAway
from signalling.events import Missed
from signalling.lobby import Lobby
from signalling.moving import Moving, look_up
from signalling.plan import Arrival, plan_of
from signalling.room import Room
from signalling.rooms import Rooms


class Seating:
    """Gives seats, and takes them back."""

    def __init__(self, rooms: Rooms, lobby: Lobby, moving: Moving) -> None:
        self._rooms = rooms
        self._rules = rooms.shared.rules
        self._lobby = lobby
        self._moving = moving

    # Entering.

    def enter(self, connection: Connection, message: wire.Enter) -> list[AnyCommand]:
        """A page asks for a seat: the ledger knows whether there is one. Raises `NotAdmitted`."""
        if not is_id(message.booking):
            raise BookingUnknown
        return [look_up(connection, message.booking, message)]

    def found(
        self, connection: Connection, asked: LookedUp, event: events.Found, now_ms: int
    ) -> list[AnyCommand]:
        """The ledger answered. Raises `NotAdmitted`."""
        if event.booking.id != asked.booking:
            raise BookingUnknown
        admit(event.booking, connection.member, self._rules, now_ms)
        self._renew(event)
        if asked.enter is None:
            return self._moving.found(connection, event, now_ms)
        self._moving.await_names(event, now_ms)
        room = self._rooms.for_found(event, now_ms)
        before = self._moving.carry_over(connection, event.booking.id, room)
        title, missed = event.booking.title, event.missed
        return before + self._sit(connection, asked.enter, room, title, missed, now_ms)

    def not_found(
        self, connection: Connection, asked: LookedUp, *, away: bool, now_ms: int
    ) -> list[AnyCommand]:
        """The ledger knows no such booking, or does not answer. Raises `NotAdmitted`."""
        if asked.enter is None:
            if away:
                self._moving.away(connection, asked.booking, now_ms)
            return []
        if not away:
            raise BookingUnknown
        return self._enter_from_memory(connection, asked.enter, now_ms)

    def _enter_from_memory(
        self, connection: Connection, entering: wire.Enter, now_ms: int
    ) -> list[AnyCommand]:
        """The store is away: whoever has been in this room gets the seat back without it."""
        found = self._rooms.of_booking(entering.booking)
        if found is None or found[0].dissolved:
            raise StoreAway
        room, side = found
        seat = room.seats[side]
        if seat.member.id != connection.member:
            raise BookingUnknown
        return self._sit(connection, entering, room, seat.title, seat.missed, now_ms)

    def _renew(self, event: events.Found) -> None:
        """Members may have changed since the room was made: above all, hide their address now."""
        room = self._rooms.get(plan_of(event).key)
        if room is not None:
            room.renew(event.members, event.friends)

    def _sit(
        self,
        connection: Connection,
        entering: wire.Enter,
        room: Room,
        title: str,
        missed: Missed | None,
        now_ms: int,
    ) -> list[AnyCommand]:
        side = room.side_of(entering.booking)
        arrival = Arrival(
            conn=connection.conn,
            tab=connection.tab,
            title=title,
            camera=entering.camera,
            mic=entering.mic,
            held=_held(entering, room),
            missed=missed,
        )
        room.check_open(side)
        out = self._leave_other_room(connection, room, now_ms)
        out += self._take_over(connection, room, side)
        self._rooms.seat(connection, room, side)
        return out + self._rooms.after(room, room.enter(side, arrival, now_ms))

    def _take_over(self, connection: Connection, room: Room, side: int) -> list[AnyCommand]:
        """Another tab of the same member held the seat."""
        holder = self._lobby.get(room.seats[side].conn)
        if holder is None or holder is connection:
            return []
        return self._rooms.after(room, room.put_out(side, "other_tab"))

    def _leave_other_room(
        self, connection: Connection, room: Room, now_ms: int
    ) -> list[AnyCommand]:
        """One page sits in one room: going to the next session leaves the last one."""
        place = connection.place
        if place is None or place.room == room.plan.key:
            return []
        other = self._rooms.at(place)
        other.seats[place.side].conn = None
        return self._rooms.after(other, other.leave(place.side, now_ms))

    # Going.

    def unseat(
        self, connection: Connection, now_ms: int, *, closed: bool = False
    ) -> list[AnyCommand]:
        """A page is gone, `closed` in order or lost; its seat is held for a while."""
        place, connection.place = connection.place, None
        room = self._rooms.get(place.room) if place else None
        if place is None or room is None or room.seats[place.side].conn != connection.conn:
            return []
        return self._rooms.after(room, room.lose(place.side, now_ms, closed=closed))

    def sign_out(self, connection: Connection, now_ms: int) -> list[AnyCommand]:
        """A member's sign-in ended: that is leaving."""
        place = connection.place
        if place is None:
            return []
        room = self._rooms.at(place)
        return self._rooms.after(room, room.leave(place.side, now_ms, "signed_out"))

    def closed(self, pair: str) -> list[AnyCommand]:
        """The ledger closed the doors."""
        room = self._rooms.get(pair)
        return self._rooms.close(room) if room else []

    # What is said to a room.

    def heard(self, connection: Connection, now_ms: int) -> list[AnyCommand]:
        """A page said something, whatever it was."""
        place = connection.place
        room = self._rooms.at(place) if place else None
        if place is None or room is None:
            return []
        seen = room.heard(place.side, now_ms)
        return self._rooms.after(room, seen) if seen else []

    def receive(
        self, connection: Connection, message: wire.ClientMessage, now_ms: int
    ) -> list[AnyCommand]:
        """A seated page said something. Raises `Refusal`."""
        assert connection.place is not None, "only seated pages speak in rooms"
        room = self._rooms.at(connection.place)
        return self._rooms.after(room, room.receive(connection.place.side, message, now_ms))

    def worker_said(
        self, worker: str, message: control.WorkerMessage, now_ms: int
    ) -> list[AnyCommand]:
        if isinstance(message, control.Load):
            turned = self._rooms.shared.fleet.load(worker, message)
            return self._worker_drains(worker, now_ms) if turned else []
        room = self._rooms.of_line(message.pair)
        return (
            self._rooms.after(room, room.circuit.worker_said(worker, message, now_ms))
            if room
            else []
        )

    def worker_up(self, worker: str, now_ms: int) -> list[AnyCommand]:
        self._rooms.shared.fleet.up(worker)
        return self._rooms.each(lambda room: room.circuit.worker_up(worker, now_ms))

    def worker_silent(self, worker: str, now_ms: int) -> list[AnyCommand]:
        self._rooms.shared.fleet.silent(worker)
        return self._rooms.each(lambda room: room.circuit.worker_silent(worker, now_ms))

    def _worker_drains(self, worker: str, now_ms: int) -> list[AnyCommand]:
        return self._rooms.each(lambda room: room.circuit.worker_drains(worker, now_ms))

    def worker_down(self, worker: str, now_ms: int) -> list[AnyCommand]:
        self._rooms.shared.fleet.down(worker)
        return self._rooms.each(lambda room: room.circuit.worker_down(worker, now_ms))

    # Time.

    def woke(self, key: str, now_ms: int) -> list[AnyCommand]:
        """A room's deadline has come."""
        room = self._rooms.get(key)
        if room is None:
            return []
        if now_ms >= room.closes_ms:
            return self._rooms.close(room)
        return self._rooms.after(room, room.woke(now_ms))


def _held(entering: wire.Enter, room: Room) -> Held:
    """The connection a page brings along, if it is one with the partner who sits here."""
    mine = entering.pair == room.plan.pair
    return Held(entering.gen, entering.path) if mine else Held()

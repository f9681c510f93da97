"""All rooms of a hub, by name, by booking and by the line that workers know."""

from __future__ import annotations

from collections.abc import Callable

from signalling.commands import AnyCommand
from signalling.connection import Connection, Place
from signalling.deadlines import Deadlines
from signalling.events import Found
from signalling.lobby import Key
from signalling.plan import Plan, Shared, plan_of
from signalling.room import Room


class Rooms:
    """Keeps rooms as long as somebody may come back, and their deadlines."""

    def __init__(self, shared: Shared, deadlines: Deadlines[Key]) -> None:
        self.shared = shared
        self.deadlines = deadlines
        self._rooms: dict[str, Room] = {}
        self._places: dict[str, Place] = {}
        """Where the page of a booking sits, or sat last."""
        self._lines: dict[str, str] = {}
        """Rooms whose call goes by the name of an earlier one."""

    def get(self, key: str | None) -> Room | None:
        return self._rooms.get(key or "")

    def __contains__(self, key: object) -> bool:
        return key in self._rooms

    def at(self, place: Place) -> Room:
        """The room of a place that is taken."""
        return self._rooms[place.room]

    def of_line(self, line: str) -> Room | None:
        """The room whose call workers know by this name."""
        return self._rooms.get(self._lines.get(line, line))

    def of_booking(self, booking: str) -> tuple[Room, int] | None:
        """Where a booking's page sits, or sat last."""
        place = self._places.get(booking)
        room = self._rooms.get(place.room) if place else None
        return (room, place.side) if place and room else None

    def booking_of(self, connection: Connection) -> str | None:
        """The booking by which a page sits."""
        place = connection.place
        return self.at(place).seats[place.side].booking if place else None

    def for_found(self, found: Found, now_ms: int) -> Room:
        """The room of a booking that was looked up, made if it is new."""
        plan = plan_of(found)
        room = self._rooms.get(plan.key)
        return room if room is not None else self.open(plan, found, now_ms)

    def open(self, plan: Plan, found: Found, now_ms: int) -> Room:
        """A new room."""
        room = self._rooms[plan.key] = Room(plan, self.shared, found.log, now_ms)
        # Even a room that nobody is let into is to be forgotten when its doors close.
        self.after(room, [])
        return room

    def seat(self, connection: Connection, room: Room, side: int) -> None:
        """A page sits here from now on."""
        place = Place(room.plan.key, side)
        connection.place = self._places[room.plan.bookings[side]] = place

    def unplace(self, booking: str) -> None:
        """A booking has no seat any more."""
        self._places.pop(booking, None)

    def keep_line(self, room: Room) -> None:
        """The room's call is known to workers by the name of the room before."""
        if room.circuit.line != room.plan.key:
            self._lines[room.circuit.line] = room.plan.key

    def each(self, tell: Callable[[Room], list[AnyCommand]]) -> list[AnyCommand]:
        """Say something to every room."""
        return [c for room in list(self._rooms.values()) for c in self.after(room, tell(room))]

    def after(self, room: Room, commands: list[AnyCommand]) -> list[AnyCommand]:
        """Re-arm a room's deadline after anything that happened in it."""
        if room.plan.key in self._rooms:
            self.deadlines.set(("room", room.plan.key), room.next_deadline())
        return commands

    def close(self, room: Room) -> list[AnyCommand]:
        """Doors close."""
        out = room.close()
        self.forget(room)
        return out

    def forget_if_done(self, room: Room) -> None:
        """An empty room stays for those who come back, unless nobody can."""
        if room.empty and (room.dissolved or not room.plan.pair):
            self.forget(room)

    def forget(self, room: Room) -> None:
        self._rooms.pop(room.plan.key, None)
        self.deadlines.set(("room", room.plan.key), None)
        if self._lines.get(room.circuit.line) == room.plan.key:
            del self._lines[room.circuit.line]
        for booking in room.plan.bookings:
            place = self._places.get(booking)
            if place is not None and place.room == room.plan.key:
                del self._places[booking]

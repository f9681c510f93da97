"""Pages that go from room to room without asking: partners came, went or changed, or the two go on."""

from __future__ import annotations

from scheduler import events as ledger
from scheduler.bookings import State
from signalling import events, wire
from signalling.admission import doors
from signalling.commands import AnyCommand, LookUp
from signalling.connection import Connection
from signalling.lobby import Lobby
from signalling.plan import Arrival, plan_of
from signalling.room import Room
from signalling.rooms import Rooms

AGAIN_MS = 1_000
"""How soon a look-up that failed is tried again."""


class Moving:
    """Looks bookings up again when the ledger tells of them, and moves their pages."""

    def __init__(self, rooms: Rooms, lobby: Lobby) -> None:
        self._rooms = rooms
        self._rules = rooms.shared.rules
        self._lobby = lobby
        self._again: dict[str, str] = {}
        """Bookings to be looked up once more for pages that sit, and whose they are."""

    # The ledger tells of a change.

    def refresh(self, member: str, booking: str) -> list[AnyCommand]:
        """Look a booking up again: its page may belong into another room now, or nowhere."""
        return [
            look_up(connection, booking, connection.wish(booking))
            for connection in self._lobby.of(member)
            if connection.wish(booking) or self._rooms.booking_of(connection) == booking
        ]

    def matched(self, event: ledger.Matched, now_ms: int) -> list[AnyCommand]:
        """Two have each other now; if they sit together already, it may be the session after this one."""
        first, second = event.members
        for connection in self._lobby.of(first):
            room = self._rooms.at(connection.place) if connection.place else None
            if room is not None and {m.id for m in room.plan.members} == {first, second}:
                room.onward.may_exist(now_ms)
                self._rooms.after(room, [])
        both = zip(event.members, event.bookings, strict=True)
        return [c for member, booking in both for c in self.refresh(member, booking)]

    def unmatched(self, event: ledger.Unmatched) -> list[AnyCommand]:
        """A booking lost its partner. Whoever was late and is given up for another leaves the room."""
        found = self._rooms.of_booking(event.booking) if event.why == "replaced" else None
        if found is None or found[0].plan.pair != event.pair:
            return self.refresh(event.member, event.booking)
        room, side = found
        out = self._rooms.after(room, room.replace(side))
        self._rooms.unplace(event.booking)
        self._rooms.forget_if_done(room)
        return out + self._look_again_for_wishes(event.member, event.booking)

    def cancelled(self, event: ledger.Cancelled) -> list[AnyCommand]:
        """A booking is no more, and neither is its pair."""
        out: list[AnyCommand] = []
        pair_room = self._rooms.get(event.pair)
        if pair_room is not None:
            out += self._rooms.after(pair_room, pair_room.dissolve())
        found = self._rooms.of_booking(event.booking)
        if found is not None:
            room, side = found
            out += self._rooms.after(room, room.put_out(side, "cancelled"))
            self._rooms.forget_if_done(room)
        return out + self._look_again_for_wishes(event.member, event.booking)

    def _look_again_for_wishes(self, member: str, booking: str) -> list[AnyCommand]:
        """A page just about to enter must not get a seat by what was read before."""
        wishes = [(connection, connection.wish(booking)) for connection in self._lobby.of(member)]
        return [look_up(connection, booking, enter) for connection, enter in wishes if enter]

    # What was looked up.

    def found(self, connection: Connection, event: events.Found, now_ms: int) -> list[AnyCommand]:
        """A page that sits may belong into another room now."""
        self.await_names(event, now_ms)
        plan, place = plan_of(event), connection.place
        if place is None or place.room == plan.key:
            return []
        former = self._rooms.at(place).seats[place.side]
        if former.booking != event.booking.id:
            return []
        arrival = Arrival(
            conn=connection.conn,
            tab=connection.tab,
            title=event.booking.title,
            camera=former.camera.claimed,
            mic=former.mic,
            came_ms=former.came_ms,
            missed=event.missed,
        )
        room = self._rooms.for_found(event, now_ms)
        before = self.carry_over(connection, event.booking.id, room)
        side = room.side_of(event.booking.id)
        self._rooms.seat(connection, room, side)
        return before + self._rooms.after(room, room.move_in(side, arrival, now_ms))

    def carry_over(self, connection: Connection, booking: str, room: Room) -> list[AnyCommand]:
        """Give up the seat in the room this booking had before, and take the own tasks along."""
        found = self._rooms.of_booking(booking)
        if found is None or found[0] is room:
            return []
        former, side = found
        seat = former.seats[side]
        room.desk.merge(former.desk.tasks_of(seat.member.id))
        if seat.conn == connection.conn:
            connection.place = None
            seat.conn = None
        out = former.put_out(side, "other_tab")
        self._rooms.unplace(booking)
        out += self._rooms.after(former, former.dissolve())
        self._rooms.forget_if_done(former)
        return out

    # Looking again later.

    def away(self, connection: Connection, booking: str, now_ms: int) -> None:
        """The store did not answer; the page knows nothing of this look-up, so it will not ask again."""
        self._look_later(connection.member, booking, now_ms + AGAIN_MS)

    def await_names(self, event: events.Found, now_ms: int) -> None:
        """There is a partner whose name is not told yet: look again when it is."""
        booking, reveal_ms = event.booking, self._rules.reveal_ms
        if event.pair is None and booking.state is State.MATCHED and reveal_ms is not None:
            due_ms = max(booking.start_ms - reveal_ms, now_ms + AGAIN_MS)
            self._look_later(booking.member, booking.id, due_ms)

    def _look_later(self, member: str, booking: str, due_ms: int) -> None:
        self._again[booking] = member
        self._rooms.deadlines.set(("again", booking), due_ms)

    def look_again(self, booking: str) -> list[AnyCommand]:
        """The time has come."""
        return self.refresh(self._again.pop(booking), booking)

    # Going on together.

    def next_found(self, event: events.FoundNext, now_ms: int) -> list[AnyCommand]:
        """The ledger told whether the two of a room have another session after it."""
        room = self._rooms.get(event.room)
        if room is None or room.dissolved:
            return []
        return self._rooms.after(room, self._go_on(room, event, now_ms))

    def _go_on(self, room: Room, event: events.FoundNext, now_ms: int) -> list[AnyCommand]:
        if event.away:
            room.onward.away(now_ms)
        elif event.next is None or event.next.pair is None:
            room.onward.none()
        elif self._is_time(room, event.next, now_ms):
            return self._carry_on(room, event.next, event.titles, now_ms)
        return []

    def _is_time(self, room: Room, found: events.Found, now_ms: int) -> bool:
        """Both are here, neither went ahead, and the doors are open."""
        booking = found.booking
        opens_ms, _ = doors(self._rules, booking.start_ms, booking.length_min)
        time = room.onward.found(opens_ms, now_ms)
        seated = [self._lobby.get(seat.conn) for seat in room.seats]
        return time and all(seated) and plan_of(found).key not in self._rooms

    def _carry_on(
        self, former: Room, found: events.Found, titles: tuple[str, ...], now_ms: int
    ) -> list[AnyCommand]:
        plan = plan_of(found)
        title_of = dict(zip(plan.bookings, titles, strict=True))
        plan = plan.in_order_of(tuple(seat.member.id for seat in former.seats))
        pages = [self._lobby.get(seat.conn) for seat in former.seats]
        room = self._rooms.open(plan, found, now_ms)
        moved = room.take_over(former, tuple(title_of[b] for b in plan.bookings), now_ms)
        for side, connection in enumerate(pages):
            assert connection is not None, "only rooms with both pages go on"
            self._rooms.seat(connection, room, side)
        self._rooms.keep_line(room)
        return self._rooms.after(room, moved)


def look_up(connection: Connection, booking: str, enter: wire.Enter | None) -> LookUp:
    """Ask the ledger for a booking, for a page that wants in or for one that is in."""
    return LookUp(connection.conn, connection.ask(booking, enter), booking)

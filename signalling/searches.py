"""What the ledger says to members who look for another partner, or are asked to be one."""

from __future__ import annotations

from scheduler import errors as scheduler_errors
from scheduler import events as ledger
from signalling import errors, events, wire
from signalling.alone import refused
from signalling.commands import AnyCommand, Count
from signalling.lobby import Lobby
from signalling.moving import Moving
from signalling.room import Room
from signalling.rooms import Rooms
from signalling.standby import Standby

AWAY = scheduler_errors.Unavailable.code
REFUSALS: dict[str, type[errors.Refusal]] = {
    AWAY: errors.StoreAway,
    scheduler_errors.PartnerHere.code: errors.PartnerHere,
    scheduler_errors.NeedsRematch.code: errors.LockedIn,
    scheduler_errors.NotYet.code: errors.NotYet,
}
"""How a page hears of what the ledger refuses; all else is `NotNow`."""


class Searches:
    """Finds the seat that is meant, and tells its page."""

    def __init__(self, rooms: Rooms, lobby: Lobby, moving: Moving) -> None:
        self._rooms = rooms
        self._lobby = lobby
        self._moving = moving

    # Answers.

    def sought(self, event: events.Sought) -> list[AnyCommand]:
        """What came of looking. Somebody found is led in by the pair's own room."""
        seated = self._seated(event.conn)
        found = event.search
        search = wire.Search(outcome=found.outcome.value, until_ms=found.until_ms)
        if seated is None:
            return []
        room, side, standby = seated
        told = room.tell.send(side, search) if standby.sought(event.request, search) else []
        if search.outcome == "found":
            told += self._moving.refresh(found.booking.member, found.booking.id)
        return told

    def answered(self, event: events.Answered) -> list[AnyCommand]:
        """An answer was taken: see at once what came of it."""
        seated = self._seated(event.conn)
        if seated is None:
            return []
        room, side, _ = seated
        seat = room.seats[side]
        return self._moving.refresh(seat.member.id, seat.booking)

    def failed(self, event: events.StandbyFailed) -> list[AnyCommand]:
        """The ledger refused. A question it does not ask any more is over."""
        seated = self._seated(event.conn)
        if seated is None:
            return []
        room, side, standby = seated
        away = event.code == AWAY
        awaited = standby.failed(event.request, away=away)
        if event.what == "answer" and not away:
            return room.tell.send(side, wire.AskOver()) if awaited else []
        if event.what == "stop_seeking" and not away:
            return []
        data = {"change_from_ms": event.from_ms} if event.from_ms else {}
        why = REFUSALS.get(event.code, errors.NotNow)(**data)
        told = room.tell.send(side, refused(why, event.what))
        return [Count("rejected", (why.code,)), *told] if awaited or away else []

    # What the outbox tells.

    def asked(self, event: ledger.Asked) -> list[AnyCommand]:
        """A member is asked; if it is for another one who looks, that one hears that somebody is."""
        out: list[AnyCommand] = []
        found = self._rooms.of_booking(event.booking)
        if found is not None:
            room, side = found
            asked = wire.Asked(newcomer=event.newcomer, until_ms=event.until_ms)
            room.seats[side].standby.ask(asked)
            out += room.tell.send(side, asked)
        if not event.newcomer:
            out += self._asking(event.by, event.until_ms)
        return out

    def _asking(self, member: str, until_ms: int) -> list[AnyCommand]:
        search = wire.Search(outcome="asking", until_ms=until_ms)
        seats = [self._seated(connection.conn) for connection in self._lobby.of(member)]
        return [
            command
            for room, side, standby in filter(None, seats)
            if standby.progress(search)
            for command in room.tell.send(side, search)
        ]

    def ask_over(self, event: ledger.AskOver) -> list[AnyCommand]:
        """It is not asked any more."""
        found = self._rooms.of_booking(event.booking)
        if found is None:
            return []
        room, side = found
        was = room.seats[side].standby.ask_over()
        return room.tell.send(side, wire.AskOver()) if was else []

    def nobody(self, event: ledger.NobodyFree) -> list[AnyCommand]:
        """Everybody was asked."""
        found = self._rooms.of_booking(event.booking)
        if found is None:
            return []
        room, side = found
        search = wire.Search(outcome="nobody")
        there = room.seats[side].standby.progress(search)
        return room.tell.send(side, search) if there else []

    def _seated(self, conn: str) -> tuple[Room, int, Standby] | None:
        connection = self._lobby.get(conn)
        if connection is None or connection.place is None:
            return None
        room, side = self._rooms.at(connection.place), connection.place.side
        return room, side, room.seats[side].standby

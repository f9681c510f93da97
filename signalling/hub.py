"""The hub: which event concerns whom.

    handle(event, now_ms) -> commands         next_deadline() -> when to be woken

Routes events to sockets and rooms and collects their commands. Everything it knows is in memory and
can be lost: seats are rebuilt from the session's event log at the first `enter`, notices from the
outbox, and a running call needs no hub.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from scheduler import events as ledger
from scheduler.rules import Rules
from signalling import events, wire
from signalling.backlog import Backlog
from signalling.close_codes import CloseCode
from signalling.commands import AnyCommand, Count, Send
from signalling.config import HubConfig
from signalling.connection import Connection, LookedUp
from signalling.deadlines import Deadlines
from signalling.errors import BadVersion, Refusal, SignallingError, Throttled
from signalling.fleet import Fleet
from signalling.lobby import Key, Lobby
from signalling.moving import Moving
from signalling.notices import notices
from signalling.plan import Shared
from signalling.rate_limit import Verdict
from signalling.rooms import Rooms
from signalling.searches import Searches
from signalling.seating import Seating
from signalling.transitions import Ids
from signalling.welcoming import welcome

TAB_MAX = 64
DRAIN_SPREAD_MS = 1_000
"""A hub that ends sends its pages elsewhere over this time, both pages of a room at once."""


class Hub:
    """One hub process, without its sockets."""

    def __init__(self, epoch: str, rules: Rules, config: HubConfig, backlog: Backlog) -> None:
        """`epoch` names this hub's life, unlike the outbox's, which `backlog` has."""
        self._config = config
        self._backlog = backlog
        self._draining = False
        self._deadlines: Deadlines[Key] = Deadlines()
        self._lobby = Lobby(config, self._deadlines)
        shared = Shared(rules=rules, config=config, fleet=Fleet(), ids=Ids(epoch))
        rooms = Rooms(shared, self._deadlines)
        self._moving = Moving(rooms, self._lobby)
        self._seating = Seating(rooms, self._lobby, self._moving)
        self._searches = Searches(rooms, self._lobby, self._moving)

    def handle(self, event: events.AnyInput, now_ms: int) -> list[AnyCommand]:
        """Take in one event. Its commands are to be carried out, in order, before the next."""
        commands = HANDLE[type(event)](self, event, now_ms)
        self._follow(commands)
        return commands

    def next_deadline(self) -> int | None:
        """When `Woke` is due."""
        return self._deadlines.next()

    def connections(self) -> dict[str, int]:
        """Open sockets by kind, for the metrics."""
        everyone = self._lobby.all()
        seated = sum(1 for connection in everyone if connection.place is not None)
        return {"lobby": len(everyone) - seated, "session": seated}

    # Sockets.

    def _on_opened(self, event: events.Opened, now_ms: int) -> list[AnyCommand]:
        return self._lobby.open(event.conn, event.member, event.session, now_ms)

    def _on_lost(self, event: events.Lost, now_ms: int) -> list[AnyCommand]:
        connection = self._lobby.remove(event.conn)
        if connection is None or self._draining:
            return []  # Where we send pages, they are seen; their seats are not ours to judge any more.
        # Whoever is being closed by us answers in order too, and chose nothing.
        closed = event.closed and not connection.closing
        return self._seating.unseat(connection, now_ms, closed=closed)

    def _on_garbled(self, event: events.Garbled, now_ms: int) -> list[AnyCommand]:
        connection = self._lobby.speaking(event.conn)
        if connection is None:
            return []
        refused = wire.Refused(code=event.code, text=event.text)
        return [
            Count("rejected", (event.code,)),
            Send(event.conn, refused),
            self._lobby.close(connection, CloseCode.BAD_FRAME),
        ]

    def _on_sign_in_ended(self, event: events.SignInEnded, now_ms: int) -> list[AnyCommand]:
        connection = self._lobby.speaking(event.conn)
        return self._sign_out(connection, now_ms) if connection else []

    def _on_received(self, event: events.Received, now_ms: int) -> list[AnyCommand]:
        connection = self._lobby.speaking(event.conn)
        if connection is None:
            return []
        name = wire_name(event.message)
        counted = Count("messages", (name,))
        match connection.patience.judge(now_ms, connection.cost(event.message)):
            case Verdict.CLOSE:
                return [counted, self._lobby.close(connection, CloseCode.FLOODING)]
            case Verdict.DROP:
                return [counted, Count("rejected", (Throttled.code,))]
            case Verdict.REFUSE:
                return [counted, *_refuse(event.conn, Throttled(), name)]
        # A page is awake whatever becomes of its word: what that changed is recorded either way.
        awake = self._seating.heard(connection, now_ms)
        try:
            connection.allow(event.message)
            answer = self._message(connection, event.message, now_ms)
        except Refusal as refusal:
            answer = _refuse(event.conn, refusal, name)
        return [counted, *awake, *answer]

    def _message(
        self, connection: Connection, message: wire.ClientMessage, now_ms: int
    ) -> list[AnyCommand]:
        match message:
            case wire.Hello():
                return self._hello(connection, message, now_ms)
            case wire.Ping():
                offset = self._backlog.offset
                pong = wire.Pong(n=message.n, server_ms=now_ms, offset=offset)
                return [Send(connection.conn, pong)]
            case wire.Enter():
                return self._seating.enter(connection, message)
            case _:
                return self._seating.receive(connection, message, now_ms)

    def _hello(self, connection: Connection, hello: wire.Hello, now_ms: int) -> list[AnyCommand]:
        if hello.v != wire.PROTOCOL:
            refused = _refuse(connection.conn, BadVersion(version=wire.PROTOCOL), "hello")
            return [*refused, self._lobby.close(connection, CloseCode.BAD_VERSION)]
        out: list[AnyCommand] = []
        for older in self._lobby.greet(connection, hello.tab[:TAB_MAX]):
            out += self._seating.unseat(older, now_ms)
            out.append(self._lobby.close(older, CloseCode.REPLACED))
        return [*out, *welcome(connection, hello, self._backlog, now_ms)]

    # The ledger.

    def _on_found(self, event: events.Found, now_ms: int) -> list[AnyCommand]:
        return self._answered(
            event, lambda one, asked: self._seating.found(one, asked, event, now_ms)
        )

    def _on_not_found(self, event: events.NotFound, now_ms: int) -> list[AnyCommand]:
        return self._answered(
            event,
            lambda one, asked: self._seating.not_found(one, asked, away=event.away, now_ms=now_ms),
        )

    def _answered(
        self,
        event: events.Found | events.NotFound,
        act: Callable[[Connection, LookedUp], list[AnyCommand]],
    ) -> list[AnyCommand]:
        connection = self._lobby.speaking(event.conn)
        asked = connection.answered(event.ask) if connection else None
        if connection is None or asked is None:
            return []
        try:
            return act(connection, asked)
        except Refusal as refusal:
            return _refuse(event.conn, refusal, "enter") if asked.enter else []

    def _on_told(self, event: events.Told, now_ms: int) -> list[AnyCommand]:
        if not self._backlog.add(event.offset, event.event):
            return []
        told: list[AnyCommand] = [
            Send(connection.conn, notice.message)
            for notice in notices(event.offset, event.event)
            for connection in self._lobby.audience(notice.to)
        ]
        react = REACT.get(type(event.event))
        return [*told, *(react(self, event.event, now_ms) if react else [])]

    def _on_outbox_broken(self, event: events.OutboxBroken, now_ms: int) -> list[AnyCommand]:
        self._backlog = Backlog(event.epoch, event.offset, self._config.backlog_max)
        return self._close_all(CloseCode.RESYNC)

    def _react_signed_out(self, event: ledger.SignedOut, now_ms: int) -> list[AnyCommand]:
        return [
            command
            for connection in self._lobby.of(event.member)
            if event.session in (None, connection.session)
            for command in self._sign_out(connection, now_ms)
        ]

    # Workers.

    def _on_worker_up(self, event: events.WorkerUp, now_ms: int) -> list[AnyCommand]:
        return self._seating.worker_up(event.worker, now_ms)

    def _on_worker_silent(self, event: events.WorkerSilent, now_ms: int) -> list[AnyCommand]:
        return self._seating.worker_silent(event.worker, now_ms)

    def _on_worker_down(self, event: events.WorkerDown, now_ms: int) -> list[AnyCommand]:
        return self._seating.worker_down(event.worker, now_ms)

    def _on_worker_said(self, event: events.WorkerSaid, now_ms: int) -> list[AnyCommand]:
        return self._seating.worker_said(event.worker, event.message, now_ms)

    # Time.

    def _on_woke(self, event: events.Woke, now_ms: int) -> list[AnyCommand]:
        out: list[AnyCommand] = []
        for kind, key in self._deadlines.due(now_ms):
            match kind:
                case "room":
                    out += self._seating.woke(key, now_ms)
                case "again":
                    out += self._moving.look_again(key)
                case "drain":
                    out += self._send_away(key)
                case _:
                    out += self._late_hello(key)
        return out

    def _late_hello(self, conn: str) -> list[AnyCommand]:
        connection = self._lobby.speaking(conn)
        return [self._lobby.close(connection, CloseCode.LATE_HELLO)] if connection else []

    def _on_draining(self, event: events.Draining, now_ms: int) -> list[AnyCommand]:
        self._draining = True
        if event.at_once:
            return self._close_all(CloseCode.GOING_AWAY)
        for connection in self._lobby.all():
            together = connection.place.room if connection.place else connection.conn
            later_ms = zlib.crc32(together.encode()) % DRAIN_SPREAD_MS
            self._deadlines.set(("drain", connection.conn), now_ms + later_ms)
        return []

    def _send_away(self, conn: str) -> list[AnyCommand]:
        connection = self._lobby.speaking(conn)
        return [self._lobby.close(connection, CloseCode.GOING_AWAY)] if connection else []

    # Inside.

    def _close_all(self, code: CloseCode) -> list[AnyCommand]:
        return [self._lobby.close(c, code) for c in self._lobby.all() if not c.closing]

    def _sign_out(self, connection: Connection, now_ms: int) -> list[AnyCommand]:
        left = self._seating.sign_out(connection, now_ms)
        return [*left, self._lobby.close(connection, CloseCode.SIGNED_OUT)]

    def _follow(self, commands: list[AnyCommand]) -> None:
        """A page that is told that its room is over sits nowhere."""
        for command in commands:
            if isinstance(command, Send) and isinstance(command.message, wire.Over):
                connection = self._lobby.get(command.conn)
                if connection is not None:
                    connection.place = None


def wire_name(message: wire.Message) -> str:
    """A message's name on the wire."""
    return str(message.__struct_config__.tag)


def _refuse(conn: str, why: SignallingError, ref: str) -> list[AnyCommand]:
    refused = wire.Refused(code=why.code, text=why.text, ref=ref, data=why.data)
    return [Count("rejected", (why.code,)), Send(conn, refused)]


HANDLE: dict[type[events.Event], Callable[[Hub, Any, int], list[AnyCommand]]] = {
    events.Opened: Hub._on_opened,
    events.Received: Hub._on_received,
    events.Garbled: Hub._on_garbled,
    events.Lost: Hub._on_lost,
    events.SignInEnded: Hub._on_sign_in_ended,
    events.Found: Hub._on_found,
    events.NotFound: Hub._on_not_found,
    events.FoundNext: lambda hub, event, now_ms: hub._moving.next_found(event, now_ms),
    events.Sought: lambda hub, event, _: hub._searches.sought(event),
    events.Answered: lambda hub, event, _: hub._searches.answered(event),
    events.StandbyFailed: lambda hub, event, _: hub._searches.failed(event),
    events.Told: Hub._on_told,
    events.OutboxBroken: Hub._on_outbox_broken,
    events.WorkerUp: Hub._on_worker_up,
    events.WorkerSilent: Hub._on_worker_silent,
    events.WorkerDown: Hub._on_worker_down,
    events.WorkerSaid: Hub._on_worker_said,
    events.Woke: Hub._on_woke,
    events.Draining: Hub._on_draining,
}

REACT: dict[type[ledger.Event], Callable[[Hub, Any, int], list[AnyCommand]]] = {
    ledger.Matched: lambda hub, event, now_ms: hub._moving.matched(event, now_ms),
    ledger.Unmatched: lambda hub, event, _: hub._moving.unmatched(event),
    ledger.Cancelled: lambda hub, event, _: hub._moving.cancelled(event),
    ledger.Closed: lambda hub, event, _: hub._seating.closed(event.pair),
    ledger.Asked: lambda hub, event, _: hub._searches.asked(event),
    ledger.AskOver: lambda hub, event, _: hub._searches.ask_over(event),
    ledger.NobodyFree: lambda hub, event, _: hub._searches.nobody(event),
    ledger.SignedOut: Hub._react_signed_out,
}

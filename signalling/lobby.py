"""The open sockets: whose they are, which tab, and how many."""

from __future__ import annotations

from signalling.close_codes import CloseCode
from signalling.commands import AnyCommand, Close
from signalling.config import HubConfig
from signalling.connection import Connection
from signalling.deadlines import Deadlines
from signalling.rate_limit import Patience, TokenBucket

Key = tuple[str, str]
"""Who waits for a deadline: ("conn", id), ("drain", id), ("room", key) or ("again", booking)."""


class Lobby:
    """All connections by id and by member, oldest first."""

    def __init__(self, config: HubConfig, deadlines: Deadlines[Key]) -> None:
        self._config = config
        self._deadlines = deadlines
        self._connections: dict[str, Connection] = {}
        self._of_member: dict[str, list[Connection]] = {}

    def get(self, conn: str | None) -> Connection | None:
        return self._connections.get(conn or "")

    def speaking(self, conn: str) -> Connection | None:
        """A connection that is not about to be closed."""
        connection = self._connections.get(conn)
        return None if connection is None or connection.closing else connection

    def all(self) -> list[Connection]:
        return list(self._connections.values())

    def of(self, member: str) -> list[Connection]:
        """A member's sockets."""
        return list(self._of_member.get(member, ()))

    def audience(self, member: str | None) -> list[Connection]:
        """Whom a notice reaches: all tabs of a member, or of everybody."""
        found = self.all() if member is None else self.of(member)
        return [connection for connection in found if connection.greeted and not connection.closing]

    def open(self, conn: str, member: str, session: str, now_ms: int) -> list[AnyCommand]:
        """Take in a socket; one too many costs the member the most idle one."""
        config = self._config
        bucket = TokenBucket(config.messages_per_s, config.messages_burst, now_ms)
        due_ms = now_ms + config.hello_ms
        patience = Patience(bucket, config.flood_excess)
        connection = Connection(conn, member, session, patience, due_ms)
        self._connections[conn] = connection
        self._deadlines.set(("conn", conn), due_ms)
        mine = self._of_member.setdefault(member, [])
        mine.append(connection)
        live = [c for c in mine if not c.closing]
        if len(live) <= config.sockets_per_member:
            return []
        return [self.close(_most_idle(live), CloseCode.TOO_MANY_TABS)]

    def remove(self, conn: str) -> Connection | None:
        """A socket is gone."""
        connection = self._connections.pop(conn, None)
        if connection is None:
            return None
        self._deadlines.set(("conn", conn), None)
        self._deadlines.set(("drain", conn), None)
        mine = self._of_member[connection.member]
        mine.remove(connection)
        if not mine:
            del self._of_member[connection.member]
        return connection

    def greet(self, connection: Connection, tab: str) -> list[Connection]:
        """A page said hello; the older sockets of its tab, which are dead whether they know or not."""
        connection.tab = tab
        connection.hello_due_ms = None
        self._deadlines.set(("conn", connection.conn), None)
        mine = self._of_member[connection.member]
        return [c for c in mine if c is not connection and tab and c.tab == tab]

    def close(self, connection: Connection, code: CloseCode) -> Close:
        """From now on the connection is deaf."""
        connection.closing = True
        self._deadlines.set(("conn", connection.conn), None)
        return Close(connection.conn, code)


def _most_idle(connections: list[Connection]) -> Connection:
    """The oldest socket without a seat, or the oldest."""
    return next((c for c in connections if c.place is None), connections[0])

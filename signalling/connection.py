"""One socket's life: greeting, then in the lobby, and in a seat while it holds one.

greeting ─ hello ─► lobby ◄─ over ── seated
    │                 └── enter ──────►┘
    └ five seconds ─► closed
"""

from __future__ import annotations

from signalling.errors import NotSeated, OutOfTurn
from signalling.rate_limit import Patience
from signalling.wire import Enter, Hello, Message, Ping

COST = {Hello: 5.0, Enter: 5.0}
"""Messages that cause look-ups count for more."""


class Place:
    """Where a connection sits."""

    __slots__ = ("room", "side")

    def __init__(self, room: str, side: int) -> None:
        self.room = room
        self.side = side


class Connection:
    """What the hub knows of one socket."""

    def __init__(
        self, conn: str, member: str, session: str, patience: Patience, hello_due_ms: int
    ) -> None:
        self.conn = conn
        self.member = member
        self.session = session
        self.tab = ""
        self.patience = patience
        self.hello_due_ms: int | None = hello_due_ms
        self.place: Place | None = None
        self.entering: Enter | None = None
        """The `enter` whose booking is being looked up."""
        self.ask = 0
        """The newest look-up; answers to older ones are overtaken."""
        self.closing = False

    @property
    def greeted(self) -> bool:
        return self.hello_due_ms is None

    def allow(self, message: Message) -> None:
        """Whether this message has a place in this state, or raise."""
        if self.greeted is isinstance(message, Hello):
            raise OutOfTurn
        if self.greeted and self.place is None and not isinstance(message, Enter | Ping):
            raise NotSeated

    def cost(self, message: Message) -> float:
        return COST.get(type(message), 1.0)

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


class LookedUp:
    """A booking that is being looked up, for a page that wants in or for one that is in."""

    __slots__ = ("booking", "enter")

    def __init__(self, booking: str, enter: Enter | None) -> None:
        self.booking = booking
        self.enter = enter


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
        self.closing = False
        self._asks = 0
        self._open: dict[int, LookedUp] = {}

    @property
    def greeted(self) -> bool:
        return self.hello_due_ms is None

    def allow(self, message: Message) -> None:
        """Whether this message has a place in this state, or raise."""
        if self.greeted is isinstance(message, Hello):
            raise OutOfTurn
        if self.greeted and self.place is None and not isinstance(message, Enter | Ping):
            raise NotSeated

    def ask(self, booking: str, enter: Enter | None) -> int:
        """Look a booking up. Overtakes what was asked of it before, and a wish to enter elsewhere."""
        for number, asked in list(self._open.items()):
            if asked.booking == booking or (enter and asked.enter):
                del self._open[number]
        self._asks += 1
        self._open[self._asks] = LookedUp(booking, enter)
        return self._asks

    def answered(self, ask: int) -> LookedUp | None:
        """What this is the answer to; None if it was overtaken."""
        return self._open.pop(ask, None)

    def wish(self, booking: str) -> Enter | None:
        """The `enter` for this booking that waits for its look-up."""
        wishes = (asked.enter for asked in self._open.values() if asked.booking == booking)
        return next((enter for enter in wishes if enter), None)

    def cost(self, message: Message) -> float:
        return COST.get(type(message), 1.0)

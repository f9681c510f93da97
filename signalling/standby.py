"""A member who is here without a partner: known to the ledger as here, looking, or asked.

The ledger decides who meets whom; this remembers what a page was told of it, for a page that comes
back, and which answers are still awaited.
"""

from __future__ import annotations

from signalling import wire
from signalling.errors import NotAsked

BEAT_MS = 5_000
"""How often the ledger is told that a member without a partner is still here."""


class Standby:
    """One seat's part in it. Ends with the seat: another room is another standby."""

    def __init__(self) -> None:
        self._search: wire.Search | None = None
        self._asked: wire.Asked | None = None
        self._seek = ""
        self._answer = ""
        self._said_ms: int | None = None

    # Being here.

    def beat_due(self) -> int:
        """When to say next that the member is here; 0 is at once."""
        return 0 if self._said_ms is None else self._said_ms + BEAT_MS

    def said(self, now_ms: int) -> None:
        """The ledger was told that the member is here."""
        self._said_ms = now_ms

    # Looking.

    @property
    def seeking(self) -> bool:
        """The member looks for another partner."""
        return bool(self._seek) or self._search is not None

    def seek(self, request: str) -> None:
        """The ledger is asked, by this request."""
        self._seek = request

    def sought(self, request: str, search: wire.Search) -> bool:
        """The ledger answered; whether that was still awaited."""
        if request != self._seek:
            return False
        self._seek, self._search = "", search
        return True

    def progress(self, search: wire.Search) -> bool:
        """The ledger tells more of a search; whether there is one."""
        if not self.seeking:
            return False
        self._search = search
        return True

    def stop(self) -> bool:
        """The search is over; whether there was one."""
        was, self._seek, self._search = self.seeking, "", None
        return was

    # Being asked.

    def ask(self, asked: wire.Asked) -> None:
        """The member is asked."""
        self._asked, self._answer = asked, ""

    def answer(self, request: str, now_ms: int) -> None:
        """The member answers, once; raises `NotAsked`."""
        if self._asked is None or self._answer or now_ms >= self._asked.until_ms:
            raise NotAsked
        self._answer = request

    def ask_over(self) -> bool:
        """It is not asked any more; whether it was."""
        was, self._asked, self._answer = self._asked is not None, None, ""
        return was

    # Both.

    def failed(self, request: str, *, away: bool) -> bool:
        """The ledger refused, or is `away`; whether that was still awaited."""
        if request and request == self._seek:
            self._seek = ""
            return True
        if request and request == self._answer:
            self._answer = ""
            if not away:
                self._asked = None
            return True
        return False

    def so_far(self, now_ms: int) -> list[wire.Message]:
        """What a page that comes back is told again."""
        asked = self._asked if self._asked and not self._answer else None
        live = asked if asked and now_ms < asked.until_ms else None
        return [message for message in (self._search, live) if message is not None]

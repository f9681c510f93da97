"""Members of a room whose partner is not in the seat: said to be here, looking for another, asked.

The ledger hears every five seconds of who is alone, and of the moment in which one of two was last
here. Of two who sit together it need not hear: their joins are in the session's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from scheduler.rules import Rules
from signalling import wire
from signalling.commands import AnswerAsk, AnyCommand, Gone, Here, Seek, StopSeeking
from signalling.errors import LockedIn, NotNow, NotYet, PartnerHere, Refusal
from signalling.plan import Plan
from signalling.roll import Roll
from signalling.seat import Seat
from signalling.telling import Telling
from signalling.transitions import Ids


class Asking(TypedDict):
    """The fields that all of `commands.Standby` have."""

    conn: str
    request: str
    member: str
    booking: str


class Alone:
    """Both seats' standby, from doors open to E."""

    def __init__(
        self, plan: Plan, seats: Sequence[Seat], rules: Rules, ids: Ids, roll: Roll, tell: Telling
    ) -> None:
        self._plan = plan
        self._seats = seats
        self._end_ms = rules.end_ms(plan.start_ms, plan.length_min)
        self._ids = ids
        self._roll = roll
        self._tell = tell
        self._over = False
        self._lost: list[int] = []

    def end(self) -> None:
        """The pair is no more; its members are heard of elsewhere."""
        self._over = True

    # Being here.

    def began_anew(self, lost: list[int]) -> None:
        """These sat here when an earlier hub ended. The ledger, which hears nothing of two who sit
        together, is told before it is told of the first who comes back."""
        self._lost = lost

    def came(self, side: int, now_ms: int) -> list[AnyCommand]:
        """A seat is taken: the ledger hears of it, and the other need not look any further."""
        lost = [seat for each in self._lost if each != side for seat in self._lost_of(each, now_ms)]
        self._lost = []
        relieved = self._relieve(1 - side) if len(self._seats) == 2 else []
        return [*lost, *(relieved if self._together(side) else self._here(side, now_ms))]

    def lost(self, side: int, now_ms: int) -> list[AnyCommand]:
        """A page is away: from now on counts how long."""
        if not self._together(side):
            return []
        # First the one who went, or the other would seem to have waited since they met.
        self._seats[1 - side].standby.said(now_ms)
        return self._here(side, now_ms)

    def went(self, side: int) -> list[AnyCommand]:
        """A seat is given up."""
        seat = self._seats[side]
        seat.standby.stop()
        seat.standby.ask_over()
        return [Gone(seat.booking)]

    def next_deadline(self) -> int | None:
        due = [self._due(side) for side in range(len(self._seats))]
        return min((at for at in due if at is not None), default=None)

    def woke(self, now_ms: int) -> list[AnyCommand]:
        """Say again who is here."""
        out: list[AnyCommand] = []
        for side in range(len(self._seats)):
            due_ms = self._due(side)
            if due_ms is not None and due_ms <= now_ms:
                out += self._here(side, now_ms)
        return out

    def _due(self, side: int) -> int | None:
        seat = self._seats[side]
        if self._over or seat.conn is None or self._together(side):
            return None
        due_ms = seat.standby.beat_due()
        return due_ms if due_ms < self._end_ms else None

    def _here(self, side: int, now_ms: int) -> list[AnyCommand]:
        seat = self._seats[side]
        seat.standby.said(now_ms)
        return [] if self._over or now_ms >= self._end_ms else [Here(seat.member.id, seat.booking)]

    def _lost_of(self, side: int, now_ms: int) -> list[AnyCommand]:
        seat = self._seats[side]
        over = self._over or now_ms >= self._end_ms
        return [] if over else [Here(seat.member.id, seat.booking, lost=True)]

    def _relieve(self, side: int) -> list[AnyCommand]:
        """The own partner is here: nobody else is looked for, and nothing asked."""
        out: list[AnyCommand] = []
        standby = self._seats[side].standby
        if standby.stop():
            out.append(StopSeeking(**self._unasked(side)))
            out += self._tell.send(side, refused(PartnerHere(), "seek"))
        if standby.ask_over():
            out.append(AnswerAsk(**self._unasked(side), accept=False))
            out += self._tell.send(side, wire.AskOver())
        return out

    # What pages say.

    def seek(self, side: int, message: wire.Seek, now_ms: int) -> list[AnyCommand]:
        """Ask the ledger for another partner, or raise."""
        from_ms = self._roll.change_from_ms(side, self._seats)
        if self._over or now_ms >= self._end_ms:
            raise NotNow
        if self._partner_here(side):
            raise PartnerHere
        if self._plan.locked and not message.locked:
            raise LockedIn
        if now_ms < from_ms:
            raise NotYet(change_from_ms=from_ms)
        asking = self._asking(side)
        self._seats[side].standby.seek(asking["request"])
        return [Seek(**asking, newcomers=message.newcomers, locked=message.locked)]

    def stop_seeking(self, side: int) -> list[AnyCommand]:
        """Wait for the own partner after all."""
        self._seats[side].standby.stop()
        return [StopSeeking(**self._asking(side))]

    def answer(self, side: int, message: wire.Answer, now_ms: int) -> list[AnyCommand]:
        """Say yes or no to what the ledger asks, or raise."""
        if message.accept and self._partner_here(side):
            raise PartnerHere
        asking = self._asking(side)
        self._seats[side].standby.answer(asking["request"], now_ms)
        return [AnswerAsk(**asking, accept=message.accept)]

    # Inside.

    def _together(self, side: int) -> bool:
        return len(self._seats) == 2 and self._seats[1 - side].conn is not None

    def _partner_here(self, side: int) -> bool:
        return len(self._seats) == 2 and self._seats[1 - side].presence.here

    def _asking(self, side: int) -> Asking:
        seat = self._seats[side]
        return {
            "conn": seat.conn or "",
            "request": self._ids.next(),
            "member": seat.member.id,
            "booking": seat.booking,
        }

    def _unasked(self, side: int) -> Asking:
        """For what no page said, so that none hears of an answer."""
        return {**self._asking(side), "conn": ""}


def refused(why: Refusal, ref: str) -> wire.Refused:
    """How a page hears of a refusal."""
    return wire.Refused(code=why.code, text=why.text, ref=ref, data=why.data)

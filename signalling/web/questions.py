"""What the hub asks the ledger: each command's answer as an event, whatever ails the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from scheduler.bookings import Booking, Pair, State
from scheduler.errors import NotFound, SchedulerError, Unavailable
from scheduler.rules import Rules
from signalling import commands, events
from signalling.ports import Accounts, Ledger, People, Standby

log = structlog.get_logger(__name__)

LOOK_UP_S = 3.0
NEXT_AT_ONCE = 16
"""Many rooms end in one moment; their look-ups must not hold up somebody who wants in."""

Answer = (
    events.Found
    | events.NotFound
    | events.FoundNext
    | events.Sought
    | events.Answered
    | events.StandbyFailed
)
WHAT: dict[type[commands.Standby], Any] = {
    commands.Seek: "seek",
    commands.StopSeeking: "stop_seeking",
    commands.AnswerAsk: "answer",
}


class Questions:
    """Asks, within a time, and never raises."""

    def __init__(
        self, rules: Rules, ledger: Ledger, accounts: Accounts, people: People, standby: Standby
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._people = people
        self._standby = standby
        self._friends_matter = rules.media_direct == "friends"
        self._next_gate = asyncio.Semaphore(NEXT_AT_ONCE)

    async def answer(self, command: commands.Command) -> Answer | None:
        """The event that answers a command; None if it needs no answer."""
        return await ASK[type(command)](self, command)

    # Bookings.

    async def _look_up(self, command: commands.LookUp) -> events.Found | events.NotFound:
        try:
            async with asyncio.timeout(LOOK_UP_S):
                booking = await self._ledger.booking(command.booking)
                return await self._found(booking, command.conn, command.ask)
        except NotFound:
            return events.NotFound(command.conn, command.ask, False)
        except Exception as problem:  # Whatever ails the store: who was in the room gets back in.
            log.warning("hub.booking_unread", problem=type(problem).__name__)
            return events.NotFound(command.conn, command.ask, True)

    async def _look_up_next(self, command: commands.LookUpNext) -> events.FoundNext:
        try:
            async with self._next_gate, asyncio.timeout(LOOK_UP_S):
                return await self._next(command)
        except Exception as problem:
            log.warning("hub.next_unread", problem=type(problem).__name__)
            return events.FoundNext(command.room, None, away=True)

    async def _next(self, command: commands.LookUpNext) -> events.FoundNext:
        first, second = command.members
        for booking in await self._ledger.bookings_of(first, command.from_ms, command.to_ms):
            if booking.state is State.MATCHED and booking.partner == second:
                found = await self._found(booking, "", 0)
                return events.FoundNext(command.room, found, await self._titles(found.pair))
        return events.FoundNext(command.room, None)

    async def _titles(self, pair: Pair | None) -> tuple[str, ...]:
        bookings = pair.bookings if pair else ()
        return tuple([(await self._ledger.booking(booking)).title for booking in bookings])

    async def _found(self, booking: Booking, conn: str, ask: int) -> events.Found:
        pair = await self._pair_of(booking)
        who = pair.members if pair is not None else (booking.member,)
        return events.Found(
            conn,
            ask,
            booking,
            pair,
            tuple([await self._accounts.member(member) for member in who]),
            list(await self._ledger.log_of(pair.id)) if pair is not None else [],
            friends=await self._are_friends(pair),
            missed=await self._missed(booking),
        )

    async def _pair_of(self, booking: Booking) -> Pair | None:
        together = booking.state in (State.MATCHED, State.DONE)
        pair = await self._ledger.pair(booking.pair) if booking.pair and together else None
        return None if pair is None or pair.dissolved else pair

    async def _are_friends(self, pair: Pair | None) -> bool:
        asked = pair is not None and self._friends_matter
        return await self._people.friends(*pair.members) if pair and asked else False

    async def _missed(self, booking: Booking) -> events.Missed | None:
        """Who did not wait for this member, if that is so."""
        if not booking.missed:
            return None
        pair = await self._ledger.pair(booking.missed)
        former = next(member for member in pair.members if member != booking.member)
        name = (await self._accounts.member(former)).name
        return events.Missed(pair=pair.id, former=name, at_ms=pair.parted_ms)

    # Standby.

    async def _seek(self, command: commands.Seek) -> Answer:
        seek = self._standby.seek(
            command.request,
            command.member,
            command.booking,
            newcomers=command.newcomers,
            locked=command.locked,
        )
        answer: Answer = await self._stand(command, seek, events.Sought)
        return answer

    async def _answer_ask(self, command: commands.AnswerAsk) -> Answer:
        said = self._standby.answer(command.member, command.booking, command.accept)
        answered = lambda conn, request, _: events.Answered(conn, request)  # noqa: E731
        answer: Answer = await self._stand(command, said, answered)
        return answer

    async def _stop(self, command: commands.StopSeeking) -> Answer | None:
        stop = self._standby.stop(command.member, command.booking)
        failed = await self._stand(command, stop, lambda *_: None)
        return failed if isinstance(failed, events.StandbyFailed) else None

    async def _stand(
        self,
        command: commands.Standby,
        doing: Awaitable[Any],
        event: Callable[[str, str, Any], Any],
    ) -> Any:
        try:
            async with asyncio.timeout(LOOK_UP_S):
                return event(command.conn, command.request, await doing)
        except SchedulerError as refusal:
            code, from_ms = refusal.code, int(refusal.data.get("from_ms", 0))
        except Exception as problem:
            log.warning("hub.standby_unsaid", problem=type(problem).__name__)
            code, from_ms = Unavailable.code, 0
        what = WHAT[type(command)]
        return events.StandbyFailed(command.conn, command.request, what, code, from_ms)


ASK: dict[type[commands.Command], Callable[[Questions, Any], Awaitable[Answer | None]]] = {
    commands.LookUp: Questions._look_up,
    commands.LookUpNext: Questions._look_up_next,
    commands.Seek: Questions._seek,
    commands.AnswerAsk: Questions._answer_ask,
    commands.StopSeeking: Questions._stop,
}

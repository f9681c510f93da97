"""Repeats: made, stopped, a date taken out; and their dates booked as they come inside the horizon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import msgspec

from scheduler import repeats as rules_of
from scheduler.bookings import Booking, State
from scheduler.config import Config
from scheduler.errors import (
    AlreadyOver,
    BadField,
    BeyondHorizon,
    Forbidden,
    Full,
    InThePast,
    NotFound,
    OtherRequest,
    SchedulerError,
    TooMany,
    Unavailable,
)
from scheduler.ports import Clock, Ledger
from scheduler.repeats import Coming, DateState, Kept, Occurrence, Repeat
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.signin import keyed_hash
from scheduler.work import Later, Piece

REPEATS_MAX = 20
"""Repeats one member may have."""
BLOCKED_MS = 60 * 60_000
"""How long after a refusal that is not about the date a repeat is tried again."""

LIVE = frozenset({State.WAITING, State.MATCHED})
WAIT = (Unavailable, TooMany, Forbidden, Full)
"""Refusals that say nothing about the date: it is tried again."""
PASS = (InThePast, BeyondHorizon)
"""The clock moved on meanwhile: the next look decides."""


class Store(Protocol):
    """`scheduler.store.repeats.RepeatStore`."""

    async def create(self, fresh: Repeat) -> Repeat: ...
    async def one(self, id: str) -> Repeat: ...
    async def of(self, member: str) -> list[Repeat]: ...
    async def drop(self, repeat: Repeat) -> dict[str, Kept]: ...
    async def dates(self, id: str) -> dict[str, Kept]: ...
    async def keep(self, id: str, day: date, kept: Kept) -> bool: ...
    async def take_out(self, id: str, day: date, start_ms: int) -> Kept | None: ...
    async def forget(self, id: str, days: list[str]) -> None: ...
    async def makers(self, bookings: Iterable[str]) -> dict[str, str]: ...


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A repeat and its coming dates."""

    repeat: Repeat
    next: list[Coming]


class Repeats:
    """What members do with repeats, and what the scheduler does with them."""

    def __init__(self, *, ledger: Ledger, store: Store, clock: Clock, config: Config) -> None:
        self._ledger = ledger
        self._store = store
        self._clock = clock
        self._config = config

    async def make(self, request_id: str, wanted: Repeat) -> Planned:
        """Keep a repeat and book what lies inside the horizon. Its id is made from the request's, so
        that asking again finds it."""
        asked = f"{wanted.member}:{request_id}"
        id = f"r_{keyed_hash(self._config.secret, 'repeat', asked)[:20]}"
        now_ms = self._clock.now_ms()
        fresh = msgspec.structs.replace(wanted, id=id, created_ms=now_ms)
        fresh = rules_of.checked(fresh, self._config.rules, now_ms)
        held = await self._store.of(wanted.member)
        if len(held) >= REPEATS_MAX and id not in {each.id for each in held}:
            raise Full(limit=REPEATS_MAX)
        made = await self._store.create(fresh)
        if msgspec.structs.replace(made, created_ms=now_ms) != fresh:
            raise OtherRequest(field="request_id")
        await self.book_ahead(id)
        return await self._planned(made, await self._bookings(made.member))

    async def mine(self, member: str) -> list[Planned]:
        own = await self._bookings(member)
        return [await self._planned(each, own) for each in await self._store.of(member)]

    async def makers(self, bookings: Iterable[str]) -> dict[str, str]:
        """Of these bookings those that a repeat made, with its id."""
        return await self._store.makers(bookings)

    async def stop(self, request_id: str, member: str, id: str, *, cancel: bool) -> None:
        """End a repeat, and with `cancel` its coming bookings by the usual rules."""
        repeat = await self._own(member, id)
        if cancel:
            await self._cancel_all(request_id, repeat, await self._store.dates(id))
        # What was booked meanwhile is among these; what is booked from now on is given up by who books it.
        left = await self._store.drop(repeat)
        if cancel:
            await self._cancel_all(request_id, repeat, left)

    async def skip(self, request_id: str, member: str, id: str, day: date) -> Planned:
        """Take one date out, and cancel its booking by the usual rules."""
        repeat = await self._own(member, id)
        start_ms = rules_of.instant_of(day, repeat.time, repeat.zone).start_ms
        if not rules_of.occurs(repeat, day) or start_ms <= self._clock.now_ms():
            raise BadField(field="date")
        dates = await self._store.dates(id)
        # Cancelled first, so that asking again after a lost answer finds it; and what was booked meanwhile.
        for kept in (dates.get(day.isoformat()), await self._store.take_out(id, day, start_ms)):
            if kept:
                await self._cancel(request_id, repeat, kept)
        return await self._planned(repeat, await self._bookings(member))

    async def book_ahead(self, id: str) -> int | None:
        """Book what is not decided yet; gives when to look again, None if never.

        The request id names repeat and date, so that doing it again books nothing twice.
        """
        try:
            repeat = await self._store.one(id)
        except NotFound:
            return None
        now_ms, horizon_ms = self._clock.now_ms(), self._config.rules.horizon_ms
        dates = await self._store.dates(id)
        for each in rules_of.undecided(repeat, dates, now_ms, horizon_ms):
            if not await self._book(repeat, each):
                return now_ms + BLOCKED_MS
        past = [day for day, kept in dates.items() if kept.start_ms < now_ms - DAY_MS]
        await self._store.forget(id, past)
        return rules_of.next_look_ms(repeat, now_ms, horizon_ms)

    async def look(self, piece: Piece) -> Later | None:
        """What waits in the queue: a repeat's id."""
        again_ms = await self.book_ahead(piece.id)
        return None if again_ms is None else Later(again_ms, piece.what)

    async def _book(self, repeat: Repeat, each: Occurrence) -> bool:
        """Decide one date; False if nothing can be booked now."""
        request_id = f"repeat:{repeat.id}:{each.date.isoformat()}"
        try:
            booking = await self._ledger.book(request_id, repeat.member, repeat.wish(each.start_ms))
            kept = Kept(state=DateState.BOOKED, start_ms=each.start_ms, booking=booking.id)
        except WAIT:
            return False
        except PASS:
            return True
        except SchedulerError as refusal:
            kept = Kept(state=DateState.TAKEN, start_ms=each.start_ms, why=refusal.code)
        if not await self._store.keep(repeat.id, each.date, kept):
            await self._cancel(request_id, repeat, kept)  # stopped or taken out while it was booked
        return True

    async def _own(self, member: str, id: str) -> Repeat:
        repeat = await self._store.one(id)
        if repeat.member != member:
            raise NotFound(field="repeat")
        return repeat

    async def _cancel_all(self, request_id: str, repeat: Repeat, dates: dict[str, Kept]) -> None:
        now_ms = self._clock.now_ms()
        for kept in dates.values():
            if kept.start_ms > now_ms:
                await self._cancel(request_id, repeat, kept)

    async def _cancel(self, request_id: str, repeat: Repeat, kept: Kept) -> None:
        if kept.booking:
            try:
                await self._ledger.cancel(
                    f"{request_id}:{kept.booking}", repeat.member, kept.booking
                )
            except AlreadyOver:
                return

    async def _planned(self, repeat: Repeat, own: list[Booking]) -> Planned:
        """A repeat with its coming dates, `own` being its owner's bookings."""
        now_ms, rules = self._clock.now_ms(), self._config.rules
        dates = await self._live_dates(repeat, {each.id for each in own})
        next = rules_of.coming(repeat, dates, now_ms)
        if sum(each.state in LIVE for each in own) >= rules.bookings_max:
            next = rules_of.held_up(next, now_ms + rules.horizon_ms, Full.code)
        return Planned(repeat=repeat, next=next)

    async def _live_dates(self, repeat: Repeat, live: set[str]) -> dict[str, Kept]:
        """The dates; one whose booking its owner cancelled counts as taken out."""
        now_ms = self._clock.now_ms()
        return {
            day: kept
            if kept.booking is None or kept.booking in live
            else Kept(state=DateState.SKIPPED, start_ms=kept.start_ms)
            for day, kept in (await self._store.dates(repeat.id)).items()
            if kept.start_ms >= now_ms
        }

    async def _bookings(self, member: str) -> list[Booking]:
        """The owner's bookings that are not over: read once, however many repeats there are."""
        now_ms, rules = self._clock.now_ms(), self._config.rules
        since_ms = now_ms - max(rules.lengths_min) * MINUTE_MS
        return await self._ledger.bookings_of(member, since_ms, now_ms + rules.horizon_ms + DAY_MS)

"""Repeats: made, stopped, a date taken out; and their dates booked as they come inside the horizon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import msgspec

from scheduler import repeats as rules_of
from scheduler.bookings import Booking
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
from scheduler.rules import DAY_MS
from scheduler.signin import keyed_hash
from scheduler.work import Later, Piece

REPEATS_MAX = 20
"""Repeats one member may have."""
BLOCKED_MS = 60 * 60_000
"""How long after a refusal that is not about the date a repeat is tried again."""

WAIT = (Unavailable, TooMany, Forbidden)
"""Refusals that say nothing about the date: it is tried again."""
PASS = (InThePast, BeyondHorizon)
"""The clock moved on meanwhile: the next look decides."""


class Store(Protocol):
    """`scheduler.store.repeats.RepeatStore`."""

    async def create(self, fresh: Repeat) -> Repeat: ...
    async def one(self, id: str) -> Repeat: ...
    async def of(self, member: str) -> list[Repeat]: ...
    async def drop(self, repeat: Repeat) -> None: ...
    async def dates(self, id: str) -> dict[str, Kept]: ...
    async def keep(self, id: str, day: date, kept: Kept) -> None: ...
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
        return await self._planned(made)

    async def mine(self, member: str) -> list[Planned]:
        return [await self._planned(each) for each in await self._store.of(member)]

    async def makers(self, bookings: Iterable[str]) -> dict[str, str]:
        """Of these bookings those that a repeat made, with its id."""
        return await self._store.makers(bookings)

    async def stop(self, request_id: str, member: str, id: str, *, cancel: bool) -> None:
        """End a repeat, and with `cancel` its coming bookings by the usual rules."""
        repeat = await self._own(member, id)
        if cancel:
            for day, kept in (await self._live_dates(repeat)).items():
                await self._cancel(f"{request_id}:{day}", repeat, kept)
        await self._store.drop(repeat)

    async def skip(self, request_id: str, member: str, id: str, day: date) -> Planned:
        """Take one date out, and cancel its booking by the usual rules."""
        repeat = await self._own(member, id)
        start_ms = rules_of.instant_of(day, repeat.time, repeat.zone).start_ms
        if not rules_of.occurs(repeat, day) or start_ms <= self._clock.now_ms():
            raise BadField(field="date")
        kept = (await self._store.dates(id)).get(day.isoformat())
        if kept:
            await self._cancel(f"{request_id}:{day}", repeat, kept)
        await self._store.keep(id, day, Kept(state=DateState.SKIPPED, start_ms=start_ms))
        return await self._planned(repeat)

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
        await self._store.keep(repeat.id, each.date, kept)
        return True

    async def _own(self, member: str, id: str) -> Repeat:
        repeat = await self._store.one(id)
        if repeat.member != member:
            raise NotFound(field="repeat")
        return repeat

    async def _cancel(self, request_id: str, repeat: Repeat, kept: Kept) -> None:
        if kept.booking:
            try:
                await self._ledger.cancel(request_id, repeat.member, kept.booking)
            except AlreadyOver:
                return

    async def _planned(self, repeat: Repeat) -> Planned:
        now_ms = self._clock.now_ms()
        dates = await self._live_dates(repeat)
        return Planned(repeat=repeat, next=rules_of.coming(repeat, dates, now_ms))

    async def _live_dates(self, repeat: Repeat) -> dict[str, Kept]:
        """The dates; one whose booking its owner cancelled counts as taken out."""
        now_ms = self._clock.now_ms()
        ahead_ms = now_ms + self._config.rules.horizon_ms + DAY_MS
        live = {each.id for each in await self._bookings(repeat.member, now_ms, ahead_ms)}
        return {
            day: kept
            if kept.booking is None or kept.booking in live
            else Kept(state=DateState.SKIPPED, start_ms=kept.start_ms)
            for day, kept in (await self._store.dates(repeat.id)).items()
            if kept.start_ms >= now_ms
        }

    async def _bookings(self, member: str, from_ms: int, to_ms: int) -> list[Booking]:
        return await self._ledger.bookings_of(member, from_ms, to_ms)

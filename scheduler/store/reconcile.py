"""Put right what is derived from bookings: calendars, slots, pools and timers.

A store that was restored from a file, or promoted after its primary died, may lack the last moments of
what it held; and a change of the rules may read the same bookings in another way. Bookings decide.
Each call looks at a hundred or so, so that nobody waits for it.
"""

from __future__ import annotations

import logging

import msgspec
from redis.asyncio import Redis

from scheduler.store.calls import Caller, unpack
from scheduler.store.rounds import Rounds, history_of

log = logging.getLogger(__name__)

BOOKINGS_A_CALL = 100
EVERY_S = 5.0
BEGINNING = "0"


class Repairs(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and how much of each kind was wrong."""

    looked: int = 0
    calendars: int = 0
    slots: int = 0
    pools: int = 0
    timers: int = 0

    @property
    def wrong(self) -> int:
        return self.calendars + self.slots + self.pools + self.timers

    def __add__(self, other: Repairs) -> Repairs:
        names = self.__struct_fields__
        return Repairs(**{name: getattr(self, name) + getattr(other, name) for name in names})


class _Bookings(Repairs, frozen=True, kw_only=True):
    last_booking: int


class _Keys(Repairs, frozen=True, kw_only=True):
    cursor: str
    large: list[str] = []


async def reconcile(calls: Caller, *, mend: bool = True) -> Repairs:
    """Look at everything, and mend it; with `mend` off only count what is wrong."""
    flag = "1" if mend else ""
    return await _bookings(calls, flag) + await _left_over(calls, flag)


async def _bookings(calls: Caller, flag: str) -> Repairs:
    found, first, last = Repairs(), 1, 1
    while first <= last:
        answer = await calls.write("reconcile_bookings", flag, first, first + BOOKINGS_A_CALL - 1)
        part = unpack(answer, _Bookings)
        found, first, last = found + part, first + BOOKINGS_A_CALL, part.last_booking
    return found


async def _left_over(calls: Caller, flag: str) -> Repairs:
    found, cursor = Repairs(), ""
    while cursor != BEGINNING:
        part = unpack(await calls.write("reconcile_keys", flag, cursor or BEGINNING), _Keys)
        found, cursor = found + part, part.cursor
        for key in part.large:
            found += await _one_key(calls, flag, key)
    return found


async def _one_key(calls: Caller, flag: str, key: str) -> Repairs:
    found, cursor = Repairs(), ""
    while cursor != BEGINNING:
        part = unpack(await calls.write("reconcile_key", flag, key, cursor or BEGINNING), _Keys)
        found, cursor = found + part, part.cursor
    return found


class Reconciler(Rounds):
    """Reconciles at the start, and whenever another store has become the primary."""

    def __init__(self, redis: Redis, calls: Caller, *, every_s: float = EVERY_S) -> None:
        super().__init__()
        self._redis = redis
        self._calls = calls
        self._every_s = every_s
        self._history = ""
        """Of the store that was looked at last."""

    async def look(self) -> float:
        history = await history_of(self._redis)
        if history != self._history:
            repairs = await reconcile(self._calls)
            self._history = history
            level = logging.WARNING if repairs.wrong else logging.INFO
            log.log(level, "ledger reconciled: %s", repairs)
        return self._every_s

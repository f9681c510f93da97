"""Races for the soonest start."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.bookings import Booking, State
from scheduler.errors import InThePast, Overlap
from scheduler.services.bookings import SOON_TRIES
from tests.scheduler.desk import Desk


class Contested:
    """The real ledger, where the soonest start is taken away a few times before one can book it."""

    def __init__(self, desk: Desk, refusals: int) -> None:
        self._ledger = desk.ledger
        self.refusals = refusals
        self.requests: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def book(self, request_id: str, member: str, wish: Any, *, asked: str = "") -> Booking:
        self.requests.append(request_id)
        if len(self.requests) <= self.refusals:
            raise (Overlap, InThePast)[len(self.requests) % 2]
        return await self._ledger.book(request_id, member, wish, asked=asked)


async def test_a_start_taken_meanwhile_is_looked_for_again(desk: Desk) -> None:
    contested = Contested(desk, SOON_TRIES - 1)
    desk.parts.service.bookings._ledger = contested  # type: ignore[assignment]
    booking = await desk.parts.service.bookings.book_soon("request", "m_ana", 25)
    assert booking.state is State.WAITING
    assert set(contested.requests) == {"request:soon"}


async def test_looking_again_has_an_end(desk: Desk) -> None:
    contested = Contested(desk, SOON_TRIES)
    desk.parts.service.bookings._ledger = contested  # type: ignore[assignment]
    with pytest.raises((Overlap, InThePast)):
        await desk.parts.service.bookings.book_soon("request", "m_ana", 25)
    assert len(contested.requests) == SOON_TRIES

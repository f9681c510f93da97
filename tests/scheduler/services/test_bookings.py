"""Races for the soonest start."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.bookings import SOONEST, Booking, State, Task, Wish
from scheduler.errors import InThePast, OtherRequest, Overlap
from scheduler.services.bookings import SOON_TRIES
from tests.scheduler.desk import Desk

WISH = Wish(start_ms=SOONEST, length_min=25)


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
    booking = await desk.parts.service.bookings.book_soon("request", "m_ana", WISH)
    assert booking.state is State.WAITING
    assert set(contested.requests) == {"request:soon"}


async def test_looking_again_has_an_end(desk: Desk) -> None:
    contested = Contested(desk, SOON_TRIES)
    desk.parts.service.bookings._ledger = contested  # type: ignore[assignment]
    with pytest.raises((Overlap, InThePast)):
        await desk.parts.service.bookings.book_soon("request", "m_ana", WISH)
    assert len(contested.requests) == SOON_TRIES


async def test_the_soonest_session_is_as_it_was_wished_for(desk: Desk) -> None:
    wish = Wish(
        start_ms=SOONEST,
        length_min=25,
        title="Thesis",
        quiet=True,
        task=Task.DESK,
        prefer_favourites=False,
        also_shorter=True,
    )
    booking = await desk.parts.service.bookings.book_soon("request", "m_ana", wish)
    assert booking.start_ms > SOONEST
    assert (booking.title, booking.quiet, booking.task) == ("Thesis", True, Task.DESK)
    assert (booking.prefer_favourites, booking.also_shorter) == (False, True)


async def test_another_wish_under_the_same_name_is_refused(desk: Desk) -> None:
    service = desk.parts.service.bookings
    first = await service.book_soon("request", "m_ana", WISH)
    assert await service.book_soon("request", "m_ana", WISH) == first
    quiet = Wish(start_ms=SOONEST, length_min=25, quiet=True)
    with pytest.raises(OtherRequest):
        await service.book_soon("request", "m_ana", quiet)

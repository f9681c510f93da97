"""Two people brought together: they book the same session, and sit down to it."""

from __future__ import annotations

import asyncio

from tests.support.people import MINUTE, Person, next_start
from tests.support.system import System


async def matched(
    system: System, one: Person, other: Person, *, length_min: int, grid_min: int = 15
) -> tuple[int, list[str]]:
    """Both hold the same session; its start and their bookings."""
    for person in (one, other):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), grid_min, ahead_min=70)
    return start_ms, [await person.book(start_ms, length_min) for person in (one, other)]


async def in_the_room(
    system: System, one: Person, other: Person, *, length_min: int, grid_min: int = 15
) -> tuple[int, list[str]]:
    """Both in their seats a minute before the session begins, seeing each other."""
    start_ms, bookings = await matched(system, one, other, length_min=length_min, grid_min=grid_min)
    await system.move_to(start_ms - MINUTE)
    for person, booking in zip((one, other), bookings, strict=True):
        await person.enter_room(booking)
    await they_see_each_other(one, other)
    return start_ms, bookings


async def they_see_each_other(one: Person, other: Person) -> None:
    """Each has the other's picture, and it moves."""
    await asyncio.gather(*(each.sees_moving_picture(within_s=30) for each in (one, other)))

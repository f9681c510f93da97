"""Members who know each other, and what they do about it."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse

from scheduler.rules import DAY_MS
from tests.scheduler.desk import Browser, Desk, text

_numbers = itertools.count(1)


def fresh() -> str:
    """A request id nobody used."""
    return f"request-{next(_numbers):06}"


async def acquainted(desk: Desk, one: Browser, *others: Browser) -> None:
    """They share a coming session each, far from any other in a test."""
    first = await desk.slot() // DAY_MS * DAY_MS + 20 * DAY_MS
    for other in others:
        start = first + next(_numbers) % 90 * 60 * 60_000
        await one.booked(start)
        assert (await other.booked(start))["partner"]["id"] == one.me["id"]


def at(other: Browser, what: str = "") -> str:
    return f"/people/{other.me['id']}" + (f"/{what}" if what else "")


async def tie(one: Browser, what: str, other: Browser, **more: Any) -> dict[str, Any]:
    """Make the other a favourite or a friend, snooze or block them."""
    body = {"request_id": fresh(), **more}
    return dict(await one.send("PUT", at(other, what), body))


async def untie(one: Browser, what: str, other: Browser) -> dict[str, Any]:
    path = f"{at(other, what)}?request_id={fresh()}"
    return dict(await one.send("DELETE", path))


async def known(one: Browser) -> dict[str, dict[str, Any]]:
    """Everybody in the list of people, by name."""
    return {each["name"]: each for each in (await one.get("/people"))["people"]}


def lock(other: Browser, start_ms: int, **more: Any) -> dict[str, Any]:
    """The body of a lock-in."""
    slot = {"start": text(start_ms), "length_min": 25}
    return {"request_id": fresh(), "member": other.me["id"], **slot, **more}


async def locks(one: Browser, other: Browser, start_ms: int, **more: Any) -> ClientResponse:
    return await one.call("POST", "/bookings/lock", lock(other, start_ms, **more))


async def seen(one: Browser, booking: dict[str, Any]) -> dict[str, Any]:
    """An own booking as it is now."""
    return dict(await one.get(f"/bookings/{booking['id']}"))


async def free(one: Browser, start_ms: int, other: Browser | None = None) -> list[tuple[str, str]]:
    """Names and starts of the free times around an instant."""
    span = urlencode({"from": text(start_ms - DAY_MS), "to": text(start_ms + DAY_MS)})
    path = at(other, "free") if other else "/people/free"
    times = (await one.get(f"{path}?{span}"))["times"]
    return [(each["member"]["name"], each["start"]) for each in times]

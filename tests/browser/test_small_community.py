"""Where few meet: shorter sessions are seen, times are on the grid, and no wish is lost on the way."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import Person, next_start, words
from tests.support.system import System, running_system

HOUR_MIN = 60
WISHES = ("title", "quiet", "also_shorter", "length_min")


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance for few people: a start each hour of UTC, lengths that cross."""
    async with running_system(tmp_path_factory.mktemp("small"), community="small") as system:
        yield system


async def wished(person: Person) -> tuple[Any, ...]:
    """What the newest own session was wished to be."""
    booking = await person.call("GET", f"/bookings/{await person.last_booking()}")
    return tuple(booking[wish] for wish in WISHES)


async def test_the_wishes_reach_as_soon_as_possible_and_come_back_with_undo(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    for person in (ana, ben):
        await person.sign_in_quickly()
    await ben.book(next_start(await system.now_ms(), HOUR_MIN, ahead_min=150), 25)

    await ana.page.goto("/")
    there = ana.page.get_by_role("region", name="Somebody is already there")
    await expect(there.get_by_text("Nobody is waiting yet")).to_be_visible()
    options = ana.page.get_by_role("region", name="For the sessions you book")
    await options.get_by_role("switch", name="Shorter is fine too").click()
    await expect(there.get_by_text(words("Ben, 25 min")).first).to_be_visible()
    await options.get_by_role("switch", name="Quiet, chat only").click()
    title = options.get_by_label("Title")
    await title.fill("Thesis")

    await ana.press("Start as soon as possible")
    await ana.sees("Finding a partner")
    await expect(title).to_have_value("")
    assert await wished(ana) == ("Thesis", True, True, 50)

    await ana.page.goto(f"/sessions/{await ana.last_booking()}")
    await ana.press("Cancel the session")
    async with ana.page.expect_response("**/api/v1/bookings"):
        await ana.press("Undo")
    await ana.page.goto("/sessions")
    await expect(ana.page.get_by_text("Thesis").first).to_be_visible()
    assert await wished(ana) == ("Thesis", True, True, 50)


async def test_the_proposed_time_can_be_booked_in_India(system: System, enrol: Enrol) -> None:
    ida = await enrol("Ida")
    await ida.sign_in_quickly()
    await ida.call("PATCH", "/me", {"zone": "Asia/Kolkata", "gender": "woman"})
    await ida.call("PATCH", "/me", {"only_gender": "woman"})  # nobody is there for her
    await ida.page.goto("/")
    await ida.press(re.compile("Book tomorrow 0?9:30"))
    await ida.sees("Finding a partner")
    booking = await ida.call("GET", f"/bookings/{await ida.last_booking()}")
    assert booking["start"].endswith("T04:00:00Z")

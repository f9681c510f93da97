"""A session at work, and the pages of people; `--update-pictures` writes the pictures anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.browser.conftest import Enrol
from tests.support.company import scenes
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE
from tests.support.system import System, running_system

LENGTH_MIN = 50

SHOWN = {"people", "free-times", "messages", "partner-panel", "booking-panel", "invite"}
"""Scenes whose pictures the documents keep."""

TASKS = {
    "Ana": ("Collect the three sources", "Thesis, chapter 3: write the opening"),
    "Ben": ("Answer the letters", "Draft the grant budget"),
}


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("pictures")) as system:
        yield system


async def test_two_members_at_work(system: System, enrol: Enrol, update_pictures: bool) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    start_ms, _ = await in_the_room(system, ana, ben, length_min=LENGTH_MIN, grid_min=60)
    await system.move_to(start_ms + 24 * MINUTE)
    await ana.sees("min left")
    for person, partner in ((ana, ben), (ben, ana)):
        await person.press("Mic on, turn off")
        for task in TASKS[person.name]:
            await person.add_task(task)
            await partner.sees(task)
        await person.tick(TASKS[person.name][0])
    await ben.write("Ana", "Half way there. Coffee helped.")
    await ana.sees("Half way there. Coffee helped.")
    await ana.page.mouse.click(640, 90)  # lay the pen down: no field has the focus
    await ana.picture("room-1280-light", update=update_pictures)
    await ben.page.emulate_media(color_scheme="dark")
    await ben.page.set_viewport_size({"width": 390, "height": 844})
    await ben.picture("room-390-dark", update=update_pictures)


async def test_a_member_among_people(system: System, enrol: Enrol, update_pictures: bool) -> None:
    ana, guest = await enrol("Lea"), await enrol("Guest", timezone_id="Asia/Kathmandu")
    await ana.sign_in_quickly()
    async for name, person in scenes(system, ana, guest):
        keep = update_pictures and name in SHOWN
        page = person.page
        await page.emulate_media(color_scheme="light", reduced_motion="reduce")
        await person.picture(f"{name}-1280-light", update=keep)
        await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        await page.set_viewport_size({"width": 390, "height": 844})
        await person.picture(f"{name}-390-dark", update=keep)
        await page.set_viewport_size({"width": 1280, "height": 800})

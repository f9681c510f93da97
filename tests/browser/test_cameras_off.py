"""A camera that is off: the partner says so once, and where the instance allows it two agree to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE, Person, words
from tests.support.system import System, running_system

LENGTH_MIN = 25
SECOND = 1_000


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance on which two may agree to work without pictures."""
    directory = tmp_path_factory.mktemp("cameras")
    async with running_system(directory, cameras_off="1") as system:
        yield system


async def ana_asks_and_ben_declines(ana: Person, ben: Person) -> None:
    await ana.press("More")
    await ana.page.get_by_text(words("Cameras off, if Ben agrees")).click()
    await ana.page.keyboard.press("Escape")
    await ben.sees("Ana would like to work with cameras off.")
    await ben.press("Not now")
    await ana.sees("Ben would rather keep cameras on.")
    await expect(ben.page.get_by_role("main")).to_be_focused()


async def test_D9_the_partner_says_so_and_then_both_agree_to_cameras_off(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    start_ms, (anas, _) = await in_the_room(system, ana, ben, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)
    await ben.press("Camera on, turn off")
    tell = ana.page.get_by_role("button", name="Tell Ben")
    await expect(tell).to_be_hidden()
    await system.move_to(start_ms + 2 * MINUTE + 5 * SECOND)
    await expect(tell).to_be_visible(timeout=15_000)
    await ana.picture("room-tell-1280-light", update=False)
    await tell.click()
    await ben.sees("Your camera is off, and Ana would like to see you.")
    await ben.picture("room-missed-1280-light", update=False)
    await expect(tell).to_be_hidden()
    await ana.sees("Ben was told")

    await ana_asks_and_ben_declines(ana, ben)
    await ben.press("More")
    await ben.page.get_by_text(words("Cameras off, if Ana agrees")).click()
    await ben.page.keyboard.press("Escape")
    await ana.sees("Ben would like to work with cameras off.")
    await ana.page.set_viewport_size({"width": 390, "height": 844})
    await ana.picture("room-cameras-asked-390-light", update=False)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await ana.picture("room-cameras-asked-1280-light", update=False)
    await ana.press("Agree")
    for person in (ana, ben):
        await person.sees("Cameras may be off: you two agreed.")
    await ana.picture("room-cameras-agreed-1280-light", update=False)
    main = ana.page.get_by_role("main")
    agreed = main.get_by_text(words("Cameras may be off: you two agreed."))
    await expect(agreed).to_have_count(0, timeout=15_000)
    await expect(main.get_by_text("Cameras may be off", exact=True)).to_be_visible()
    await ana.picture("room-cameras-off-1280-light", update=False)

    end_ms = start_ms + LENGTH_MIN * MINUTE
    await system.move_to(end_ms)
    await system.move_to(end_ms + 5 * MINUTE + SECOND)
    await ana.settled(anas)
    assert await ana.flags() == await ben.flags() == []

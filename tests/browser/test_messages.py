"""Two partners write to each other, each at their own page, for as long as they may."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.meeting import matched
from tests.support.people import MINUTE, Person
from tests.support.system import System, running_system

LENGTH_MIN = 25
DAY = 24 * 60 * MINUTE


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("messages")) as system:
        yield system


async def test_partners_write_until_their_thread_closes(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    start_ms, _ = await matched(system, ana, ben, length_min=LENGTH_MIN)
    await ana.page.goto(f"/sessions/{await ana.last_booking()}")
    await ana.follow(re.compile("^Message(?!s)"))
    await ana.sees("Nothing written yet. Say hello.")
    await ben.page.goto("/")

    await ana.write("Ben", "Shall we start with a minute of silence?")
    await said(ana, "Shall we start with a minute of silence?")
    await expect(
        ben.page.get_by_role("link", name=re.compile("^Messages.*1 unread"))
    ).to_be_visible()
    await ben.follow("Messages")
    await ben.follow("Ana")
    await said(ben, "Shall we start with a minute of silence?")
    await ben.press("3 minutes late")
    await said(ana, "3 minutes late")
    await ana.write("Ben", "All right")
    await said(ben, "All right")
    await expect(ben.page.get_by_role("link", name="unread")).to_have_count(0)

    await system.move_to(start_ms + LENGTH_MIN * MINUTE + 8 * DAY)
    await ana.page.reload()
    await ana.sees("You can write again once you have a session together.")
    await said(ana, "3 minutes late")
    await expect(ana.page.get_by_label("Write to")).to_have_count(0)


async def said(person: Person, text: str) -> None:
    """It stands in the thread that is open, and is on its way no more."""
    log = person.page.get_by_role("log")
    await expect(log.get_by_text(text, exact=True)).to_be_visible()
    await expect(log.get_by_text("Sending")).to_have_count(0)

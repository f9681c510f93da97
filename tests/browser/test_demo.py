"""What `up --demo` promises: one person alone sees a whole session within two minutes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import next_start
from tests.support.system import System, running_system

PROMISED_S = 120


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A demo with its robots."""
    async with running_system(tmp_path_factory.mktemp("demo"), demo=True, robots=True) as system:
        yield system


async def test_one_person_alone_works_beside_a_robot(system: System, enrol: Enrol) -> None:
    ana = await enrol("Ana")
    async with asyncio.timeout(PROMISED_S):
        await ana.page.goto("/signin")
        await ana.press("Come in as Ana")
        await ana.choose(next_start(await system.now_ms(), 1, ahead_min=2))
        await ana.press(re.compile("^Book session"))
        await ana.sees(re.compile("Robo (Ada|Bo|Cy)"), within_s=20)

        await ana.press("Skip to the start")
        await ana.follow("Enter the room")
        await ana.through_the_check()
        await ana.sees_moving_picture(within_s=40)
        await ana.sees(re.compile("a robot of this demo"))

        await ana.press("Skip to the last minute")
        await ana.sees("One minute. Finish your sentence.")
        await ana.sees("3 minutes, alongside Robo", within_s=70)
        await ana.page.goto("/people")
        await ana.press(re.compile("Favourite: .*Robo"))


async def test_a_newcomer_sees_that_somebody_waits(system: System, enrol: Enrol) -> None:
    ben = await enrol("Ben")
    await ben.page.goto("/signin")
    await ben.press("Come in as Ben")
    await ben.sees("Somebody is already there")
    await ben.sees(re.compile("Robo"))


async def test_one_robot_can_be_locked_in(system: System, enrol: Enrol) -> None:
    ben = await enrol("Ben")
    await ben.page.goto("/signin")
    await ben.press("Come in as Ben")
    await ben.press(re.compile("Robo Ada.* is waiting"))
    await ben.press("Who waits")
    await ben.press(re.compile("^Lock in .*Robo Ada"))
    own = re.compile("your session with .*Robo Ada.*locked in")
    await expect(ben.page.get_by_role("button", name=own).first).to_be_visible()

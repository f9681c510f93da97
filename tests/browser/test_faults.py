"""Faults a member can see the evidence of: nobody is flagged who kept the rules.

Time is moved with the ledger's clock; what counts is what hub and SFU saw.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room, matched
from tests.support.people import MINUTE, Person
from tests.support.system import System, running_system

LENGTH_MIN = 25


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("faults")) as system:
        yield system


@pytest.fixture(scope="module")
async def relaying(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """The same, but nobody may connect directly."""
    async with running_system(tmp_path_factory.mktemp("relaying"), direct="nobody") as system:
        yield system


async def both_at_work(system: System, one: Person, other: Person) -> tuple[int, list[str]]:
    """Both in their seats, a minute into the session."""
    start_ms, bookings = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)
    return start_ms, bookings


async def end_of(system: System, start_ms: int, person: Person, booking: str) -> None:
    """The session ends, the doors close, and it is judged."""
    end_ms = start_ms + LENGTH_MIN * MINUTE
    await system.move_to(end_ms)
    await system.move_to(end_ms + 5 * MINUTE + 1_000)
    await person.settled(booking)


async def test_a_partner_who_never_comes_is_marked_and_nobody_else(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    start_ms, (anas, bens) = await matched(system, ana, ben, length_min=LENGTH_MIN)
    await system.move_to(start_ms - MINUTE)
    await ana.enter_room(anas)
    await system.move_to(start_ms + 1_000)
    await ana.sees("Ben isn’t here yet")
    await system.move_to(start_ms + 2 * MINUTE + 1_000)
    await ana.sees("Keep waiting")
    await system.move_to(start_ms + 5 * MINUTE + 1_000)
    await ana.sees("Ben was not here by", within_s=15)
    await ana.press("Leave freely")
    await ana.sees("You left the session")

    await end_of(system, start_ms, ana, anas)
    assert await ana.flags() == []
    (flag,) = await ben.flags()
    assert flag["fault"] == "no_show"
    assert flag["booking"] == bens
    await ben.page.goto("/you/standing")
    await ben.sees("You did not come in")


async def test_two_minutes_without_a_picture_are_marked(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Anika"), await enrol("Bernd")
    start_ms, (_, bens) = await both_at_work(system, ana, ben)
    await ben.press("Camera on, turn off")
    await expect(ana.tile(ben.name)).to_contain_text(re.compile("camera off", re.IGNORECASE))
    await system.move_to(start_ms + 4 * MINUTE)
    await ben.press("Camera off, turn on")
    await ana.sees_moving_picture()

    await end_of(system, start_ms, ben, bens)
    assert await ana.flags() == []
    (flag,) = await ben.flags()
    assert flag["fault"] == "camera_off"
    assert flag["measured_ms"] > 120_000


async def test_a_page_that_says_camera_on_and_sends_nothing_is_marked_all_the_same(
    relaying: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana", relaying), await enrol("Ben", relaying)
    start_ms, (_, bens) = await both_at_work(relaying, ana, ben)
    assert await ben.page.evaluate("probe.stopVideoUnsaid()") >= 1
    await expect(ana.tile("Ben")).to_contain_text(re.compile("camera off", re.IGNORECASE))
    await expect(ben.page.get_by_role("button", name="Camera on, turn off")).to_be_visible()
    # As the clock is moved the page seems to have been silent: a minute of that is a page put to sleep.
    await relaying.move_to(start_ms + 6 * MINUTE)

    await end_of(relaying, start_ms, ben, bens)
    assert await ana.flags() == []
    (flag,) = await ben.flags()
    assert flag["fault"] == "camera_off"

"""Own sessions change: they repeat, become quiet with another partner, and are given up late."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, local_time, next_start
from tests.support.system import System, running_system

LENGTH_MIN = 50
HOUR = 60 * MINUTE


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("repeats")) as system:
        yield system


async def test_a_weekly_repeat_books_the_coming_weeks(system: System, enrol: Enrol) -> None:
    ana = await enrol("Ana")
    await ana.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=60)
    booking = await ana.book(start_ms, LENGTH_MIN)
    await ana.page.goto("/")
    await ana.holds(start_ms, "finding a partner")
    await ana.choose(start_ms)
    await ana.page.get_by_role("dialog").get_by_text("Repeat", exact=True).click()
    await ana.press("Every Monday")
    await ana.sees(f"Monday, at {local_time(start_ms)}")
    dates = ana.page.get_by_role("listitem").filter(has_text="booked")
    await expect(dates).not_to_have_count(0)
    shown = await dates.count()
    await ana.page.keyboard.press("Escape")
    await ana.page.keyboard.press("]")
    await ana.holds(start_ms, "finding a partner")

    await ana.page.goto(f"/sessions/{booking}")
    await expect(dates).to_have_count(shown)
    await dates.last.get_by_role("button", name=re.compile("^Leave out")).click()
    await ana.sees("left out")
    await expect(dates).to_have_count(shown - 1)


async def test_another_partner_is_looked_for_only_when_both_ends_know(
    system: System, enrol: Enrol
) -> None:
    """Eva wants quiet, which Kim does not like: nothing changes until she says so; then both are told."""
    eva, kim = await enrol("Eva"), await enrol("Kim")
    for person in (eva, kim):
        await person.sign_in_quickly()
    await kim.call("PATCH", "/me", {"accepts_quiet": False})
    start_ms = next_start(await system.now_ms(), 60, ahead_min=180)
    for person in (kim, eva):
        await person.book(start_ms, LENGTH_MIN)
    await kim.page.goto("/")
    await eva.page.goto(f"/sessions/{await eva.last_booking()}")
    quiet = eva.page.get_by_role("switch", name="Quiet")
    await quiet.click()
    await eva.sees("With that you would need another partner. Look for one?")
    eva.forgives(409)
    await eva.press("Leave it as it is")
    await expect(quiet).not_to_be_checked()
    await kim.holds(start_ms, "Eva")
    await quiet.click()
    await eva.press("Look for another")
    await eva.sees("Finding a partner")
    eva.forgives(409)
    await kim.is_told("Eva could not come")
    await kim.holds(start_ms, "finding a partner")


async def test_giving_up_late_says_what_follows_before_it_is_done(
    system: System, enrol: Enrol
) -> None:
    ida, jon = await enrol("Ida"), await enrol("Jon")
    for person in (ida, jon):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    for person in (ida, jon):
        await person.book(start_ms, LENGTH_MIN)
    await system.move_to(start_ms - 40 * MINUTE)
    await jon.page.goto("/")
    await ida.page.goto("/sessions")
    await ida.press(re.compile("^Details"))
    await ida.press("Cancel the session")
    at = local_time(start_ms)
    await ida.sees(f"Jon was counting on {at}. Cancelling within 60 minutes of the start is noted.")
    await expect(ida.page.get_by_role("link", name="Write first")).to_be_visible()
    await ida.press("Keep it")
    await jon.holds(start_ms, "Ida")
    await ida.press("Cancel the session")
    await ida.press("Cancel it")
    await jon.is_told("Ida could not come")
    await ida.page.goto("/you/standing")
    await ida.sees("You cancelled")
    assert [flag["fault"] for flag in await ida.flags()] == ["late_cancel"]
    assert await jon.flags() == []

"""A first visit from far away, up to the door of the first session; and a member on a journey."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, Person, local_time, next_start, words
from tests.support.system import System, running_system

LENGTH_MIN = 50
FAR_AWAY = "Asia/Kathmandu"
WITHOUT_CAMERA = """(() => {
  if (!localStorage.getItem("no camera")) return;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) =>
    wanted.video ? Promise.reject(new DOMException("", "NotFoundError")) : ask(wanted);
})()"""
"""What a machine without a camera answers, for as long as the test says so."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules, on a Monday at nine."""
    async with running_system(tmp_path_factory.mktemp("first")) as system:
        yield system


async def books_tomorrow_at_nine(person: Person) -> None:
    """By typing it, as it stands on the clock where they are."""
    await person.page.goto("/sessions")
    await person.sees("No sessions yet.")
    await person.page.keyboard.press("Control+k")
    await person.page.get_by_role("combobox").fill("tomorrow 9 50")
    await expect(person.page.get_by_role("option", name=words("Book tomorrow"))).to_be_visible()
    await person.page.keyboard.press("Enter")
    await person.sees("finding a partner")


async def test_D1_from_the_first_page_to_the_door_of_the_first_session(
    system: System, enrol: Enrol
) -> None:
    eva, ana = await enrol("Eva", timezone_id=FAR_AWAY), await enrol("Ana")
    await eva.page.context.add_init_script(WITHOUT_CAMERA)
    await ana.sign_in_quickly()
    await eva.sign_in_by_mail()
    assert (await eva.me())["zone"] in (FAR_AWAY, "Asia/Katmandu")  # as older zone data spells it
    await books_tomorrow_at_nine(eva)

    here = ZoneInfo(FAR_AWAY)
    [own] = await system.ledger.bookings_of((await eva.me())["id"], 0, 2**52)
    at = datetime.fromtimestamp(own.start_ms / 1000, here)
    assert (at.strftime("%H:%M"), own.length_min) == ("09:00", LENGTH_MIN)
    await eva.page.goto("/")
    mine = eva.page.get_by_role("gridcell", name=re.compile("0?9:00.*your session"))
    await expect(mine).to_have_accessible_name(re.compile("finding a partner"))
    anas = await ana.book(own.start_ms, LENGTH_MIN)
    await expect(mine).to_have_accessible_name(re.compile("Ana"), timeout=15_000)
    await eva.sees("4:15 for Ana")
    await ana.page.goto(f"/sessions/{anas}")
    await ana.sees("First session")
    await ana.sees("9:00 for Eva")

    await system.move_to(own.start_ms - MINUTE)
    await eva.page.evaluate("localStorage.setItem('no camera', 'yes')")
    await eva.page.goto(f"/check/{own.id}")
    await eva.sees("We found no camera.")
    await eva.sees("You can book without a camera, but not enter a session")
    await expect(eva.page.get_by_role("button", name="Enter the room")).to_have_count(0)
    await eva.page.evaluate("localStorage.removeItem('no camera')")
    await eva.page.reload()
    await eva.through_the_check()
    await ana.enter_room(anas)
    await system.move_to(own.start_ms + 1_000)
    await ana.sees("This is Eva’s first session.")


async def test_D15_6_on_a_journey_nothing_moves_until_one_says_so(
    system: System, enrol: Enrol
) -> None:
    ben = await enrol("Ben", timezone_id="America/New_York")
    await ben.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    await ben.book(start_ms, LENGTH_MIN)
    await ben.page.goto("/")
    question = ben.page.get_by_text(
        words("This device is on New York time. Your calendar shows Berlin.")
    )
    await expect(question).to_be_visible()
    await ben.holds(start_ms, "finding a partner")
    await ben.press("Keep Berlin")
    await expect(question).to_have_count(0)
    await ben.page.reload()
    await ben.holds(start_ms, "finding a partner")
    await expect(question).to_have_count(0)
    assert (await ben.me())["zone"] == "Europe/Berlin"

    await ben.page.evaluate("localStorage.clear()")
    await ben.page.reload()
    await ben.press("Use New York")
    there = datetime.fromtimestamp(start_ms / 1000, ZoneInfo("America/New_York"))
    moved = re.compile(rf"\b0?{there.hour}:{there.minute:02}.*your session")
    await expect(ben.page.get_by_role("gridcell", name=moved)).to_be_visible()
    assert local_time(start_ms) != f"{there.hour}:{there.minute:02}"
    assert (await system.ledger.booking(await ben.last_booking())).start_ms == start_ms

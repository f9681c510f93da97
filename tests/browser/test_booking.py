"""Own sessions beyond booking: lock in from the calendar, be told, change, repeat, type a time."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import Person, next_start, words
from tests.support.system import System, running_system

LENGTH_MIN = 50
HOUR_MIN = 60


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("booking")) as system:
        yield system


async def two(enrol: Enrol, one: str, other: str) -> tuple[Person, Person]:
    """Two members, the second of whom anybody may lock in with."""
    first, second = await enrol(one), await enrol(other)
    for person in (first, second):
        await person.sign_in_quickly()
    await second.call("PATCH", "/me", {"lockable": "everyone"})
    return first, second


async def test_whoever_waits_is_locked_in_and_both_are_told(system: System, enrol: Enrol) -> None:
    ana, ben = await two(enrol, "Ana", "Ben")
    start_ms = next_start(await system.now_ms(), HOUR_MIN, ahead_min=120)
    await ben.book(start_ms, LENGTH_MIN)
    await ben.page.goto("/")
    await ben.holds(start_ms, "finding a partner")
    await ana.page.goto("/")
    await ana.press("Who waits")
    await ana.press(re.compile("^Lock in .*Ben"))
    await ana.holds(start_ms, "Ben.*locked in")
    await ben.sees("Ana locked in with you")
    await ben.holds(start_ms, "Ana.*locked in")

    await ana.page.keyboard.press("z")
    await ben.sees("Ana cancelled")
    await ben.press("Show")
    await ben.press("Release me")
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)


async def test_a_session_is_named_made_quiet_and_repeated(system: System, enrol: Enrol) -> None:
    eva, kim = await two(enrol, "Eva", "Kim")
    await kim.call("PATCH", "/me", {"accepts_quiet": False})
    start_ms = next_start(await system.now_ms(), HOUR_MIN, ahead_min=240)
    for person in (kim, eva):
        await person.book(start_ms, LENGTH_MIN)
    await eva.page.goto(f"/sessions/{await eva.last_booking()}")
    await eva.page.get_by_label("Title, only you see it").fill("Thesis")
    await eva.page.keyboard.press("Enter")
    await eva.sees("Saved")

    quiet = eva.page.get_by_role("switch", name="Quiet")
    await quiet.click()
    await eva.sees("With that you would need another partner.")
    await eva.press("Leave it as it is")
    await expect(quiet).not_to_be_checked()
    await quiet.click()
    await eva.press("Look for another")
    await eva.sees("Finding a partner")
    forget_refusals(eva)

    await eva.press(re.compile("^Every"))
    await eva.sees("Next dates")
    await eva.press("Stop repeating")
    await eva.press("Cancel them too")
    await expect(eva.page.get_by_role("button", name=re.compile("^Every"))).to_be_visible()


def forget_refusals(person: Person) -> None:
    """Chromium reports the two asked-for answers "another partner would be needed" as errors."""
    refused = [each for each in person.watch.complaints if "409" in each]
    assert len(refused) == 2, person.watch.complaints
    person.watch.complaints[:] = [e for e in person.watch.complaints if e not in refused]


async def test_a_typed_time_is_booked(system: System, enrol: Enrol) -> None:
    ida = await enrol("Ida")
    await ida.sign_in_quickly()
    await ida.page.goto("/sessions")
    await ida.sees("No sessions yet.")
    await ida.page.keyboard.press("Control+k")
    await ida.page.get_by_role("combobox").fill("tomorrow 10 25")
    await expect(ida.page.get_by_role("option", name=words("Book tomorrow"))).to_be_visible()
    await ida.page.keyboard.press("Enter")
    await ida.sees("finding a partner")
    await ida.page.keyboard.press("g")
    await ida.page.keyboard.press("s")
    await expect(ida.page.get_by_role("link", name="10:00–10:25")).to_be_visible()
    booking = await ida.call("GET", f"/bookings/{await latest(ida)}")
    assert booking["length_min"] == 25


async def latest(person: Person) -> str:
    """The id of the session the list leads to."""
    link = person.page.get_by_role("link", name="10:00–10:25")
    href = await link.get_attribute("href")
    assert href
    return href.rsplit("/", 1)[-1]

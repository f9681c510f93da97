"""axe finds nothing to object to: every page, light and dark, in the states a member meets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.company import scenes
from tests.support.people import MINUTE, Person, next_start
from tests.support.system import System, running_system

AXE = (
    Path(__file__).resolve().parents[2] / "web_client" / "node_modules" / "axe-core" / "axe.min.js"
)

SETTINGS = {
    "matching": "Whom you are matched with",
    "notifications": "Mail me",
    "calendars": "Make an address",
    "tokens": "Make a token",
}

LENGTH_MIN = 25
GRID_MIN = 15


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("accessible")) as system:
        yield system


RULES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
"""All of them once; the other theme has other colours and nothing else."""


async def objections(person: Person) -> list[str]:
    """What axe objects to on the page as it is, in both themes, one line a rule."""
    page = person.page
    found: list[str] = []
    for scheme, rules in RULES.items():
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await person.settles()
        if not await page.evaluate("'axe' in window"):
            await page.add_script_tag(path=AXE)
        result: dict[str, Any] = await page.evaluate("(rules) => axe.run(document, rules)", rules)
        where = f"{scheme} {page.url.removeprefix(person.system.url)}"
        found += [f"{where}: {told(violation)}" for violation in result["violations"]]
    return found


def told(violation: dict[str, Any]) -> str:
    """A rule, how often it is broken, and the first place with what is wrong there."""
    nodes = violation["nodes"]
    why = [check["message"] for check in nodes[0]["any"] + nodes[0]["all"] + nodes[0]["none"]]
    return f"{violation['id']} x{len(nodes)} at {nodes[0]['target']}: {why[:1]}"


async def look(person: Person, path: str, sign: str) -> list[str]:
    """Go to a page, wait until it shows what it is about, and ask axe."""
    await person.page.goto(path)
    await expect(person.page.get_by_text(sign).first).to_be_visible()
    return await objections(person)


async def test_pages_for_strangers(system: System, enrol: Enrol) -> None:
    eva = await enrol("Eva", bypass_csp=True)
    found = [
        *await look(eva, "/signin", "Send me a link"),
        *await look(eva, "/rules", "Come on time"),
        *await look(eva, "/dev/mail", "Mail of this computer only"),
        *await look(eva, "/nowhere", "There is no page here"),
    ]
    await eva.page.goto("/signin")
    await eva.page.get_by_label("Mail address").fill("nonsense")
    await eva.press("Send me a link")
    await eva.sees("Write the whole address")
    found += await objections(eva)
    assert not found, "\n" + "\n".join(found)


async def test_the_welcome_step_by_step(system: System, enrol: Enrol) -> None:
    eva = await enrol("Eva", bypass_csp=True)
    found: list[str] = []
    async for _ in eva.steps_of_welcome():
        found += await objections(eva)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("width", [1280, 390])
async def test_pages_of_a_member_with_sessions(system: System, enrol: Enrol, width: int) -> None:
    viewport = {"width": width, "height": 844}
    ana = await enrol(f"Ana{width}", bypass_csp=True, viewport=viewport)
    ben = await enrol(f"Ben{width}")
    for person in (ana, ben):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), GRID_MIN, ahead_min=120)
    hour = 60 * MINUTE
    await ana.book(start_ms, LENGTH_MIN)
    await ben.book(start_ms, LENGTH_MIN)
    await ana.book(start_ms + hour, LENGTH_MIN)
    await ben.book(start_ms + 2 * hour, LENGTH_MIN)
    found = [
        *await look(ana, "/", ben.name),
        *await look(ana, "/sessions", ben.name),
        *await look(ana, "/you", "Name, zone and day"),
        *await look(ana, "/you/standing", "Nothing here"),
    ]
    assert not found, "\n" + "\n".join(found)


async def at_both_widths(person: Person) -> list[str]:
    """The same page as a phone shows it, and as it was."""
    page = person.page
    found = await objections(person)
    await page.set_viewport_size({"width": 390, "height": 844})
    found += await objections(person)
    await page.set_viewport_size({"width": 1280, "height": 800})
    return found


async def test_pages_of_people(system: System, enrol: Enrol) -> None:
    lea, guest = await enrol("Lea", bypass_csp=True), await enrol("Guest", bypass_csp=True)
    await lea.sign_in_quickly()
    found: list[str] = []
    async for _, person in scenes(system, lea, guest):
        found += await at_both_widths(person)
    await lea.page.goto("/people")
    await lea.press(re.compile("^More about"))
    await lea.press("Block")
    found += await at_both_widths(lea)
    assert not found, "\n" + "\n".join(found)


async def test_the_short_pages_of_settings(system: System, enrol: Enrol) -> None:
    kim = await enrol("Kim", bypass_csp=True)
    await kim.sign_in_quickly()
    found: list[str] = []
    for path, sign in SETTINGS.items():
        found += await look(kim, f"/you/settings/{path}", sign)
    assert not found, "\n" + "\n".join(found)


NO_WORKER = {"ice_servers": [], "leg": None, "relayed": ""}


async def test_a_session_that_repeats_and_a_connection_that_is_tried_again(
    system: System, enrol: Enrol
) -> None:
    rae = await enrol("Rae", bypass_csp=True)
    await rae.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), GRID_MIN, ahead_min=120)
    booking = await rae.book(start_ms, LENGTH_MIN)
    await rae.page.goto(f"/sessions/{booking}")
    await rae.press(re.compile("^Every"))
    await rae.sees("Stop repeating")
    found = await objections(rae)

    await rae.page.route("**/probe", lambda route: route.fulfill(json=NO_WORKER))
    found += await look(rae, "/check", "We could not try this just now")
    assert not found, "\n" + "\n".join(found)
    await rae.page.unroute("**/probe")
    await rae.press("Try again to connect")
    row = rae.page.get_by_role("listitem").filter(has_text="Connection")
    await expect(row.get_by_role("button")).to_have_count(0)
    await expect(row, "the button went, the focus did not").to_be_focused()


async def test_the_check_and_the_room(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Anna", bypass_csp=True), await enrol("Benno")
    for person in (ana, ben):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), GRID_MIN, ahead_min=30)
    mine, theirs = [await p.book(start_ms, LENGTH_MIN) for p in (ana, ben)]
    await system.move_to(start_ms - MINUTE)
    found = await look(ana, f"/check/{mine}", "Nobody sees you yet")
    await ana.through_the_check()
    found += await objections(ana)
    await ben.enter_room(theirs)
    await ana.sees_moving_picture()
    await ana.add_task("Read a page")
    await ben.write("Anna", "Good morning")
    await ana.sees("Good morning")
    found += await objections(ana)
    for name in ("Break", "More", "Help", "Leave"):
        await ana.press(name)
        await expect(ana.page.get_by_role("dialog")).to_be_visible()
        found += await objections(ana)
        await ana.page.keyboard.press("Escape")
    await system.move_to(start_ms + LENGTH_MIN * MINUTE)
    await ana.sees("How did it go?")
    found += await objections(ana)
    assert not found, "\n" + "\n".join(found)

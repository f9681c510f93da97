"""An invite's link, from the press that makes it to the newcomer who is locked in by it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.browser.test_links import sign_in_link
from tests.support.people import MINUTE, Person, next_start, rfc3339, words
from tests.support.system import System, running_system

LENGTH_MIN = 25
HOUR = 60 * MINUTE
FAR_AWAY = "Asia/Kathmandu"
"""A quarter of an hour beside the hours of others: a zone drawn carelessly shows here."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("invites")) as system:
        yield system


def far_away(at_ms: int) -> str:
    """The time of day on a wall in Kathmandu."""
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(FAR_AWAY)).strftime("%H:%M")


async def test_a_newcomer_opens_a_link_signs_up_and_is_locked_in(
    system: System, enrol: Enrol
) -> None:
    ana, eva = await enrol("Ana"), await enrol("Eva", timezone_id=FAR_AWAY)
    dov = await enrol("Dov")
    for person in (ana, dov):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    starts = [start_ms + n * 2 * HOUR for n in range(4)]
    for each in starts:
        await ana.book(each, LENGTH_MIN)
    link = await makes_a_link(ana)
    await ana.page.goto("/")

    await taken_meanwhile(eva, dov, link, starts)
    await signs_up_and_finishes(eva, starts[1])
    await ana.is_told("Eva locked in with you")
    await ana.holds(starts[1], "Eva.*locked in")

    await takes_it_back(ana)
    await nothing_is_told_of_a_link_that_is_off(eva, link)


async def makes_a_link(ana: Person) -> str:
    """By the page; the address is shown this once."""
    await ana.page.goto("/people")
    await ana.press("Invite a friend")
    await ana.press("Make a link")
    await ana.sees("Here is the link. It is shown this once.")
    return await ana.page.get_by_label("Link", exact=True).input_value()


async def taken_meanwhile(eva: Person, dov: Person, link: str, starts: list[int]) -> None:
    """Eva, of whom nobody knows yet, chooses a time in her own zone; somebody else is faster."""
    await eva.page.goto(link)
    await expect(eva.page.get_by_role("heading", name=words("Ana invites you"))).to_be_visible()
    await eva.sees(re.compile(r"shown in your zone \(Kathmandu\)"))
    first = eva.page.get_by_role("radio", name=re.compile(rf"\b{far_away(starts[0])}$"))
    await first.check()
    wish = {"request_id": "dov-takes", "start": rfc3339(starts[0]), "length_min": LENGTH_MIN}
    await dov.call("POST", f"/i/{link.rsplit('/', 1)[-1]}/take", wish)
    await eva.press(re.compile(f"^Take .*{far_away(starts[0])}"))
    await eva.sees("That time was just taken. These are next:")
    eva.forgives(409)
    await eva.press(re.compile(rf"^\w+ {far_away(starts[1])}$"))


async def signs_up_and_finishes(eva: Person, start_ms: int) -> None:
    """Through sign-in, mail and welcome; the choice is told all the way, and taken at its end."""
    kept = re.compile(f"{far_away(start_ms)} is held for you until")
    async for step in eva.steps_of_signing_up():
        if step in ("you", "rules"):
            await eva.sees(kept)
    await expect(eva.page.get_by_role("heading", name=words("Locked in with Ana"))).to_be_visible()
    await eva.sees(far_away(start_ms))
    await eva.follow("Go to the calendar")
    own = re.compile(f"{far_away(start_ms)}.*your session with.*Ana.*locked in")
    await expect(eva.page.get_by_role("gridcell", name=own)).to_be_visible()


async def takes_it_back(ana: Person) -> None:
    await ana.page.goto("/people")
    await ana.press("Invite a friend")
    await ana.sees("used 2 times")
    await ana.press(re.compile("^Take back"))
    await ana.sees("No links yet.")


async def nothing_is_told_of_a_link_that_is_off(eva: Person, link: str) -> None:
    await eva.page.goto(link)
    await eva.sees("This invite is not open any more")
    eva.forgives(404)
    await expect(eva.page.get_by_text("Ana")).to_have_count(0)


async def test_a_mail_opened_on_another_device_locks_in_the_time_chosen_on_the_first(
    system: System, enrol: Enrol
) -> None:
    host, laptop = await enrol("Hana"), await enrol("Eli", timezone_id=FAR_AWAY)
    phone = await enrol("Eli", timezone_id=FAR_AWAY)
    await host.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    await host.book(start_ms, LENGTH_MIN)
    link = await makes_a_link(host)
    await host.page.goto("/")

    await laptop.page.goto(link)
    await laptop.sees("Come on time")  # the rules, before anything is agreed
    await laptop.page.get_by_role("radio", name=re.compile(rf"\b{far_away(start_ms)}$")).check()
    await laptop.picture("invite-rules", update=False)
    await laptop.press(re.compile(f"^Take .*{far_away(start_ms)}"))
    steps = laptop.steps_of_signing_up()
    assert await anext(steps) == "sent"
    await laptop.sees(re.compile(f"{far_away(start_ms)} is held for you until .*whatever device"))
    await laptop.picture("sent-holds", update=False)

    mailed = await sign_in_link(laptop)
    await opens_the_mail(phone, mailed, start_ms)
    await host.is_told("Eli locked in with you")
    await host.holds(start_ms, "Eli.*locked in")

    await laptop.page.goto(mailed)
    await laptop.sees("This link has been used or has expired")
    laptop.forgives(401)


async def opens_the_mail(phone: Person, mailed: str, start_ms: int) -> None:
    """In a browser that never saw the invite."""
    await phone.page.goto(mailed)
    await phone.sees(re.compile(f"{far_away(start_ms)} is held for you until"))
    await phone.page.get_by_label("Name", exact=True).fill(phone.name)
    await phone.page.get_by_label(re.compile(r"I am \d+ or older")).check()
    await phone.press("Continue")
    await phone.press("I agree")
    # It was chosen elsewhere, for all this browser knows by anybody: nothing is taken by a mail alone.
    await expect(phone.page.get_by_role("heading", name=words("Hana invites you"))).to_be_visible()
    await phone.sees("It came with the link in your mail.")
    await phone.picture("invite-asked", update=False)
    await phone.press(re.compile(f"^Take .*{far_away(start_ms)}"))
    await expect(
        phone.page.get_by_role("heading", name=words("Locked in with Hana"))
    ).to_be_visible()
    await phone.picture("invite-done-elsewhere", update=False)

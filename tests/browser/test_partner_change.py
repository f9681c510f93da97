"""A partner who does not come: somebody else is found among those who are here, and nobody is blamed.

Also the other way round: two who have the next session with each other stay where they are.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.chromium import KEEP_PICTURES
from tests.support.meeting import in_the_room, matched, they_see_each_other
from tests.support.people import MINUTE, Person, next_start, rfc3339
from tests.support.system import System, running_system

LENGTH_MIN = 25
LATE_MS = 2 * MINUTE + 1_000


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("change")) as system:
        yield system


async def ana_and_dov_wait(
    system: System, ana: Person, ben: Person, dov: Person, *, nobody: str
) -> tuple[int, list[str]]:
    """Ana waits for Ben, and Dov for somebody who does not come either; both may look around now."""
    start_ms, (anas, bens) = await matched(system, ana, ben, length_min=LENGTH_MIN)
    await dov.sign_in_quickly()
    dovs = await dov.book(start_ms, LENGTH_MIN)
    await system.settle_in(nobody, [start_ms], LENGTH_MIN)
    await system.move_to(start_ms - MINUTE)
    await ana.enter_room(anas)
    await dov.enter_room(dovs)
    await system.move_to(start_ms + 1_000)
    await ana.sees(f"{ben.name} isn’t here yet")
    field = ana.page.get_by_label(f"Write to {ben.name}")
    await field.focus()
    await system.move_to(start_ms + LATE_MS)
    for person in (ana, dov):
        await person.sees("Find me someone else", within_s=15)
    await expect(field).to_be_focused()
    return start_ms, [anas, bens, dovs]


async def test_somebody_else_is_found_and_the_late_one_is_told(
    system: System, enrol: Enrol
) -> None:
    ana, dov, ben = await enrol("Ana"), await enrol("Dov"), await enrol("Ben")
    start_ms, (_, bens, _) = await ana_and_dov_wait(system, ana, ben, dov, nobody="Eve")
    assert await said_aloud(ana) == "Ben isn’t here yet"
    await pictures(ana, "change-offer")

    await ana.press("Find me someone else")
    await ana.sees("Looking among people who are here now")
    await dov.sees("Somebody else is looking for a partner")
    await asyncio.gather(pictures(ana, "change-looking"), pictures(dov, "change-asked"))
    await dov.press("Meet")
    await ana.sees("You are with Dov now")
    await dov.sees("You are with Ana now")
    await they_see_each_other(ana, dov)
    await pictures(ana, "change-found")

    await system.move_to(start_ms + 3 * MINUTE)
    await ben.enter_room(bens)
    await ben.sees("Ana went on with somebody else at")
    await pictures(ben, "change-replaced")
    await ben.press("Find me someone")
    await ben.sees("Nobody is free right now")
    await ben.page.reload()
    await ben.sees("Nobody is free right now")
    await ana.sees_moving_picture()


async def test_the_partner_who_comes_in_the_same_moment_is_kept(
    system: System, enrol: Enrol
) -> None:
    ana, dov, ben = await enrol("Asa"), await enrol("Dana"), await enrol("Bo")
    _, (_, bens, _) = await ana_and_dov_wait(system, ana, ben, dov, nobody="Emil")
    question = dov.page.get_by_role("figure").get_by_text("Somebody else is looking")
    await ana.press("Find me someone else")
    await expect(question).to_be_visible()
    await ana.press("Stop")
    await ana.sees("You keep waiting.")
    await expect(question).to_be_hidden()

    await ana.press("Find me someone else")
    await expect(question).to_be_visible()
    await ben.enter_room(bens)
    await ana.sees("Bo just arrived.")
    await pictures(ana, "change-arrived")
    await expect(question).to_be_hidden()
    await they_see_each_other(ana, ben)
    await ben.sees(re.compile("You came in at .* Asa is here, say hello"))
    await pictures(ben, "change-late-self")


async def test_who_has_no_partner_may_look_and_who_is_asked_may_decline(
    system: System, enrol: Enrol
) -> None:
    ana, dov = await enrol("Ada"), await enrol("Dario")
    for person in (ana, dov):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 15, ahead_min=70)
    dovs = await dov.book(start_ms, LENGTH_MIN)
    await system.settle_in("Ezra", [start_ms], LENGTH_MIN)
    anas = await ana.book(start_ms, LENGTH_MIN)
    await system.move_to(start_ms - MINUTE)
    for person, booking in ((ana, anas), (dov, dovs)):
        await person.enter_room(booking)
    await system.move_to(start_ms + LATE_MS)
    await ana.sees("No partner yet")
    await dov.sees("Find me someone else", within_s=15)
    await pictures(ana, "change-alone")

    await ana.press("Find me someone")
    await dov.press("Keep waiting for Ezra")
    await ana.sees("Nobody is free right now")
    await dov.sees("You keep waiting.")
    await pictures(dov, "change-waits")
    await dov.press("Find me someone else")
    await dov.sees("You are with Ada now")
    await they_see_each_other(ana, dov)


async def test_who_has_sessions_is_asked_before_a_first_timer_is_given(
    system: System, enrol: Enrol
) -> None:
    vera, nils, omar = await enrol("Vera"), await enrol("Nils"), await enrol("Omar")
    await they_keep_a_session(system, vera, omar)
    await ana_and_dov_wait(system, vera, omar, nils, nobody="Zoe")
    await vera.press("Find me someone else")
    await vera.sees("A first-time member is free now")
    await pictures(vera, "change-newcomer")
    await vera.press("Wait for somebody else")
    await vera.sees("Nobody is free right now")
    await vera.press("Go on alone with the timer")
    await vera.press("Look again")
    await vera.press("Meet them")
    await nils.press("Meet")
    await they_see_each_other(vera, nils)

    await nils.leave_button.click()
    await nils.page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
    await vera.sees("Nils had to go")
    await pictures(vera, "change-left")
    await vera.press("Find me someone else")
    await vera.sees(re.compile("We ask at"))


async def test_a_lock_in_stays_unless_its_member_asks_and_alone_is_a_way_too(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Alma"), await enrol("Bert")
    start_ms, anas = await they_lock_in(system, ana, ben)
    named = {"request_id": "named-by-alma", "title": "Thesis"}
    await ana.call("PATCH", f"/bookings/{anas}", named)
    await system.move_to(start_ms - MINUTE)
    await ana.enter_room(anas)
    await expect(ana.page.get_by_role("img", name="Locked in")).to_be_visible()
    await system.move_to(start_ms + LATE_MS)
    await ana.sees("You two locked this session in", within_s=15)
    await pictures(ana, "change-locked")
    await ana.press("Find me someone else all the same")
    await ana.sees("Nobody is free right now")
    await pictures(ana, "change-nobody")
    await ana.press("Next slot")
    await ana.sees("Booked for today")
    await pictures(ana, "change-next")
    next_one = await ana.call("GET", f"/bookings/{await ana.last_booking()}")
    assert next_one["id"] != anas
    assert (next_one["title"], next_one["length_min"]) == ("Thesis", LENGTH_MIN)
    await ana.press("Go on alone with the timer")
    await ana.sees("On your own")
    await pictures(ana, "change-solo")
    await ana.press("Leave freely")
    await ana.sees("You left the session")

    end_ms = start_ms + LENGTH_MIN * MINUTE
    await system.move_to(end_ms)
    await system.move_to(end_ms + 5 * MINUTE + 1_000)
    await ana.settled(anas)
    assert await ana.flags() == []


@pytest.mark.parametrize("at_once", [False, True], ids=["at the end", "at once"])
async def test_two_who_meet_again_stay_in_the_room(
    system: System, enrol: Enrol, at_once: bool
) -> None:
    ana, ben = await enrol("Aino"), await enrol("Bela")
    start_ms, (anas, bens) = await in_the_room(system, ana, ben, length_min=LENGTH_MIN, grid_min=30)
    end_ms, next_ms = start_ms + LENGTH_MIN * MINUTE, start_ms + 30 * MINUTE
    after = [await person.book(next_ms, LENGTH_MIN) for person in (ana, ben)]
    await ana.add_task("Thesis: the opening")
    await ben.sees("Thesis: the opening")
    await system.move_to(start_ms + MINUTE)
    await system.move_to(end_ms - 50_000)
    await ana.sees(re.compile("you stay in this room"))
    await pictures(ana, "carry-wrap")
    before = await ana.page.evaluate(KEEP_THE_PICTURE)

    if at_once:
        await ana.press("Go on")
        await ana.sees("Bela was asked to go on")
        await ben.sees("Aino would like to go on now")
        await ben.press("Go on")
    else:
        await system.move_to(end_ms)
    for person, booking in zip((ana, ben), after, strict=True):
        await expect(person.page).to_have_url(re.compile(f"/room/{booking}$"))
        await person.sees("min to the start")
    assert await ana.page.evaluate(SAME_PICTURE) == before
    await they_see_each_other(ana, ben)
    await ana.sees(f"{LENGTH_MIN} minutes, alongside Bela")
    await pictures(ana, "carry-before")
    await ana.press("Done with this")
    tasks = ana.page.get_by_role("region", name="Your tasks")
    await expect(tasks.get_by_role("checkbox", name="Thesis: the opening")).to_be_visible()

    await system.move_to(next_ms + 1_000)
    await ana.sees("Next round: say what you will do, then mics off.")
    await ben.page.reload()
    await expect(ben.leave_button).to_be_visible()
    await they_see_each_other(ana, ben)
    await ana.settled(anas)
    for person, booking in ((ana, anas), (ben, bens)):
        assert booking not in [flag["booking"] for flag in await person.flags()]


KEEP_THE_PICTURE = """() => {
  const video = probe.partner();
  window.kept = video;
  window.paused = 0;
  video.addEventListener("pause", () => (window.paused += 1));
  video.addEventListener("emptied", () => (window.paused += 1));
  return document.documentElement.dataset.callGen;
}"""
SAME_PICTURE = """() =>
  window.kept === probe.partner() && window.kept.isConnected && window.paused === 0
    && document.documentElement.dataset.callGen"""


async def they_lock_in(system: System, ana: Person, ben: Person) -> tuple[int, str]:
    """Ana locks in a time that Ben holds; the start, and her booking."""
    for person in (ana, ben):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 15, ahead_min=70)
    me = await ben.call("PATCH", "/me", {"lockable": "everyone"})
    await ben.book(start_ms, LENGTH_MIN)
    wish = {"start": rfc3339(start_ms), "length_min": LENGTH_MIN}
    answer = await ana.call(
        "POST", "/bookings/lock", {"request_id": f"lock-{start_ms}", "member": me["id"], **wish}
    )
    assert answer["booking"]["locked"]
    return start_ms, str(answer["booking"]["id"])


async def they_keep_a_session(system: System, one: Person, other: Person) -> None:
    """One session together, from start to end."""
    start_ms, (booking, _) = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    end_ms = start_ms + LENGTH_MIN * MINUTE
    for at_ms in (start_ms + MINUTE, end_ms, end_ms + 5 * MINUTE + 1_000):
        await system.move_to(at_ms)
    await one.settled(booking)
    for person in (one, other):
        await person.page.goto("/sessions")


async def said_aloud(person: Person) -> str:
    """What the urgent region says."""
    return (await person.page.get_by_role("alert").first.text_content() or "").strip()


COLOURS_SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter((each) => each instanceof CSSTransition)
    .map((each) => each.finished))"""


async def pictures(person: Person, name: str) -> None:
    """The page as it is now, where such are wanted: wide and narrow, light and dark."""
    if not KEEP_PICTURES:
        return
    for scheme in ("light", "dark"):
        for width, height in ((1280, 800), (390, 844)):
            await person.page.emulate_media(color_scheme=scheme)
            await person.page.set_viewport_size({"width": width, "height": height})
            await person.page.evaluate(COLOURS_SETTLED)
            await person.picture(f"{name}-{width}-{scheme}", update=False)
    await person.page.emulate_media(color_scheme="light")
    await person.page.set_viewport_size({"width": 1280, "height": 800})

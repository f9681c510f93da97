"""The small window on top of other programs, and focus, which opens it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE, Person, words
from tests.support.system import System, eventually, running_system

LENGTH_MIN = 25

SMALL = """
() => {
  const page = window.documentPictureInPicture?.window;
  if (!page) return null;
  const video = page.document.querySelector("video");
  return {
    text: page.document.body.innerText,
    picture: video ? video.videoWidth : 0,
    muted: video ? video.muted : true,
    pair: page.document.querySelector("svg[role=img]")?.getAttribute("aria-label") ?? "",
    styled: page.getComputedStyle(page.document.querySelector(".small")).display,
    colour: page.getComputedStyle(page.document.querySelector(".small")).backgroundColor,
  };
}
"""
"""What the small window shows, looked at from the page that opened it."""

NO_PAGES = "Object.defineProperty(window, 'documentPictureInPicture', { value: undefined });"
"""A browser that floats pictures, and no pages of one's own."""

FLOATING = """
() => {
  const video = document.pictureInPictureElement;
  const shown = document.querySelector(".tile-shown");
  if (!video || !shown) return null;
  const frames = video.getVideoPlaybackQuality().totalVideoFrames;
  return { frames, width: video.videoWidth, muted: video.muted, current: video.srcObject === shown.srcObject };
}
"""
"""The picture that floats, and whether it is the partner's of now."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("small")) as system:
        yield system


async def both_at_work(system: System, one: Person, other: Person) -> int:
    """Both in their seats, a minute into the session; when it began."""
    start_ms, _ = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)
    return start_ms


async def small(person: Person) -> dict[str, object] | None:
    """The small window as it is; None while there is none."""
    found: dict[str, object] | None = await person.page.evaluate(SMALL)
    return found


async def partner_is_heard(person: Person) -> bool:
    return bool(await person.page.evaluate("!document.querySelector('.tile-shown').muted"))


async def test_the_small_window_shows_partner_time_and_new_lines(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    await both_at_work(system, ana, ben)
    await ana.page.keyboard.press("p")

    async def pictured() -> dict[str, object] | None:
        found = await small(ana)
        # The page hears a moment later that the clock was moved into the session.
        begun = found and "min left" in str(found["text"])
        return found if found and begun and found["picture"] else None

    found = await eventually(pictured, within_s=10)
    assert found["muted"], "the partner must not be heard twice"
    assert found["styled"] == "grid"
    assert found["pair"] == "Both of you are here"
    assert await partner_is_heard(ana)

    await ben.write("Ana", "Half way there")

    async def told() -> bool:
        return "1" in str((await small(ana) or {"text": ""})["text"]).split("left")[-1]

    await eventually(told, within_s=10)
    await ana.page.keyboard.press("l")
    await ana.page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
    await ana.sees("You left the session")
    assert await small(ana) is None


async def test_focus_puts_all_but_the_faces_away_until_the_last_minute(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Anika"), await enrol("Bernd")
    start_ms = await both_at_work(system, ana, ben)
    tasks = ana.page.get_by_role("complementary", name="Tasks and chat")
    await expect(tasks).to_be_visible()
    await ana.page.keyboard.press("f")
    await expect(ana.page.get_by_role("button", name="End focus")).to_be_visible()
    await expect(tasks).to_be_hidden()
    await expect(ana.page.get_by_role("button", name="Mic off, turn on")).to_be_visible()
    assert not await partner_is_heard(ana)
    assert await eventually(lambda: small(ana), within_s=5)
    await ana.picture("room-focus-1280-light", update=False)
    # The partner is told of the microphone, and of nothing else.
    await expect(ben.tile("Anika")).to_have_accessible_name(words("Anika, microphone off, here"))

    await ana.page.keyboard.press("Escape")
    await expect(tasks).to_be_visible()
    await expect(ana.page.get_by_role("button", name="Mic on, turn off")).to_be_visible()
    assert await partner_is_heard(ana)
    assert await small(ana) is None

    await ana.press("Focus")
    await expect(tasks).to_be_hidden()
    await system.move_to(start_ms + (LENGTH_MIN - 1) * MINUTE)
    await ana.sees("One minute. Finish your sentence.")
    assert await partner_is_heard(ana)
    await expect(ana.page.get_by_role("button", name="Mic on, turn off")).to_be_visible()


async def floats(person: Person) -> None:
    """The partner's picture of now floats, and moves; it has no sound of its own."""
    frames = 0

    async def moving() -> bool:
        nonlocal frames
        found: dict[str, int] | None = await person.page.evaluate(FLOATING)
        before, frames = frames, found["frames"] if found else 0
        alive = found and found["current"] and found["muted"] and found["width"] > 0
        return bool(alive and frames > before > 0)

    await eventually(moving, within_s=20)


async def test_a_picture_that_floats_goes_on_with_the_next_connection(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Alva"), await enrol("Bo")
    await ana.page.add_init_script(NO_PAGES)
    await both_at_work(system, ana, ben)
    await ana.page.keyboard.press("p")
    await floats(ana)
    await ben.page.reload()
    await expect(ben.leave_button).to_be_visible()
    await ana.sees_moving_picture()
    await floats(ana)
    await ana.page.keyboard.press("p")

    async def back() -> bool:
        return await ana.page.evaluate(FLOATING) is None

    await eventually(back)

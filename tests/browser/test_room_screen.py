"""A shared screen: only by a press, with a sign on both sides, ended in every way there is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE
from tests.support.system import System, eventually, running_system

LENGTH_MIN = 25

A_DESK = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 640; canvas.height = 400;
  const pen = canvas.getContext("2d");
  let n = 0;
  setInterval(() => {
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, 640, 400);
    pen.fillStyle = "#123"; pen.font = "28px sans-serif";
    pen.fillText("Chapter three, line " + n, 40, 60);
    for (let at = 0; at < 9; at += 1) pen.fillRect(40, 100 + at * 30, 300 + ((at * 97 + n) % 240), 10);
    n += 1;
  }, 100);
  const stream = canvas.captureStream(10);
  window.shared = stream.getVideoTracks()[0];
  window.asked = (window.asked ?? 0) + 1;
  return stream;
};
"""
"""A browser without a head has no screen: a drawn desk stands for it."""

REFUSED = """
navigator.mediaDevices.getDisplayMedia = async () => {
  throw new DOMException("Permission denied by system", "NotAllowedError");
};
"""
"""What a browser says that its system does not let record the screen."""

WIDTH = "document.querySelector('.screen video')?.videoWidth ?? 0"


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("screen")) as system:
        yield system


async def test_a_screen_is_shared_by_a_press_and_seen_large(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    await ana.page.add_init_script(A_DESK)
    start_ms, _ = await in_the_room(system, ana, ben, length_min=LENGTH_MIN)
    await system.move_to(start_ms + 5 * MINUTE)
    assert await ana.page.evaluate("window.asked ?? 0") == 0
    await expect(ben.page.locator(".screen")).to_have_count(0)

    await ana.press("More")
    await ana.press("Share screen")
    await ana.sees("You are sharing your screen with Ben")
    await expect(ben.page.get_by_role("figure", name="screen")).to_be_visible()

    async def seen() -> bool:
        return int(await ben.page.evaluate(WIDTH)) > 0

    await eventually(seen, within_s=20)
    await ben.sees_moving_picture()
    wide = await ben.page.locator(".screen").bounding_box()
    face = await ben.tile("Ana").bounding_box()
    assert wide
    assert face
    assert wide["width"] > 3 * face["width"]
    await ben.picture("room-screen-1280-light", update=False)
    await ana.picture("room-sharing-1280-light", update=False)
    await ben.page.emulate_media(color_scheme="dark")
    await ben.page.set_viewport_size({"width": 390, "height": 844})
    await ben.picture("room-screen-390-dark", update=False)

    await ana.press("Stop")
    await expect(ben.page.locator(".screen")).to_have_count(0)
    await expect(ana.page.get_by_text("You are sharing your screen with")).to_have_count(0)
    assert await ana.page.evaluate("window.shared.readyState") == "ended"

    # The browser's own bar ends it too, and a key begins it.
    await ana.page.keyboard.press("s")
    await expect(ben.page.get_by_role("figure", name="screen")).to_be_visible()
    await ana.page.evaluate("shared.stop(), shared.dispatchEvent(new Event('ended'))")
    await expect(ben.page.locator(".screen")).to_have_count(0)

    # A computer that keeps its screens to itself is told of, and how to change that.
    await ana.page.evaluate(f"() => {{ {REFUSED} }}")
    await ana.page.keyboard.press("s")
    await ana.sees("Your computer keeps its screen from this browser.")
    await ana.picture("room-screen-refused-1280-light", update=False)
    await ana.page.evaluate(f"() => {{ {A_DESK} }}")
    await ana.press("Try again")
    await expect(ben.page.get_by_role("figure", name="screen")).to_be_visible()
    bars = ana.page.locator(".room-bar")
    await expect(bars.filter(has_text="Your computer keeps its screen")).to_have_count(0)

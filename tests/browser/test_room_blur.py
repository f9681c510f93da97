"""Blur: what is behind a member is not seen, and nothing is seen until it is so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import Person
from tests.support.system import System, eventually, running_system

SHARP = """
(where) => {
  const video = document.querySelector(".check-preview video");
  if (!video || !video.videoWidth) return null;
  const canvas = document.createElement("canvas");
  canvas.width = 640; canvas.height = 360;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 640, 360);
  const [x, y, w, h] = where;
  const { data } = pen.getImageData(x, y, w, h);
  let edge = 0;
  for (let row = 0; row < h; row += 1)
    for (let at = 1; at < w; at += 1) {
      const i = 4 * (row * w + at);
      edge = Math.max(edge, Math.abs(data[i] - data[i - 4]) + Math.abs(data[i + 1] - data[i - 3]));
    }
  return edge;
}
"""
"""The sharpest step of colour within a part of the own picture."""

CORNER, FACE = [20, 10, 180, 110], [270, 90, 100, 90]
"""A window with its frame; eyes and mouth."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("blur")) as system:
        yield system


async def sharpness(person: Person) -> tuple[int, int]:
    """Of the corner and of the face."""

    async def seen() -> tuple[int, int] | None:
        both = [await person.page.evaluate(SHARP, where) for where in (CORNER, FACE)]
        return None if None in both else (both[0], both[1])

    return await eventually(seen, within_s=20)


async def test_the_room_behind_goes_soft_and_the_face_stays(system: System, enrol: Enrol) -> None:
    eva = await enrol("Eva")
    await eva.sign_in_quickly()
    await eva.page.goto("/check")
    await expect(eva.page.get_by_role("heading", name="Everything works")).to_be_visible()
    corner, face = await sharpness(eva)
    await eva.press("Blur off")
    await eva.sees(re.compile("Blur is (loading|starting)"))
    assert await eva.page.locator(".check-preview video").count() == 0
    await expect(eva.page.get_by_role("heading", name="Everything works")).to_be_visible(
        timeout=60_000
    )
    await eva.picture("check-blur", update=False)
    soft, still = await sharpness(eva)
    assert soft < corner / 3
    assert still > face / 2

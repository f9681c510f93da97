"""What is done to picture and voice on the device: what is behind a member is not seen, and nothing is
seen until it is so; noise goes, and the voice stays."""

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

A_VOICE = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  const stream = await ask(wish);
  const [plain] = stream.getAudioTracks();
  if (!plain) return stream;
  const audio = new AudioContext();
  const voice = audio.createOscillator(), syllables = audio.createOscillator(), tune = audio.createOscillator();
  const loud = audio.createGain(), depth = audio.createGain(), bend = audio.createGain(), out = audio.createMediaStreamDestination();
  voice.type = "sawtooth"; voice.frequency.value = 140;
  tune.frequency.value = 0.7; bend.gain.value = 25; tune.connect(bend).connect(voice.frequency);
  syllables.frequency.value = 3.5; depth.gain.value = 0.5; loud.gain.value = 0.5;
  syllables.connect(depth).connect(loud.gain);
  for (const [hertz, width] of [[700, 6], [1220, 8], [2600, 10]]) {
    const vowel = audio.createBiquadFilter();
    vowel.type = "bandpass"; vowel.frequency.value = hertz; vowel.Q.value = width;
    voice.connect(vowel).connect(loud);
  }
  const more = audio.createGain(); more.gain.value = 3;
  loud.connect(more).connect(out);
  for (const each of [voice, syllables, tune]) each.start();
  stream.removeTrack(plain); plain.stop();
  stream.addTrack(out.stream.getAudioTracks()[0]);
  return stream;
};
"""
"""Somebody says "aah" in syllables; the browser's own beep is noise to whoever knows voices."""

CORNER, FACE = [20, 10, 180, 110], [270, 90, 100, 90]
"""A window with its frame; eyes and mouth."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("effects")) as system:
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


async def test_a_stronger_suppression_of_noise_keeps_the_voice(
    system: System, enrol: Enrol
) -> None:
    eva = await enrol("Edda")
    await eva.sign_in_quickly()
    await eva.page.add_init_script("localStorage.setItem('alongside.noise', '\"strong\"')")
    await eva.page.add_init_script(A_VOICE)
    await eva.page.goto("/check")
    await expect(eva.page.get_by_role("heading", name="Everything works")).to_be_visible()
    # The meter hears it through the worklet.
    await expect(eva.page.locator(".meter-on").first).to_be_visible(timeout=15_000)
    fetched = [url for url in eva.watch.requests if "rnnoise" in url]
    assert fetched, "the browser's own was used"

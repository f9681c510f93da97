"""What is done to picture and voice on the device: what is behind a member is not seen, and nothing is
seen until it is so; noise goes, and the voice stays. It goes on, and chimes sound, behind another tab."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.bare import Tab, bare_chromium
from tests.support.meeting import matched
from tests.support.people import MINUTE, Person
from tests.support.portraits import LOOKS, write_film
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

AN_EAR = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    window.ear = new AnalyserNode(this.context, { fftSize: 32768 });
    connect.call(this, window.ear);
  }
  return connect.call(this, to, ...rest);
};
window.loudest = () => {
  const wave = new Float32Array(32768);
  window.ear?.getFloatTimeDomainData(wave);
  return Math.max(...wave.map(Math.abs));
};
"""
"""Hears what the page plays itself, as far as the loudspeaker."""

AWAY = "document.visibilityState === 'hidden'"
LENGTH_MIN = 25

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


async def test_behind_another_tab_blur_goes_on_and_the_chimes_sound(
    system: System, enrol: Enrol, tmp_path: Path
) -> None:
    ana, ben = await enrol("Ada"), await enrol("Ben")
    start_ms, (anas, bens) = await matched(system, ana, ben, length_min=LENGTH_MIN)
    end_ms = start_ms + LENGTH_MIN * MINUTE
    await system.move_to(start_ms - MINUTE // 2)
    await ben.enter_room(bens)
    camera = write_film(LOOKS[0], tmp_path / "camera.y4m")
    async with bare_chromium(tmp_path / "profile", camera=camera) as browser:
        room = await browser.tab()
        blurred = "localStorage.setItem('alongside.blur', 'true')"
        await room.open_for(ana, f"/check/{anas}", blurred, AN_EAR)
        await room.press("Enter the room", within_s=60)
        await pictures_come(ben)
        await browser.tab()
        assert await room.evaluate(AWAY)

        for moment_ms in (start_ms, end_ms - MINUTE, end_ms):
            # A page that is not looked at takes a second or two to learn that the clock was moved.
            await system.move_to(moment_ms - 6_000)
            await quiet(room)
            await pictures_come(ben)
            await rings(room, system, moment_ms)


async def pictures_come(person: Person) -> None:
    """More and more of them, as slowly as a busy machine blurs."""
    before = await person.frames_decoded()

    async def more() -> bool:
        return await person.frames_decoded() > before + 4

    await eventually(more, within_s=30)


async def quiet(room: Tab) -> None:
    """What rang before has rung out."""

    async def silent() -> bool:
        return float(await room.evaluate("loudest()")) < 0.001

    await eventually(silent, within_s=5)


async def rings(room: Tab, system: System, moment_ms: int) -> None:
    """A chime is heard, and not before its moment."""

    async def loud() -> bool:
        return float(await room.evaluate("loudest()")) > 0.02

    await eventually(loud, within_s=15)
    assert await system.now_ms() > moment_ms - 250

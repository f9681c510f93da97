"""Devices that go in mid-call, and help that tells nobody anything unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import WebSocket, expect

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE, Person, words
from tests.support.system import System, running_system

LENGTH_MIN = 25

KEEP_TRACKS = """
window.taken = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  const stream = await ask(wish);
  window.taken.push(...stream.getTracks());
  return stream;
};
window.unplug = (kind) => {
  const track = window.taken.filter((each) => each.kind === kind && each.readyState === "live").at(-1);
  track.stop();
  track.dispatchEvent(new Event("ended"));
};
"""
"""A track that ends by itself is what a page sees of an unplugged device."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("devices")) as system:
        yield system


async def both_at_work(system: System, one: Person, other: Person) -> int:
    """Both in their seats, a minute into the session; when it began."""
    start_ms, _ = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)
    return start_ms


async def test_an_unplugged_camera_is_a_fault_and_not_a_choice(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    await ben.page.add_init_script(KEEP_TRACKS)
    start_ms = await both_at_work(system, ana, ben)
    await ben.page.evaluate("unplug('video')")
    await ben.sees("Your camera is gone. Plug it in or choose another.")
    await ana.sees("Ben’s camera has a problem")
    await ana.picture("room-trouble-1280-light", update=False)
    await ben.picture("room-unplugged-1280-light", update=False)

    await system.move_to(start_ms + 7 * MINUTE)
    await ana.sees("You can stay, or leave freely")
    await ana.page.keyboard.press("l")
    await ana.sees("Nothing is noted: you can leave freely.")
    await ana.page.keyboard.press("Escape")

    await ben.press("Try again")
    await ana.sees_moving_picture()
    await expect(ana.page.get_by_text(words("Ben’s camera has a problem"))).to_have_count(0)

    await ben.page.evaluate("unplug('audio')")
    await ben.sees(re.compile("Your microphone was unplugged. You are heard through .+ now."))
    await expect(ben.page.get_by_role("button", name="Mic on, turn off")).to_be_visible()


async def test_blur_in_the_room_sends_nothing_unblurred(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Anika"), await enrol("Bernd")
    await both_at_work(system, ana, ben)
    camera = (
        "probe.open().flatMap((pc) => pc.getSenders()).map((s) => s.track?.id ?? '').sort().join()"
    )
    before = await ben.page.evaluate(camera)
    await ben.page.route(re.compile("segment.worker"), lambda route: route.abort())
    await ben.page.keyboard.press("u")
    await ben.sees("Blur does not work here, so your camera stays off.")
    assert before != await ben.page.evaluate(camera)
    await ana.sees("Bernd’s camera has a problem")
    ben.watch.complaints.clear()

    await ben.page.unroute(re.compile("segment.worker"))
    await ben.press("Try again")
    await ben.sees(re.compile("Blur is (loading|starting)"))
    await ana.sees_moving_picture(within_s=60)
    await ben.page.keyboard.press("u")
    await ana.sees_moving_picture()


async def test_figures_leave_only_by_the_press_that_says_so(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Ada"), await enrol("Bo")
    sent: list[bytes] = []

    def follow(line: WebSocket) -> None:
        line.on("framesent", lambda data: sent.append(data if isinstance(data, bytes) else b""))

    ana.page.on("websocket", follow)
    await both_at_work(system, ana, ben)
    await ana.press("Help")
    await ana.press("What is wrong?")
    panel = ana.page.get_by_role("dialog", name="What is wrong?")
    await expect(panel).to_be_visible()
    await panel.get_by_role("button", name="Show what would be sent").click()
    await expect(panel.get_by_text("Pictures a second you see")).to_be_visible()
    await ana.picture("room-help-1280-light", update=False)
    assert sent
    assert not [each for each in sent if b"figures" in each]
    await panel.get_by_role("button", name=re.compile("^Send these figures")).click()
    await expect(panel.get_by_text("Thank you. These figures were sent.")).to_be_visible()
    assert len([each for each in sent if b"figures" in each]) == 1


async def test_both_read_the_same_four_words(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Mia"), await enrol("Noa")
    await both_at_work(system, ana, ben)
    read: list[list[str]] = []
    for person in (ana, ben):
        await person.press("More")
        await person.press("Compare four words")
        await expect(person.page.locator(".code-words li")).to_have_count(4)
        read.append(await person.page.locator(".code-words li").all_inner_texts())
    await ana.picture("room-code-1280-light", update=False)
    assert read[0] == read[1]

"""Devices that go in mid-call, and help that tells nobody anything unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import ViewportSize, WebSocket, expect

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

NO_MORE = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("none", "NotFoundError"); };
}"""

PAUSE = """(muted) => {
  const track = window.taken.filter((each) => each.kind === "audio" && each.readyState === "live").at(-1);
  Object.defineProperty(track, "muted", { value: muted, configurable: true });
  track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
}"""
"""The computer, or another program, keeps the microphone's sound back for a while."""

UPRIGHT: ViewportSize = {"width": 390, "height": 844}
LYING: ViewportSize = {"width": 844, "height": 390}


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


async def set_camera(person: Person, setting: str) -> None:
    """What a member does behind the sign left of the address; it holds as long as this line is open."""
    browser = person.page.context.browser
    assert browser
    page = await person.page.context.new_cdp_session(person.page)
    where = (await page.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
    line = await browser.new_browser_cdp_session()
    wish = {"permission": {"name": "camera"}, "setting": setting, "origin": person.system.url}
    await line.send("Browser.setPermission", {**wish, "browserContextId": where})


async def test_a_permission_taken_back_is_not_an_unplugged_camera(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Alma"), await enrol("Bela")
    await ben.page.add_init_script(KEEP_TRACKS)
    await both_at_work(system, ana, ben)
    for setting in ("prompt", "denied"):
        await set_camera(ben, setting)
        await ben.sees("Your browser keeps the camera from us now.")
        await ana.sees("Bela’s camera has a problem")
        await set_camera(ben, "granted")
        await ben.press("Try again")
        await ana.sees_moving_picture()

    await ben.page.evaluate(PAUSE, True)
    await ben.sees("Your computer or another program has paused your microphone.")
    await ben.picture("room-mic-paused-1280-light", update=False)
    await expect(ana.tile("Bela")).to_have_accessible_name(words("Bela, microphone off, here"))
    await ben.page.evaluate(PAUSE, False)
    await expect(ana.tile("Bela")).to_have_accessible_name(words("Bela, microphone on, here"))

    await ben.page.evaluate(NO_MORE)
    await ben.page.evaluate("unplug('audio')")
    await ben.press("All right")
    await ben.page.keyboard.press("m")
    await ben.sees("Your microphone is gone. Plug it in or choose another.")
    await ben.page.set_viewport_size(UPRIGHT)
    await ben.page.emulate_media(color_scheme="dark")
    await ben.picture("room-mic-gone-390-dark", update=False)


async def test_a_turned_phone_and_a_second_tab_keep_the_session(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Anouk"), await enrol("Boris", viewport=UPRIGHT, has_touch=True)
    await both_at_work(system, ana, ben)
    call = "document.documentElement.dataset.callGen"
    before = await ben.page.evaluate(call)
    await ben.page.set_viewport_size(LYING)
    for who in ("Anouk", "You"):
        box = await ben.tile(who).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= LYING["height"]
    await expect(ben.leave_button).to_be_in_viewport(ratio=1)
    await ben.sees_moving_picture()
    assert await ben.page.evaluate(call) == before
    await ben.page.set_viewport_size(UPRIGHT)

    second = await ben.page.context.new_page()
    await second.goto(ben.page.url.replace("/room/", "/check/"))
    await second.get_by_role("button", name="Enter the room").click()
    await ben.sees("This session is open in another tab")
    await expect(second.get_by_role("button", name="Leave", exact=True)).to_be_visible()
    await ana.sees_moving_picture()
    await ben.press("Use it here")
    await expect(second.get_by_text("This session is open in another tab").first).to_be_visible()
    await expect(ben.leave_button).to_be_visible()
    await ana.sees_moving_picture()
    await ben.sees_moving_picture()

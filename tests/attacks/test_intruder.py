"""Whoever carries the descriptions cannot come between two who have compared their words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.attacks.between import Between
from tests.support.meeting import matched, they_see_each_other
from tests.support.people import MINUTE, Person, a_person
from tests.support.system import System, eventually, running_system

ANSWER = """
async (sdp) => {
  const peer = (window.intruder = new RTCPeerConnection());
  const own = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of own.getTracks()) peer.addTrack(track, own);
  await peer.setRemoteDescription({ type: "offer", sdp });
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 50));
  return peer.localDescription.sdp;
}
"""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with running_system(tmp_path_factory.mktemp("intruder")) as system:
        yield system


async def words(person: Person) -> list[str]:
    """Those both screens show, once they do."""

    async def shown() -> list[str] | None:
        found: list[str] | None = (await person.page.evaluate("__alongside.figures()"))["safety"]
        return found

    found = await eventually(shown)
    assert found
    return found


async def joins(intruder: Page) -> bool:
    """Whether somebody's media reaches the one in the middle within a few seconds."""
    for _ in range(30):
        if await intruder.evaluate("intruder.connectionState") == "connected":
            return True
        await intruder.wait_for_timeout(100)
    return False


async def test_a_call_is_not_taken_over_after_its_words_were_compared(
    system: System, browsers: list[Browser]
) -> None:
    between = Between()
    async with (
        a_person("Ana", browsers[0], system) as ana,
        a_person("Ben", browsers[1], system) as ben,
    ):
        await ana.page.route_web_socket(re.compile("/ws"), between.take)
        start_ms, bookings = await matched(system, ana, ben, length_min=25)
        await system.move_to(start_ms - MINUTE)
        for person, booking in zip((ana, ben), bookings, strict=True):
            await person.enter_room(booking)
        await they_see_each_other(ana, ben)
        compared = await words(ana)
        assert compared == await words(ben)

        intruder = await ben.page.context.new_page()
        await intruder.goto(f"{system.url}/api/v1/instance")
        between.keeping = True
        gen = (await ana.page.evaluate("__alongside.figures()"))["gen"]
        grant = {"path": "direct", "ice_servers": [], "relay_only": False, "blind": False}
        between.tell("negotiate", gen=gen, offer=True, round=1, **grant)
        offer = await between.hears("signal", kind="offer", round=1)
        answer = await intruder.evaluate(ANSWER, offer["sdp"])
        spoken = {"candidate": "", "mid": "", "line": 0}
        between.tell("signal", gen=gen, kind="answer", round=1, sdp=answer, **spoken)
        await between.hears("failed", gen=gen, round=1)
        assert not await joins(intruder)
        await intruder.close()

        # With an honest hub the two have a call again.
        between.keeping = False
        await ana.page.reload()
        await they_see_each_other(ana, ben)

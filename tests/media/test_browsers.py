"""Two real browsers through a real worker; only the signalling between them is the test's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from media import sdp
from media.control import Camera, LegState
from tests.media.conftest import Bench, Hub, MakeBench
from tests.support.chromium import running_browsers

pytestmark = pytest.mark.browser

SET_UP = """async () => {
    const stream = await navigator.mediaDevices.getUserMedia(
        {audio: true, video: {width: 640, height: 360, frameRate: 15}});
    const pc = new RTCPeerConnection({bundlePolicy: "max-bundle"});
    const desk = pc.createDataChannel("desk", {negotiated: true, id: 0});
    const heard = [];
    desk.onmessage = event => heard.push(event.data);
    const video = document.createElement("video");
    video.muted = true; video.autoplay = true;
    document.body.append(video);
    pc.ontrack = event => { if (event.track.kind === "video") video.srcObject = event.streams[0]; };
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    Object.assign(window, {pc, desk, heard, video, stream});
}"""
OFFER = "async () => { await pc.setLocalDescription(); return pc.localDescription.sdp; }"
ANSWER = """async sdp => {
    await pc.setRemoteDescription({type: "offer", sdp});
    await pc.setLocalDescription();
    return pc.localDescription.sdp;
}"""
ACCEPT = "sdp => pc.setRemoteDescription({type: 'answer', sdp})"
PICTURES = """n => new Promise(resolve => {
    const sums = new Set();
    const canvas = new OffscreenCanvas(64, 36);
    const pen = canvas.getContext("2d", {willReadFrequently: true});
    const look = () => {
        pen.drawImage(video, 0, 0, 64, 36);
        sums.add(pen.getImageData(0, 0, 64, 36).data.reduce((sum, value) => sum + value, 0));
        if (sums.size >= n) resolve(sums.size); else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
})"""
SAY = """text => new Promise(resolve => {
    const say = () => { desk.send(text); resolve(); };
    if (desk.readyState === "open") say(); else desk.onopen = say;
})"""
HEARD = "async () => { while (!heard.length) await new Promise(r => setTimeout(r, 20)); return heard[0]; }"
STATS = """async () => {
    const all = [...(await pc.getStats()).values()];
    const find = (type, more = () => true) => all.find(s => s.type === type && more(s));
    const video = find("inbound-rtp", s => s.kind === "video");
    const transport = find("transport");
    return {srtp: transport.srtpCipher, role: transport.dtlsRole, decoded: video.framesDecoded,
            lost: video.packetsLost};
}"""


async def page_of(browser: Browser) -> Page:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.route("**/*", lambda route: route.fulfill(body="<body>", content_type="text/html"))
    await page.goto("http://localhost:1/")
    await page.evaluate(SET_UP)
    return page


async def meet(bench: Bench, hub: Hub, a: Page, b: Page) -> None:
    """What a hub does for two pages on the relay."""
    legs = await bench.open(hub)
    offer = await a.evaluate(OFFER)
    await hub.say(sdp.set_remote("p1", 1, 0, offer))
    answer = await b.evaluate(ANSWER, sdp.for_leg(offer, legs[1]))
    await hub.say(sdp.set_remote("p1", 1, 1, answer))
    await a.evaluate(ACCEPT, sdp.for_leg(answer, legs[0]))


async def both(a: Page, b: Page, script: str, *args: Any) -> list[Any]:
    return await asyncio.gather(a.evaluate(script, *args), b.evaluate(script, *args))


async def test_two_browsers_see_and_write_to_each_other(make_bench: MakeBench) -> None:
    bench = await make_bench(live=True)
    hub = await bench.hub()
    async with running_browsers(2) as browsers:
        a, b = [await page_of(browser) for browser in browsers]
        await meet(bench, hub, a, b)
        assert min(await both(a, b, PICTURES, 5)) == 5
        await a.evaluate(SAY, "from a")
        await b.evaluate(SAY, "from b")
        assert await both(a, b, HEARD) == ["from b", "from a"]
        for stats in await both(a, b, STATS):
            assert stats["srtp"] == "SRTP_AEAD_AES_128_GCM"
            assert stats["role"] == "client"
            assert stats["decoded"] >= 5
            assert stats["lost"] == 0
        await hub.expect(Camera, side=0, state="on")
        await a.evaluate("() => pc.getSenders().map(sender => sender.replaceTrack(null))")
        await hub.expect(Camera, side=0, state="off")
        await a.evaluate("() => pc.close()")
        await hub.expect(LegState, side=0, state="gone")

"""Two real browsers through a real worker; only the signalling between them is the test's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from media import sdp
from media.control import Camera, LegRestarted, LegState, RestartLeg
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
RESTART = "async () => { pc.restartIce(); return await (" + OFFER + ")(); }"
CHECKED = """async ufrag => {
    const now = () => pc.sctp.transport.iceTransport.getSelectedCandidatePair();
    while (now()?.remote.usernameFragment !== ufrag) await new Promise(r => setTimeout(r, 20));
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


async def meet(bench: Bench, hub: Hub, a: Page, b: Page, *, blind: bool = False) -> str:
    """What a hub does for two pages on the relay; gives back what the second one said of itself."""
    legs = await bench.open(hub, blind=blind)
    offer = await a.evaluate(OFFER)
    await hub.say(sdp.set_remote("p1", 1, 0, offer, blind=blind))
    answer: str = await b.evaluate(ANSWER, sdp.for_leg(offer, legs[1]))
    await hub.say(sdp.set_remote("p1", 1, 1, answer, blind=blind))
    await a.evaluate(ACCEPT, sdp.for_leg(answer, legs[0]))
    return answer


async def restart(hub: Hub, a: Page, partner: str) -> None:
    """What a hub does when the first page's way to the worker is to be found anew."""
    await hub.say(RestartLeg(pair="p1", gen=1, side=0))
    leg = (await hub.expect(LegRestarted, side=0)).leg
    offer = await a.evaluate(RESTART)
    await hub.say(sdp.set_remote("p1", 1, 0, offer, blind=not leg.fingerprint))
    await a.evaluate(ACCEPT, sdp.for_leg(partner, leg))
    await a.evaluate(CHECKED, leg.ufrag)


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


@pytest.mark.parametrize("blind", [False, True])
async def test_ice_is_restarted_on_one_leg_and_the_call_goes_on(
    make_bench: MakeBench, blind: bool
) -> None:
    bench = await make_bench(live=True)
    hub = await bench.hub()
    async with running_browsers(2) as browsers:
        a, b = [await page_of(browser) for browser in browsers]
        partner = await meet(bench, hub, a, b, blind=blind)
        assert min(await both(a, b, PICTURES, 5)) == 5
        before = await both(a, b, STATS)
        await asyncio.wait_for(restart(hub, a, partner), 10)
        assert min(await both(a, b, PICTURES, 5)) == 5
        await a.evaluate(SAY, "from a")
        await b.evaluate(SAY, "from b")
        assert await both(a, b, HEARD) == ["from b", "from a"]
        after = await both(a, b, STATS)
        assert [each["role"] for each in after] == [each["role"] for each in before]
        assert sorted(each["role"] for each in after) == (
            ["client", "server"] if blind else ["client", "client"]
        )
        assert max(each["lost"] for each in after) < 10
        if blind:
            assert bench.totals.dropped.get("ssrc", 0) == 0
            await hub.expect(Camera, side=0, state="on")

"""Records what real Chromium sends while its camera is on, off, covered or still:
`python -m tests.media.cameras`.

Writes cameras.json beside this file: the worker's own counters of one leg, ten times a second, for
each thing a page can do. `test_cameras.py` holds the thresholds of `media/watch.py` against it. Counts
only; no packet is kept. Takes five minutes and Chromium.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Page

from media.config import MediaConfig
from media.watch import Counts
from media.web.worker import Worker
from tests.media.clock import HandClock
from tests.media.conftest import SECRET, Bench
from tests.media.test_browsers import meet, page_of
from tests.support.chromium import running_browsers

FILE = Path(__file__).with_name("cameras.json")
STEP_S = 0.1
SETTLE_S = 4.0
LENGTH_S = 14.0

CANVAS = """async ([width, height, fps, painter]) => {
    clearInterval(window.painting);
    const canvas = document.createElement("canvas");
    canvas.width = width; canvas.height = height;
    const pen = canvas.getContext("2d");
    const noise = (mean, spread) => {
        const image = pen.getImageData(0, 0, width, height), data = image.data;
        for (let at = 0; at < data.length; at += 4) {
            const value = mean + (Math.random() - 0.5) * spread;
            data[at] = data[at + 1] = data[at + 2] = value; data[at + 3] = 255;
        }
        pen.putImageData(image, 0, 0);
    };
    const still = pen.createImageData(width, height);
    for (let at = 0; at < still.data.length; at += 4) {
        const x = (at / 4) % width, y = Math.floor(at / 4 / width);
        const face = Math.hypot(x - width / 2, y - height / 2) < height / 3 ? 60 : 0;
        const value = 60 + 40 * Math.sin(x / 9) * Math.sin(y / 7) + face + (x * 31 + y * 17) % 23;
        still.data.set([value, value * 0.9, value * 0.8, 255], at);
    }
    const paint = {
        black: () => { pen.fillStyle = "#000"; pen.fillRect(0, 0, width, height); },
        dark: () => noise(12, 6),
        finger: () => { noise(70, 8); },
        still: () => pen.putImageData(still, 0, 0),
        grain: () => {
            const image = pen.createImageData(width, height);
            image.data.set(still.data);
            for (let at = 0; at < image.data.length; at += 4) {
                const more = (Math.random() - 0.5) * 10;
                image.data[at] += more; image.data[at + 1] += more; image.data[at + 2] += more;
            }
            pen.putImageData(image, 0, 0);
        },
    }[painter];
    paint();
    window.painting = setInterval(paint, 1000 / fps);
    const [track] = canvas.captureStream(fps).getVideoTracks();
    await pc.getSenders().find(sender => sender.track?.kind !== "audio").replaceTrack(track);
}"""
CAMERA = """async () => {
    clearInterval(window.painting);
    const sender = pc.getSenders().find(sender => sender.track?.kind !== "audio");
    const fresh = await navigator.mediaDevices.getUserMedia(
        {video: {width: 640, height: 360, frameRate: 15}});
    window.camera = fresh.getVideoTracks()[0];
    await sender.replaceTrack(window.camera);
}"""
SENDER = "pc.getSenders().find(sender => sender.track?.kind !== 'audio')"

WIDE, SMALL = [640, 360, 15], [320, 180, 10]
ACTIONS: dict[str, tuple[str, Any]] = {
    "normal": (CAMERA, None),
    "muted": ("() => { stream.getAudioTracks()[0].enabled = false; }", None),
    "unmuted": ("() => { stream.getAudioTracks()[0].enabled = true; }", None),
    "disabled": ("() => { window.camera.enabled = false; }", None),
    "enabled": ("() => { window.camera.enabled = true; }", None),
    "no_track": (f"() => {SENDER}.replaceTrack(null)", None),
    "track_again": (CAMERA, None),
    "stopped": ("() => { window.camera.stop(); }", None),
    "started": (CAMERA, None),
    "black": (CANVAS, [*WIDE, "black"]),
    "dark": (CANVAS, [*WIDE, "dark"]),
    "finger": (CANVAS, [*WIDE, "finger"]),
    "still": (CANVAS, [*WIDE, "still"]),
    "grain": (CANVAS, [*WIDE, "grain"]),
    "small_grain": (CANVAS, [*SMALL, "grain"]),
    "small_dark": (CANVAS, [*SMALL, "dark"]),
}


class Recording(msgspec.Struct, frozen=True):
    """One thing a page did, and what came of it: increments of the counters every `STEP_S`."""

    name: str
    video_packets: list[int]
    video_bytes: list[int]
    frames: list[int]
    others: list[int]


def recordings() -> dict[str, Recording]:
    """What was recorded last."""
    found = msgspec.json.decode(FILE.read_bytes(), type=list[Recording])
    return {each.name: each for each in found}


async def record(bench: Bench, name: str, page: Page) -> Recording:
    """Do it, wait until encoder and bandwidth estimate have settled, then count."""
    script, arguments = ACTIONS[name]
    await page.evaluate(script, arguments)
    await asyncio.sleep(SETTLE_S)
    (pair,) = bench.worker.sfu.pairs
    counted: list[Counts] = []
    begun = time.monotonic()
    for step in range(round(LENGTH_S / STEP_S) + 1):
        await asyncio.sleep(max(0.0, begun + step * STEP_S - time.monotonic()))
        counted.append(pair.legs[0].route.counts())
    columns = {
        field: [
            getattr(after, field) - getattr(before, field)
            for before, after in itertools.pairwise(counted)
        ]
        for field in Counts.__struct_fields__
    }
    made = Recording(name=name, **columns)
    kilobits = sum(made.video_bytes) * 8 / LENGTH_S / 1000
    sys.stdout.write(
        f"{name:12} {sum(made.video_packets) / LENGTH_S:6.1f} packets/s"
        f" {sum(made.frames) / LENGTH_S:5.1f} frames/s {kilobits:7.1f} kbit/s"
        f" {sum(made.others) / LENGTH_S:6.1f} others/s\n"
    )
    return made


async def main() -> None:
    worker = Worker(MediaConfig(secret=SECRET))
    await worker.start()
    client = TestClient(TestServer(worker.app))
    await client.start_server()
    bench = Bench(worker, client, HandClock())
    try:
        hub = await bench.hub()
        async with running_browsers(2) as browsers:
            a, b = [await page_of(browser) for browser in browsers]
            await meet(bench, hub, a, b)
            await asyncio.sleep(8)
            made = [await record(bench, name, a) for name in ACTIONS]
        lines = ",\n".join(json.dumps(msgspec.to_builtins(each)) for each in made)
        FILE.write_text(f"[\n{lines}\n]\n")
    finally:
        await bench.close()


if __name__ == "__main__":
    asyncio.run(main())

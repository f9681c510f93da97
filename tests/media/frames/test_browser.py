"""Two real browsers, one of which shows a black canvas, and a worker that is allowed to look."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from media.control import Camera
from tests.media.cameras import ACTIONS
from tests.media.conftest import Hub, MakeBench
from tests.media.test_browsers import meet, page_of
from tests.support.chromium import running_browsers

pytestmark = pytest.mark.browser

LOOK_S = 40
"""Seven seconds for the packets, a key frame, a process that starts: on a machine that has much to do."""


async def told(hub: Hub, **fields: Any) -> None:
    await asyncio.wait_for(hub._take(Camera, {"side": 0, **fields}), LOOK_S)


@pytest.mark.parametrize("make_bench", ["fast"], indirect=True)
async def test_a_black_picture_is_named_and_a_real_one_clears_it(make_bench: MakeBench) -> None:
    bench = await make_bench(live=True, camera_samples=True)
    hub = await bench.hub()
    async with running_browsers(2) as browsers:
        a, b = [await page_of(browser) for browser in browsers]
        await meet(bench, hub, a, b)
        await told(hub, state="on")
        await a.evaluate(*ACTIONS["black"])
        await told(hub, state="suspect", why="thin")
        await told(hub, state="suspect", why="black")
        await a.evaluate(*ACTIONS["normal"])
        await told(hub, state="on", why="")

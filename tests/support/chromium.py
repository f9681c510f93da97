"""Real browsers for the journeys, and what a test may ask of their pages.

Chromium is never left out silently: without it every browser test fails and says what to install.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    # The run lives in a network that has nothing but the loopback.
    "--allow-loopback-in-peer-connection",
)

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
ARTIFACTS = Path(__file__).resolve().parents[1] / "artifacts"
KEEP_PICTURES = bool(os.environ.get("ALONGSIDE_TEST_PICTURES"))
"""Whether tests leave pictures of what they saw in `tests/artifacts`, for whoever changes the page."""

PROBE = """
(() => {
  const pcs = [];
  const Real = window.RTCPeerConnection;
  if (Real) {
    window.RTCPeerConnection = class extends Real {
      constructor(...args) { super(...args); pcs.push(this); }
    };
  }
  const violations = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  const open = () => pcs.filter((pc) => pc.connectionState !== "closed");
  const stats = async (want) => {
    const found = [];
    for (const pc of open()) {
      (await pc.getStats()).forEach((report) => { if (want(report)) found.push(report); });
    }
    return found;
  };
  const grid = (video) => {
    const canvas = document.createElement("canvas");
    canvas.width = 48; canvas.height = 32;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, 48, 32);
    const { data } = context.getImageData(0, 0, 48, 32);
    const luma = [];
    for (let i = 0; i < data.length; i += 4) {
      luma.push(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
    }
    return luma;
  };
  window.probe = {
    pcs, violations, open,
    async framesDecoded() {
      const inbound = await stats((r) => r.type === "inbound-rtp" && r.kind === "video");
      return Math.max(0, ...inbound.map((r) => r.framesDecoded || 0));
    },
    async channelMessages() {
      const channels = await stats((r) => r.type === "data-channel");
      return channels.reduce((sum, r) => sum + (r.messagesReceived || 0), 0);
    },
    async stopVideoUnsaid() {
      const senders = open().flatMap((pc) => pc.getSenders());
      const sending = senders.filter((sender) => sender.track?.kind === "video");
      await Promise.all(sending.map((sender) => sender.replaceTrack(null)));
      return sending.length;
    },
    async remotePorts() {
      const chosen = await stats((r) => r.type === "transport" && r.selectedCandidatePairId);
      const all = await stats(() => true);
      const by = new Map(all.map((r) => [r.id, r]));
      return chosen.map((r) => by.get(by.get(r.selectedCandidatePairId)?.remoteCandidateId)?.port);
    },
    // The partner's picture: the playing video whose stream came over a connection.
    partner() {
      const local = new Set(open().flatMap((pc) => pc.getSenders()).map((s) => s.track?.id));
      return [...document.querySelectorAll("video")].find((video) => {
        const track = video.srcObject?.getVideoTracks?.()[0];
        return track && !local.has(track.id) && open().some((pc) =>
          pc.getReceivers().some((receiver) => receiver.track === track));
      });
    },
    async picture() {
      const video = this.partner();
      if (!video || video.videoWidth === 0) return null;
      const before = grid(video);
      await new Promise((resolve) => setTimeout(resolve, 600));
      const after = grid(video);
      const mean = before.reduce((a, b) => a + b, 0) / before.length;
      const spread = Math.sqrt(before.reduce((a, b) => a + (b - mean) ** 2, 0) / before.length);
      const moved = before.reduce((a, b, i) => a + Math.abs(b - after[i]), 0) / before.length;
      return { mean, spread, moved, width: video.videoWidth };
    },
  };
})();
"""


def executable() -> str:
    """Where Chromium is, or a failure that says how to get it."""
    asked = os.environ.get("ALONGSIDE_CHROMIUM")
    found = asked or next(filter(None, map(shutil.which, CANDIDATES)), None)
    if not found or not Path(found).exists():
        pytest.fail(
            "Browser tests need Chromium: install it (Debian: apt-get install chromium), name it in "
            "ALONGSIDE_CHROMIUM, or leave these tests out with -m 'not browser'.",
            pytrace=False,
        )
    return found


@contextlib.asynccontextmanager
async def running_browsers(
    count: int, cameras: Sequence[Path] = (), programs: Sequence[Path] = ()
) -> AsyncIterator[list[Browser]]:
    """Separate browser processes: what two members have in common is only the instance.

    The first plays the first film in place of its camera, and so on; without one, a test card.
    The first is started by the first program, and so on; without one, by the browser's own.
    """
    paths = [*map(str, programs), *[executable()] * count][:count]
    films = [[f"--use-file-for-fake-video-capture={film}"] for film in cameras]
    async with async_playwright() as playwright:
        browsers = [
            await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *film])
            for path, film in zip(paths, (films + [[]] * count)[:count], strict=True)
        ]
        try:
            yield browsers
        finally:
            for browser in browsers:
                await browser.close()


class Watch:
    """Everything a page complains about: console errors, exceptions, policy violations."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.requests: set[str] = set()

    def follow(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        page.on("request", lambda request: self.requests.add(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _expected(message):
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")


async def new_context(browser: Browser, base_url: str, **options: Any) -> BrowserContext:
    """A browser profile of its own, with camera and microphone allowed and the probe in place."""
    settings: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "color_scheme": "light",
    }
    context = await browser.new_context(base_url=base_url, **(settings | options))
    await context.grant_permissions(["camera", "microphone"], origin=base_url)
    await context.add_init_script(PROBE)
    context.set_default_timeout(10_000)
    return context


def _expected(message: ConsoleMessage) -> bool:
    """Chromium reports every refused request; asking who is signed in is how a page finds out."""
    url = str(message.location.get("url", ""))
    return "401" in message.text and url.endswith("/api/v1/me")

"""How long a picture stood still, seen from inside a real browser: every decoded frame has an instant."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from playwright.async_api import WebSocket

from tests.support.people import Person

METER = """
(() => {
  const Before = window.RTCPeerConnection;
  if (!Before || !("MediaStreamTrackProcessor" in window)) return;
  const frames = [], peers = [];
  const follow = async (track) => {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      value.close();
      frames.push(performance.timeOrigin + performance.now());
    }
  };
  window.RTCPeerConnection = class extends Before {
    constructor(...said) {
      super(...said);
      peers.push(this);
      this.addEventListener("track", ({ track }) => {
        if (track.kind === "video") void follow(track);
      });
    }
  };
  const inbound = async (kind) => {
    const found = [];
    for (const [n, peer] of peers.entries()) {
      if (peer.connectionState === "closed") continue;
      (await peer.getStats()).forEach((report) => {
        if (report.type === "inbound-rtp" && report.kind === kind) found.push({ ...report, peer: n });
      });
    }
    return found;
  };
  window.meter = { frames, inbound };
})();
"""
"""Reads the partner's decoded frames themselves, on every connection: it does not matter what the
page shows, and nothing is taken on trust from the code under test."""


async def metered(person: Person) -> Person:
    """Put the meter into a person's pages before the first of them opens."""
    await person.page.context.add_init_script(METER)
    return person


async def frames(person: Person) -> list[float]:
    """Instants of all frames decoded so far, in seconds of this machine's clock."""
    found: list[float] = await person.page.evaluate("meter.frames")
    return [at / 1000 for at in found]


async def inbound(person: Person, kind: str) -> list[dict[str, Any]]:
    """Receive statistics of the connections that are open."""
    found: list[dict[str, Any]] = await person.page.evaluate(f"meter.inbound('{kind}')")
    return found


def longest_gap(instants: Sequence[float], since: float, until: float) -> float:
    """The longest time without a frame, of those that had not ended at `since`."""
    before = max((at for at in instants if at <= since), default=since)
    within = [at for at in instants if since < at < until]
    edges = [before, *within, until]
    return max(later - earlier for earlier, later in itertools.pairwise(edges))


def rtp_gaps(
    noted: Mapping[str, Sequence[tuple[float, str]]], who: Iterable[str], since: float, until: float
) -> list[float]:
    """The longest time without an RTP packet for each of these, by what came out of the lines."""
    return [
        longest_gap([at for at, kind in noted.get(each, ()) if kind == "rtp"], since, until)
        for each in who
    ]


def share_of_time(instants: Sequence[float], since: float, until: float) -> float:
    """Frames a second."""
    return sum(since <= at < until for at in instants) / (until - since)


class Concealment:
    """How much of the partner's sound was made up, from here on."""

    def __init__(self, before: list[dict[str, Any]]) -> None:
        self._before = {each["id"] + str(each["peer"]): each for each in before}

    @classmethod
    async def begin(cls, person: Person) -> Concealment:
        return cls(await inbound(person, "audio"))

    async def share(self, person: Person) -> float:
        made_up = played = 0
        for now in await inbound(person, "audio"):
            then = self._before.get(now["id"] + str(now["peer"]), {})
            for name, sign in (("concealedSamples", 1), ("silentConcealedSamples", -1)):
                made_up += sign * (now.get(name, 0) - then.get(name, 0))
            played += now.get("totalSamplesReceived", 0) - then.get("totalSamplesReceived", 0)
        return made_up / played if played else 1.0


class Said:
    """What a page and its hub said to each other over all its sockets, and when."""

    def __init__(self, person: Person) -> None:
        self.sent: list[tuple[float, dict[str, Any]]] = []
        self.received: list[tuple[float, dict[str, Any]]] = []
        person.page.on("websocket", self._follow)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self._keep(self.sent, frame))
        socket.on("framereceived", lambda frame: self._keep(self.received, frame))

    @staticmethod
    def _keep(where: list[tuple[float, dict[str, Any]]], frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            where.append((time.time(), msgspec.msgpack.decode(frame)))

    def told(self, kind: str, since: float = 0.0) -> list[dict[str, Any]]:
        """What the page told of this kind since then."""
        return [said for at, said in self.sent if said.get("t") == kind and at >= since]

    def heard(self, kind: str, since: float = 0.0) -> list[dict[str, Any]]:
        """What it was told of this kind since then."""
        return [said for at, said in self.received if said["t"] == kind and at >= since]

    def heard_at(self, kind: str, since: float) -> float | None:
        """When it first heard a message of this kind after that."""
        return next((at for at, said in self.received if said["t"] == kind and at > since), None)


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """The figure of many rounds."""
    ordered = sorted(values)
    at = min(len(ordered) - 1, round(0.99 * (len(ordered) - 1)))
    return {"n": len(ordered), "p50": statistics.median(ordered), "p99": ordered[at]}

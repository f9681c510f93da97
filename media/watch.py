"""What a leg's packets say of the person behind it: is there a picture, is there anybody at all.

Fed with counters a few times a second; nothing here looks into a packet. Numbers measured with
Chromium at 640x360, 15 frames a second: a live picture is 30 packets a second, a disabled track
one packet a frame and 10 kbit/s, a stopped one none at all.

Two rules keep a bad network from looking like a missing person. Silence of the picture only counts
while other packets arrive, and an arrival vouches for at most the second before it. A picture of
little information is `suspect`, never `off`.

Where key frames are looked at, what one shows outweighs how little its packets hold, until the packets
change.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

import msgspec

from media.picture import Verdict

OFF_S = 2.0
"""So long without a video packet, other packets flowing, is a camera that is off."""

ON_S = 1.0
"""So long with video packets is a camera that is on again."""

SUSPECT_S = 5.0
"""So long with hardly any information is a picture to doubt."""

POOR_WINDOW_S = 1.0
"""How much is looked at together when judging information."""

SUSPECT_PACKETS_A_FRAME = 1.2
SUSPECT_BITS_A_SECOND = 25_000

VOUCH_S = 1.0
"""How far back an arriving packet proves that the network was there."""

STALLED_S = 5.0
"""So long without any authenticated packet is a stalled leg."""

WOKE_S = 1.0
"""After so long without any packet the next one asks for key frames."""

CameraState = Literal["on", "off", "suspect"]
Why = Literal["", "thin", "black", "covered", "frozen"]


class Counts(msgspec.Struct, frozen=True):
    """A leg's authenticated packets so far."""

    video_packets: int = 0
    video_bytes: int = 0
    frames: int = 0
    others: int = 0


class CameraSeen(msgspec.Struct, frozen=True):
    """The camera changed; it has been so for `since_s`."""

    state: CameraState
    since_s: float
    why: Why = ""
    """What makes it suspect."""


class Stalled(msgspec.Struct, frozen=True):
    """Nothing authentic has come for `STALLED_S`."""


class Flowing(msgspec.Struct, frozen=True):
    """Packets again after `Stalled`."""


class Woke(msgspec.Struct, frozen=True):
    """Packets again after `WOKE_S` of nothing."""


Seen = CameraSeen | Stalled | Flowing | Woke


class Watch:
    """One leg, from the moment its DTLS is connected."""

    def __init__(self, now: float, counts: Counts | None = None) -> None:
        self.camera: CameraState | None = None
        """None until the first two seconds have told."""
        self.camera_since = now
        self.why: Why = ""
        self.packets: CameraState | None = None
        """The same by packets alone."""
        self.looked_at = False
        """A key frame was asked for: how much information comes now says nothing of the camera."""
        self._verdict: Verdict | None = None
        self.stalled = False
        self._counts = counts or Counts()
        self.heard = now
        """When packets last came, as far as looks can tell."""
        self._looked = now
        self._silent_s = 0.0
        self._flow_since: float | None = None
        self._video_heard = now
        self._poor_since: float | None = None
        self._recent: deque[tuple[float, Counts]] = deque([(now, self._counts)])

    def look(self, counts: Counts, now: float) -> list[Seen]:
        """Take in the counters as they are now and tell what changed."""
        before, self._counts = self._counts, counts
        video = counts.video_packets > before.video_packets
        anything = video or counts.others > before.others
        seen = self._liveness(anything, now)
        if anything:
            self._picture(video, now)
            self._information(now)
            self.heard = now
            seen += self._camera(now)
        self._looked = now
        return seen

    def forgive(self, seconds: float) -> None:
        """Nobody looked for so long, as in a process that was frozen: that proves nothing of anybody."""
        self.heard += seconds
        self._looked += seconds
        self._video_heard += seconds
        if self._flow_since is not None:
            self._flow_since += seconds
        self._recent.clear()
        self._poor_since = None

    def _liveness(self, anything: bool, now: float) -> list[Seen]:
        if not anything:
            if self.stalled or now - self.heard < STALLED_S:
                return []
            self.stalled = True
            return [Stalled()]
        seen: list[Seen] = []
        if now - self.heard >= WOKE_S:
            seen.append(Woke())
            self._recent.clear()
            self._poor_since = None
        if self.stalled:
            self.stalled = False
            seen.append(Flowing())
        return seen

    def _picture(self, video: bool, now: float) -> None:
        """Count silence or flow of the picture up to this moment."""
        if not video:
            self._silent_s += min(now - self.heard, VOUCH_S)
            if now - self._video_heard >= ON_S:
                self._flow_since = None
            return
        if self._flow_since is None or now - self._video_heard >= ON_S:
            self._flow_since = self._looked
        self._silent_s = 0.0
        self._video_heard = now

    def _camera(self, now: float) -> list[Seen]:
        state, since_s = self._judge(now)
        if state is not None and state != self.packets:
            self.packets, self._verdict = state, None
        return self._tell(since_s, now)

    def shown(self, verdict: Verdict, now: float) -> list[Seen]:
        """Take in what a key frame shows."""
        if self.packets not in ("on", "suspect"):
            return []
        self._verdict = verdict
        return self._tell(0.0, now)

    def _tell(self, since_s: float, now: float) -> list[Seen]:
        state, why = self._weighed()
        if state is None or (state, why) == (self.camera, self.why):
            return []
        self.camera, self.why = state, why
        self.camera_since = now - since_s
        return [CameraSeen(state, since_s, why)]

    def _weighed(self) -> tuple[CameraState | None, Why]:
        if self._verdict == "ok":
            return "on", ""
        if self._verdict is not None:
            return "suspect", self._verdict
        return self.packets, "thin" if self.packets == "suspect" else ""

    def _information(self, now: float) -> None:
        """Follow since when the last second or so held hardly any information."""
        if self.looked_at:
            self._recent.clear()
            self._poor_since = self._poor_since if self.packets == "suspect" else None
            return
        self._recent.append((now, self._counts))
        while len(self._recent) > 2 and self._recent[1][0] <= now - POOR_WINDOW_S:
            self._recent.popleft()
        begun, then = self._recent[0]
        if now - begun < POOR_WINDOW_S:
            return
        if not _is_poor(then, self._counts, now - begun):
            self._poor_since = None
        elif self._poor_since is None:
            self._poor_since = begun

    def _judge(self, now: float) -> tuple[CameraState | None, float]:
        if self._silent_s > OFF_S:
            return "off", self._silent_s
        flow_s = now - self._flow_since if self._flow_since is not None else 0.0
        if self._silent_s > 0.0 or flow_s < ON_S:
            return self.packets, 0.0
        if self._poor_since is None:
            return "on", min(flow_s, ON_S)
        poor_s = now - self._poor_since
        return (
            ("suspect", poor_s)
            if poor_s > SUSPECT_S
            else ("suspect" if self.packets == "suspect" else "on", 0.0)
        )


def _is_poor(then: Counts, now: Counts, seconds: float) -> bool:
    packets = now.video_packets - then.video_packets
    frames = now.frames - then.frames
    bits_a_second = (now.video_bytes - then.video_bytes) * 8 / seconds
    few = 0 < packets <= SUSPECT_PACKETS_A_FRAME * frames
    return few and bits_a_second < SUSPECT_BITS_A_SECOND

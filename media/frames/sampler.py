"""Takes samples of cameras for a worker: whom `media.samples` names, one key frame, one word.

Driven by the worker's tick. While a key frame is looked for, the leg's decrypted packets are overheard;
before and after that nobody listens. Blind legs cannot be looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from media.control import Camera
from media.frames.process import Decoder
from media.keyframe import Collector
from media.picture import Verdict
from media.rtc.leg import Leg
from media.rtcp import key_frame_request
from media.samples import Schedule
from media.udp.route import Route, Tap

COLLECT_S = 3.0
"""So long is a key frame waited for."""
AT_ONCE = 4
"""Legs that are overheard at the same time, at most."""

AskKeyFrames = Callable[[Route, Iterable[bytes]], None]
Say = Callable[[Leg, Camera], None]


class Look:
    """One leg under the sampler's eyes."""

    __slots__ = ("asked", "collector", "number", "schedule", "until")

    def __init__(self, number: int, schedule: Schedule) -> None:
        self.number = number
        self.schedule = schedule
        self.collector: Collector | None = None
        self.until = 0.0
        self.asked = False
        """The decoder has a picture of this leg."""


class Sampler:
    """All looks of one worker."""

    def __init__(
        self,
        decoder: Decoder,
        *,
        ask: AskKeyFrames,
        say: Say,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._decoder = decoder
        self._ask = ask
        self._say = say
        self._clock = clock
        self._chance = chance
        self._looks: dict[Leg, Look] = {}
        self._numbers = itertools.count()

    def tick(self, legs: Iterable[Leg]) -> None:
        """Begin what is due, end what is done, forget legs that went."""
        now, present = self._clock(), set()
        for leg in legs:
            if leg.blind or leg.state != "connected" or leg.watch is None:
                continue
            present.add(leg)
            self._tend(leg, self._look_of(leg, now), now)
        for leg in self._looks.keys() - present:
            self._listen(leg, None)
            del self._looks[leg]

    def _look_of(self, leg: Leg, now: float) -> Look:
        if leg not in self._looks:
            self._looks[leg] = Look(next(self._numbers), Schedule(now, self._chance))
        return self._looks[leg]

    def _tend(self, leg: Leg, look: Look, now: float) -> None:
        if look.collector is not None:
            self._collect(leg, look, look.collector, now)
            return
        packets = leg.watch.packets if leg.watch and not leg.watch.stalled else None
        if not look.asked and look.schedule.due(packets, now) and self._free():
            self._begin(leg, look, now)

    def _free(self) -> bool:
        return sum(look.collector is not None for look in self._looks.values()) < AT_ONCE

    def _begin(self, leg: Leg, look: Look, now: float) -> None:
        """Listen, and ask the browser for a key frame."""
        seen = leg.route.pictures.keys()
        ssrcs = frozenset(seen & leg.route.camera_ssrcs or seen)
        look.collector = Collector(ssrcs)
        look.until = now + COLLECT_S
        self._listen(leg, look.collector.feed)
        self._ask(leg.route, map(key_frame_request, sorted(ssrcs)))

    def _collect(self, leg: Leg, look: Look, collector: Collector, now: float) -> None:
        if collector.found is None and now < look.until:
            return
        self._listen(leg, None)
        look.collector = None
        frame, first = collector.found, look.schedule.first
        look.asked = frame is not None and self._decoder.ask(
            look.number, frame, first=first, tell=lambda found: self._looked(leg, look, found)
        )
        if not look.asked:
            look.schedule.looked(None, now)

    def _listen(self, leg: Leg, tap: Tap | None) -> None:
        leg.route.listen(tap)
        if leg.watch is not None:
            leg.watch.looked_at = tap is not None

    def _looked(self, leg: Leg, look: Look, found: Verdict | None) -> None:
        """The decoder answered; the leg may be gone by now."""
        now = self._clock()
        look.asked = False
        proven = look.schedule.looked(found, now)
        if proven is not None and leg.state == "connected":
            for message in leg.shown(proven, now):
                self._say(leg, message)

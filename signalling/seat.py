"""One side of a room: a member's presence, camera and breaks, and the page that holds them."""

from __future__ import annotations

from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import Rules
from signalling import wire
from signalling.asleep import Sleep
from signalling.breaks import Breaks
from signalling.camera import Camera
from signalling.events import Missed
from signalling.figures import Reports
from signalling.ports import Member
from signalling.presence import Presence
from signalling.standby import Standby
from signalling.transitions import Transition
from signalling.unseen import Unseen


class Seat:
    """A member's place in one session; knows nothing of the other side."""

    def __init__(
        self, member: Member, booking: str, rules: Rules, *, start_ms: int, length_min: int
    ):
        self.member = member
        self.booking = booking
        self.title = ""
        self.conn: str | None = None
        self.tab = ""
        self.mic = False
        self.screen = False
        self.leg_stalled = False
        """The relay hears nothing from this side."""
        self.wants_end = False
        self.goes_on = False
        self.wants_off = False
        self.off_agreed = False
        """Cameras may be off."""
        self.ended = False
        """Both agreed to end, or went on together: the seat is not given again."""
        self.came_ms = 0
        """When the member came to this session, by whichever room."""
        self.missed: Missed | None = None
        self.standby = Standby()
        self.reports = Reports()
        self.presence = Presence(rules.drop_grace_ms)
        self.camera = Camera(rules.camera_nudge_ms)
        self.breaks = Breaks(rules, length_min)
        self._sleep = Sleep(rules.asleep_ms)
        self._unseen = Unseen(rules.camera_tell_ms)
        self._off_over_ms = 0
        self._start_ms = start_ms
        self._end_ms = rules.end_ms(start_ms, length_min)

    def enter(
        self, conn: str, tab: str, camera: bool, mic: bool, now_ms: int, *, keeps: bool = False
    ) -> list[Transition]:
        """A page takes the seat; it `keeps` the connection it had, or builds one."""
        self.conn, self.tab, self.mic = conn, tab, mic
        self.leg_stalled = self.screen = False
        self.came_ms = self.came_ms or now_ms
        awake = self.heard(now_ms)
        if not keeps:
            self.camera.connects_anew()
        return awake + self.presence.enter(now_ms) + self.camera.claim(camera, now_ms)

    def lose(self, now_ms: int, record_after_ms: int, *, closed: bool = False) -> None:
        """The page's connection is gone."""
        self.conn = None
        self.presence.lose(now_ms, record_after_ms, closed=closed)

    def leave(self, now_ms: int) -> list[Transition]:
        """The member leaves on purpose."""
        self.conn = None
        self.wants_end = self.goes_on = False
        self.wants_off = self.off_agreed
        return self.breaks.back(now_ms) + self.presence.leave(now_ms)

    def media(self, media: wire.Media, now_ms: int) -> list[Transition]:
        """The page says what is on."""
        self.mic, self.screen = media.mic, media.screen
        return self.camera.claim(media.camera, now_ms, media.trouble)

    def heard(self, now_ms: int) -> list[Transition]:
        """The page said something, if only that it is there."""
        return self.camera.sleep(False, now_ms) if self._sleep.heard(now_ms) else []

    def observe(self, camera: bool, at_ms: int) -> list[Transition]:
        """The SFU says whether there is a picture; a lost socket does not silence it."""
        if self.presence.left:
            return []
        if camera:
            self._sleep.stirred()
        return self.camera.observe(camera, at_ms)

    def doubt(self, now_ms: int) -> list[wire.Nudge]:
        """The SFU sees a picture that shows nothing: a hint, if its member can do with one now."""
        in_break = now_ms < self.breaks.until_ms
        if in_break or self.off_agreed or now_ms >= self._end_ms or not self.presence.connected:
            return []
        return [wire.Nudge(kind="picture_empty")] if self.camera.hint(now_ms) else []

    def agree_off(self, now_ms: int, *, on: bool) -> list[Transition]:
        """Cameras may be off from now on, or count again."""
        self.off_agreed = self.wants_off = on
        self._off_over_ms = now_ms
        return [Transition(Seen.OFF_AGREED if on else Seen.OFF_OVER, now_ms)]

    def tell_missed(self) -> bool:
        """The partner tells them that their picture is missing; False if there is nothing to tell."""
        return self._unseen.told(self._off_since())

    def next_deadline(self) -> int | None:
        due = (
            self.presence.next_deadline(),
            self.camera.next_deadline(),
            self.breaks.next_deadline(),
            self._nudge_due(),
            self._before_end(self._unseen.next_deadline(self._off_since())),
            self._sleep.next_deadline(self.camera.ceased_ms),
        )
        return min((at for at in due if at is not None), default=None)

    def woke(self, now_ms: int) -> tuple[list[Transition], list[wire.Nudge]]:
        """What is due by now: transitions to record, hints to give."""
        nudges = []
        if self.breaks.woke(now_ms) and self.presence.connected:
            nudges.append(wire.Nudge(kind="break_over"))
        due = self._nudge_due()
        if due is not None and now_ms >= due:
            first = self.camera.nudged(self._counts_from()) == 1
            nudges.append(wire.Nudge(kind="camera_off" if first else "camera_off_again"))
        self._unseen.woke(self._off_since(), now_ms)
        seen = self._sleeps(now_ms) + self.presence.woke(now_ms) + self.camera.woke(now_ms)
        return seen, nudges

    def view(self, now_ms: int) -> wire.Seat:
        """The seat as both pages see it."""
        presence = self.presence
        return wire.Seat(
            here=presence.here and not self.ended,
            joined=presence.joined,
            camera=presence.here and self.camera.shown,
            mic=presence.here and self.mic,
            screen=presence.here and self.screen,
            trouble=self.camera.trouble if presence.here else "",
            unseen=self._unseen.open(self._off_since()),
            stalled=presence.stalled or (presence.connected and self.leg_stalled),
            break_until_ms=self.breaks.until_ms,
            breaks_used_ms=self.breaks.used_ms(now_ms),
            wants_end=self.wants_end,
            wants_off=self.wants_off,
            left=presence.left,
            goes_on=self.goes_on,
        )

    def replay(self, line: PresenceEvent) -> None:
        """Take in a line of the session's log, after a hub began anew."""
        self.came_ms = self.came_ms or line.at_ms
        self.presence.replay(line.seen, line.at_ms)
        self.camera.replay(line.seen, line.at_ms, line.cause)
        self.breaks.replay(line.seen, line.at_ms, line.minutes)
        if line.seen in (Seen.OFF_AGREED, Seen.OFF_OVER):
            self.agree_off(line.at_ms, on=line.seen is Seen.OFF_AGREED)
        self.ended = self.ended or line.seen is Seen.END_AGREED

    def _sleeps(self, now_ms: int) -> list[Transition]:
        """The page was put to sleep, or has slept for as long as that is an excuse."""
        if not self._sleep.woke(self.camera.ceased_ms, now_ms):
            return []
        return self.camera.sleep(self._sleep.sleeps, self._sleep.turned_ms)

    def _counts_from(self) -> int:
        return max(self._start_ms, self.breaks.over_ms(), self._off_over_ms)

    def _off_since(self) -> int | None:
        """Since when the picture counts as missing, and somebody is there to turn it on."""
        off = self.presence.connected and not self.off_agreed
        return self._before_end(self.camera.off_since(self._counts_from())) if off else None

    def _nudge_due(self) -> int | None:
        if not self.presence.connected or self.off_agreed:
            return None
        return self._before_end(self.camera.nudge_due(self._counts_from()))

    def _before_end(self, due: int | None) -> int | None:
        return due if due is not None and due < self._end_ms else None


NOBODY = wire.Seat(here=False, joined=False, camera=False, mic=False)
"""The other side of a room without a partner."""

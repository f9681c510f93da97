"""A room's connection: its call if it has a pair, and what the call's path means for cameras."""

from __future__ import annotations

from collections.abc import Sequence

from media import control
from signalling import wire
from signalling.admission import doors
from signalling.call import Call, Held
from signalling.commands import AnyCommand
from signalling.plan import Plan, Shared
from signalling.recording import Recording
from signalling.seat import Seat
from signalling.telling import Telling


class Circuit:
    """Passes on what pages and workers say to the call, and tells both pages what follows."""

    def __init__(
        self,
        plan: Plan,
        seats: list[Seat],
        shared: Shared,
        tell: Telling,
        recording: Recording,
        *,
        gen: int,
    ) -> None:
        self._plan = plan
        self._seats = seats
        self._tell = tell
        self._recording = recording
        self._call = self._new_call(shared, gen) if plan.pair else None

    @property
    def line(self) -> str:
        """The name by which workers know this room's call."""
        return self._call.line if self._call else self._plan.key

    @property
    def path(self) -> wire.Path:
        """Which way the newest connection takes."""
        return self._call.path if self._call else "direct"

    def holds(self, held: Held) -> bool:
        """Whether a page still has the newest connection."""
        return self._call is not None and self._call.holds(held)

    def renew(self, friends: bool) -> None:
        """The members may have changed."""
        if self._call:
            self._call.renew(friends)

    # The two pages come and go.

    def joined(self, side: int, held: Held, now_ms: int) -> list[AnyCommand]:
        """A page took its seat."""
        return self._after(self._call.joined(side, held, now_ms) if self._call else [], now_ms)

    def parted(self) -> None:
        """A page is away; it may come back."""
        if self._call:
            self._call.parted()

    def stop(self) -> list[AnyCommand]:
        """The pages part for good."""
        return self._call.stop() if self._call else []

    def unwatched(self, side: int, now_ms: int) -> list[AnyCommand]:
        """Nobody sees this side's packets any more."""
        return self._recording.lines(side, self._seats[side].camera.travel(False, now_ms))

    def take_over(self, former: Circuit, friends: bool, now_ms: int) -> list[AnyCommand]:
        """Both pages come from the session before, with their connection."""
        self._call, former._call = former._call, None
        call = self._call.go_on(self._seats, friends, now_ms) if self._call else []
        return self._after(call, now_ms)

    # What pages say.

    def signal(self, side: int, message: wire.Signal) -> list[AnyCommand]:
        return self._call.signal(side, message) if self._call else []

    def connected(self, side: int, message: wire.Connected, now_ms: int) -> list[AnyCommand]:
        return self._after(
            self._call.connected(side, message, now_ms) if self._call else [], now_ms
        )

    def failed(self, side: int, message: wire.Failed, now_ms: int) -> list[AnyCommand]:
        return self._after(self._call.failed(side, message, now_ms) if self._call else [], now_ms)

    def silent(self, side: int, message: wire.Silent, now_ms: int) -> list[AnyCommand]:
        return self._after(self._call.silent(side, message, now_ms) if self._call else [], now_ms)

    def seen(self, side: int, message: wire.Seen, now_ms: int) -> list[AnyCommand]:
        """A page says how its partner's picture arrives; on a relay packets know better."""
        if self._call is not None and message.gen == self._call.gen:
            self._seats[1 - side].camera.reported(message.picture, now_ms)
        return []

    # What workers say.

    def worker_said(
        self, worker: str, message: control.WorkerMessage, now_ms: int
    ) -> list[AnyCommand]:
        """A worker speaks of this pair."""
        if self._call is None:
            return []
        match message:
            case control.PairOpened():
                return self._after(self._call.opened(worker, message, now_ms), now_ms)
            case control.PairRefused():
                return self._after(self._call.refused(worker, message, now_ms), now_ms)
            case control.LegRestarted():
                return self._after(self._call.restarted(worker, message, now_ms), now_ms)
            case control.LegState():
                return self._after(self._call.leg(message, now_ms), now_ms)
            case control.Camera():
                return self._camera(self._call, message, now_ms)
            case _:
                return []

    def worker_up(self, worker: str, now_ms: int) -> list[AnyCommand]:
        """A worker answers again."""
        return self._after(self._call.worker_up(worker, now_ms) if self._call else [], now_ms)

    def worker_silent(self, worker: str, now_ms: int) -> list[AnyCommand]:
        """A worker does not beat."""
        return self._after(self._call.worker_silent(worker, now_ms) if self._call else [], now_ms)

    def worker_down(self, worker: str, now_ms: int) -> list[AnyCommand]:
        """A worker is gone."""
        return self._after(self._call.worker_down(worker, now_ms) if self._call else [], now_ms)

    def worker_drains(self, worker: str, now_ms: int) -> list[AnyCommand]:
        """A worker is about to end, or is not any more."""
        if self._call:
            self._call.worker_drains(worker, now_ms)
        return []

    # Time.

    def next_deadline(self) -> int | None:
        due = [self._call.next_deadline(), self._dispute_due()] if self._call else []
        return min((at for at in due if at is not None), default=None)

    def woke(self, now_ms: int) -> list[AnyCommand]:
        if self._call is None:
            return []
        due_ms = self._dispute_due()
        disputed = due_ms is not None and now_ms >= due_ms
        step = self._call.dispute(now_ms) if disputed else []
        return self._after([*step, *self._call.woke(now_ms)], now_ms)

    # Inside.

    def _dispute_due(self) -> int | None:
        """When the pages will have contradicted each other about a camera for too long."""
        if self._call is None or not self._call.may_dispute:
            return None
        judged = [s for s in self._seats if s.presence.connected and not s.off_agreed]
        due = [seat.camera.dispute_due() for seat in judged]
        return min((at for at in due if at is not None), default=None)

    def _new_call(self, shared: Shared, gen: int) -> Call:
        return Call(
            self._plan.pair,
            self._seats,
            shared.rules,
            shared.config,
            shared.fleet,
            gen,
            friends=self._plan.friends,
        )

    def _camera(self, call: Call, message: control.Camera, now_ms: int) -> list[AnyCommand]:
        """A doubtful picture is a picture: its member hears of it, and nobody else."""
        if message.gen != call.gen:
            return []
        side, seat = message.side, self._seats[message.side]
        at_ms = now_ms - max(0, message.since_ms)
        out = self._recording.lines(side, seat.observe(message.state != "off", at_ms))
        hints = seat.doubt(now_ms) if message.state == "suspect" else []
        out += [command for hint in hints for command in self._tell.send(side, hint)]
        return [*out, *self._tell.seats(now_ms)]

    def _after(self, commands: Sequence[AnyCommand], now_ms: int) -> list[AnyCommand]:
        """Pass the call's commands on; the path decides who tells about cameras."""
        out = list(commands)
        for side, seat in enumerate(self._seats if self._call else []):
            assert self._call is not None
            out += self._recording.lines(side, seat.camera.travel(self._call.relayed, now_ms))
        return [*out, *self._tell.seats(now_ms)]


def first_generation(plan: Plan, shared: Shared, now_ms: int, *, rebuilt: bool) -> int:
    """Where to count on from. An earlier hub counted generations one by one: a second each is beyond
    any of them."""
    opens_ms, _ = doors(shared.rules, plan.start_ms, plan.length_min)
    return max(0, now_ms - opens_ms) // 1000 if rebuilt else 0

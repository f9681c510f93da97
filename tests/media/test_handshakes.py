"""Handshakes take turns, and nobody is turned away."""

from __future__ import annotations

import asyncio

from media.rtc.handshakes import STRAINED, Handshakes
from tests.media.clock import HandClock
from tests.media.conftest import MakeBench

PAIRS = 30


class Waiter:
    """A leg as far as its turn is concerned."""

    def __init__(self) -> None:
        self.may_begin = True
        self.begun = False

    def begin(self) -> None:
        self.may_begin, self.begun = False, True


class Queue:
    """Handshakes by a hand-turned clock, looked at again without waiting for a timer."""

    def __init__(self, per_s: int) -> None:
        self.clock = HandClock()
        self.handshakes = Handshakes(per_s, clock=self.clock)

    def want(self, count: int) -> list[Waiter]:
        waiters = [Waiter() for _ in range(count)]
        for waiter in waiters:
            self.handshakes.want(waiter)  # type: ignore[arg-type]
        return waiters

    def after(self, seconds: float) -> None:
        self.clock.turn(seconds)
        self.handshakes._again()


def begun(waiters: list[Waiter]) -> list[int]:
    return [at for at, waiter in enumerate(waiters) if waiter.begun]


async def test_a_few_begin_at_once_and_the_others_in_turn() -> None:
    queue = Queue(100)
    waiters = queue.want(14)
    assert begun(waiters) == list(range(10))
    queue.after(0.021)
    assert begun(waiters) == list(range(12))
    queue.after(0.02)
    assert len(queue.handshakes) == 0


async def test_under_strain_it_takes_longer() -> None:
    queue = Queue(100)
    queue.handshakes.strain(True)
    waiters = queue.want(40)
    queue.after(0.5)
    assert len(begun(waiters)) == 10 + int(0.5 * 100 * STRAINED)
    queue.handshakes.strain(False)
    queue.after(0.5)
    assert len(begun(waiters)) == 30


async def test_who_asks_again_waits_once_and_who_leaves_does_not() -> None:
    queue = Queue(10)
    first, second, third = queue.want(3)
    for waiter in (second, third, third):
        queue.handshakes.want(waiter)  # type: ignore[arg-type]
    assert len(queue.handshakes) == 2
    queue.handshakes.forget(second)  # type: ignore[arg-type]
    queue.after(1)
    assert begun([first, second, third]) == [0, 2]


async def test_a_full_hour_turns_nobody_away(make_bench: MakeBench) -> None:
    """More pairs at once, all behind one address, than may begin at once: none has to ask twice."""
    bench = await make_bench(live=True)
    hub = await bench.hub()
    calls = [await bench.introduced(hub, f"p{number}") for number in range(PAIRS)]
    connecting = [caller.connect() for call in calls for caller in call]
    assert await asyncio.gather(*connecting) == [True] * (2 * PAIRS)
    assert "rate" not in bench.dropped

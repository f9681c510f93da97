"""What is counted of the ledger: each thing once, under the name of its kind."""

from __future__ import annotations

from prometheus_client import REGISTRY

from scheduler.events import AnyEvent
from scheduler.flags import Fault
from scheduler.presence import Seen
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.store.outbox import Consumer
from scheduler.store.ticker import Ticker
from tests.scheduler.store.test_ledger_sessions import flag
from tests.scheduler.store.town import Town


class Told:
    """How much a metric has grown since this was made."""

    def __init__(self, name: str, **labels: str) -> None:
        self._asked = (name, labels)
        self._before = self._now()

    def _now(self) -> float:
        name, labels = self._asked
        return REGISTRY.get_sample_value(name, labels) or 0.0

    @property
    def more(self) -> float:
        return self._now() - self._before


async def ignore(offset: str, event: AnyEvent) -> None:
    """Handle nothing."""


async def refuse(offset: str, event: AnyEvent) -> None:
    raise RuntimeError


async def test_a_session_counts_as_its_heaviest_fault_and_a_flag_as_its_own(town: Town) -> None:
    left = Told("cw_sessions_total", outcome="early_leave")
    flags = {fault: Told("cw_flags_total", fault=fault.value) for fault in Fault}
    pair = await town.session("ana", "ben")
    both = [flag(pair, "ana", "b1", Fault.LATE), flag(pair, "ben", "b2", Fault.EARLY_LEAVE)]
    for _ in range(2):
        await town.ledger.settle(pair, both)
    assert left.more == 1
    assert {fault: told.more for fault, told in flags.items() if told.more} == {
        Fault.LATE: 1,
        Fault.EARLY_LEAVE: 1,
    }


async def test_a_session_without_a_flag_was_kept(town: Town) -> None:
    kept = Told("cw_sessions_total", outcome="kept")
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [])
    assert kept.more == 1
    await town.see(pair, "ana", Seen.REJOIN)
    await town.ledger.settle(pair, [], lines=1)
    assert kept.more == 1


async def test_a_late_cancellation_is_counted_once(town: Town) -> None:
    told = Told("cw_flags_total", fault="late_cancel")
    pair = await town.pair_of("ana", "ben")
    await town.cancel("ana", "b1")
    for _ in range(2):
        await town.ledger.flag_late_cancel(flag(pair, "ana", "b1", Fault.LATE_CANCEL))
    assert told.more == 1


async def test_timers_tell_their_lateness_by_kind(town: Town) -> None:
    kinds = ("late", "noshow", "end", "close")
    told = {kind: Told("cw_timer_lateness_seconds_count", kind=kind) for kind in kinds}
    await town.pair_of("ana", "ben")
    ticker = Ticker(town.ledger)
    for minutes in (2, 5, 60, 61):  # each sets the timer of the next
        await town.go_to(town.noon + minutes * MINUTE_MS)
        await ticker.turn()
    assert [told[kind].more for kind in kinds] == [2, 2, 1, 1]


async def test_both_of_a_pair_waited_for_as_long_as_their_booking_was_old(town: Town) -> None:
    group = {"group": "waits"}
    count = Told("cw_match_wait_seconds_count", **group)
    total = Told("cw_match_wait_seconds_sum", **group)
    await town.book("ana")
    await town.ledger.move_clock(MINUTE_MS)
    await town.book("ben")
    worker = Consumer(town.redis, tag="a", group="waits", handler=ignore)
    while await worker.turn(block_ms=1):
        pass
    assert count.more == 2
    assert 60 <= total.more < 70


async def test_the_outbox_is_as_old_as_its_oldest_event_that_is_not_done(town: Town) -> None:
    name, group = "cw_outbox_age_seconds", {"group": "slow"}
    await town.redis.flushall()
    await town.ledger.load_functions()
    await town.redis.xadd("{a}:out", {"e": b"?"}, id="1-0")
    slow = Consumer(town.redis, tag="a", group="slow", handler=refuse)
    await slow.turn(block_ms=0)
    await slow.turn(block_ms=1)
    assert (REGISTRY.get_sample_value(name, group) or 0) > DEFAULT.horizon_ms / 1_000
    await town.redis.xack("{a}:out", "slow", "1-0")
    await slow.turn(block_ms=1)
    assert REGISTRY.get_sample_value(name, group) == 0

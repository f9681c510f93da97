"""Timers, event logs, verdicts and the clock: what time does to the ledger."""

from __future__ import annotations

import msgspec
import pytest

from scheduler import errors
from scheduler.bookings import Task
from scheduler.events import Closed, Ended, Flagged, LateDue, NoShowDue, Settled
from scheduler.flags import Fault, Flag
from scheduler.presence import PresenceEvent, Seen, Witness
from scheduler.rules import DEFAULT, DEMO, MINUTE_MS, Rules
from scheduler.store.ledger import Ledger
from tests.scheduler.store.town import Town

E = 25 * MINUTE_MS


def flag(pair: str, member: str, booking: str, fault: Fault, **more: int) -> Flag:
    numbers = {"at_ms": 1, "measured_ms": 2, "limit_ms": 3, "start_ms": 4, "length_min": 25}
    return Flag(
        pair=pair, member=member, booking=booking, fault=fault, rules_version=1, **numbers | more
    )


# Timers


async def test_nothing_fires_before_its_time(town: Town) -> None:
    await town.pair_of("ana", "ben")
    tick = await town.tick()
    assert (tick.fired, tick.pending, tick.next_due_ms) == (0, 7, town.noon - 10 * MINUTE_MS)


async def until_noon(town: Town) -> None:
    """What comes before T, reminders and the pass, has fired and is forgotten."""
    await town.go_to(town.noon)
    await town.tick()
    await town.news()


async def test_who_has_not_joined_is_late_and_then_missing(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    await town.see(pair, "ana")
    await until_noon(town)
    await town.go_to(town.noon + DEFAULT.late_ms)
    assert (await town.tick()).fired == 1
    [late] = await town.news()
    assert isinstance(late, LateDue)
    assert (late.pair, late.booking, late.member) == (pair, "b2", "ben")
    await town.go_to(town.noon + DEFAULT.no_show_ms)
    await town.tick()
    [missing] = await town.news()
    assert isinstance(missing, NoShowDue)


async def test_who_waits_alone_is_never_late(town: Town) -> None:
    await town.book("ana")
    await until_noon(town)
    await town.go_to(town.noon + DEFAULT.no_show_ms + 1)
    assert (await town.tick()).fired == 0


async def test_a_session_ends_for_both_in_one_step_and_then_closes(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    for member in ("ana", "ben"):
        await town.see(pair, member)
    await until_noon(town)
    await town.go_to(town.noon + E)
    tick = await town.tick()
    assert (tick.fired, tick.pending, tick.next_due_ms) == (
        1,
        1,
        town.noon + E + DEFAULT.doors_close_ms,
    )
    [ended] = await town.news()
    assert isinstance(ended, Ended)
    assert (ended.members, ended.bookings) == (("ana", "ben"), ("b1", "b2"))
    done = await town.ledger.booking("b1")
    assert (done.state, done.partner, done.pair) == ("done", "ben", pair)
    await town.go_to(town.noon + E + DEFAULT.doors_close_ms)
    await town.tick()
    [closed] = await town.news()
    assert isinstance(closed, Closed)
    assert closed.pair == pair
    assert (await town.tick()).pending == 0


async def test_a_booking_without_partner_ends_alone(town: Town) -> None:
    await town.book("ana")
    await town.news()
    await town.go_to(town.noon + E)
    await town.tick()
    [ended] = await town.news()
    assert isinstance(ended, Ended)
    assert (ended.members, ended.bookings) == (("ana",), ("b1",))
    assert [each.state for each in await town.ledger.bookings_of("ana", 0, town.noon + 1)] == [
        "done"
    ]


async def test_timers_fire_in_order_however_late_and_tell_how_late(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await until_noon(town)
    await town.go_to(town.noon + 60 * MINUTE_MS)
    tick = await town.tick()
    assert await town.told() == ["LateDue", "NoShowDue", "LateDue", "NoShowDue", "Ended"]
    assert tick.fired == 3
    assert [lateness // MINUTE_MS for lateness in tick.lateness_ms] == [59, 59, 35]
    assert tick.next_due_ms is not None
    assert tick.next_due_ms <= tick.now_ms
    await town.tick()
    assert await town.told() == ["Closed"]


async def test_a_timer_of_another_release_stops_none_that_is_due_with_it(town: Town) -> None:
    await town.book("ana")
    await town.redis.zadd("{a}:timers", {"unheard:b1": town.noon})
    await town.news()
    await town.go_to(town.noon + E)
    assert {"unheard", "end"} <= set((await town.tick()).kinds)
    assert await town.told() == ["Ended"]


async def test_a_tick_takes_no_more_than_its_limit(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await until_noon(town)
    await town.go_to(town.noon + 60 * MINUTE_MS)
    assert (await town.ledger.tick(limit=2)).fired == 2
    assert (await town.ledger.tick(limit=2)).pending == 1


async def test_cancelling_takes_the_timers_away(town: Town) -> None:
    await town.pair_of("ana", "ben")
    await town.cancel("ana", "b1")
    await town.cancel("ben", "b2")
    tick = await town.tick()
    assert (tick.pending, tick.next_due_ms) == (1, town.noon - DEFAULT.pass_ms)  # the slot's own


# Event logs


async def test_the_log_keeps_each_event_once_in_order(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    join = await town.see(pair, "ana")
    pause = PresenceEvent(
        id="sfu:1", member="ana", seen=Seen.BREAK, at_ms=5, witness=Witness.SFU, minutes=3
    )
    await town.ledger.record(pair, [pause, join, pause])
    await town.ledger.record(pair, [])
    assert await town.ledger.log_of(pair) == [join, pause]


async def test_a_log_of_any_length_is_written(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    many = [
        PresenceEvent(id=f"hub:{n}", member="ana", seen=Seen.CAMERA_ON, at_ms=n)
        for n in range(20_000)
    ]
    await town.ledger.record(pair, many)
    await town.ledger.record(pair, many[-501:])
    assert await town.ledger.log_of(pair) == many
    more = [
        msgspec.msgpack.encode(msgspec.structs.replace(each, id=f"x{each.id}")) for each in many
    ]
    await town.redis.execute_command("FCALL", "record_v1", 1, "{a}", pair, *more)
    assert len(await town.ledger.log_of(pair)) == 40_000


async def test_a_stranger_does_not_get_into_a_log(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    good = PresenceEvent(id="1", member="ana", seen=Seen.JOIN, at_ms=1)
    with pytest.raises(errors.BadField):
        await town.ledger.record(
            pair, [good, PresenceEvent(id="2", member="cem", seen=Seen.JOIN, at_ms=1)]
        )
    assert await town.ledger.log_of(pair) == []
    with pytest.raises(errors.NotFound):
        await town.ledger.record("p9", [good])


async def test_joining_a_dissolved_pair_does_not_excuse_from_the_next(town: Town) -> None:
    await town.book("ana", task=Task.DESK)
    ben = await town.book("ben")
    await town.book("cem", task=Task.DESK)
    assert ben.pair
    await town.cancel("ana", "b1")
    await town.see(ben.pair, "ben")
    await town.go_to(town.noon + DEFAULT.late_ms)
    await town.news()
    await town.tick()
    assert [event.member for event in await town.news() if isinstance(event, LateDue)] == [
        "ben",
        "cem",
    ]


# Verdicts


async def test_a_verdict_marks_the_pair_and_counts_who_kept_the_session(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.news()
    late = flag(pair, "ben", "b2", Fault.LATE)
    await town.ledger.settle(pair, [late])
    [settled] = await town.news()
    assert isinstance(settled, Settled)
    assert (settled.members, settled.flagged) == (("ana", "ben"), ("ben",))
    assert (await town.ledger.pair(pair)).settled
    assert await town.ledger.flags_of("ben") == [late]
    assert await town.ledger.flags_of("ana") == []
    assert await town.ledger.kept_of(["ana", "ben", "cem"]) == {"ana": 1, "ben": 1, "cem": 0}


async def test_nobody_flagged_is_told_as_such(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.news()
    await town.ledger.settle(pair, [])
    [settled] = await town.news()
    assert isinstance(settled, Settled)
    assert settled.flagged == ()


async def test_a_verdict_is_written_once(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [])
    await town.news()
    await town.ledger.settle(pair, [flag(pair, "ben", "b2", Fault.LATE)])
    assert await town.news() == []
    assert await town.ledger.flags_of("ben") == []
    assert await town.ledger.kept_of(["ana"]) == {"ana": 1}


async def test_a_verdict_by_other_rules_takes_the_place_of_the_first(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [flag(pair, "ben", "b2", Fault.LATE)])
    stricter = Ledger(town.redis, rules=Rules(version=2))
    await stricter.settle(pair, [flag(pair, "ben", "b2", Fault.NO_SHOW)])
    assert [each.fault for each in await town.ledger.flags_of("ben")] == [Fault.NO_SHOW]
    assert await town.ledger.kept_of(["ana", "ben"]) == {"ana": 1, "ben": 0}


@pytest.mark.parametrize("fault", Fault)
async def test_who_did_not_come_or_did_not_stay_kept_no_session(town: Town, fault: Fault) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [flag(pair, "ben", "b2", fault)])
    kept = 0 if fault in (Fault.NO_SHOW, Fault.EARLY_LEAVE) else 1
    assert await town.ledger.kept_of(["ana", "ben"]) == {"ana": 1, "ben": kept}


async def test_evidence_after_the_verdict_has_it_judged_anew(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [flag(pair, "ben", "b2", Fault.EARLY_LEAVE)])
    await town.news()
    back = await town.see(pair, "ben", Seen.REJOIN)
    [closed] = await town.news()
    assert isinstance(closed, Closed)
    assert not (await town.ledger.pair(pair)).settled
    await town.ledger.record(pair, [back])
    await town.see(pair, "ben", Seen.CAMERA_ON)
    assert await town.news() == []
    await town.ledger.settle(pair, [])
    assert await town.told() == ["Settled"]
    assert await town.ledger.flags_of("ben") == []
    assert await town.ledger.kept_of(["ana", "ben"]) == {"ana": 1, "ben": 1}


async def test_a_line_already_known_reopens_nothing(town: Town) -> None:
    pair = await town.session("ana", "ben")
    known = await town.ledger.log_of(pair)
    await town.ledger.settle(pair, [])
    await town.news()
    await town.ledger.record(pair, known)
    assert await town.news() == []
    assert (await town.ledger.pair(pair)).settled


async def test_a_verdict_on_a_log_that_grew_meanwhile_is_not_written(town: Town) -> None:
    pair = await town.session("ana", "ben")
    judged = len(await town.ledger.log_of(pair))
    await town.see(pair, "ben", Seen.REJOIN)
    await town.news()
    await town.ledger.settle(pair, [flag(pair, "ben", "b2", Fault.LATE)], lines=judged)
    assert await town.told() == ["Closed"]
    assert not (await town.ledger.pair(pair)).settled
    assert await town.ledger.flags_of("ben") == []
    await town.ledger.settle(pair, [], lines=judged + 1)
    assert await town.told() == ["Settled"]


async def test_who_never_came_kept_nothing(town: Town) -> None:
    pair = await town.session("ana", "ben", joined=False)
    await town.ledger.settle(pair, [])
    assert await town.ledger.kept_of(["ana", "ben"]) == {"ana": 0, "ben": 0}


async def test_a_verdict_needs_a_session_that_is_over_and_flags_of_its_own(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    with pytest.raises(errors.Conflict):
        await town.ledger.settle(pair, [])
    await town.go_to(town.noon + E)
    with pytest.raises(errors.BadField):
        await town.ledger.settle(pair, [flag(pair, "cem", "b3", Fault.LATE)])
    with pytest.raises(errors.BadField):
        await town.ledger.settle(pair, [flag("p9", "ana", "b1", Fault.LATE)])
    with pytest.raises(errors.NotFound):
        await town.ledger.settle("p9", [])
    assert not (await town.ledger.pair(pair)).settled


async def test_a_dissolved_pair_has_no_verdict(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    await town.cancel("ana", "b1")
    await town.go_to(town.noon + E)
    with pytest.raises(errors.NotFound):
        await town.ledger.settle(pair, [])


async def test_a_late_cancellation_is_flagged_once_a_booking(town: Town) -> None:
    pair = await town.pair_of("ana", "ben")
    late = flag(pair, "ana", "b1", Fault.LATE_CANCEL)
    with pytest.raises(errors.NotFound):
        await town.ledger.flag_late_cancel(late)
    await town.cancel("ana", "b1")
    assert "Cancelled" in await town.told()
    await town.ledger.flag_late_cancel(late)
    await town.ledger.flag_late_cancel(flag(pair, "ana", "b1", Fault.LATE_CANCEL, at_ms=9))
    assert await town.ledger.flags_of("ana") == [late]
    [told] = await town.news()
    assert told == Flagged(at_ms=told.at_ms, member="ana", booking="b1")


async def test_flags_come_newest_first(town: Town) -> None:
    pair = await town.session("ana", "ben")
    await town.ledger.settle(pair, [flag(pair, "ana", "b1", Fault.LATE, at_ms=1)])
    await town.book("ana")
    gone = (await town.book("cem")).pair
    assert gone
    await town.cancel("ana", "b3")
    await town.ledger.flag_late_cancel(flag(gone, "ana", "b3", Fault.LATE_CANCEL, at_ms=7))
    assert [each.at_ms for each in await town.ledger.flags_of("ana")] == [7, 1]


async def test_nobody_asked_for_is_nobody_counted(town: Town) -> None:
    assert await town.ledger.kept_of([]) == {}


# Outages


async def test_beats_close_together_tell_of_no_outage(town: Town) -> None:
    assert await town.ledger.outages(0, town.noon) == []
    await town.ledger.beat()
    await town.ledger.beat()
    assert await town.ledger.outages(0, town.noon) == []


async def silent(town: Town, for_ms: int) -> tuple[int, int]:
    """Time passes without a beat; gives the last beat and now."""
    key, field = "{a}:meta", "beat"
    last = int(await town.redis.hincrby(key, field, -for_ms))
    return last, await town.ledger.now_ms()


async def test_a_silence_is_an_outage_while_it_lasts_and_after(town: Town) -> None:
    await town.ledger.beat()
    last, now = await silent(town, 60_000)
    [(begins, ends)] = await town.ledger.outages(0, town.noon)
    assert begins == last
    assert ends >= now
    await town.ledger.beat()
    [(begins, ends)] = await town.ledger.outages(0, town.noon)
    assert begins == last
    await town.ledger.beat()
    assert await town.ledger.outages(0, town.noon) == [(begins, ends)]
    assert await town.ledger.outages(ends, town.noon) == []
    assert await town.ledger.outages(0, begins) == []
    assert await town.ledger.outages(ends - 1, ends) == [(begins, ends)]
    assert await town.ledger.outages(begins, begins + 1) == [(begins, ends)]


async def test_a_short_silence_is_none(town: Town) -> None:
    await town.ledger.beat()
    await silent(town, 5_000)
    assert await town.ledger.outages(0, town.noon) == []
    await town.ledger.beat()
    assert await town.ledger.outages(0, town.noon) == []


async def test_travelling_in_time_is_no_outage_and_hides_none(town: Town) -> None:
    await town.ledger.move_clock(60_000)
    await town.ledger.beat()
    await town.ledger.move_clock(60_000)
    await town.ledger.beat()
    assert await town.ledger.outages(0, 2 * town.noon) == []
    await silent(town, 60_000)
    await town.ledger.move_clock(3_600_000)
    [(begins, ends)] = await town.ledger.outages(0, 2 * town.noon)
    assert 60_000 <= ends - begins < 90_000


async def test_old_outages_make_room_for_new_ones(town: Town) -> None:
    entries = {f"{at}:{at + 1}": at + 1 for at in range(1_001)}
    await town.redis.zadd("{a}:outages", entries)
    await town.ledger.beat()
    await silent(town, 60_000)
    await town.ledger.beat()
    kept = await town.ledger.outages(0, town.noon)
    assert (len(kept), kept[0]) == (1_000, (2, 3))


# The clock


async def test_the_clock_goes_forward_only(town: Town) -> None:
    before = await town.ledger.now_ms()
    assert await town.ledger.move_clock(5_000) >= before + 5_000
    assert await town.ledger.now_ms() >= before + 5_000
    with pytest.raises(errors.BadField):
        await town.ledger.move_clock(-1)


async def test_the_time_never_goes_back_even_if_the_stores_does(town: Town) -> None:
    booking = await town.book("ana")
    hour = 60 * MINUTE_MS
    await town.redis.hincrby("{a}:meta", "offset", -hour)
    assert await town.ledger.now_ms() >= booking.created_ms


async def test_rules_are_the_instances_own(town: Town) -> None:
    demo = await Town(town.redis, rules=DEMO, tag="demo").open()
    booking = await demo.book("ana", demo.noon + MINUTE_MS, length_min=3)
    assert booking.end_ms == demo.noon + 4 * MINUTE_MS
    with pytest.raises(errors.BadLength):
        await demo.book("ana", demo.noon, length_min=25)
    with pytest.raises(errors.NotFound):
        await town.ledger.booking("b1")

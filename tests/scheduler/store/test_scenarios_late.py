"""A partner is late, never comes, both are late, or a member comes from another session: told as they go,
from the booking to the verdict."""

from __future__ import annotations

import pytest

from scheduler import errors
from scheduler.bookings import Booking
from scheduler.events import Asked, AskOver, Awaited, LateDue, NoShowDue, Unmatched
from scheduler.judge import judge
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS
from scheduler.standby import Outcome
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.town import Town

E = 50 * MINUTE_MS


async def booked(town: Town, *couples: tuple[str, str]) -> list[Booking]:
    """Couples of one slot, and their bookings in order."""
    made = [await town.book(member, length_min=50) for couple in couples for member in couple]
    return [await town.now(each) for each in made]


async def seen(town: Town, booking: Booking, at_ms: int, what: Seen = Seen.JOIN) -> None:
    """Record that this was seen just then, to the millisecond."""
    pair = (await town.now(booking)).pair
    assert pair is not None
    event = PresenceEvent(
        id=f"{booking.id}:{at_ms}:{what}", member=booking.member, seen=what, at_ms=at_ms
    )
    await town.ledger.record(pair, [event])


async def comes(town: Town, booking: Booking, clock_ms: int) -> None:
    """The member takes the seat that long after T."""
    if await town.ledger.now_ms() < town.noon + clock_ms:
        await town.go_to(town.noon + clock_ms)
    if (await town.now(booking)).state == "matched":
        await seen(town, booking, town.noon + clock_ms)
    await town.standby.here(booking.member, booking.id)


async def after(town: Town, clock_ms: int, *here: Booking) -> None:
    """That long after T; these say that they are here meanwhile."""
    await town.stay(town.noon + clock_ms, *here)


async def verdict(town: Town, *pairs: str | None) -> dict[str, str]:
    """Who was flagged for what, when all is over; the verdicts are written down."""
    await town.go_to(town.noon + E + DEFAULT.doors_close_ms)
    while (await town.tick()).fired:
        pass
    closed = {event.pair for event in await town.news() if type(event).__name__ == "Closed"}
    flagged: dict[str, str] = {}
    for id in pairs:
        assert id in closed
        assert id is not None
        flags = judge(await town.ledger.pair(id), await town.ledger.log_of(id), DEFAULT)
        await town.ledger.settle(id, flags)
        flagged |= {flag.member: flag.fault.value for flag in flags}
    check(await snapshot(town.redis, "a", await town.ledger.now_ms()))
    return flagged


async def kept(town: Town, *members: str) -> list[int]:
    counts = await town.ledger.kept_of(list(members))
    return [counts[member] for member in members]


async def reliability(town: Town, member: str) -> int:
    return int(await town.redis.hget("{a}:rel", member) or 880)


# D5: the partner is late


async def test_D5_1_whoever_is_not_here_yet_is_reminded_before_and_told_of_after(
    town: Town,
) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await town.go_to(town.noon - MINUTE_MS)
    await town.tick()
    assert "ReminderDue" in await town.told()
    await comes(town, ana, -SECOND_MS)
    await after(town, DEFAULT.late_ms, ana)
    [late] = [event for event in await town.news() if isinstance(event, LateDue)]
    assert late.member == "ben"


async def hints(town: Town) -> list[tuple[str, str, int]]:
    """Who was told that who waits, so many minutes after T."""
    told = [event for event in await town.news() if isinstance(event, Awaited)]
    return [(event.member, event.partner, event.minutes) for event in told]


async def test_D5_1_at_T_and_a_minute_later_ben_is_told_that_ana_waits(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await after(town, -5 * SECOND_MS, ana)
    assert await hints(town) == []
    await after(town, 0, ana)
    assert await hints(town) == [("ben", "ana", 0)]
    await after(town, MINUTE_MS - 5 * SECOND_MS, ana)
    assert await hints(town) == []
    await after(town, MINUTE_MS, ana)
    assert await hints(town) == [("ben", "ana", 1)]
    await after(town, 4 * MINUTE_MS, ana)
    assert await hints(town) == []


async def test_D5_1_who_came_is_told_nothing_and_nobody_is_who_is_not_waited_for(
    town: Town,
) -> None:
    ana, ben, *_ = await booked(town, ("ana", "ben"), ("cem", "dia"))
    await comes(town, ana, -MINUTE_MS)
    await comes(town, ben, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS, ana, ben)
    assert await hints(town) == []


async def test_D5_1_who_waited_and_went_waits_no_more(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await town.standby.gone(ana.id)
    await after(town, MINUTE_MS)
    assert await hints(town) == []


async def test_D5_1_a_hint_that_fires_late_is_told_and_the_next_one_comes(
    town: Town,
) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -2 * MINUTE_MS)
    await town.go_to(town.noon + 30 * SECOND_MS)
    await town.standby.here(ana.member, ana.id)
    await town.tick()
    assert await hints(town) == [("ben", "ana", 0)]
    await after(town, MINUTE_MS, ana)
    assert await hints(town) == [("ben", "ana", 1)]


async def test_D5_1_a_hint_that_comes_too_late_is_none(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await town.go_to(town.noon + 6 * MINUTE_MS)
    await town.standby.here(ana.member, ana.id)
    while (await town.tick()).fired:
        pass
    assert await hints(town) == []


async def test_D5_2_at_two_minutes_a_change_may_be_asked_for_and_waiting_changes_nothing(
    town: Town,
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS - SECOND_MS, ana)
    with pytest.raises(errors.NotYet):
        await town.seek(ana)
    await after(town, 2 * MINUTE_MS, ana)
    assert (await town.now(ana)).partner == ben.member


async def test_D5_3_who_comes_at_two_and_a_half_minutes_is_late_and_the_session_runs(
    town: Town,
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS + 20 * SECOND_MS, ana)
    await comes(town, ben, 2 * MINUTE_MS + 30 * SECOND_MS)
    with pytest.raises(errors.PartnerHere):
        await town.seek(ana)
    assert await verdict(town, ana.pair) == {"ben": "late"}
    assert await kept(town, "ana", "ben") == [1, 1]
    assert (await town.now(ana)).end_ms == town.noon + E


async def test_D5_race_a_join_that_comes_first_refuses_the_change(town: Town) -> None:
    ana, ben, cem, _ = await booked(town, ("ana", "ben"), ("cem", "dia"))
    for each in (ana, cem):
        await comes(town, each, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS, ana, cem)
    assert (await town.seek(ana)).outcome is Outcome.ASKING
    await town.news()
    await comes(town, ben, 2 * MINUTE_MS + 5 * SECOND_MS)
    assert [type(event) for event in await town.news()] == [AskOver]
    with pytest.raises(errors.NotFound):
        await town.standby.answer("cem", cem.id, True)
    assert (await town.now(ana)).partner == "ben"


async def test_D5_race_a_change_that_comes_first_replaces_who_joins_then(town: Town) -> None:
    ana, ben, cem, _ = await booked(town, ("ana", "ben"), ("cem", "dia"))
    for each in (ana, cem):
        await comes(town, each, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS, ana, cem)
    await town.seek(ana)
    await town.standby.answer("cem", cem.id, True)
    replaced = [event for event in await town.news() if isinstance(event, Unmatched)]
    assert {(event.member, event.why) for event in replaced} == {
        ("ben", "replaced"),
        ("dia", "replaced"),
    }
    await comes(town, ben, 2 * MINUTE_MS + 30 * SECOND_MS)  # in the pool now, alone there
    now = await town.now(ben)
    assert (now.state, now.missed) == ("waiting", ana.pair)
    new = (await town.now(ana)).pair
    assert await verdict(town, ana.pair, cem.pair, new) == {"ben": "late", "dia": "no_show"}
    assert await kept(town, "ana", "cem", "ben", "dia") == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("joined", "fault"),
    [
        (2 * MINUTE_MS - 100, None),
        (2 * MINUTE_MS, None),
        (2 * MINUTE_MS + 1, "late"),
        (5 * MINUTE_MS, "late"),
        (5 * MINUTE_MS + 1, "no_show"),
    ],
)
async def test_D5_edge_the_limits_are_kept_to_the_millisecond(
    town: Town, joined: int, fault: str | None
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await comes(town, ben, joined)
    assert await verdict(town, ana.pair) == ({"ben": fault} if fault else {})


async def test_D5_edge_a_lock_in_is_waited_for_unless_its_member_agrees(town: Town) -> None:
    ana, ben = await town.locked_pair("ana", "ben")
    eli = await town.book("eli")
    for each in (ana, eli):
        await comes(town, each, 0)
    await after(town, 2 * MINUTE_MS, ana, eli)
    with pytest.raises(errors.NeedsRematch):
        await town.seek(ana)
    assert (await town.now(ana)).partner == "ben"
    assert (await town.seek(ana, locked=True)).booking.partner == "eli"
    assert (await town.now(ben)).state == "waiting"


# D6: the partner never comes


async def three_couples(town: Town) -> list[Booking]:
    """Of three couples one each is here two minutes after T."""
    bookings = await booked(town, ("ana", "ben"), ("cem", "dia"), ("eli", "fay"))
    here = bookings[::2]
    for each in here:
        await comes(town, each, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS, *here)
    await town.news()
    return bookings


async def test_D6_1_the_best_of_those_who_wait_is_asked_for_fifteen_seconds_then_the_next(
    town: Town,
) -> None:
    await town.favour("ana", "eli")
    bookings = await three_couples(town)
    search = await town.seek(bookings[0])
    [first] = await town.news()
    assert isinstance(first, Asked)
    assert (first.member, first.until_ms - first.at_ms) == ("eli", 15 * SECOND_MS)
    await town.stay(search.until_ms, *bookings[::2])
    over, second = await town.news()
    assert isinstance(over, AskOver)
    assert isinstance(second, Asked)
    assert second.member == "cem"


async def test_D6_2_who_accepts_is_a_partner_until_the_original_end_and_both_were_on_time(
    town: Town,
) -> None:
    ana, _ben, cem, _dia, *_ = await three_couples(town)
    await town.seek(ana)
    await after(town, 3 * MINUTE_MS + 10 * SECOND_MS, ana, cem)
    await town.seek(cem)
    now = await town.now(ana)
    assert (now.partner, now.end_ms) == ("cem", town.noon + E)
    new = await town.ledger.pair(now.pair or "")
    assert new.met_ms > town.noon
    flagged = await verdict(town, new.id, ana.pair, cem.pair)
    assert flagged == {"ben": "no_show", "dia": "no_show"}
    assert await kept(town, "ana", "cem") == [1, 1]


@pytest.mark.parametrize(("minutes", "fault"), [(4, "late"), (7, "no_show")])
async def test_D6_2_who_stood_somebody_up_did_so_whomever_they_find(
    town: Town, minutes: int, fault: str
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    cem = await town.book("cem", length_min=50)
    await comes(town, ben, -MINUTE_MS)
    await after(town, 3 * MINUTE_MS, ben)
    await seen(town, ben, town.noon + 3 * MINUTE_MS, Seen.LEAVE)
    await town.standby.gone(ben.id)
    await after(town, minutes * MINUTE_MS, cem)
    await comes(town, ana, minutes * MINUTE_MS)
    await after(town, (minutes + 1) * MINUTE_MS, ana, cem)
    found = await town.seek(ana)
    assert (found.outcome, found.booking.partner) == (Outcome.FOUND, "cem")
    assert (await verdict(town, ana.pair, found.booking.pair))["ana"] == fault
    assert await kept(town, "ana") == [1]  # the one with Cem
    assert await reliability(town, "ana") == (9_800 // 11 if fault == "late" else 9_800 // 12)


async def test_D6_3_nobody_free_costs_nothing(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS, ana)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY
    await after(town, 5 * MINUTE_MS, ana)
    await seen(town, ana, town.noon + 5 * MINUTE_MS, Seen.LEAVE)
    await town.standby.gone(ana.id)
    assert await verdict(town, ana.pair) == {"ben": "no_show"}
    assert await reliability(town, "ana") > 880


async def test_D6_3_whoever_stays_alone_keeps_the_session(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    assert await verdict(town, ana.pair) == {"ben": "no_show"}
    assert await kept(town, "ana", "ben") == [1, 0]


async def test_D6_4_who_opens_the_room_at_seven_minutes_may_stand_by_and_stays_flagged(
    town: Town,
) -> None:
    bookings = await three_couples(town)
    ana, ben, cem, dia = bookings[:4]
    await town.seek(cem)
    await town.seek(ana)
    await comes(town, ben, 7 * MINUTE_MS)
    await after(town, 8 * MINUTE_MS, ben)
    await comes(town, dia, 8 * MINUTE_MS)
    assert (await town.now(ben)).partner == "dia"
    assert await verdict(town, ana.pair, cem.pair) == {"ben": "no_show", "dia": "no_show"}
    assert await reliability(town, "ben") == 8_800 // 11


async def test_D6_4_at_five_minutes_the_no_show_is_told(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await after(town, 5 * MINUTE_MS, ana)
    [missing] = [event for event in await town.news() if isinstance(event, NoShowDue)]
    assert missing.member == "ben"


@pytest.mark.parametrize("back", [True, False])
async def test_D6_edge_who_went_away_while_waiting_is_no_no_show(town: Town, back: bool) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    await seen(town, ana, town.noon + 90 * SECOND_MS, Seen.LEAVE)
    if back:
        await seen(town, ana, town.noon + 5 * MINUTE_MS, Seen.REJOIN)
    assert await verdict(town, ana.pair) == {"ben": "no_show"}


async def test_D6_edge_two_who_block_each_other_are_never_offered(town: Town) -> None:
    await town.block("cem", "ana")
    ana, _, cem, _ = await booked(town, ("ana", "ben"), ("cem", "dia"))
    for each in (ana, cem):
        await comes(town, each, -MINUTE_MS)
    await after(town, 2 * MINUTE_MS, ana, cem)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY
    assert (await town.seek(cem)).outcome is Outcome.NOBODY
    assert "Asked" not in await town.told()


async def test_D6_edge_a_block_while_being_asked_ends_the_matter(town: Town) -> None:
    ana, _, cem, *_ = await three_couples(town)
    await town.seek(ana)
    await town.block("cem", "ana")
    with pytest.raises(errors.Taken):
        await town.standby.answer("cem", cem.id, True)


async def test_D6_edge_the_session_that_replaced_it_is_not_shown_as_the_absent_ones(
    town: Town,
) -> None:
    ana, ben, cem, *_ = await three_couples(town)
    await town.seek(cem)
    await town.seek(ana)
    late = await town.now(ben)
    assert (late.pair, late.partner, late.partner_booking) == (None, None, None)


async def test_D6_edge_the_platforms_outage_is_nobodys_no_show(town: Town) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    pair = await town.ledger.pair(ana.pair or "")
    away = (town.noon - MINUTE_MS, town.noon + 6 * MINUTE_MS)
    await comes(town, ana, 6 * MINUTE_MS + SECOND_MS)
    await comes(town, ben, 7 * MINUTE_MS)
    assert judge(pair, await town.ledger.log_of(pair.id), DEFAULT, [away]) == []


# D7: both late, or neither comes


async def test_D7_1_both_late_and_nobody_is_offered_a_change_before_having_waited(
    town: Town,
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    await comes(town, ana, 3 * MINUTE_MS)
    await after(town, 3 * MINUTE_MS + 50 * SECOND_MS, ana)
    with pytest.raises(errors.NotYet):
        await town.seek(ana)
    await comes(town, ben, 4 * MINUTE_MS)
    assert await verdict(town, ana.pair) == {"ana": "late", "ben": "late"}
    assert await kept(town, "ana", "ben") == [1, 1]


async def test_D7_2_with_the_no_show_the_wait_is_over(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, 4 * MINUTE_MS + 30 * SECOND_MS)
    await after(town, 5 * MINUTE_MS - SECOND_MS, ana)
    with pytest.raises(errors.NotYet) as refused:
        await town.seek(ana)
    assert refused.value.data["from_ms"] == town.noon + 5 * MINUTE_MS
    await after(town, 5 * MINUTE_MS, ana)
    assert "NoShowDue" in await town.told()
    assert (await town.seek(ana)).outcome is Outcome.NOBODY
    assert await verdict(town, ana.pair) == {"ana": "late", "ben": "no_show"}


async def test_D7_3_neither_came_and_both_missed_it(town: Town) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    assert await verdict(town, ana.pair) == {"ana": "no_show", "ben": "no_show"}
    assert await kept(town, "ana", "ben") == [0, 0]


async def test_D7_4_both_at_exactly_five_minutes_are_late_and_the_session_runs(town: Town) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    for each in (ana, ben):
        await comes(town, each, 5 * MINUTE_MS)
    assert await verdict(town, ana.pair) == {"ana": "late", "ben": "late"}


async def test_D7_edge_who_was_in_the_room_before_and_lost_the_line_counts_as_joined(
    town: Town,
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    await comes(town, ana, -8 * MINUTE_MS)
    await comes(town, ben, -MINUTE_MS)
    await seen(town, ana, town.noon - MINUTE_MS, Seen.DROP)
    await seen(town, ana, town.noon + 5 * MINUTE_MS, Seen.REJOIN)
    assert await verdict(town, ana.pair) == {}


async def test_D7_edge_evidence_told_twice_and_out_of_order_gives_the_same_verdict(
    town: Town,
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    for _ in range(2):
        await seen(town, ben, town.noon + 4 * MINUTE_MS)
        await seen(town, ana, town.noon + 3 * MINUTE_MS)
    assert await verdict(town, ana.pair) == {"ana": "late", "ben": "late"}


async def test_D7_edge_a_process_that_begins_anew_flags_nobody_twice(
    town: Town, store_url: str
) -> None:
    ana, _ = await booked(town, ("ana", "ben"))
    await comes(town, ana, -MINUTE_MS)
    first = town.ledger
    await town.go_to(town.noon + 3 * MINUTE_MS)
    await town.tick()
    client = connect(store_url)
    town.ledger = Ledger(client)  # what it knows is what the store knows
    await seen(town, ana, town.noon - MINUTE_MS)
    assert await verdict(town, ana.pair) == {"ben": "no_show"}
    [flag] = judge(await first.pair(ana.pair or ""), await first.log_of(ana.pair or ""), DEFAULT)
    await first.settle(ana.pair or "", [flag])
    assert [each.fault for each in await first.flags_of("ben")] == ["no_show"]
    await client.aclose()


# D10: back to back


async def straight_on(town: Town) -> tuple[Booking, Booking]:
    """Ana's session of 75 minutes with Ben ends the moment hers with Chi begins."""
    first = town.noon
    await town.book("ana", first, length_min=75)
    await town.book("ben", first, length_min=75)
    for_joining = await town.ledger.booking("b1")
    town.noon = first + 75 * MINUTE_MS
    ana = await town.book("ana", length_min=50)
    chi = await town.book("chi", length_min=50)
    await town.go_to(first)
    for member in ("ana", "ben"):
        await town.see(for_joining.pair or "", member)
    return await town.now(ana), chi


async def test_D10_1_the_next_session_is_there_to_move_to(town: Town) -> None:
    await town.pair_of("ana", "ben", town.noon)
    await town.pair_of("ana", "chi", town.noon + 60 * MINUTE_MS)
    now = await town.ledger.now_ms()
    coming = await town.ledger.bookings_of("ana", now, town.noon + 61 * MINUTE_MS)
    assert [each.partner for each in coming] == ["ben", "chi"]


@pytest.mark.parametrize(("joined", "fault"), [(3 * MINUTE_MS, None), (3 * MINUTE_MS + 1, "late")])
async def test_D10_2_who_comes_straight_from_another_session_is_late_after_three_minutes(
    town: Town, joined: int, fault: str | None
) -> None:
    ana, chi = await straight_on(town)
    pair = await town.ledger.pair(ana.pair or "")
    assert dict(zip(pair.members, pair.zero_gap, strict=True)) == {"ana": True, "chi": False}
    await comes(town, chi, -MINUTE_MS)
    await comes(town, ana, joined)
    assert await verdict(town, ana.pair) == ({"ana": fault} if fault else {})


async def test_D10_2_nobody_is_told_or_may_change_before_that(town: Town) -> None:
    _ana, chi = await straight_on(town)
    await comes(town, chi, -MINUTE_MS)
    await after(town, 3 * MINUTE_MS - 10 * SECOND_MS, chi)
    assert "LateDue" not in await town.told()
    with pytest.raises(errors.NotYet) as refused:
        await town.seek(chi)
    assert refused.value.data["from_ms"] == town.noon + 3 * MINUTE_MS
    await after(town, 3 * MINUTE_MS, chi)
    [late] = [event for event in await town.news() if isinstance(event, LateDue)]
    assert late.member == "ana"
    assert (await town.seek(chi)).outcome is Outcome.NOBODY


async def test_D10_2_a_session_that_was_cancelled_leaves_no_gap_to_bridge(town: Town) -> None:
    first = town.noon
    before = await town.book("ana", first, length_min=75)
    await town.book("ben", first, length_min=75)
    town.noon = first + 75 * MINUTE_MS
    ana, _ = await booked(town, ("ana", "chi"))
    await town.cancel("ana", before)
    assert (await town.ledger.pair(ana.pair or "")).zero_gap == (False, False)


async def test_D10_3_the_same_two_twice_in_a_row_are_two_sessions_and_on_time_in_both(
    town: Town,
) -> None:
    first = town.noon
    one = await town.book("ana", first, length_min=75)
    await town.book("ben", first, length_min=75)
    one = await town.now(one)
    town.noon = first + 75 * MINUTE_MS
    ana, ben = await booked(town, ("ana", "ben"))
    await town.go_to(first)
    for member in ("ana", "ben"):
        await town.see(one.pair or "", member)
    for each in (ana, ben):  # carried over at T
        await comes(town, each, 0)
    assert one.pair != ana.pair
    assert await verdict(town, one.pair, ana.pair) == {}
    assert await kept(town, "ana", "ben") == [2, 2]


@pytest.mark.parametrize(
    ("before_end", "fault"), [(2 * MINUTE_MS, None), (2 * MINUTE_MS + 1, "early_leave")]
)
async def test_D10_4_leaving_two_minutes_early_for_the_next_session_is_fine_and_no_earlier(
    town: Town, before_end: int, fault: str | None
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    for each in (ana, ben):
        await comes(town, each, -MINUTE_MS)
    await seen(town, ana, town.noon + E - before_end, Seen.LEAVE)
    assert await verdict(town, ana.pair) == ({"ana": fault} if fault else {})


async def test_D10_edge_leaving_at_the_end_is_fine_however_long_the_partner_talks(
    town: Town,
) -> None:
    ana, ben = await booked(town, ("ana", "ben"))
    for each in (ana, ben):
        await comes(town, each, -MINUTE_MS)
    await seen(town, ana, town.noon + E, Seen.LEAVE)
    await seen(town, ben, town.noon + E + 4 * MINUTE_MS, Seen.LEAVE)
    assert await verdict(town, ana.pair) == {}


async def test_D10_edge_a_session_that_would_overlap_is_refused(town: Town) -> None:
    await town.book("ana", length_min=75)
    with pytest.raises(errors.Overlap):
        await town.book("ana", town.noon + 60 * MINUTE_MS)
    assert await town.book("ana", town.noon + 75 * MINUTE_MS)


async def test_D10_edge_a_block_in_the_first_session_parts_the_second_at_once(town: Town) -> None:
    first = town.noon
    await town.pair_of("ana", "ben", first)
    second = await town.book("ana", first + 30 * MINUTE_MS)
    await town.book("ben", first + 30 * MINUTE_MS)
    await town.book("dia", first + 30 * MINUTE_MS)
    await town.go_to(first + 10 * MINUTE_MS)
    await town.block("ana", "ben")
    assert (await town.now(second)).partner == "dia"
    assert [event.why for event in await town.news() if isinstance(event, Unmatched)] == [
        "parted",
        "parted",
    ]


async def test_D10_edge_five_sessions_in_a_row_are_nobodys_business(town: Town) -> None:
    for n in range(5):
        await town.pair_of("ana", f"partner{n}", town.noon + n * 30 * MINUTE_MS)
    coming = await town.ledger.bookings_of("ana", town.noon, town.noon + 150 * MINUTE_MS)
    assert [each.state for each in coming] == ["matched"] * 5

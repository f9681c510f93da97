"""Another partner after T: who is matched, who is asked, and who is asked first."""

from __future__ import annotations

import pytest

from scheduler import errors
from scheduler.bookings import Booking, Gender
from scheduler.events import Asked, AskOver, Matched, NobodyFree, Unmatched
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS
from scheduler.standby import Outcome, change_from_ms
from tests.scheduler.store.town import Town

LATE = DEFAULT.late_ms


async def pairs(town: Town, *couples: tuple[str, str]) -> list[Booking]:
    """Couples of one slot; the bookings in order."""
    for couple in couples:
        for member in couple:
            await town.book(member)
    return [await town.ledger.booking(f"b{n + 1}") for n in range(2 * len(couples))]


async def pairs_at(
    town: Town, at: int, one: str, other: str, *, length_min: int = 25
) -> tuple[Booking, Booking]:
    """A couple of that slot; both their bookings."""
    mine, theirs = [await town.book(each, at, length_min=length_min) for each in (one, other)]
    return await town.now(mine), await town.now(theirs)


def came(booking: Booking, at_ms: int) -> PresenceEvent:
    """The log's line of a first join."""
    return PresenceEvent(
        id=f"{booking.id}:came", member=booking.member, seen=Seen.JOIN, at_ms=at_ms
    )


async def commands(town: Town) -> int:
    """How many calls of the store were made since last asked, by functions above all."""
    stats = await town.redis.info("commandstats")
    await town.redis.config_resetstat()
    return sum(each["calls"] for name, each in stats.items() if name != "cmdstat_fcall")


async def two_alone(town: Town) -> tuple[Booking, Booking, Booking, Booking]:
    """Ana and Cem are in the room two minutes after T; Ben and Dia are not."""
    ana, ben, cem, dia = await pairs(town, ("ana", "ben"), ("cem", "dia"))
    await town.go_to(town.noon - MINUTE_MS)
    await town.sit(ana)
    await town.sit(cem)
    await town.stay(town.noon + LATE, ana, cem)
    await town.news()
    return ana, ben, cem, dia


async def veteran(town: Town, *members: str) -> None:
    """Each has kept a session before."""
    for member in members:
        await town.redis.hset("{a}:kept", member, 3)


# When


async def test_nobody_changes_partners_before_the_partner_is_late(town: Town) -> None:
    ana, *_ = await pairs(town, ("ana", "ben"))
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.go_to(town.noon + LATE - 5)
    with pytest.raises(errors.NotYet) as refused:
        await town.seek(ana)
    assert refused.value.data["from_ms"] == town.noon + LATE


async def test_who_came_late_themselves_waits_a_minute_first(town: Town) -> None:
    ana, *_ = await pairs(town, ("ana", "ben"))
    await town.go_to(town.noon + 3 * MINUTE_MS)
    await town.sit(ana)
    joined = await town.ledger.now_ms()
    with pytest.raises(errors.NotYet) as refused:
        await town.seek(ana)
    from_ms = refused.value.data["from_ms"]
    assert 0 <= joined + MINUTE_MS - from_ms < 50
    await town.go_to(from_ms)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY


async def test_nobody_changes_partners_when_the_session_is_over(town: Town) -> None:
    ana, *_ = await pairs(town, ("ana", "ben"))
    await town.go_to(town.noon + 25 * MINUTE_MS)
    with pytest.raises(errors.AlreadyOver):
        await town.seek(ana)


async def test_a_partner_who_is_here_is_not_changed(town: Town) -> None:
    ana, ben, *_ = await pairs(town, ("ana", "ben"))
    await town.go_to(town.noon + LATE)
    await town.sit(ana)
    await town.sit(ben)
    await town.stay(town.noon + 6 * MINUTE_MS, ana, ben)
    with pytest.raises(errors.PartnerHere):
        await town.seek(ana)


async def test_a_partner_who_was_here_has_a_minute_to_come_back(town: Town) -> None:
    ana, ben, *_ = await pairs(town, ("ana", "ben"))
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(ben)
    await town.stay(town.noon + 10 * MINUTE_MS, ana, ben)
    await town.standby.gone(ben.id)
    with pytest.raises(errors.NotYet):
        await town.seek(ana)
    await town.stay(town.noon + 11 * MINUTE_MS + SECOND_MS, ana)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY


@pytest.mark.parametrize(
    ("joined", "went"), [(-1, None), (3, None), (4.5, None), (0, 1), (1, 5), (9, 8.2)]
)
@pytest.mark.parametrize("zero_gap", [False, True])
async def test_the_ledger_and_what_pages_are_told_agree_on_from_when(
    town: Town, joined: float, went: float | None, zero_gap: bool
) -> None:
    if zero_gap:
        await pairs_at(town, town.noon - 75 * MINUTE_MS, "ben", "eva", length_min=75)
    ana, ben = await pairs_at(town, town.noon, "ana", "ben")
    joined_ms, went_ms = town.noon + round(joined * MINUTE_MS), 0
    if went is not None:
        await town.go_to(town.noon + round(went * MINUTE_MS))
        await town.sit(ben)
        await town.standby.gone(ben.id)
        went_ms = await town.ledger.now_ms()
    if max(joined_ms, town.noon) > await town.ledger.now_ms():
        await town.go_to(max(joined_ms, town.noon))
    await town.ledger.record(str(ana.pair), [came(ana, joined_ms)])
    from_ms = change_from_ms(
        DEFAULT, town.noon, joined_ms=joined_ms, zero_gap=zero_gap, went_ms=went_ms
    )
    if from_ms <= await town.ledger.now_ms():
        await town.seek(ana)
        return
    with pytest.raises(errors.NotYet) as refused:
        await town.seek(ana)
    assert abs(refused.value.data["from_ms"] - from_ms) < 50
    await town.go_to(refused.value.data["from_ms"])
    assert (await town.seek(ana)).outcome is Outcome.NOBODY


async def test_who_was_there_when_the_hub_fell_may_come_back_for_a_minute(town: Town) -> None:
    ana, ben, cem, _dia = await pairs(town, ("ana", "ben"), ("cem", "dia"))
    await town.go_to(town.noon - MINUTE_MS)
    for each in (ana, ben, cem):
        await town.sit(each)
    await town.stay(town.noon + 10 * MINUTE_MS, cem)  # of two who sit together nothing is said
    assert (await town.seek(cem)).outcome is Outcome.NOBODY
    await town.news()
    await town.standby.here("ben", ben.id, lost=True)
    await town.standby.here("ana", ana.id)
    assert await town.told() == []
    with pytest.raises(errors.PartnerHere):
        await town.seek(ana)
    await town.stay(town.noon + 10 * MINUTE_MS + 50 * SECOND_MS, ana, cem)
    assert await town.told() == []
    await town.stay(town.noon + 11 * MINUTE_MS + 10 * SECOND_MS, ana, cem)
    assert [type(event) for event in await town.news()] == [Asked]


async def test_bookings_of_others_and_unknown_ones_are_not_found(town: Town) -> None:
    _ana, ben, *_ = await pairs(town, ("ana", "ben"))
    for call in (
        town.standby.seek("r", "ana", ben.id),
        town.standby.here("ana", ben.id),
        town.standby.answer("ana", ben.id, True),
        town.standby.stop("ana", ben.id),
        town.standby.gone("b99"),
    ):
        with pytest.raises(errors.NotFound):
            await call


# Who is free


async def test_two_who_look_meet_at_once(town: Town) -> None:
    ana, _ben, cem, _dia = await two_alone(town)
    assert (await town.seek(cem)).outcome is Outcome.ASKING
    found = await town.seek(ana)
    assert (found.outcome, found.booking.partner) == (Outcome.FOUND, "cem")
    news = await town.news()
    matched = next(event for event in news if isinstance(event, Matched))
    assert dict(zip(matched.members, matched.former, strict=True)) == {"ana": "ben", "cem": "dia"}
    replaced = [event for event in news if isinstance(event, Unmatched)]
    assert {(each.member, each.why, each.rematched) for each in replaced} == {
        ("ben", "replaced", False),
        ("dia", "replaced", False),
    }


async def test_the_new_pair_met_after_t_and_the_old_ones_parted(town: Town) -> None:
    ana, ben, cem, _ = await two_alone(town)
    await town.seek(cem)
    now = (await town.seek(ana)).booking
    assert now.pair is not None
    assert ana.pair is not None
    new, old = await town.ledger.pair(now.pair), await town.ledger.pair(ana.pair)
    assert new.met_ms > 0
    assert old.parted_ms == new.met_ms
    assert (old.parted_by, old.dissolved) == ("ana", False)
    late = await town.now(ben)
    assert (late.state, late.missed, late.partner) == ("waiting", ana.pair, None)


async def test_both_are_seen_in_the_log_of_the_session_they_begin(town: Town) -> None:
    ana, _, cem, _ = await two_alone(town)
    await town.seek(cem)
    pair = (await town.seek(ana)).booking.pair
    assert pair is not None
    log = await town.ledger.log_of(pair)
    assert {(each.member, each.seen) for each in log} == {("ana", Seen.JOIN), ("cem", Seen.JOIN)}


async def test_who_is_here_without_a_partner_is_matched_at_once_and_not_asked(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    eli = await town.book("eli")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(eli)
    await town.stay(town.noon + LATE, ana, eli)
    assert (await town.seek(ana)).booking.partner == "eli"


async def test_whoever_comes_later_is_given_to_whoever_looks(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    eli = await town.book("eli")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.stay(town.noon + LATE, ana)
    await town.news()
    assert (await town.seek(ana)).outcome is Outcome.NOBODY
    assert isinstance((await town.news())[-1], NobodyFree)
    await town.sit(eli)
    assert (await town.now(ana)).partner == "eli"


async def test_only_who_is_here_is_given(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    eli = await town.book("eli")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(eli)
    await town.stay(town.noon + LATE, ana)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY
    await town.standby.here("eli", eli.id)
    assert (await town.now(ana)).partner == "eli"


async def test_hard_rules_hold_after_t_too(town: Town) -> None:
    ana, _, cem, _ = await two_alone(town)
    await town.block("cem", "ana")
    assert (await town.seek(ana)).outcome is Outcome.NOBODY
    assert (await town.seek(cem)).outcome is Outcome.NOBODY


async def test_other_slots_are_another_matter(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    eli = await town.book("eli", length_min=50)
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(eli)
    await town.stay(town.noon + LATE, ana, eli)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY


# Asking


async def test_who_waits_for_a_partner_is_asked_and_may_say_yes(town: Town) -> None:
    ana, _ben, cem, _dia = await two_alone(town)
    search = await town.seek(ana)
    [asked] = await town.news()
    assert isinstance(asked, Asked)
    assert (asked.booking, asked.member, asked.by, asked.newcomer) == (cem.id, "cem", "ana", False)
    assert (search.outcome, search.until_ms) == (Outcome.ASKING, asked.until_ms)
    assert asked.until_ms == asked.at_ms + DEFAULT.ask_ms
    met = await town.standby.answer("cem", cem.id, True)
    assert met.partner == "ana"
    assert "AskOver" in await town.told()


async def test_who_says_no_is_not_asked_again_and_the_next_is(town: Town) -> None:
    ana, _, cem, _, eli, _ = await pairs(town, ("ana", "ben"), ("cem", "dia"), ("eli", "fay"))
    await town.go_to(town.noon)
    for each in (ana, cem, eli):
        await town.sit(each)
    await town.stay(town.noon + LATE, ana, cem, eli)
    await town.seek(ana)
    await town.news()
    await town.standby.answer("cem", cem.id, False)
    over, asked = await town.news()
    assert isinstance(over, AskOver)
    assert isinstance(asked, Asked)
    assert asked.member == "eli"
    await town.standby.answer("eli", eli.id, False)
    assert await town.told() == ["AskOver", "NobodyFree"]
    assert (await town.now(ana)).partner == "ben"


async def test_saying_nothing_for_fifteen_seconds_is_no(town: Town) -> None:
    ana, _, cem, _ = await two_alone(town)
    until = (await town.seek(ana)).until_ms
    await town.news()
    await town.go_to(until - 5)
    await town.tick()
    assert await town.told() == []
    await town.go_to(until)
    await town.tick()
    assert await town.told() == ["AskOver", "NobodyFree"]
    with pytest.raises(errors.NotFound):
        await town.standby.answer("cem", cem.id, True)


async def test_one_is_asked_by_one_at_a_time(town: Town) -> None:
    ana, _, cem, _, eli, _ = await pairs(town, ("ana", "ben"), ("cem", "dia"), ("eli", "fay"))
    await town.block("ana", "cem")
    await town.go_to(town.noon)
    for each in (ana, cem, eli):
        await town.sit(each)
    await town.stay(town.noon + LATE, ana, cem, eli)
    assert (await town.seek(ana)).outcome is Outcome.ASKING  # eli
    assert (await town.seek(cem)).outcome is Outcome.NOBODY
    await town.standby.answer("eli", eli.id, False)
    assert [type(event) for event in await town.news()][-1] is not Asked


async def test_asking_stops_with_who_asks(town: Town) -> None:
    ana, _, _cem, _ = await two_alone(town)
    await town.seek(ana)
    await town.news()
    await town.standby.stop("ana", ana.id)
    [over] = await town.news()
    assert isinstance(over, AskOver)
    assert over.member == "cem"


async def test_who_leaves_is_asked_no_more_and_the_next_is(town: Town) -> None:
    ana, _, cem, _ = await two_alone(town)
    await town.seek(ana)
    await town.news()
    await town.standby.gone(cem.id)
    assert await town.told() == ["AskOver", "NobodyFree"]


async def test_a_yes_to_somebody_who_left_is_refused(town: Town) -> None:
    ana, _, cem, _ = await two_alone(town)
    until = (await town.seek(ana)).until_ms
    await town.go_to(until - 10)
    await town.redis.zadd(f"{{a}}:here:{town.noon}:25", {ana.id: 1})
    with pytest.raises(errors.Taken):
        await town.standby.answer("cem", cem.id, True)


async def test_whoever_gets_lonely_later_is_asked_then(town: Town) -> None:
    ana, _, cem, _ = await pairs(town, ("ana", "ben"), ("cem", "dia"))
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.stay(town.noon + LATE, ana)
    await town.seek(ana)
    await town.sit(cem)
    await town.news()
    await town.stay(town.noon + LATE + MINUTE_MS + SECOND_MS, ana, cem)
    assert "Asked" in await town.told()


# The partner comes


@pytest.mark.parametrize("by", ["record", "here"])
async def test_a_partner_who_comes_first_ends_the_search(town: Town, by: str) -> None:
    ana, ben, *_ = await two_alone(town)
    await town.seek(ana)
    await town.news()
    assert ana.pair is not None
    if by == "record":
        await town.see(ana.pair, "ben")
    else:
        await town.standby.here("ben", ben.id)
    assert "AskOver" in await town.told()
    with pytest.raises(errors.PartnerHere):
        await town.seek(ana)


async def test_a_partner_who_comes_second_finds_another_in_the_pool(town: Town) -> None:
    ana, ben, cem, dia = await two_alone(town)
    await town.seek(cem)
    await town.seek(ana)
    await town.sit(ben)
    await town.sit(dia)
    late, other = await town.now(ben), await town.now(dia)
    assert (late.partner, other.partner) == ("dia", "ben")
    assert late.pair is not None
    assert (await town.ledger.pair(late.pair)).met_ms > 0


async def test_when_the_own_partner_comes_who_was_asked_is_told_so(town: Town) -> None:
    ana, _, cem, dia = await two_alone(town)
    await town.seek(ana)
    await town.standby.here("dia", dia.id)
    with pytest.raises(errors.PartnerHere):
        await town.standby.answer("cem", cem.id, True)


async def test_coming_back_to_a_lost_pair_is_written_into_its_log(town: Town) -> None:
    ana, ben, cem, _ = await two_alone(town)
    await town.seek(cem)
    await town.seek(ana)
    await town.standby.here("ben", ben.id)
    assert ana.pair is not None
    assert ("ben", Seen.JOIN) in {
        (each.member, each.seen) for each in await town.ledger.log_of(ana.pair)
    }


# Lock-ins


async def test_a_lock_in_is_given_up_only_if_its_member_says_so(town: Town) -> None:
    ana, _ = await town.locked_pair("ana", "ben")
    eli = await town.book("eli")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(eli)
    await town.stay(town.noon + LATE, ana, eli)
    with pytest.raises(errors.NeedsRematch):
        await town.seek(ana)
    assert (await town.seek(ana, locked=True)).booking.partner == "eli"


async def test_who_waits_for_a_lock_in_is_not_asked(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    cem, _ = await town.locked_pair("cem", "dia")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(cem)
    await town.stay(town.noon + LATE, ana, cem)
    assert (await town.seek(ana)).outcome is Outcome.NOBODY


# First-timers


async def test_a_veteran_is_given_somebody_experienced_first(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    new = await town.book("new", quiet=True)
    await town.profile("old", accepts_quiet=False)
    old = await town.book("old")
    await veteran(town, "ana", "old")
    await town.go_to(town.noon)
    for each in (ana, new, old):
        await town.sit(each)
    await town.stay(town.noon + LATE, ana, new, old)
    assert (await town.seek(ana)).booking.partner == "old"


async def test_a_veteran_is_asked_before_being_given_a_first_timer(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    new = await town.book("new")
    await veteran(town, "ana")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(new)
    await town.stay(town.noon + LATE, ana, new)
    await town.news()
    assert (await town.seek(ana)).outcome is Outcome.NEWCOMER
    [asked] = await town.news()
    assert isinstance(asked, Asked)
    assert (asked.member, asked.by, asked.newcomer) == ("ana", "new", True)
    assert (await town.standby.answer("ana", ana.id, True)).partner == "new"


async def test_a_veteran_who_says_no_keeps_looking(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    new = await town.book("new")
    await veteran(town, "ana")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(new)
    await town.stay(town.noon + LATE, ana, new)
    await town.seek(ana)
    await town.standby.answer("ana", ana.id, False)
    assert (await town.told())[-1] == "NobodyFree"
    assert (await town.seek(ana)).outcome is Outcome.NOBODY


async def test_a_veteran_may_say_beforehand_that_first_timers_are_welcome(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    new = await town.book("new")
    await veteran(town, "ana")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.sit(new)
    await town.stay(town.noon + LATE, ana, new)
    assert (await town.seek(ana, newcomers=True)).booking.partner == "new"


async def test_a_first_timer_who_comes_to_a_veteran_that_looks_is_asked_about(town: Town) -> None:
    ana, _ = await pairs(town, ("ana", "ben"))
    new = await town.book("new")
    await veteran(town, "ana")
    await town.go_to(town.noon)
    await town.sit(ana)
    await town.stay(town.noon + LATE, ana)
    await town.seek(ana)
    await town.news()
    await town.sit(new)
    [asked] = await town.news()
    assert isinstance(asked, Asked)
    assert (asked.member, asked.newcomer) == ("ana", True)
    await town.standby.answer("ana", ana.id, True)
    assert (await town.now(new)).partner == "ana"


async def test_a_repeated_request_gives_the_first_answer(town: Town) -> None:
    ana, _, cem, _ = await two_alone(town)
    first = await town.standby.seek("same", "ana", ana.id)
    await town.standby.answer("cem", cem.id, True)
    assert await town.standby.seek("same", "ana", ana.id) == first


# However many are here


async def crowd(town: Town, free: int, alone: int) -> tuple[list[Booking], list[Booking]]:
    """So many men without a partner who would meet women only, and so many alone of who takes anybody."""
    couples = [(await town.book(f"a{n}"), await town.book(f"z{n}"))[0] for n in range(alone)]
    await town.go_to(town.noon - MINUTE_MS)
    for each in couples:
        await town.sit(each)
    men = []
    for n in range(free):
        await town.profile(f"m{n}", gender=Gender.MAN, only_gender=Gender.WOMAN)
        men.append(await town.book(f"m{n}"))
    await town.go_to(town.noon + 5 * MINUTE_MS)
    for each in (*men, *couples):
        await town.standby.here(each.member, each.id)
    await commands(town)
    return men, couples


async def test_a_look_costs_no_more_where_many_are(town: Town) -> None:
    men, couples = await crowd(town, 100, 110)
    assert (await town.seek(men[50])).outcome is Outcome.NOBODY
    assert await commands(town) < 100
    assert (await town.seek(couples[50])).outcome is Outcome.ASKING
    assert await commands(town) < 300


async def test_no_number_of_others_hides_whom_one_may_meet(town: Town) -> None:
    await town.profile("eva", gender=Gender.WOMAN)
    eva, _fay = await pairs(town, ("eva", "fay"))
    men, couples = await crowd(town, 1, 110)
    await town.sit(eva)
    for each in (*men, *couples):
        await town.standby.here(each.member, each.id)
    await town.stay(town.noon + 6 * MINUTE_MS, eva)
    await town.news()
    assert (await town.seek(men[0])).outcome is Outcome.ASKING
    assert [event.member for event in await town.news() if isinstance(event, Asked)] == ["eva"]


async def test_who_drops_out_while_being_asked_is_asked_anew_and_once(town: Town) -> None:
    ana, _ben, cem, _dia = await two_alone(town)
    assert (await town.seek(ana)).outcome is Outcome.ASKING
    await town.go_to(town.noon + LATE + 14 * SECOND_MS)
    await town.standby.here("ana", ana.id)
    await town.redis.zadd(f"{{a}}:here:{town.noon}:25", {cem.id: town.noon})
    await town.news()
    await town.standby.here("cem", cem.id)
    assert sorted(await town.told()) == ["AskOver", "Asked"]
    while (await town.tick()).fired:  # whoever asked goes on by a timer, and has asked already
        pass
    assert await town.told() == []
    assert (await town.standby.answer("cem", cem.id, True)).partner == "ana"

"""People over REST: who is known, what two are to each other, and what of it the other never learns."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Browser, Desk, code_of, field_of, text
from tests.scheduler.web.circle import acquainted, at, free, fresh, known, seen, tie, untie

TIES = ("favourite", "friend", "snooze", "block")


async def three(desk: Desk, **changes: Any) -> list[Browser]:
    """Ana, who knows Ben; and Cem, whom nobody knows."""
    ana, ben, cem = [await desk.member(name, **changes) for name in ("Ana", "Ben", "Cem")]
    await acquainted(desk, ana, ben)
    return [ana, ben, cem]


async def test_a_coming_partner_is_known_and_a_stranger_is_not_there(desk: Desk) -> None:
    ana, ben, cem = await three(desk)
    shown = await ana.get(at(ben))
    assert shown == {
        "id": ben.me["id"], "name": "Ben", "zone": "Europe/Berlin", "sessions": 0, "together": 0,
        "last": None, "favourite": False, "friendship": "none", "snoozed": False,
        "snoozed_until": None, "blocked": False, "newcomer": True, "free": [],
    }  # fmt: skip
    stranger = await ana.call("GET", at(cem))
    nobody = await ana.call("GET", "/people/m_nobody")
    assert await code_of(stranger) == (404, "not_found")
    assert await stranger.read() == await nobody.read()
    assert await known(ana) == {"Ben": shown}
    assert await known(cem) == {}


@pytest.mark.parametrize("what", TIES)
async def test_there_is_nothing_to_do_about_a_stranger(desk: Desk, what: str) -> None:
    ana, _, cem = await three(desk)
    for other in (at(cem), "/people/m_nobody", at(ana)):
        made = await ana.call("PUT", f"{other}/{what}", {"request_id": fresh()})
        ended = await ana.call("DELETE", f"{other}/{what}?request_id={fresh()}")
        assert await code_of(made) == await code_of(ended) == (404, "not_found")
    assert set(await known(ana)) == {"Ben"}


async def test_a_favourite_is_ones_own_affair(desk: Desk) -> None:
    ana, ben, _ = await three(desk)
    before = await ben.get(at(ana))
    assert (await tie(ana, "favourite", ben))["favourite"] is True
    assert (await known(ana))["Ben"]["favourite"] is True
    assert await ben.get(at(ana)) == before
    assert await known(ben) == {"Ana": before}
    assert (await untie(ana, "favourite", ben))["favourite"] is False
    assert (await known(ana))["Ben"]["favourite"] is False


async def test_a_friendship_is_asked_for_and_accepted(desk: Desk) -> None:
    ana, ben, _ = await three(desk)
    assert (await tie(ana, "friend", ben))["friendship"] == "asked"
    assert (await ben.get(at(ana)))["friendship"] == "asking"
    assert (await tie(ben, "friend", ana))["friendship"] == "friends"
    assert (await ana.get(at(ben)))["friendship"] == "friends"
    assert (await untie(ana, "friend", ben))["friendship"] == "none"
    assert (await ben.get(at(ana)))["friendship"] == "none"


async def test_a_friendship_is_declined_and_a_question_taken_back(desk: Desk) -> None:
    ana, ben, _ = await three(desk)
    await tie(ana, "friend", ben)
    assert (await untie(ben, "friend", ana))["friendship"] == "none"
    assert (await ana.get(at(ben)))["friendship"] == "none"
    again = await ana.call("PUT", at(ben, "friend"), {"request_id": fresh()})
    assert await code_of(again) == (409, "conflict")
    await tie(ben, "friend", ana)
    await untie(ben, "friend", ana)
    assert (await ana.get(at(ben)))["friendship"] == "none"


async def test_a_snooze_has_an_end_or_none(desk: Desk) -> None:
    ana, ben, _ = await three(desk)
    until = text(await desk.ledger.now_ms() // 1_000 * 1_000 + DAY_MS)
    shown = await tie(ana, "snooze", ben, until=until)
    assert (shown["snoozed"], shown["snoozed_until"]) == (True, until)
    shown = await tie(ana, "snooze", ben)
    assert (shown["snoozed"], shown["snoozed_until"]) == (True, None)
    shown = await untie(ana, "snooze", ben)
    assert (shown["snoozed"], shown["snoozed_until"]) == (False, None)


@pytest.mark.parametrize(
    "until", ["1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "2020-01-01T00:00:00Z"]
)
async def test_a_snooze_ends_in_the_future(desk: Desk, until: str) -> None:
    ana, ben, _ = await three(desk)
    answer = await ana.call("PUT", at(ben, "snooze"), {"request_id": fresh(), "until": until})
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == "until"
    assert (await ana.get(at(ben)))["snoozed"] is False


@pytest.mark.parametrize("what", TIES)
@pytest.mark.parametrize("body", [{}, {"request_id": "x"}, {"request_id": "request-x", "more": 1}])
async def test_a_request_that_is_wrong_is_refused(desk: Desk, what: str, body: Any) -> None:
    ana, ben, _ = await three(desk)
    before = await ana.get(at(ben))
    answer = await ana.call("PUT", at(ben, what), body)
    assert await code_of(answer) == (400, "bad_field")
    answer = await ana.call("DELETE", at(ben, what))
    assert await code_of(answer) == (400, "bad_field")
    assert await ana.get(at(ben)) == before


@pytest.mark.parametrize("what", TIES)
async def test_the_same_request_twice_does_it_once_and_another_wish_is_refused(
    desk: Desk, what: str
) -> None:
    ana, ben, cem = await three(desk)
    await acquainted(desk, ana, cem)
    before = await ana.get(at(cem))
    body = {"request_id": fresh()}
    once = await ana.send("PUT", at(ben, what), body)
    assert await ana.send("PUT", at(ben, what), body) == once
    other = await ana.call("PUT", at(cem, what), body)
    assert await code_of(other) == (409, "other_request")
    assert await ana.get(at(cem)) == before


async def test_a_block_is_undone_and_gives_nothing_back(desk: Desk) -> None:
    ana, ben, _ = await three(desk)
    await tie(ana, "favourite", ben)
    blocked = await tie(ana, "block", ben)
    assert (blocked["blocked"], blocked["favourite"], blocked["free"]) == (True, False, [])
    assert (await known(ana))["Ben"]["blocked"] is True
    assert await code_of(await ana.call("GET", at(ben))) == (404, "not_found")
    assert (await untie(ana, "block", ben))["blocked"] is False
    # Both still waited at the same time, and so are partners again; but that is all they are.
    assert (await known(ana))["Ben"]["favourite"] is False


async def test_whoever_is_blocked_finds_somebody_who_is_not_free_rather_than_a_block(
    desk: Desk,
) -> None:
    ana, ben, _ = await three(desk, lockable="everyone")
    await tie(ben, "favourite", ana)
    await ana.booked(await desk.slot())
    await ana.send("PATCH", "/me", {"lockable": "nobody"})
    span = f"free?from={text(await desk.slot())}&to={text(await desk.slot(20))}"
    before = [await ben.get(at(ana, what)) for what in ("", span)]
    await ana.send("PATCH", "/me", {"lockable": "everyone"})
    await tie(ana, "block", ben)
    assert [await ben.get(at(ana, what)) for what in ("", span)] == before
    assert list(await known(ben)) == ["Ana"]
    for what in TIES:
        assert (await ben.call("PUT", at(ana, what), {"request_id": fresh()})).status == 200


async def test_whoever_is_snoozed_sees_what_they_saw_but_for_free_times(desk: Desk) -> None:
    ana, ben, _ = await three(desk, lockable="everyone")
    await tie(ben, "favourite", ana)
    start = await desk.slot()
    await ana.booked(start)
    before = await ben.get(at(ana))
    assert before["free"][0]["start"] == text(start)
    await tie(ana, "snooze", ben)
    snoozed = {key: value for key, value in (await ben.get(at(ana))).items() if key != "free"}
    assert snoozed == {key: value for key, value in before.items() if key != "free"}
    await untie(ana, "snooze", ben)
    await ana.send("PATCH", "/me", {"lockable": "nobody"})
    unavailable = await ben.get(at(ana))
    await tie(ana, "snooze", ben)
    assert await ben.get(at(ana)) == unavailable


async def test_a_partner_of_a_past_session_stays_known_even_if_they_block(desk: Desk) -> None:
    ana, ben = [await desk.member(name) for name in ("Ana", "Ben")]
    start = await desk.slot()
    await ana.booked(start)
    await ben.booked(start)
    await desk.go_to(start + 31 * MINUTE_MS)
    while (await desk.ledger.tick()).fired:
        pass
    before = await ana.get(at(ben))
    assert before["together"] == 0
    await tie(ben, "block", ana)
    assert await ana.get(at(ben)) == before


async def test_keeping_away_parts_what_is_booked_and_says_nothing(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot()
    own, theirs = await ana.booked(start), await ben.booked(start)
    await tie(ana, "snooze", ben)
    for browser, booking in ((ana, own), (ben, theirs)):
        shown = await seen(browser, booking)
        assert (shown["state"], shown["partner"]) == ("waiting", None)


async def test_free_times_are_those_a_lock_would_have(desk: Desk) -> None:
    ana, ben, _ = await three(desk)
    start = await desk.slot()
    await ben.booked(start)
    assert await free(ana, start) == []
    await tie(ben, "favourite", ana)
    assert await free(ana, start) == []
    assert await free(ana, start, ben) == [("Ben", text(start))]
    await tie(ana, "favourite", ben)
    assert await free(ana, start) == [("Ben", text(start))]
    assert [each["start"] for each in (await known(ana))["Ben"]["free"]] == [text(start)]
    await ben.send("PATCH", "/me", {"lockable": "nobody"})
    assert await free(ana, start) == []


async def test_all_favourites_are_merged_by_start_for_two_weeks(desk: Desk) -> None:
    ana, ben, cem = await three(desk)
    await acquainted(desk, ana, cem)
    for other in (ben, cem):
        await tie(ana, "favourite", other)
        await tie(other, "favourite", ana)
    first = await desk.slot()
    late = first + 15 * DAY_MS
    await ben.booked(first + 60 * MINUTE_MS)
    await cem.booked(first)
    await ben.booked(late)
    assert await free(ana, first) == [("Cem", text(first)), ("Ben", text(first + 60 * MINUTE_MS))]
    assert await free(ana, late) == []
    assert await free(ana, late, ben) == [("Ben", text(late))]


@pytest.mark.parametrize("query", ["", "?from=2026-01-01T00:00:00Z", "?from=x&to=y",
                                   "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                                   "?from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z"])  # fmt: skip
async def test_a_stretch_of_time_is_asked_for_properly(desk: Desk, query: str) -> None:
    ana, ben, _ = await three(desk)
    for path in ("/people/free", at(ben, "free")):
        assert await code_of(await ana.call("GET", path + query)) == (400, "bad_field")

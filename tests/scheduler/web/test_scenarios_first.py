"""Scenarios as members live through them over REST: the first visit, cancelling by a program, other zones."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.presence import Seen
from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Browser, Desk, code_of, field_of, text
from tests.scheduler.web.test_flags import flags, judged, matched, seen
from tests.scheduler.web.test_repeats import at_the_desk, repeated
from tests.scheduler.web.test_tokens import call, token_of

KATHMANDU = ZoneInfo("Asia/Kathmandu")


async def tomorrow_at_nine(desk: Desk, zone: ZoneInfo) -> int:
    now = datetime.fromtimestamp(await desk.ledger.now_ms() / 1_000, zone)
    day = now.date() + timedelta(days=1)
    at = datetime.combine(day, datetime.min.time(), zone).replace(hour=9)
    return round(at.timestamp() * 1_000)


async def own(browser: Browser, start_ms: int) -> list[dict[str, Any]]:
    """Own bookings around a start."""
    span = f"from={text(start_ms - DAY_MS)}&to={text(start_ms + DAY_MS)}"
    return list((await browser.get(f"/bookings?{span}"))["bookings"])


# D1: first visit to first match


async def test_D1_1_nine_in_Kathmandu_is_on_the_grid_and_waits(desk: Desk) -> None:
    eva = await desk.member("Eva", zone="Asia/Kathmandu")
    start = await tomorrow_at_nine(desk, KATHMANDU)
    assert text(start)[10:] == "T03:15:00Z"
    booking = await eva.booked(start, length_min=50)
    assert (booking["start"], booking["state"]) == (text(start), "waiting")


async def test_D1_2_two_from_far_apart_meet_and_ana_sees_a_first_session(desk: Desk) -> None:
    eva = await desk.member("Eva", zone="Asia/Kathmandu")
    ana = await desk.member("Ana", zone="Europe/Berlin")
    start = await tomorrow_at_nine(desk, KATHMANDU)
    evas = await eva.booked(start, length_min=50)
    anas = await ana.booked(start, length_min=50)
    assert anas["state"] == "matched", "in the same answer"
    shown = anas["partner"]
    assert (shown["name"], shown["zone"], shown["sessions"]) == ("Eva", "Asia/Kathmandu", 0)
    [now] = await own(eva, start)
    assert (now["id"], now["partner"]["name"]) == (evas["id"], "Ana")
    assert now["partner"]["zone"] == "Europe/Berlin"


async def test_D1_edge_who_is_too_young_is_refused_and_nothing_said_is_kept(desk: Desk) -> None:
    eva = await desk.newcomer("Eva")
    before = await eva.get("/me")
    said = {"name": "Eva", "zone": "Asia/Kathmandu", "adult": False, "rules_accepted": 1}
    answer = await eva.call("PATCH", "/me", said)
    assert (answer.status, await field_of(answer)) == (400, "adult")
    assert await eva.get("/me") == before
    assert (before["name"], before["welcomed"]) == ("", False)


async def test_D1_edge_another_zone_moves_what_is_shown_and_no_booking(desk: Desk) -> None:
    eva = await desk.member("Eva", zone="Asia/Kathmandu")
    start = await tomorrow_at_nine(desk, KATHMANDU)
    before = await eva.booked(start)
    me = await eva.send("PATCH", "/me", {"zone": "America/New_York"})
    assert me["zone"] == "America/New_York"
    assert await own(eva, start) == [before]


async def test_D1_edge_book_pressed_in_two_tabs_is_one_booking(desk: Desk) -> None:
    eva = await desk.member("Eva")
    start = await desk.slot(8)
    item = {"start": text(start), "length_min": 25}
    answers = await asyncio.gather(
        *(
            eva.call("POST", "/bookings", {"request_id": f"of-tab-{tab}", "items": [item]})
            for tab in (1, 2)
        )
    )
    results = [(await answer.json())["results"][0] for answer in answers]
    assert sorted(next(iter(result)) for result in results) == ["booking", "error"]
    [refused] = [result["error"]["code"] for result in results if "error" in result]
    assert refused == "overlap"
    assert len(await own(eva, start)) == 1


async def test_D1_edge_before_the_mail_is_proven_and_the_welcome_done_nobody_books(
    desk: Desk,
) -> None:
    start = await desk.slot(8)
    body = {"request_id": "request-1", "items": [{"start": text(start), "length_min": 25}]}
    stranger, eva = desk.browser(), await desk.newcomer("Eva")
    assert (await stranger.get("/instance"))["rules"]["version"] == 1
    assert await code_of(await stranger.call("POST", "/bookings", body)) == (401, "unauthenticated")
    assert await code_of(await eva.call("POST", "/bookings", body)) == (403, "not_welcomed")


# D8: cancelling


@pytest.mark.parametrize("by", ["page", "program"])
async def test_D8_edge_cancelling_by_a_program_is_cancelling(desk: Desk, by: str) -> None:
    ana, ben, _, start = await matched(desk)
    await desk.later(6 * MINUTE_MS)
    [booking] = await own(ben, start)
    path = f"/bookings/{booking['id']}?request_id=request-1"
    if by == "page":
        await ben.send("DELETE", path)
    else:
        token = (await token_of(ben, "book"))["token"]
        assert (await call(desk, token, "DELETE", path)).status == 200
    await judged(desk)
    assert [flag["fault"] for flag in await flags(ben)] == ["late_cancel"]
    assert await flags(ana) == []
    [waits] = await own(ana, start)
    assert (waits["state"], waits["partner"]) == ("waiting", None)


async def test_D8_6_after_t_one_only_leaves_and_not_having_come_is_a_no_show(desk: Desk) -> None:
    ana, ben, pair, start = await matched(desk)
    [booking] = await own(ben, start)
    await desk.ledger.record(pair, [seen(ana, Seen.JOIN, start)])
    await desk.go_to(start + MINUTE_MS)
    answer = await ben.call("DELETE", f"/bookings/{booking['id']}?request_id=request-1")
    assert await code_of(answer) == (409, "too_late")
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    assert [flag["fault"] for flag in await flags(ben)] == ["no_show"]
    assert await flags(ana) == []


# D15: time zones and repeats


async def test_D15_2_the_partner_declines_one_date_and_the_series_goes_on(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben", zone="America/New_York")
    series = [await repeated(ana), await repeated(ben, zone="Europe/Berlin")]
    anas, bens = [each["next"] for each in series]
    await ben.send("DELETE", f"/bookings/{bens[1]['booking']}?request_id=decline-1")
    await at_the_desk(desk).turn()
    mine = [await ana.get(f"/bookings/{each['booking']}") for each in anas[:3]]
    assert [each["state"] for each in mine] == ["matched", "waiting", "matched"]
    [listed] = (await ben.get("/repeats"))["repeats"]
    assert [each["state"] for each in listed["next"][:3]] == ["booked", "skipped", "booked"]
    [kept] = (await ana.get("/repeats"))["repeats"]
    assert [each["state"] for each in kept["next"][:3]] == ["booked"] * 3


async def test_D15_7_another_zone_takes_away_no_session_that_was_kept(desk: Desk) -> None:
    ana, ben, pair, start = await matched(desk)
    await desk.ledger.record(pair, [seen(each, Seen.JOIN, start) for each in (ana, ben)])
    await desk.go_to(start + 31 * MINUTE_MS)
    await judged(desk)
    before = await own(ana, start)
    for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
        await ana.send("PATCH", "/me", {"zone": zone})
        assert (await ana.get("/me"))["sessions_kept"] == 1
        assert await own(ana, start) == before

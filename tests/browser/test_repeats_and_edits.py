"""Own sessions change: they repeat, become quiet with another partner, and are given up late."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, Person, local_time, next_start, rfc3339
from tests.support.system import System, running_system

LENGTH_MIN = 50
HOUR = 60 * MINUTE
WEEK = 7 * 24 * HOUR
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("repeats")) as system:
        yield system


async def test_a_weekly_repeat_books_the_coming_weeks(system: System, enrol: Enrol) -> None:
    ana = await enrol("Ana")
    await ana.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=60)
    booking = await ana.book(start_ms, LENGTH_MIN)
    await ana.page.goto("/")
    await ana.holds(start_ms, "finding a partner")
    await ana.choose(start_ms)
    await ana.page.get_by_role("dialog").get_by_text("Repeat", exact=True).click()
    await ana.press("Every Monday")
    await ana.sees(f"Monday, at {local_time(start_ms)}")
    dates = ana.page.get_by_role("listitem").filter(has_text="booked")
    await expect(dates).not_to_have_count(0)
    shown = await dates.count()
    await ana.page.keyboard.press("Escape")
    await ana.page.keyboard.press("]")
    await ana.holds(start_ms, "finding a partner")

    await ana.page.goto(f"/sessions/{booking}")
    await expect(dates).to_have_count(shown)
    await dates.last.get_by_role("button", name=re.compile("^Leave out")).click()
    await ana.sees("left out")
    await expect(dates).to_have_count(shown - 1)


async def test_another_partner_is_looked_for_only_when_both_ends_know(
    system: System, enrol: Enrol
) -> None:
    """Eva wants quiet, which Kim does not like: nothing changes until she says so; then both are told."""
    eva, kim = await enrol("Eva"), await enrol("Kim")
    for person in (eva, kim):
        await person.sign_in_quickly()
    await kim.call("PATCH", "/me", {"accepts_quiet": False})
    start_ms = next_start(await system.now_ms(), 60, ahead_min=180)
    for person in (kim, eva):
        await person.book(start_ms, LENGTH_MIN)
    await kim.page.goto("/")
    await eva.page.goto(f"/sessions/{await eva.last_booking()}")
    quiet = eva.page.get_by_role("switch", name="Quiet")
    await quiet.click()
    await eva.sees("With that you would need another partner. Look for one?")
    eva.forgives(409)
    await eva.press("Leave it as it is")
    await expect(quiet).not_to_be_checked()
    await kim.holds(start_ms, "Eva")
    await quiet.click()
    await eva.press("Look for another")
    await eva.sees("Finding a partner")
    eva.forgives(409)
    await kim.is_told("Eva could not come")
    await kim.holds(start_ms, "finding a partner")


async def test_giving_up_late_says_what_follows_before_it_is_done(
    system: System, enrol: Enrol
) -> None:
    ida, jon = await enrol("Ida"), await enrol("Jon")
    for person in (ida, jon):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    for person in (ida, jon):
        await person.book(start_ms, LENGTH_MIN)
    await system.move_to(start_ms - 40 * MINUTE)
    await jon.page.goto("/")
    await ida.page.goto("/sessions")
    await ida.press(re.compile("^Details"))
    await ida.press("Cancel the session")
    at = local_time(start_ms)
    await ida.sees(f"Jon was counting on {at}. Cancelling within 60 minutes of the start is noted.")
    await expect(ida.page.get_by_role("link", name="Write first")).to_be_visible()
    await ida.press("Keep it")
    await jon.holds(start_ms, "Ida")
    await ida.press("Cancel the session")
    await ida.press("Cancel it")
    await jon.is_told("Ida could not come")
    await ida.page.goto("/you/standing")
    await ida.sees("You cancelled")
    assert [flag["fault"] for flag in await ida.flags()] == ["late_cancel"]
    assert await jon.flags() == []


async def repeats_weekly(person: Person, start_ms: int) -> dict[str, Any]:
    """Make a weekly repeat by a call, from this start on, on the clock of Berlin."""
    first = datetime.fromtimestamp(start_ms / 1_000, BERLIN)
    wish = {"days": [first.weekday()], "time": f"{first:%H:%M}", "length_min": LENGTH_MIN}
    body = {"request_id": f"{person.name}-{start_ms}", "from": f"{first:%Y-%m-%d}", **wish}
    made: dict[str, Any] = await person.call("POST", "/repeats", body)
    return made


async def test_leaving_out_a_date_late_says_what_follows_before_it_is_done(
    system: System, enrol: Enrol
) -> None:
    lea, tom = await enrol("Lea", **PHONE), await enrol("Tom")
    for person in (lea, tom):
        await person.sign_in_quickly()
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    made = await repeats_weekly(lea, start_ms)
    await tom.book(start_ms, LENGTH_MIN)
    await system.move_to(start_ms - 30 * MINUTE)
    counting = (
        f"Tom was counting on {local_time(start_ms)}. Cancelling within 60 minutes of the start"
    )
    await lea.page.goto(f"/sessions/{made['next'][1]['booking']}")
    repeat = lea.page.get_by_role("region", name="Part of a repeat")

    await repeat.get_by_role("button", name="Stop repeating").click()
    await lea.sees(counting)
    await lea.press("Go on repeating")
    await expect(lea.page.get_by_text("was counting on")).to_have_count(0)

    await repeat.get_by_role("button", name=re.compile("^Leave out")).first.click()
    await lea.sees(counting)
    await expect(repeat.get_by_role("link", name="Write first")).to_be_visible()
    await lea.page.get_by_role(
        "heading", name=re.compile("^Leave out .+[?]$")
    ).scroll_into_view_if_needed()
    await lea.picture("repeat-leave-out-late", update=False)
    await repeat.get_by_role("button", name="Keep it").click()
    assert await lea.flags() == []
    await repeat.get_by_role("button", name=re.compile("^Leave out")).first.click()
    await repeat.get_by_role("button", name="Leave out", exact=True).click()
    await lea.sees("left out")
    assert [flag["fault"] for flag in await lea.flags()] == ["late_cancel"]


def before_the_clocks_part(now_ms: int) -> int:
    """Monday 15:00 in Berlin, a week or two before Berlin and New York change their clocks apart."""
    here = datetime.fromtimestamp(now_ms / 1_000, BERLIN) + timedelta(days=1)
    day = here.replace(hour=15, minute=0, second=0, microsecond=0)
    while day.weekday() or (day + timedelta(days=14)).astimezone(NEW_YORK).hour == 9:
        day += timedelta(days=1)
    return round(day.timestamp() * 1_000)


async def test_D15_1_two_elsewhere_are_told_which_weeks_differ_and_can_keep_to_one_clock(
    system: System, enrol: Enrol
) -> None:
    """Uta in Berlin and Ben in New York meet on a Monday at 15:00 and 9:00, before the clocks change."""
    start_ms = before_the_clocks_part(await system.now_ms())
    await system.move_to(start_ms - 20 * HOUR)
    uta, ben = await enrol("Uta"), await enrol("Ben", **PHONE)
    for person in (uta, ben):
        await person.sign_in_quickly()
    await ben.call("PATCH", "/me", {"zone": "America/New_York"})
    for person in (uta, ben):
        await person.book(start_ms, LENGTH_MIN)
    await uta.page.goto(f"/sessions/{await uta.last_booking()}")
    await uta.press("Every Monday")
    await uta.sees(re.compile(r"your 0?15:00 is 0?10:00 for \W*Ben\W*, not 0?9:00"))

    await ben.page.goto(f"/sessions/{await ben.last_booking()}")
    await ben.press("Every Monday")
    await ben.sees(re.compile(r"your 0?9:00 is 0?14:00 for \W*Uta\W*, not 0?15:00"))
    await ben.page.get_by_role(
        "heading", name="While the clocks differ"
    ).scroll_into_view_if_needed()
    await ben.picture("repeat-clocks-part", update=False)
    await ben.press("Stop repeating")
    await ben.press("Cancel them too")

    await ben.page.get_by_label("On whose clock").scroll_into_view_if_needed()
    await ben.picture("repeat-whose-clock", update=False)
    await ben.page.get_by_label("On whose clock").select_option("theirs")
    await ben.press("Every Monday")
    await ben.sees("Monday, at 15:00 in Berlin")
    await ben.sees(re.compile(r"it is at 0?10:00 for you, not at 0?9:00"))
    await ben.page.get_by_role(
        "heading", name="While the clocks differ"
    ).scroll_into_view_if_needed()
    await ben.picture("repeat-on-one-clock", update=False)
    span = f"from={rfc3339(start_ms)}&to={rfc3339(start_ms + 4 * WEEK - 12 * HOUR)}"
    theirs = (await ben.call("GET", f"/bookings?{span}"))["bookings"]
    kept = [each for each in theirs if each["state"] == "matched"]
    assert len(kept) == 4
    assert {each["partner"]["name"] for each in kept} == {"Uta"}

"""The calendar feed: one secret address, which shows the own sessions to whoever has it."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientResponse
from icalendar import Calendar

from scheduler.web.feeds import FETCHES_FROM
from tests.scheduler.desk import Browser, Desk


async def made(browser: Browser) -> str:
    answer = await browser.call("POST", "/feed", {})
    assert answer.status == 200, await answer.text()
    return str((await answer.json())["url"])


async def fetch(desk: Desk, url: str, **headers: str) -> ClientResponse:
    """What a calendar program sends: no cookie."""
    path = url.removeprefix(desk.config.origin)
    return await desk.browser().client.get(path, headers=headers)


async def entries(desk: Desk, url: str) -> list[Any]:
    answer = await fetch(desk, url)
    assert answer.status == 200
    assert answer.content_type == "text/calendar"
    return list(Calendar.from_ical(await answer.read()).walk("VEVENT"))


async def test_a_feed_shows_own_sessions_with_the_partners_name_and_no_title_of_theirs(
    desk: Desk,
) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot(4)
    own = await ana.booked(start, title="Thesis")
    await ben.booked(start, title="Divorce papers")
    url = await made(ana)
    assert (await ana.get("/feed")) == {"url": url}
    [entry] = await entries(desk, url)
    assert (str(entry["SUMMARY"]), str(entry["UID"])) == (
        "Thesis, with Ben", f"{own['id']}@desk.example",
    )  # fmt: skip
    assert f"/room/{own['id']}" in entry["DESCRIPTION"]
    assert f"/messages/{ben.me['id']}" in entry["DESCRIPTION"]
    raw = await (await fetch(desk, url)).text()
    assert "Divorce" not in raw
    assert "@example.org" not in raw


async def test_what_is_cancelled_is_gone_from_it(desk: Desk) -> None:
    ana = await desk.member("Ana")
    own = await ana.booked(await desk.slot(4))
    url = await made(ana)
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    assert await entries(desk, url) == []


async def test_another_address_and_none_open_nothing_of_the_old(desk: Desk) -> None:
    ana = await desk.member("Ana")
    assert await ana.get("/feed") == {"url": None}
    first = await made(ana)
    second = await made(ana)
    assert first != second
    assert (await fetch(desk, first)).status == 404
    assert (await fetch(desk, second)).status == 200
    assert (await ana.call("DELETE", "/feed")).status == 204
    assert (await fetch(desk, second)).status == 404
    assert await ana.get("/feed") == {"url": None}


async def test_an_unknown_address_and_one_of_before_answer_alike(desk: Desk) -> None:
    ana = await desk.member("Ana")
    old = await made(ana)
    await made(ana)
    unknown = f"{desk.config.origin}/calendar/{'0' * 43}.ics"
    gone, never = await fetch(desk, old), await fetch(desk, unknown)
    assert (gone.status, await gone.read()) == (never.status, await never.read())


async def test_what_did_not_change_is_not_sent_again(desk: Desk) -> None:
    ana = await desk.member("Ana")
    await ana.booked(await desk.slot(4))
    url = await made(ana)
    named = (await fetch(desk, url)).headers["ETag"]
    again = await fetch(desk, url, **{"If-None-Match": named})
    assert (again.status, await again.read()) == (304, b"")
    await ana.booked(await desk.slot(8))
    assert (await fetch(desk, url, **{"If-None-Match": named})).status == 200


async def test_guessing_is_slow(desk: Desk) -> None:
    unknown = f"{desk.config.origin}/calendar/{'0' * 43}.ics"
    answers = [(await fetch(desk, unknown)).status for _ in range(FETCHES_FROM.burst + 3)]
    assert set(answers[: FETCHES_FROM.burst]) == {404}
    assert answers[-1] == 429


async def test_the_store_alone_does_not_tell_the_address(desk: Desk) -> None:
    ana = await desk.member("Ana")
    secret = (await made(ana)).rpartition("/")[2].removesuffix(".ics")
    keys = [key async for key in desk.redis.scan_iter()]
    values = [await desk.redis.get(key) for key in keys if await desk.redis.type(key) == b"string"]
    assert not [each for each in [*keys, *values] if secret.encode() in (each or b"")]


async def test_nobody_elses_feed_can_be_asked_for(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    await made(ana)
    assert await ben.get("/feed") == {"url": None}

"""Repeats over REST: booked as far as the horizon reaches, and told what became of each date."""

from __future__ import annotations

import asyncio
import itertools
import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS, of
from scheduler.services.repeats import BLOCKED_MS, REPEATS_MAX
from scheduler.store.queue import Worker
from scheduler.store.repeats import RepeatStore
from tests.scheduler.desk import Browser, Desk, OpenDesk, code_of, field_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True, scope="module")
def _our_own_zone_data() -> Iterator[None]:
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    yield
    zoneinfo.reset_tzpath(to=before)


def a_wish(**given: Any) -> dict[str, Any]:
    return {"request_id": "repeat-1", "days": [0, 2], "time": "15:00", "length_min": 50, **given}


async def repeated(browser: Browser, **given: Any) -> dict[str, Any]:
    answer = await browser.call("POST", "/repeats", a_wish(**given))
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def bookings(desk: Desk, browser: Browser, days: int = 60) -> list[str]:
    now = await desk.ledger.now_ms()
    own = await desk.ledger.bookings_of(browser.me["id"], now, now + days * DAY_MS)
    return [each.id for each in own]


def at_the_desk(desk: Desk) -> Worker:
    """The scheduler's hand that books ahead."""
    queue = RepeatStore(desk.redis, tag="a").queue
    return Worker(queue, clock=desk.clock, handler=desk.parts.api.tools.repeats.look)


def local(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(BERLIN)


async def test_a_repeat_books_every_date_inside_the_horizon(desk: Desk) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana, title=" Thesis ")
    assert (made["days"], made["time"], made["zone"]) == ([0, 2], "15:00", "Europe/Berlin")
    booked = [each for each in made["next"] if each["booking"]]
    assert 7 <= len(booked) <= 9
    assert {each["state"] for each in booked} == {"booked"}
    assert {local(each["start"]).strftime("%H:%M") for each in made["next"]} == {"15:00"}
    assert {local(each["start"]).weekday() for each in made["next"]} == {0, 2}
    assert [each["booking"] for each in booked] == await bookings(desk, ana)
    [own] = [await ana.get(f"/bookings/{booked[0]['booking']}")]
    assert (own["title"], own["length_min"]) == ("Thesis", 50)
    assert (await ana.get("/repeats"))["repeats"] == [made]


async def test_a_repeat_keeps_that_a_shorter_session_is_welcome(open_desk: OpenDesk) -> None:
    desk = await open_desk(of(community="small"))
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    made = await repeated(ana, also_shorter=True)
    assert made["also_shorter"]
    assert (await ana.get("/repeats"))["repeats"][0]["also_shorter"]
    date = made["next"][1]
    own = await ana.get(f"/bookings/{date['booking']}")
    assert own["also_shorter"]
    await ben.booked(round(local(date["start"]).timestamp() * 1_000), length_min=25)
    own = await ana.get(f"/bookings/{date['booking']}")
    assert (own["state"], own["length_min"], own["wished_min"]) == ("matched", 25, 50)


async def test_asking_again_books_nothing_twice(desk: Desk) -> None:
    ana = await desk.member("Ana")
    first = await repeated(ana)
    before = await bookings(desk, ana)
    assert await repeated(ana) == first
    assert await bookings(desk, ana) == before
    other = await ana.call("POST", "/repeats", a_wish(time="16:00"))
    assert await code_of(other) == (409, "other_request")


async def test_later_dates_are_booked_as_they_come_inside_the_horizon(desk: Desk) -> None:
    ana = await desk.member("Ana")
    await repeated(ana)
    worker = at_the_desk(desk)
    await worker.turn()
    before = await bookings(desk, ana)
    for _ in range(8):
        await desk.later(DAY_MS)
        await worker.turn()
        await worker.turn()
    after = await bookings(desk, ana)
    assert len([each for each in after if each not in before]) in (2, 3)
    starts = {each["start"] for each in (await ana.get("/repeats"))["repeats"][0]["next"]}
    assert len(starts) == 10


async def test_D15_edge_a_date_that_collides_is_skipped_and_says_so(desk: Desk) -> None:
    ana = await desk.member("Ana")
    day = datetime.now(BERLIN).date() + timedelta(days=3)
    at = datetime.combine(day, datetime.min.time(), BERLIN).replace(hour=15)
    own = await ana.booked(round(at.timestamp() * 1_000) + 15 * MINUTE_MS)
    made = await repeated(ana, days=[day.weekday()])
    [there] = [each for each in made["next"] if each["date"] == day.isoformat()]
    assert (there["state"], there["why"], there["booking"]) == ("taken", "overlap", None)
    assert next(each["state"] for each in made["next"] if each["date"] != there["date"]) == "booked"
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    await at_the_desk(desk).turn()
    [listed] = (await ana.get("/repeats"))["repeats"]
    assert [each["state"] for each in listed["next"] if each["date"] == there["date"]] == ["taken"]


async def test_a_date_can_be_taken_out_and_stays_out(desk: Desk) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana)
    second = made["next"][1]
    body = {"request_id": "skip-0001", "date": second["date"]}
    answer = await ana.call("POST", f"/repeats/{made['id']}/skip", body)
    now = await answer.json()
    assert now["next"][1] == {**second, "state": "skipped", "booking": None}
    assert second["booking"] not in await bookings(desk, ana)
    again = await ana.call("POST", f"/repeats/{made['id']}/skip", body)
    assert await again.json() == now
    await at_the_desk(desk).turn()
    assert second["booking"] not in await bookings(desk, ana)


async def test_a_booking_its_owner_cancels_counts_as_taken_out(desk: Desk) -> None:
    ana = await desk.member("Ana")
    first = (await repeated(ana))["next"][1]
    await ana.call("DELETE", f"/bookings/{first['booking']}?request_id=cancel-1")
    await at_the_desk(desk).turn()
    [listed] = (await ana.get("/repeats"))["repeats"]
    assert (listed["next"][1]["state"], listed["next"][1]["booking"]) == ("skipped", None)


async def test_D15_1_who_lives_elsewhere_is_told_from_when_the_hour_moves_for_them(
    desk: Desk,
) -> None:
    ben = await desk.member("Ben", zone="America/New_York")
    weekdays = [0, 1, 2, 3, 4]
    made = await repeated(ben, days=weekdays, zone="Europe/Berlin")
    wanted = planned_shifts(await desk.ledger.now_ms())
    assert made["shifts"] == wanted
    own = await repeated(ben, request_id="repeat-2", days=weekdays, time="12:00")
    assert own["shifts"] == []


def planned_shifts(now_ms: int) -> list[dict[str, str]]:
    """The days of the coming eight weeks on which 15:00 in Berlin becomes another hour in New York."""
    first = datetime.fromtimestamp(now_ms / 1_000, BERLIN).replace(hour=15, minute=0)
    dates = (first + timedelta(days=days) for days in range(57))
    read = [
        (at.date().isoformat(), at.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M"))
        for at in dates
        if at.weekday() < 5 and now_ms <= at.timestamp() * 1_000 < now_ms + 56 * DAY_MS
    ]
    return [
        {"date": after[0], "time": after[1]}
        for before, after in itertools.pairwise(read)
        if before[1] != after[1]
    ]


@pytest.mark.parametrize("day", ["2000-01-03", "2100-01-06"])
async def test_a_date_that_is_none_cannot_be_taken_out(desk: Desk, day: str) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana, days=[0, 1, 2, 3, 4, 5, 6], until="2099-12-31")
    body = {"request_id": "skip-0001", "date": day}
    answer = await ana.call("POST", f"/repeats/{made['id']}/skip", body)
    assert await field_of(answer) == "date"


async def test_ending_a_repeat_leaves_its_bookings_or_cancels_them(desk: Desk) -> None:
    ana = await desk.member("Ana")
    kept = await repeated(ana)
    gone = await repeated(ana, request_id="repeat-2", time="18:00")
    path = f"/repeats/{gone['id']}?request_id=stop-0001&cancel=true"
    assert (await ana.call("DELETE", path)).status == 204
    assert (await ana.call("DELETE", f"/repeats/{kept['id']}?request_id=stop-0002")).status == 204
    assert await bookings(desk, ana) == [
        each["booking"] for each in kept["next"] if each["booking"]
    ]
    assert await ana.get("/repeats") == {"repeats": []}
    assert (await ana.call("DELETE", path)).status == 404
    assert await at_the_desk(desk).turn() == 0


async def test_nobody_touches_anybody_elses(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    made = await repeated(ana)
    path = f"/repeats/{made['id']}?request_id=stop-0001&cancel=true"
    assert (await ben.call("DELETE", path)).status == 404
    body = {"request_id": "skip-0001", "date": made["next"][1]["date"]}
    assert (await ben.call("POST", f"/repeats/{made['id']}/skip", body)).status == 404
    assert await ben.get("/repeats") == {"repeats": []}


async def test_two_members_who_repeat_the_same_hour_meet_each_week(desk: Desk) -> None:
    ana = await desk.member("Ana")
    ben = await desk.member("Ben", zone="America/New_York")
    await repeated(ana)
    await repeated(ben, zone="Europe/Berlin")
    now = await desk.ledger.now_ms()
    own = await desk.ledger.bookings_of(ana.me["id"], now, now + 60 * DAY_MS)
    assert {each.partner for each in own} == {ben.me["id"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"days": []}, "days"),
        ({"days": [7]}, "days"),
        ({"time": "25:00"}, "time"),
        ({"time": "15:07"}, "time"),
        ({"zone": "Nowhere/At_All"}, "zone"),
        ({"title": "t" * 101}, "title"),
        ({"length_min": 26}, "length_min"),
        ({"until": "2001-01-01"}, "until"),
        ({"from": "2200-01-01"}, "from"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(
    desk: Desk, given: dict[str, Any], field: str
) -> None:
    ana = await desk.member("Ana")
    assert await field_of(await ana.call("POST", "/repeats", a_wish(**given))) == field
    assert await ana.get("/repeats") == {"repeats": []}
    assert await bookings(desk, ana) == []


async def test_a_member_has_so_many_repeats_and_no_more(desk: Desk) -> None:
    ana = await desk.member("Ana")
    far = (datetime.now(BERLIN).date() + timedelta(days=200)).isoformat()
    for number in range(REPEATS_MAX):
        await repeated(ana, request_id=f"repeat-{number}", **{"from": far})
    full = await ana.call("POST", "/repeats", a_wish(request_id="repeat-more"))
    assert await code_of(full) == (409, "full")
    await repeated(ana, request_id="repeat-0", **{"from": far})


async def test_a_booking_knows_its_repeat(desk: Desk) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana)
    booking = made["next"][1]["booking"]
    store = RepeatStore(desk.redis, tag="a")
    assert await store.makers([booking, "b999999"]) == {booking: made["id"]}


async def test_dates_that_are_past_are_forgotten(desk: Desk) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana)
    for _ in range(4):
        await desk.later(3 * DAY_MS)
        await at_the_desk(desk).turn()
    kept = await RepeatStore(desk.redis, tag="a").dates(made["id"])
    now = datetime.fromtimestamp(await desk.ledger.now_ms() / 1_000, BERLIN).date()
    assert min(date.fromisoformat(day) for day in kept) >= now - timedelta(days=5)


async def test_a_booking_names_the_repeat_that_made_it(desk: Desk) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana)
    by_repeat = await ana.get(f"/bookings/{made['next'][0]['booking']}")
    assert by_repeat["repeat"] == made["id"]
    assert (await ana.booked(await desk.slot()))["repeat"] is None


class Gate:
    """Lets the scheduler's hand read the dates, and holds it until told to go on."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.repeats = desk.parts.api.tools.repeats
        self.read, self.open = asyncio.Event(), asyncio.Event()
        self._patch = monkeypatch

    async def at_work_on(self, id: str) -> asyncio.Task[int | None]:
        store: Any = self.repeats._store
        dates = store.dates

        async def slowly(id: str) -> Any:
            found = await dates(id)
            self.read.set()
            await self.open.wait()
            return found

        self._patch.setattr(store, "dates", slowly)
        work = asyncio.create_task(self.repeats.book_ahead(id))
        await self.read.wait()
        self._patch.setattr(store, "dates", dates)
        return work


async def test_nothing_is_left_of_a_repeat_that_ends_while_it_is_booked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana, days=[0, 1, 2, 3, 4, 5, 6])
    await desk.later(DAY_MS)
    gate = Gate(desk, monkeypatch)
    work = await gate.at_work_on(made["id"])
    await ana.call("DELETE", f"/repeats/{made['id']}?request_id=stop-0001&cancel=true")
    gate.open.set()
    await work
    assert await bookings(desk, ana) == []
    assert [key async for key in desk.redis.scan_iter(match=f"{{a}}:rep*{made['id']}*")] == []


async def test_a_date_taken_out_while_it_is_booked_stays_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await desk.member("Ana")
    made = await repeated(ana, days=[0, 1, 2, 3, 4, 5, 6])
    before = await bookings(desk, ana)
    await desk.later(DAY_MS)
    gate = Gate(desk, monkeypatch)
    work = await gate.at_work_on(made["id"])
    day = date.fromisoformat(made["next"][0]["date"]) + timedelta(days=len(before))
    out = {"request_id": "skip-0001", "date": day.isoformat()}
    assert (await ana.call("POST", f"/repeats/{made['id']}/skip", out)).status == 200
    gate.open.set()
    await work
    assert set(await bookings(desk, ana)) <= set(before)
    kept = await gate.repeats._store.dates(made["id"])
    assert kept[day.isoformat()].state == "skipped"


async def test_many_repeats_read_the_bookings_once(desk: Desk) -> None:
    ana = await desk.member("Ana")
    for hour in range(5):
        await repeated(ana, request_id=f"repeat-{hour}", time=f"{10 + hour}:00", days=[hour])
    await desk.redis.config_resetstat()
    assert len((await ana.get("/repeats"))["repeats"]) == 5
    stats: Any = await desk.redis.info("commandstats")
    assert stats["cmdstat_fcall_ro"]["calls"] <= 3  # who asks, the time, the bookings


async def test_repeats_stop_where_a_member_has_all_the_sessions_there_may_be(
    open_desk: OpenDesk,
) -> None:
    few = msgspec.structs.replace(DEFAULT, bookings_max=3)
    desk = await open_desk(few)
    ana = await desk.member("Ana")
    made = await repeated(ana, days=[0, 1, 2, 3, 4, 5, 6])
    assert len(await bookings(desk, ana)) == 3
    states = [(each["state"], each["why"]) for each in made["next"][:5]]
    assert states == [("booked", None)] * 3 + [("planned", "full")] * 2
    [refused] = await ana.book(await desk.slot(1))
    assert (refused["error"]["code"], refused["error"]["data"]["limit"]) == ("full", 3)
    # As soon as there is room, it goes on.
    await ana.send("DELETE", f"/bookings/{made['next'][0]['booking']}?request_id=cancel-1")
    await desk.later(BLOCKED_MS + MINUTE_MS)
    await at_the_desk(desk).turn()
    assert len(await bookings(desk, ana)) == 3

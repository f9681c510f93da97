"""Bookings over REST: each item by itself, each request once, each thing its owner's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.rules import DAY_MS, MINUTE_MS
from tests.scheduler.desk import Browser, Desk, code_of, field_of, text
from tests.scheduler.web.circle import fresh


def span(from_ms: int, to_ms: int, **more: Any) -> str:
    return urlencode({"from": text(from_ms), "to": text(to_ms), **more})


async def bookings(browser: Browser, around_ms: int) -> list[dict[str, Any]]:
    path = f"/bookings?{span(around_ms - DAY_MS, around_ms + DAY_MS)}"
    return list((await browser.get(path))["bookings"])


async def test_two_who_book_one_slot_see_each_other(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben", zone="Asia/Kathmandu")
    start = await desk.slot()
    waiting = await ana.booked(start, title="Thesis")
    assert (waiting["state"], waiting["partner"], waiting["title"]) == ("waiting", None, "Thesis")
    assert (waiting["start"], waiting["end"]) == (text(start), text(start + 25 * MINUTE_MS))
    assert waiting["opens"] == text(start - 10 * MINUTE_MS)
    assert waiting["closes"] == text(start + 30 * MINUTE_MS)
    await ben.booked(start)
    [matched] = await bookings(ana, start)
    assert matched["state"] == "matched"
    assert matched["partner"] == {
        "id": ben.me["id"], "name": "Ben", "zone": "Asia/Kathmandu", "sessions": 0,
        "favourite": False, "friendship": "none",
    }  # fmt: skip


async def test_a_partner_never_learns_title_or_address_or_gender(desk: Desk) -> None:
    ana, ben = await desk.member("Ana", gender="woman"), await desk.member("Ben")
    start = await desk.slot()
    await ana.booked(start, title="canary-title")
    booking = await ben.booked(start)
    for path in (f"/bookings/{booking['id']}", f"/bookings?{span(start, start + 1)}"):
        seen = await (await ben.call("GET", path)).text()
        assert "canary-title" not in seen
        assert "ana@example.org" not in seen
        assert "woman" not in seen


async def test_items_succeed_and_fail_by_themselves_in_order(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot(4)
    results = await ana.book(start, start + 10 * MINUTE_MS, start, start + 60 * MINUTE_MS)
    codes = [result.get("error", {}).get("code", "booked") for result in results]
    assert codes == ["booked", "off_grid", "overlap", "booked"]
    assert set(results[0]) == {"booking"}
    assert set(results[1]) == {"error"}
    assert results[1]["error"]["field"] == "start"
    assert results[1]["error"]["data"]["grid_ms"] == 15 * MINUTE_MS


@pytest.mark.parametrize(
    ("offset_ms", "length_min", "code"),
    [
        (1, 25, "off_grid"),
        (0, 30, "bad_length"),
        (-DAY_MS, 25, "in_the_past"),
        (29 * DAY_MS, 25, "beyond_horizon"),
    ],
)
async def test_what_cannot_be_booked_says_why(
    desk: Desk, offset_ms: int, length_min: int, code: str
) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot() + offset_ms
    [result] = await ana.book(start, length_min=length_min)
    assert result["error"]["code"] == code
    assert await bookings(ana, start) == []


async def test_the_same_request_twice_books_once(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot()
    assert await ana.book(start) == await ana.book(start)
    assert len(await bookings(ana, start)) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"start": "2026-01-01T00:00:00", "length_min": 25}]}, "items.start"),
        ({"items": [{"start": "tomorrow", "length_min": 25}]}, "items.start"),
        ({"items": [{"start": 5, "length_min": 25}]}, "items.start"),
        ({"items": [{"start": "2026-01-01T00:00:00Z"}]}, "items.length_min"),
        ({"items": [{"start": "2026-01-01T00:00:00Z", "length_min": 25.5}]}, "items.length_min"),
        ({"items": [{"start": "2026-01-01T00:00:00.0001Z", "length_min": 25}]}, "start"),
        ({"items": [{"start": "2026-01-01T00:00:00Z", "length_min": 25, "x": 1}]}, "items.x"),
        ({"items": [{"start": "2026-01-01T00:00:00Z", "length_min": 25}] * 21}, "items"),
        ({"request_id": "short"}, "request_id"),
        ({"request_id": "with spaces here"}, "request_id"),
        ({"request_id": "line-end-here\n"}, "request_id"),
    ],
)
async def test_a_request_that_is_wrong_names_its_field(
    desk: Desk, body: dict[str, Any], field: str
) -> None:
    ana = await desk.member("Ana")
    item = {"start": "2026-01-01T00:00:00Z", "length_min": 25}
    sent = {"request_id": "request-1", "items": [item], **body}
    answer = await ana.call("POST", "/bookings", sent)
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field


async def test_a_title_is_one_line_however_it_comes_in(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start, bad = await desk.slot(8), "Thesis\r\nATTENDEE:mailto:eve@example.org"
    own = await ana.booked(start)
    item = {"start": text(await desk.slot(12)), "length_min": 25, "title": bad}
    edit = {"request_id": "edit-0001", "title": bad}
    repeat = {
        "request_id": "repeat-1",
        "days": [0],
        "time": "15:00",
        "length_min": 25,
        "title": bad,
    }
    for method, path, body in [
        ("POST", "/bookings", {"request_id": "book-0001", "items": [item]}),
        ("PATCH", f"/bookings/{own['id']}", edit),
        ("POST", "/repeats", repeat),
    ]:
        assert await field_of(await ana.call(method, path, body)) == "title"


async def test_a_title_that_is_too_long_is_refused(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot()
    assert (await ana.booked(start, title="x" * 100))["title"] == "x" * 100
    [result] = await ana.book(start + DAY_MS, title="x" * 101)
    assert (result["error"]["code"], result["error"]["field"]) == ("bad_field", "title")


async def test_cancelling_puts_the_partner_back_in_line(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot()
    await ana.booked(start)
    booking = await ben.booked(start)
    path = f"/bookings/{booking['id']}?request_id=request-1"
    answer = await ben.call("DELETE", path, headers={"Content-Type": None})
    assert (await answer.json())["booking"]["state"] == "cancelled"
    assert [each["state"] for each in await bookings(ana, start)] == ["waiting"]
    again = await ben.call("DELETE", path)
    assert (await again.json())["booking"]["state"] == "cancelled"


async def test_a_session_that_began_cannot_be_cancelled(desk: Desk) -> None:
    ana = await desk.member("Ana")
    start = await desk.slot()
    booking = await ana.booked(start)
    await desk.go_to(start)
    answer = await ana.call("DELETE", f"/bookings/{booking['id']}?request_id=request-1")
    assert await code_of(answer) == (409, "too_late")


async def test_somebody_elses_booking_looks_like_none(desk: Desk) -> None:
    ana, eve = await desk.member("Ana"), await desk.member("Eve")
    booking = await ana.booked(await desk.slot())
    for method, path, body in (
        ("GET", "{}", None),
        ("DELETE", "{}?request_id=request-1", None),
        ("GET", "{}/checkin", None),
        ("PUT", "{}/checkin", {"outcomes": [], "again": True}),
    ):
        theirs = await eve.call(method, f"/bookings/{path.format(booking['id'])}", body)
        nobodys = await eve.call(method, f"/bookings/{path.format('b999999')}", body)
        assert theirs.status == nobodys.status == 404
        assert await theirs.read() == await nobodys.read()


@pytest.mark.parametrize("id", ["x", "b", "b1x", "b%2e%2e", "..", "b" + "9" * 16, "%00"])
async def test_an_id_that_is_none_is_not_found(desk: Desk, id: str) -> None:
    ana = await desk.member("Ana")
    answer = await ana.call("GET", f"/bookings/{id}")
    assert answer.status in (404, 405)


async def test_slots_show_who_waits_and_never_oneself(desk: Desk) -> None:
    people = [await desk.member(name) for name in ("Ana", "Ben", "Cleo")]
    start = await desk.slot()
    await people[0].booked(start, task="desk")
    await people[1].booked(start, task="moving")
    path = f"/slots?{span(start, start + 1, length_min=25)}"
    [slot] = (await people[2].get(path))["slots"]
    assert (slot["start"], slot["count"], slot["length_min"]) == (text(start), 2, 25)
    assert slot["people"] == [
        {"id": people[0].me["id"], "name": "Ana", "favourite": False, "length_min": 25},
        {"id": people[1].me["id"], "name": "Ben", "favourite": False, "length_min": 25},
    ]
    [own] = (await people[0].get(path))["slots"]
    assert [person["name"] for person in own["people"]] == ["Ben"]


async def test_a_slot_names_three_at_most(desk: Desk) -> None:
    start = await desk.slot()
    for number in range(5):
        member = await desk.member(f"W{number}", gender="woman", only_gender="man")
        await member.booked(start)
    ana = await desk.member("Ana", gender="man")
    [slot] = (await ana.get(f"/slots?{span(start, start + 1, length_min=25)}"))["slots"]
    assert (slot["count"], len(slot["people"])) == (5, 3)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "from"),
        ("from=2026-01-01T00:00:00Z", "to"),
        ("from=2026-01-01&to=2026-02-01", "from"),
        ("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&x=1", "x"),
    ],
)
async def test_a_span_has_two_ends_in_order_and_not_too_far_apart(
    desk: Desk, query: str, field: str
) -> None:
    ana = await desk.member("Ana")
    answer = await ana.call("GET", f"/bookings?{query}")
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field


async def test_as_soon_as_possible_goes_where_somebody_waits(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    body = {"request_id": "request-1", "length_min": 25}
    first = (await (await ana.call("POST", "/bookings/soon", body)).json())["booking"]
    second = (await (await ben.call("POST", "/bookings/soon", body)).json())["booking"]
    assert second["start"] == first["start"]
    assert second["partner"]["name"] == "Ana"


async def test_as_soon_as_possible_asked_twice_books_once(desk: Desk) -> None:
    ana = await desk.member("Ana")
    body = {"request_id": "request-1", "length_min": 25}
    answers = [await (await ana.call("POST", "/bookings/soon", body)).json() for _ in range(2)]
    assert answers[0] == answers[1]


async def test_as_soon_as_possible_twice_over_takes_the_next_free_start(desk: Desk) -> None:
    ana = await desk.member("Ana")
    starts = set()
    for number in range(3):
        body = {"request_id": f"request-{number}", "length_min": 25}
        starts.add(
            (await (await ana.call("POST", "/bookings/soon", body)).json())["booking"]["start"]
        )
    assert len(starts) == 3


async def test_as_soon_as_possible_keeps_the_title_and_every_wish(desk: Desk) -> None:
    """Ana wishes for quiet: she is not put beside Ben, who does not accept it."""
    ana, ben = await desk.member("Ana"), await desk.member("Ben", accepts_quiet=False)
    await ben.send("POST", "/bookings/soon", {"request_id": fresh(), "length_min": 25})
    wishes = {
        "title": "Thesis", "quiet": True, "task": "desk",
        "prefer_favourites": False, "also_shorter": True,
    }  # fmt: skip
    body = {"request_id": fresh(), "length_min": 25, **wishes}
    booked = (await ana.send("POST", "/bookings/soon", body))["booking"]
    assert {name: booked[name] for name in wishes} == wishes
    assert (booked["state"], booked["partner"]) == ("waiting", None)
    me = await ana.get("/me")
    assert (me["last_quiet"], me["last_task"], me["last_length_min"]) == (True, "desk", 25)
    assert (me["last_prefer_favourites"], me["last_also_shorter"]) == (False, True)


async def test_a_title_too_long_for_the_soonest_session_is_refused(desk: Desk) -> None:
    ana = await desk.member("Ana")
    body = {"request_id": fresh(), "length_min": 25, "title": "x" * 101}
    answer = await ana.call("POST", "/bookings/soon", body)
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == "title"


async def test_a_checkin_is_kept_for_its_owner(desk: Desk) -> None:
    ana = await desk.member("Ana")
    path = f"/bookings/{(await ana.booked(await desk.slot()))['id']}/checkin"
    assert await ana.get(path) == {"outcomes": [], "again": None}
    said = {"outcomes": [{"task": "Thesis", "outcome": "partly"}], "again": True}
    assert (await ana.call("PUT", path, said)).status == 204
    assert await ana.get(path) == said


@pytest.mark.parametrize(
    "said",
    [
        {"outcomes": [{"task": "x" * 501, "outcome": "done"}]},
        {"outcomes": [{"task": "x", "outcome": "great"}]},
        {"outcomes": [{"task": "x", "outcome": "done"}] * 51},
        {"again": "yes"},
    ],
)
async def test_a_checkin_that_is_wrong_is_refused(desk: Desk, said: dict[str, Any]) -> None:
    ana = await desk.member("Ana")
    path = f"/bookings/{(await ana.booked(await desk.slot()))['id']}/checkin"
    assert await code_of(await ana.call("PUT", path, said)) == (400, "bad_field")


async def test_a_cancelled_booking_takes_no_checkin(desk: Desk) -> None:
    ana = await desk.member("Ana")
    id = (await ana.booked(await desk.slot()))["id"]
    await ana.call("DELETE", f"/bookings/{id}?request_id=request-1")
    answer = await ana.call("PUT", f"/bookings/{id}/checkin", {"again": False})
    assert await code_of(answer) == (409, "already_over")

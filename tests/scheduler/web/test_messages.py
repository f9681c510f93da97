"""Messages: between those who are matched, met lately or are friends, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientResponse

from scheduler import rules
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.services.messages import clean_text
from scheduler.store.plans import Plans
from scheduler.web.messages import LINES_OF
from tests.scheduler.desk import Browser, Desk, OpenDesk, code_of, field_of


async def write(
    one: Browser, other: Browser, text: str, request_id: str = "message-1"
) -> ClientResponse:
    body = {"request_id": request_id, "text": text}
    return await one.call("POST", f"/threads/{other.me['id']}", body)


async def lines(one: Browser, other: Browser) -> list[str]:
    thread = await one.get(f"/threads/{other.me['id']}")
    return [line["text"] for line in thread["lines"]]


async def two_matched(desk: Desk, number: int = 8) -> tuple[Browser, Browser, dict[str, Any]]:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot(number)
    own = await ana.booked(start)
    await ben.booked(start)
    return ana, ben, await ana.get(f"/bookings/{own['id']}")


async def test_partners_write_to_each_other(desk: Desk) -> None:
    ana, ben, _ = await two_matched(desk)
    answer = await write(ana, ben, "  Two minutes late.\r\nSorry! ")
    assert answer.status == 200
    said = await answer.json()
    assert (said["by"], said["text"]) == (ana.me["id"], "Two minutes late.\nSorry!")
    thread = await ben.get(f"/threads/{ana.me['id']}")
    assert thread["lines"] == [said]
    assert (thread["unread"], thread["open"], thread["member"]["name"]) == (1, True, "Ana")
    assert (await ben.call("POST", f"/threads/{ana.me['id']}/read", {})).status == 204
    [listed] = (await ben.get("/threads"))["threads"]
    assert (listed["unread"], listed["lines"]) == (0, [said])
    assert (await ana.get("/threads"))["threads"][0]["unread"] == 0


async def test_a_message_asked_for_twice_is_written_once(desk: Desk) -> None:
    ana, ben, _ = await two_matched(desk)
    first = await (await write(ana, ben, "Hello")).json()
    assert await (await write(ana, ben, "Hello")).json() == first
    assert await lines(ben, ana) == ["Hello"]
    assert await code_of(await write(ana, ben, "Other")) == (409, "other_request")


async def test_the_list_shows_the_newest_thread_first(desk: Desk) -> None:
    ana, ben, _ = await two_matched(desk)
    chi = await desk.member("Chi")
    start = await desk.slot(20)
    await ana.booked(start)
    await chi.booked(start)
    await write(ana, ben, "One")
    await desk.later(1_000)
    await write(ana, chi, "Two", "message-2")
    assert [each["member"]["name"] for each in (await ana.get("/threads"))["threads"]] == [
        "Chi",
        "Ben",
    ]


async def test_strangers_cannot_write(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    assert await code_of(await write(ana, ben, "Hello")) == (409, "no_contact")
    assert (await ana.call("GET", f"/threads/{ben.me['id']}")).status == 404
    assert await code_of(await write(ana, ana, "Hello")) == (400, "bad_field")
    nobody = {"request_id": "message-2", "text": "Hello"}
    assert await code_of(await ana.call("POST", "/threads/m_nobody", nobody)) == (409, "no_contact")


async def test_D8_4_an_apology_after_cancelling_arrives_and_is_answered(desk: Desk) -> None:
    ana, ben, own = await two_matched(desk, number=1)
    cancelled = await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    assert cancelled.status == 200
    assert (await write(ana, ben, "Sorry, I have to go to the doctor.")).status == 200
    assert (await write(ben, ana, "Get well soon.")).status == 200
    assert await lines(ana, ben) == ["Sorry, I have to go to the doctor.", "Get well soon."]


async def test_where_names_are_told_later_a_hidden_partner_reads_like_a_stranger(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(rules.of(reveal="t60"))
    ana, ben, own = await two_matched(desk, number=40)
    chi = await desk.member("Chi")
    assert (own["state"], own["partner"]) == ("matched", None)

    async def seen(other: Browser, number: int) -> list[tuple[int, str]]:
        answers = [
            await ana.call("GET", f"/threads/{other.me['id']}"),
            await write(ana, other, "Is it you?", f"message-{number}"),
            await ana.call("GET", f"/people/{other.me['id']}"),
        ]
        return [await code_of(each) for each in answers]

    assert await seen(ben, 1) == await seen(chi, 2)
    assert (await ben.get("/threads"))["threads"] == (await ana.get("/people"))["people"] == []

    start = (await desk.ledger.booking(own["id"])).start_ms
    await desk.go_to(start - rules.REVEALS["t60"]["reveal_ms"])  # type: ignore[operator]
    await Plans(desk.ledger.calls).reveal([own["id"]])
    assert (await write(ana, ben, "It is you!", "message-3")).status == 200


async def test_whom_one_locks_in_with_is_no_secret(open_desk: OpenDesk) -> None:
    desk = await open_desk(rules.of(reveal="t60"))
    ana, ben, own = await two_matched(desk, number=40)
    await ben.send("PATCH", "/me", {"lockable": "everyone"})
    lock = {
        "request_id": "lock-in-1",
        "member": ben.me["id"],
        "start": own["start"],
        "length_min": own["length_min"],
    }
    assert (await ana.send("POST", "/bookings/lock", lock))["booking"]["locked"]
    assert (await write(ben, ana, "Good.", "message-1")).status == 200


async def test_a_thread_stays_open_for_seven_days_after_the_session(desk: Desk) -> None:
    ana, ben, own = await two_matched(desk)
    await write(ana, ben, "Hello")
    thread = await ana.get(f"/threads/{ben.me['id']}")
    ends = await desk.ledger.booking(own["id"])
    await desk.go_to(ends.end_ms + 7 * DAY_MS - MINUTE_MS)
    assert (await write(ben, ana, "Thank you")).status == 200
    await desk.later(2 * MINUTE_MS)
    assert await code_of(await write(ben, ana, "Thank you!", "message-3")) == (409, "no_contact")
    closed = await ana.get(f"/threads/{ben.me['id']}")
    assert (thread["open"], thread["open_until"] is None) == (True, False)
    assert (closed["open"], closed["open_until"], len(closed["lines"])) == (False, None, 2)


@pytest.mark.parametrize("how", ["block", "snooze"])
async def test_whom_somebody_keeps_away_from_writes_to_nobody_and_sees_no_difference(
    desk: Desk, how: str
) -> None:
    ana, ben, _ = await two_matched(desk)
    await write(ben, ana, "Hello")
    before = await ben.get(f"/threads/{ana.me['id']}")
    path, body = f"/people/{ben.me['id']}/{how}", {"request_id": "apart-001"}
    assert (await ana.call("PUT", path, body)).status == 200
    assert await ben.get(f"/threads/{ana.me['id']}") == before
    offset = await desk.ledger.last_offset()
    assert (await write(ben, ana, "Are you there?", "message-2")).status == 200
    assert (await write(ben, ana, "Hello?", "message-3")).status == 200
    assert await lines(ben, ana) == ["Hello", "Are you there?", "Hello?"]
    [listed] = (await ben.get("/threads"))["threads"]
    assert (listed["open"], listed["lines"][0]["text"]) == (True, "Hello?")
    # The other reads nothing of it, is told nothing, and cannot write either; nor ever after.
    assert await desk.ledger.outbox_after(offset) == []
    assert await code_of(await write(ana, ben, "No", "message-4")) == (409, "no_contact")
    seen = await ana.get(f"/threads/{ben.me['id']}")
    assert ([each["text"] for each in seen["lines"]], seen["unread"]) == (["Hello"], 1)
    assert (await ana.call("DELETE", f"{path}?request_id=apart-002")).status == 200
    assert (await write(ana, ben, "I am here.", "message-5")).status == 200
    assert await lines(ana, ben) == ["Hello", "I am here."]
    assert await lines(ben, ana) == ["Hello", "Are you there?", "Hello?", "I am here."]


async def test_friends_write_at_any_time(desk: Desk) -> None:
    ana, ben, own = await two_matched(desk)
    for one, other in ((ana, ben), (ben, ana)):
        body = {"request_id": "friends-1"}
        assert (await one.call("PUT", f"/people/{other.me['id']}/friend", body)).status == 200
    await desk.go_to((await desk.ledger.booking(own["id"])).end_ms + 10 * DAY_MS)
    assert (await write(ana, ben, "Long time no see")).status == 200
    thread = await ana.get(f"/threads/{ben.me['id']}")
    assert (thread["open"], thread["open_until"]) == (True, None)


async def test_a_pair_that_wrote_to_each_other_is_marked(desk: Desk) -> None:
    ana, ben, own = await two_matched(desk)
    pair = (await desk.ledger.booking(own["id"])).pair
    assert pair is not None
    assert not (await desk.ledger.pair(pair)).messaged
    await write(ana, ben, "Hello")
    assert (await desk.ledger.pair(pair)).messaged


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001, "a\x00b", "a\x1bb"])
async def test_what_is_no_message_is_refused(desk: Desk, text: str) -> None:
    ana, ben, _ = await two_matched(desk)
    assert await field_of(await write(ana, ben, text)) == "text"


async def test_nobody_floods_anybody(desk: Desk) -> None:
    ana, ben, _ = await two_matched(desk)
    for number in range(LINES_OF.burst):
        assert (await write(ana, ben, "Hello", f"message-{number}")).status == 200
    assert await code_of(await write(ana, ben, "Hello", "message-more")) == (429, "too_many")


async def test_the_newest_two_hundred_are_kept(desk: Desk) -> None:
    ana, ben, _ = await two_matched(desk)
    store = desk.parts.api.tools.messages
    for number in range(203):
        await store.write(f"many-{number}", ana.me["id"], ben.me["id"], f"line {number}")
    kept = await lines(ben, ana)
    assert (len(kept), kept[0], kept[-1]) == (200, "line 3", "line 202")


def test_text_keeps_its_line_ends_and_its_letters() -> None:
    assert clean_text(" a\r\n\tb \n", 10) == "a\n\tb"
    assert clean_text("👩‍👩‍👧 שלום", 20) == "👩‍👩‍👧 שלום"

"""Webhooks over REST, and their calls: signed, tried again, given up, and none lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from prometheus_client import REGISTRY

from scheduler.errors import BadField
from scheduler.flags import Fault, Flag
from scheduler.hooks.sender import HookSender
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.store import keys
from scheduler.webhooks import (
    OF_MEMBER,
    PAUSES_MS,
    SIGNATURE,
    WAITING_MAX,
    WEBHOOKS_MAX,
    Topic,
    signature,
)
from tests.scheduler.desk import Browser, Desk, OpenDesk, code_of, field_of
from tests.scheduler.hooks.test_sender import Receiver
from tests.scheduler.postroom import Switchboard
from tests.scheduler.web.test_dev import Carrier

EVENTS = ["matched", "changed", "cancelled", "flagged"]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    there = Receiver()
    await there.server.start_server()
    yield there
    await there.server.close()


@pytest.fixture
async def board(desk: Desk) -> AsyncIterator[Switchboard]:
    sender = HookSender(loopback=True)
    yield Switchboard(desk, sender)
    await sender.close()


async def hooked(browser: Browser, url: str, events: list[str] | None = None) -> dict[str, Any]:
    answer = await browser.call("POST", "/webhooks", {"url": url, "events": events or EVENTS})
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def state(browser: Browser) -> dict[str, Any]:
    [only] = (await browser.get("/webhooks"))["webhooks"]
    return dict(only)


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body, _ in receiver.came]


async def test_a_match_and_a_cancellation_are_told_and_signed(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    hook = await hooked(ana, receiver.url())
    start = await desk.slot(8)
    own = await ana.booked(start, title="Thesis")
    theirs = await ben.booked(start, title="Secret plans")
    await board.turn()
    await ben.call("DELETE", f"/bookings/{theirs['id']}?request_id=cancel-1")
    await board.turn()
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-2")
    await board.turn()
    assert [each["event"] for each in told(receiver)] == ["matched", "changed", "cancelled"]
    first = told(receiver)[0]["booking"]
    assert (first["id"], first["partner"]) == (own["id"], {"id": ben.me["id"], "name": "Ben"})
    assert "Thesis" not in str(told(receiver))
    assert "Secret" not in str(told(receiver))
    for _, body, headers in receiver.came:
        at_s = int(headers[SIGNATURE].partition(",")[0].removeprefix("t="))
        assert headers[SIGNATURE] == signature(hook["secret"], at_s, body.decode())
        assert abs(at_s * 1_000 - await desk.ledger.now_ms()) < 60_000
    assert (await state(ana))["last"]["ok"]


async def flagged(desk: Desk, booking: str, fault: Fault) -> str:
    """A verdict on this booking's member; gives the pair it is about."""
    now = await desk.ledger.booking(booking)
    assert now.pair
    flag = Flag(
        pair=now.pair,
        member=now.member,
        booking=now.id,
        fault=fault,
        at_ms=now.start_ms,
        measured_ms=1,
        limit_ms=0,
        start_ms=now.start_ms,
        length_min=now.length_min,
        rules_version=1,
    )
    if fault is Fault.LATE_CANCEL:
        await desk.ledger.cancel("cancel-1", now.member, now.id)
        await desk.ledger.flag_late_cancel(flag)
    else:
        await desk.go_to(now.end_ms)
        await desk.ledger.settle(now.pair, [flag])
    return now.pair


async def test_of_a_flag_both_booking_and_pair_are_told(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    await hooked(ana, receiver.url(), ["flagged"])
    missed, dropped = [await ana.booked(await desk.slot(number)) for number in (2, 8)]
    for number in (2, 8):
        await ben.booked(await desk.slot(number))
    pairs = [await flagged(desk, missed["id"], Fault.NO_SHOW)]
    await board.turn()
    pairs.append(await flagged(desk, dropped["id"], Fault.LATE_CANCEL))
    await board.turn()
    by_booking = {each["booking"]["id"]: each for each in told(receiver)}
    assert [by_booking[each["id"]]["pair"] for each in (missed, dropped)] == pairs
    assert by_booking[missed["id"]]["booking"]["start"] == missed["start"]
    flags = (await ana.get("/flags"))["flags"]
    assert {(each["pair"], each["booking"]) for each in flags} == {
        (each["pair"], each["booking"]["id"]) for each in told(receiver)
    }
    assert {each["event"] for each in told(receiver)} == {"flagged"}


async def test_only_what_was_asked_for_is_told(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    await hooked(ana, receiver.url(), ["cancelled"])
    start = await desk.slot(8)
    own = await ana.booked(start)
    await ben.booked(start)
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    await board.turn()
    assert [each["event"] for each in told(receiver)] == ["cancelled"]


async def test_a_call_that_fails_comes_again_with_the_same_id_and_then_no_more(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana = await desk.member("Ana")
    await hooked(ana, receiver.url())
    own = await ana.booked(await desk.slot(8))
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    receiver.status = 500
    assert await board.turn() == 1
    for pause_ms in PAUSES_MS:
        assert await board.turn(pause_ms - 5_000) == 0
        assert await board.turn(10_000) == 1
    assert await board.turn(DAY_MS) == 0
    assert len(receiver.came) == 1 + len(PAUSES_MS)
    assert len({each["id"] for each in told(receiver)}) == 1
    last = (await state(ana))["last"]
    assert (last["status"], last["ok"]) == (500, False)


async def test_what_waits_survives_the_process(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana = await desk.member("Ana")
    await hooked(ana, receiver.url())
    own = await ana.booked(await desk.slot(8))
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    while await board.consumer.turn(block_ms=0):
        pass
    [leased] = await board.worker._queue.claim(desk.clock.now_ms())  # and then it dies
    assert leased.id
    sender = HookSender(loopback=True)
    other = Switchboard(desk, sender)
    assert await other.turn() == 0
    assert await other.turn(MINUTE_MS + 1_000) == 1
    assert [each["event"] for each in told(receiver)] == ["cancelled"]
    await sender.close()


async def test_after_three_days_of_failures_nothing_is_sent_until_a_test_arrives(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana = await desk.member("Ana")
    hook = await hooked(ana, receiver.url())
    receiver.status = 503
    for number in range(2):
        own = await ana.booked(await desk.slot(8 + number))
        await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-{number}")
        await board.turn()
        await desk.later(3 * DAY_MS)
    assert (await state(ana))["disabled"]
    receiver.came.clear()
    receiver.status = 204
    own = await ana.booked(await desk.slot(20))
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-9")
    await board.turn()
    assert receiver.came == []
    assert (await ana.call("POST", f"/webhooks/{hook['id']}/test", {})).status == 202
    await board.turn()
    assert [each["event"] for each in told(receiver)] == ["test"]
    assert not (await state(ana))["disabled"]


async def test_a_test_that_does_not_arrive_is_told_and_not_repeated(
    desk: Desk, board: Switchboard
) -> None:
    ana = await desk.member("Ana")
    hook = await hooked(ana, "http://127.0.0.1:1/")
    assert (await state(ana))["last"] is None
    await ana.call("POST", f"/webhooks/{hook['id']}/test", {})
    assert await board.turn() == 1
    assert await board.turn(DAY_MS) == 0
    last = (await state(ana))["last"]
    assert (last["status"], last["ok"]) == (None, False)


async def test_one_that_is_gone_is_called_no_more(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana = await desk.member("Ana")
    hook = await hooked(ana, receiver.url())
    await ana.call("POST", f"/webhooks/{hook['id']}/test", {})
    assert (await ana.call("DELETE", f"/webhooks/{hook['id']}")).status == 204
    await board.turn()
    assert receiver.came == []
    assert await ana.get("/webhooks") == {"webhooks": []}
    assert (await ana.call("DELETE", f"/webhooks/{hook['id']}")).status == 404


async def test_nobody_touches_or_sees_anybody_elses(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    hook = await hooked(ana, "http://127.0.0.1:9999/")
    assert (await ben.call("DELETE", f"/webhooks/{hook['id']}")).status == 404
    assert (await ben.call("POST", f"/webhooks/{hook['id']}/test", {})).status == 404
    assert await ben.get("/webhooks") == {"webhooks": []}


async def test_the_secret_is_said_once_and_kept_nowhere(desk: Desk) -> None:
    ana = await desk.member("Ana")
    hook = await hooked(ana, "http://127.0.0.1:9999/")
    assert "secret" not in await state(ana)
    raw = await desk.redis.hgetall(f"{{a}}:hooks:{ana.me['id']}")
    assert hook["secret"].encode() not in b"".join(raw.values())


async def test_an_instance_others_reach_calls_public_addresses_by_https_alone(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(demo=False, loopback=False, mailer=Carrier())
    refused = [
        "http://hooks.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/",
    ]
    hooks = desk.parts.api.tools.webhooks
    for url in refused:
        with pytest.raises(BadField) as refusal:
            await hooks.make("m_ana", url, [Topic.MATCHED])
        assert refusal.value.field == "url"
    assert await hooks.mine("m_ana") == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "gopher://x/"}, "url"),
        ({"url": "https://192.168.0.1/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["test"]}, "events"),
        ({"events": ["everything"]}, "events"),
    ],
)
async def test_what_cannot_be_is_refused(desk: Desk, given: dict[str, Any], field: str) -> None:
    ana = await desk.member("Ana")
    body = {"url": "https://hooks.example.org/", "events": ["matched"], **given}
    assert await field_of(await ana.call("POST", "/webhooks", body)) == field


async def test_a_member_has_so_many_and_no_more(desk: Desk) -> None:
    ana = await desk.member("Ana")
    for number in range(WEBHOOKS_MAX):
        await hooked(ana, f"https://hooks.example.org/{number}")
    body = {"url": "https://hooks.example.org/", "events": ["matched"]}
    assert await code_of(await ana.call("POST", "/webhooks", body)) == (409, "full")


async def test_what_was_before_it_or_is_long_past_is_not_told(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    """A group that reads the outbox from its beginning, as after a loss, tells nobody their history."""
    ana = await desk.member("Ana")
    own = await ana.booked(await desk.slot(8))
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    await desk.later(1)
    await hooked(ana, receiver.url())
    assert await board.turn() == 0
    own = await ana.booked(await desk.slot(8))
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-2")
    await desk.later(DAY_MS + 1)
    assert await board.turn() == 0
    own = await ana.booked(await desk.slot(30))
    await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-3")
    assert await board.turn() == 1
    assert [each["booking"]["id"] for each in told(receiver)] == [own["id"]]


async def test_slow_receivers_of_one_member_hold_up_nobody_else(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    silent = Receiver()
    silent.hangs = True
    await silent.server.start_server()
    for number in range(WEBHOOKS_MAX):
        hook = await hooked(
            ana, silent.url("127.0.0.1" if number % 2 else "localhost", f"/{number}")
        )
        for _ in range(3):
            await ana.call("POST", f"/webhooks/{hook['id']}/test", {})
    await ben.call("POST", f"/webhooks/{(await hooked(ben, receiver.url()))['id']}/test", {})
    running = asyncio.create_task(board.worker.run())
    await receiver.called.wait()
    running.cancel()
    assert len(receiver.came) == 1
    assert len(silent.came) <= OF_MEMBER
    await silent.server.close()


async def test_of_too_many_calls_that_wait_the_oldest_are_dropped_and_counted(
    desk: Desk, board: Switchboard, receiver: Receiver
) -> None:
    ana = await desk.member("Ana")
    hook = await hooked(ana, receiver.url())
    labels = {"queue": "webhooks", "result": "dropped"}
    before = REGISTRY.get_sample_value("cw_queue_handled_total", labels) or 0
    for _ in range(WAITING_MAX + 3):
        await ana.call("POST", f"/webhooks/{hook['id']}/test", {})
    assert await board.worker._queue.size() == WAITING_MAX
    assert REGISTRY.get_sample_value("cw_queue_handled_total", labels) == before + 3
    while await board.turn(MINUTE_MS):
        pass
    assert len(receiver.came) == WAITING_MAX
    assert not await desk.redis.exists(keys.webhook_waiting("a", hook["id"]))


async def test_asking_again_after_a_lost_answer_makes_no_second_one(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    body = {"url": "https://hooks.example.org/", "events": ["matched"], "request_id": "hook-0001"}
    first = await ana.send("POST", "/webhooks", body)
    assert await ana.send("POST", "/webhooks", body) == first
    assert len((await ana.get("/webhooks"))["webhooks"]) == 1
    other = await ana.call("POST", "/webhooks", {**body, "events": ["changed"]})
    assert await code_of(other) == (409, "other_request")
    assert (await ben.send("POST", "/webhooks", body))["secret"] != first["secret"]

"""Locking in, changing what was booked, and booking again, over REST."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS
from tests.scheduler.desk import Browser, Desk, OpenDesk, code_of, field_of, text
from tests.scheduler.web.circle import acquainted, fresh, lock, locks, seen, tie
from tests.scheduler.web.test_bookings import bookings


async def two(desk: Desk) -> tuple[Browser, Browser, int]:
    """Ana may lock in with Ben, who waits at the start this gives."""
    ana = await desk.member("Ana")
    ben = await desk.member("Ben", lockable="everyone")
    start = await desk.slot(8)
    await ben.booked(start)
    return ana, ben, start


async def test_a_lock_is_shown_to_both(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    own = (await ana.send("POST", "/bookings/lock", lock(ben, start, title=" Thesis ")))["booking"]
    assert (own["state"], own["locked"], own["title"]) == ("matched", True, "Thesis")
    assert own["partner"]["name"] == "Ben"
    [theirs] = await bookings(ben, start)
    assert (theirs["locked"], theirs["partner"]["name"], theirs["title"]) == (True, "Ana", "")


async def test_the_same_request_twice_locks_once_and_another_wish_is_refused(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    body = lock(ben, start)
    once = await ana.send("POST", "/bookings/lock", body)
    assert await ana.send("POST", "/bookings/lock", body) == once
    other = await ana.call("POST", "/bookings/lock", {**body, "quiet": True})
    assert await code_of(other) == (409, "other_request")
    assert len(await bookings(ana, start)) == 1


async def test_nothing_tells_why_somebody_cannot_be_had(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    reasons = [
        await locks(ana, ben, start + 60 * MINUTE_MS),
        await ana.call("POST", "/bookings/lock", {**lock(ben, start), "member": "m_nobody"}),
        await ana.call("POST", "/bookings/lock", {**lock(ben, start), "member": ana.me["id"]}),
    ]
    await ben.send("PATCH", "/me", {"lockable": "nobody"})
    reasons.append(await locks(ana, ben, start))
    await ben.send("PATCH", "/me", {"lockable": "favourites"})
    reasons.append(await locks(ana, ben, start))
    await ben.send("PATCH", "/me", {"lockable": "everyone", "gender": "man"})
    await ana.send("PATCH", "/me", {"only_gender": "woman"})
    reasons.append(await locks(ana, ben, start))
    await ana.send("PATCH", "/me", {"only_gender": None})
    await acquainted(desk, ben, ana)
    await tie(ben, "snooze", ana)
    reasons.append(await locks(ana, ben, start))
    await tie(ben, "block", ana)
    reasons.append(await locks(ana, ben, start))
    assert {answer.status for answer in reasons} == {409}
    assert len({await answer.read() for answer in reasons}) == 1
    assert await code_of(reasons[0]) == (409, "not_available")
    assert await bookings(ana, start) == []


async def test_what_was_just_taken_names_the_closest_other_times(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    cem = await desk.member("Cem")
    near = [start + hours * 60 * MINUTE_MS for hours in (1, 2, 5, 9)]
    for each in near:
        await ben.booked(each)
    assert (await locks(cem, ben, start)).status == 200
    answer = await locks(ana, ben, start)
    problem = (await answer.json())["error"]
    assert (answer.status, problem["code"]) == (409, "taken")
    slots = [{"start": text(each), "length_min": 25} for each in near[:3]]
    assert problem["data"]["others"] == slots


async def test_an_own_session_in_the_way_is_replaced_if_it_is_named(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    in_the_way = await ana.booked(start - 15 * MINUTE_MS)
    answer = await locks(ana, ben, start)
    assert await code_of(answer) == (409, "overlap")
    answer = await locks(ana, ben, start, replace=[in_the_way["id"]])
    assert answer.status == 200, await answer.text()
    [own] = await bookings(ana, start)
    assert (own["locked"], own["start"]) == (True, text(start))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": "tomorrow"}, "start"),
        ({"length_min": 0}, "length_min"),
        ({"member": "x" * 61}, "member"),
        ({"member": 5}, "member"),
        ({"replace": ["41"]}, "replace"),
        ({"replace": ["b1"] * 21}, "replace"),
        ({"request_id": "x"}, "request_id"),
        ({"task": "sleeping"}, "task"),
        ({"title": "x" * 101}, "title"),
        ({"more": 1}, "more"),
    ],
)
async def test_a_wish_that_is_wrong_names_its_field(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    ana, ben, start = await two(desk)
    answer = await ana.call("POST", "/bookings/lock", {**lock(ben, start), **wrong})
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field
    assert await bookings(ana, start) == []


@pytest.mark.parametrize(("offset_ms", "code"), [(1, "off_grid"), (40 * DAY_MS, "beyond_horizon")])
async def test_a_time_that_cannot_be_is_refused(desk: Desk, offset_ms: int, code: str) -> None:
    ana, ben, start = await two(desk)
    answer = await locks(ana, ben, start + offset_ms)
    assert (await code_of(answer))[1] == code


async def test_a_match_is_firm_ten_minutes_before_it_begins(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    cem = await desk.member("Cem")
    assert (await cem.booked(start))["partner"]["name"] == "Ben"
    await desk.go_to(start - 10 * MINUTE_MS + 1)
    assert await code_of(await locks(ana, ben, start)) == (409, "too_late")


async def test_names_are_told_later_where_the_rules_say_so_and_locks_at_once(
    open_desk: OpenDesk,
) -> None:
    rules = msgspec.structs.replace(DEFAULT, reveal_ms=60 * MINUTE_MS)
    desk = await open_desk(rules)
    ana, ben, start = await two(desk)
    own = await ana.booked(start)
    assert (own["state"], own["partner"], own["revealed"]) == ("matched", None, False)
    [theirs] = await bookings(ben, start)
    assert (theirs["partner"], theirs["revealed"]) == (None, False)
    assert await code_of(await ana.call("GET", f"/people/{ben.me['id']}")) == (404, "not_found")
    await desk.go_to(start - 60 * MINUTE_MS)
    shown = await seen(ana, own)
    assert (shown["partner"]["name"], shown["revealed"]) == ("Ben", True)
    later = start + DAY_MS
    await ben.booked(later)
    locked = (await (await locks(ana, ben, later)).json())["booking"]
    assert (locked["partner"]["name"], locked["revealed"]) == ("Ben", True)


async def test_a_waiting_booking_is_changed_as_one_likes(desk: Desk) -> None:
    ana = await desk.member("Ana")
    own = await ana.booked(await desk.slot())
    body = {"request_id": fresh(), "title": " Thesis ", "quiet": True, "task": "desk",
            "prefer_favourites": False, "also_shorter": True}  # fmt: skip
    changed = (await ana.send("PATCH", f"/bookings/{own['id']}", body))["booking"]
    assert {key: changed[key] for key in body if key != "request_id"} == {
        "title": "Thesis", "quiet": True, "task": "desk", "prefer_favourites": False,
        "also_shorter": True,
    }  # fmt: skip
    assert changed["sequence"] > own["sequence"]
    assert (await ana.send("PATCH", f"/bookings/{own['id']}", body))["booking"] == changed
    other = await ana.call("PATCH", f"/bookings/{own['id']}", {**body, "quiet": False})
    assert await code_of(other) == (409, "other_request")


async def test_a_partner_is_given_up_with_consent_only(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben", accepts_quiet=False)
    start = await desk.slot()
    await ben.booked(start)
    own = await ana.booked(start)
    path = f"/bookings/{own['id']}"
    answer = await ana.call("PATCH", path, {"request_id": fresh(), "quiet": True})
    assert await code_of(answer) == (409, "needs_rematch")
    assert (await seen(ana, own))["partner"]["name"] == "Ben"
    body = {"request_id": fresh(), "quiet": True, "rematch": True}
    changed = (await ana.send("PATCH", path, body))["booking"]
    assert (changed["state"], changed["quiet"]) == ("waiting", True)
    [theirs] = await bookings(ben, start)
    assert theirs["state"] == "waiting"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": "x" * 101}, "title"), ({"task": "sleeping"}, "task"), ({"quiet": "yes"}, "quiet"),
     ({"start": "2026-11-24T09:00:00Z"}, "start"), ({"request_id": ""}, "request_id")],
)  # fmt: skip
async def test_a_change_that_is_wrong_names_its_field(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    ana = await desk.member("Ana")
    own = await ana.booked(await desk.slot())
    answer = await ana.call("PATCH", f"/bookings/{own['id']}", {"request_id": fresh(), **wrong})
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field
    assert await seen(ana, own) == own


async def test_somebody_elses_booking_cannot_be_changed_or_repeated(desk: Desk) -> None:
    ana, eve = await desk.member("Ana"), await desk.member("Eve")
    own = await ana.booked(await desk.slot())
    for method, path in (("PATCH", ""), ("POST", "/again")):
        answer = await eve.call(method, f"/bookings/{own['id']}{path}", {"request_id": fresh()})
        assert await code_of(answer) == (404, "not_found")


async def held(desk: Desk) -> tuple[Browser, Browser, dict[str, Any], int]:
    """Ana and Ben had a session together."""
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot()
    await ben.booked(start)
    own = await ana.booked(start, title="Thesis")
    await desk.go_to(start + 31 * MINUTE_MS)
    while (await desk.ledger.tick()).fired:
        pass
    return ana, ben, own, start


async def test_booking_again_invites_the_former_partner(desk: Desk) -> None:
    ana, ben, own, start = await held(desk)
    body = {"request_id": fresh(), "days": 2}
    again = await ana.send("POST", f"/bookings/{own['id']}/again", body)
    made, invite = again["booking"], again["invite"]
    assert (made["start"], made["title"], made["state"]) == (
        text(start + 2 * DAY_MS),
        "Thesis",
        "waiting",
    )
    assert (invite["to"]["name"], invite["start"], invite["kind"]) == (
        "Ben",
        made["start"],
        "member",
    )
    assert await ana.send("POST", f"/bookings/{own['id']}/again", body) == again
    other = await ana.call("POST", f"/bookings/{own['id']}/again", {**body, "days": 3})
    assert await code_of(other) == (409, "other_request")
    [for_ben] = (await ben.get("/invites"))["for_me"]
    assert (for_ben["id"], for_ben["by"]["name"]) == (invite["id"], "Ana")
    accepted = await locks(ben, ana, start + 2 * DAY_MS, invite=invite["id"])
    assert (await accepted.json())["booking"]["partner"]["name"] == "Ana"
    assert (await seen(ana, made))["locked"] is True
    assert (await ben.get("/invites"))["for_me"] == []


async def test_an_invite_to_book_again_may_be_declined(desk: Desk) -> None:
    ana, ben, own, start = await held(desk)
    again = await ana.send("POST", f"/bookings/{own['id']}/again", {"request_id": fresh()})
    assert again["booking"]["start"] == text(start + 7 * DAY_MS)
    invite = again["invite"]["id"]
    body = {"request_id": fresh()}
    assert await ben.send("POST", f"/invites/{invite}/decline", body) is None
    assert (await ben.get("/invites"))["for_me"] == []
    refused = await locks(ben, ana, start + 7 * DAY_MS, invite=invite)
    assert await code_of(refused) == (409, "not_available")
    eve = await desk.member("Eve")
    foreign = await eve.call("POST", f"/invites/{invite}/decline", {"request_id": fresh()})
    assert await code_of(foreign) == (404, "not_found")


@pytest.mark.parametrize(
    "ahead", [{"weeks": 1, "days": 1}, {"weeks": 9}, {"days": -1}, {"days": "x"}]
)
async def test_how_far_ahead_is_said_in_one_way(desk: Desk, ahead: dict[str, Any]) -> None:
    ana, _, own, _ = await held(desk)
    body = {"request_id": fresh(), **ahead}
    answer = await ana.call("POST", f"/bookings/{own['id']}/again", body)
    assert await code_of(answer) == (400, "bad_field")


async def test_whoever_does_not_want_to_be_met_is_invited_to_no_effect(desk: Desk) -> None:
    ana, ben, own, _ = await held(desk)
    await tie(ben, "block", ana)
    again = await ana.send("POST", f"/bookings/{own['id']}/again", {"request_id": fresh()})
    assert again["invite"]["to"]["name"] == "Ben"
    assert (await ben.get("/invites"))["for_me"] == []


async def test_a_member_whose_matching_is_paused_books_and_locks_nothing(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    until = await desk.ledger.now_ms() + DAY_MS
    await desk.ledger.suspend("suspend-1", ana.me["id"], until)
    [result] = await ana.book(start)
    assert (result["error"]["code"], result["error"]["data"]) == ("suspended", {"until_ms": until})
    answer = await locks(ana, ben, start)
    assert await code_of(answer) == (403, "suspended")
    answer = await ana.call("POST", "/bookings/soon", {"request_id": fresh(), "length_min": 25})
    assert await code_of(answer) == (403, "suspended")


async def test_of_two_locks_at_once_one_wins(desk: Desk) -> None:
    ana, ben, start = await two(desk)
    eve = await desk.member("Eve")
    answers = await asyncio.gather(locks(ana, ben, start), locks(eve, ben, start))
    assert sorted(answer.status for answer in answers) == [200, 409]
    [loser] = [answer for answer in answers if answer.status == 409]
    assert await code_of(loser) == (409, "taken")

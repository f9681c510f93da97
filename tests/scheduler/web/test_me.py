"""The own account: welcomed when complete, changed in part, refused in whole."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.scheduler.desk import Desk, code_of, field_of


async def test_somebody_new_may_complete_the_account_and_nothing_else(desk: Desk) -> None:
    ana = await desk.newcomer("Ana")
    for path in ("/bookings?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "/flags"):
        assert await code_of(await ana.call("GET", path)) == (403, "not_welcomed")
    body = {"request_id": "request-1", "length_min": 25}
    assert await code_of(await ana.call("POST", "/bookings/soon", body)) == (403, "not_welcomed")
    assert (await ana.call("GET", "/me")).status == 200


async def test_the_welcome_may_come_in_steps(desk: Desk) -> None:
    ana = await desk.newcomer("Ana")
    steps: list[dict[str, Any]] = [
        {"name": " Ana "}, {"zone": "Asia/Kathmandu"}, {"adult": True}, {"rules_accepted": 1},
    ]  # fmt: skip
    welcomed = []
    for step in steps:
        answer = await ana.call("PATCH", "/me", step)
        welcomed.append((await answer.json())["welcomed"])
    assert welcomed == [False, False, False, True]
    me = await ana.get("/me")
    assert (me["name"], me["zone"], me["sessions_kept"]) == ("Ana", "Asia/Kathmandu", 0)
    assert (me["day_start_hour"], me["day_end_hour"]) == (8, 22)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "\u202eAna"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": None}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"adult": False}, "adult"),
        ({"adult": "yes"}, "adult"),
        ({"rules_accepted": 99}, "rules_accepted"),
        ({"gender": "cat"}, "gender"),
        ({"day_start_hour": 23}, "day_end_hour"),
        ({"lockable": "friends"}, "lockable"),
        ({"last_length_min": 30}, "last_length_min"),
        ({"last_task": "sleeping"}, "last_task"),
        ({"mail_changes": "no"}, "mail_changes"),
        ({"private_calls": "yes"}, "private_calls"),
        ({"mail": "else@example.org"}, "mail"),
        ({"id": "m_else"}, "id"),
    ],
)
async def test_a_bad_value_names_its_field_and_changes_nothing(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    ana = await desk.member("Ana")
    before = await ana.get("/me")
    answer = await ana.call("PATCH", "/me", {"hide_address": True, **change})
    assert await code_of(answer) == (400, "bad_field")
    assert await field_of(answer) == field
    assert await ana.get("/me") == before


async def test_matching_follows_the_account(desk: Desk) -> None:
    ana = await desk.member("Ana", gender="woman", only_gender="woman")
    ben, cleo = await desk.member("Ben", gender="man"), await desk.member("Cleo", gender="woman")
    start = await desk.slot()
    await ana.booked(start)
    assert (await ben.booked(start))["partner"] is None
    assert (await cleo.booked(start))["partner"]["name"] == "Ana"


async def test_what_was_booked_last_is_proposed_again(desk: Desk) -> None:
    ana = await desk.member("Ana")
    before = await ana.get("/me")
    assert (before["last_length_min"], before["last_task"]) == (50, "anything")
    start = await desk.slot()
    wish = {"quiet": True, "task": "desk", "prefer_favourites": False, "also_shorter": True}
    await ana.booked(start, length_min=75, **wish)
    remembered = await ana.get("/me")
    assert remembered["last_length_min"] == 75
    assert {name: remembered[f"last_{name}"] for name in wish} == wish
    await ana.book(start, length_min=25)
    assert await ana.get("/me") == remembered
    changed = await ana.send("PATCH", "/me", {"last_length_min": 25, "last_quiet": False})
    assert (changed["last_length_min"], changed["last_quiet"], changed["last_task"]) == (
        25,
        False,
        "desk",
    )


async def test_mails_and_who_may_lock_in_are_switched(desk: Desk) -> None:
    ana = await desk.member("Ana")
    assert ana.me["lockable"] == "favourites"
    wanted = {"lockable": "nobody", "mail_changes": False, "mail_reminders": True}
    await ana.send("PATCH", "/me", wanted)
    me = await ana.get("/me")
    assert {name: me[name] for name in wanted} == wanted


async def test_two_changes_at_once_are_both_kept(desk: Desk) -> None:
    ana = await desk.member("Ana")
    changes = [{"name": "Ana B"}, {"zone": "UTC"}, {"hide_address": True}, {"accepts_quiet": False}]
    answers = await asyncio.gather(*(ana.call("PATCH", "/me", change) for change in changes))
    assert {answer.status for answer in answers} == {200}
    me = await ana.get("/me")
    assert (me["name"], me["zone"]) == ("Ana B", "UTC")
    assert (me["hide_address"], me["accepts_quiet"]) == (True, False)


async def test_the_hub_learns_what_it_may(desk: Desk) -> None:
    ana = await desk.member("Ana", hide_address=True)
    member = await desk.parts.accounts.member(ana.me["id"])
    assert (member.name, member.zone, member.sessions) == ("Ana", "Europe/Berlin", 0)
    assert member.hide_address
    assert not member.private_calls


async def test_a_private_session_is_chosen_and_taken_back(desk: Desk) -> None:
    ana = await desk.member("Ana")
    assert not ana.me["private_calls"]
    accounts, own = desk.parts.accounts, ana.me["id"]
    for wanted in (True, False):
        assert (await ana.send("PATCH", "/me", {"private_calls": wanted}))[
            "private_calls"
        ] is wanted
        assert (await accounts.member(own)).private_calls is wanted
        assert (await desk.parts.service.members.named([own]))[own].private_calls is wanted

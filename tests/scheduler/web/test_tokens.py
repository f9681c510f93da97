"""Personal tokens: what they open, what they do not, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientResponse

from scheduler.accounts import Changes
from scheduler.rules import DAY_MS
from scheduler.tokens import TOKENS_MAX
from scheduler.web.routes import ROUTES
from tests.scheduler.desk import Browser, Desk, OpenDesk, code_of, field_of, text

ALL = ["read", "book", "people", "messages"]


async def token_of(browser: Browser, *scopes: str) -> dict[str, Any]:
    body = {"name": "Desk light", "scopes": list(scopes) or ALL}
    answer = await browser.call("POST", "/tokens", body)
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def call(
    desk: Desk, said: str, method: str, path: str, body: Any = None, **headers: str | None
) -> ClientResponse:
    """What a program sends: no cookie, no origin, no token of the page."""
    sent = {"Authorization": f"Bearer {said}", "Origin": None, "X-CSRF-Token": None, **headers}
    return await desk.browser().call(method, path, body, headers=sent)


async def test_a_token_acts_for_its_member(desk: Desk) -> None:
    ana = await desk.member("Ana")
    said = (await token_of(ana))["token"]
    assert said.startswith("al_")
    me = await (await call(desk, said, "GET", "/me")).json()
    assert me["id"] == ana.me["id"]
    start = text(await desk.slot())
    body = {"request_id": "program-1", "items": [{"start": start, "length_min": 25}]}
    booked = await (await call(desk, said, "POST", "/bookings", body)).json()
    id = booked["results"][0]["booking"]["id"]
    assert (await ana.get(f"/bookings/{id}"))["start"] == start
    gone = await call(desk, said, "DELETE", f"/bookings/{id}?request_id=program-2")
    assert (await gone.json())["booking"]["state"] == "cancelled"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_what_makes_keys_is_for_the_page_alone(route: Any) -> None:
    if (
        route.path.startswith(("/tokens", "/webhooks", "/feed", "/auth"))
        or route.path == "/dev/clock"
    ):
        assert route.scope is None
    if route.scope == "read":
        assert route.method == "GET"


async def test_a_token_opens_what_it_is_good_for_and_nothing_else(desk: Desk) -> None:
    ana = await desk.member("Ana")
    reader = (await token_of(ana, "read"))["token"]
    assert (await call(desk, reader, "GET", "/bookings/b1")).status == 404
    for method, path, body in [
        ("POST", "/bookings/soon", {"request_id": "program-1", "length_min": 25}),
        ("GET", "/threads", None),
        ("PATCH", "/me", {"name": "Eve"}),
        ("GET", "/tokens", None),
        ("POST", "/tokens", {"name": "More", "scopes": ALL}),
        ("POST", "/feed", {}),
        ("DELETE", "/auth/sessions", None),
    ]:
        assert await code_of(await call(desk, reader, method, path, body)) == (403, "out_of_scope")
    assert (await ana.get("/me"))["name"] == "Ana"


@pytest.mark.parametrize("said", ["al_unknown", "al_", "", "x" * 4_000])
async def test_an_unknown_token_opens_nothing_even_beside_a_cookie(desk: Desk, said: str) -> None:
    ana = await desk.member("Ana")
    assert await code_of(await call(desk, said, "GET", "/me")) == (401, "unauthenticated")
    beside = await ana.call("GET", "/me", headers={"Authorization": f"Bearer {said}"})
    assert await code_of(beside) == (401, "unauthenticated")


async def test_a_revoked_token_opens_nothing_from_then_on(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    made = await token_of(ana)
    assert (await ben.call("DELETE", f"/tokens/{made['id']}")).status == 404
    assert (await call(desk, made["token"], "GET", "/me")).status == 200
    assert (await ana.call("DELETE", f"/tokens/{made['id']}")).status == 204
    assert (await call(desk, made["token"], "GET", "/me")).status == 401
    assert (await ana.get("/tokens")) == {"tokens": []}
    assert (await ana.call("DELETE", f"/tokens/{made['id']}")).status == 404


async def test_the_list_tells_the_last_use_and_never_the_token(desk: Desk) -> None:
    ana = await desk.member("Ana")
    made = await token_of(ana, "read")
    assert made["last_used"] is None
    await call(desk, made["token"], "GET", "/me")
    [listed] = (await ana.get("/tokens"))["tokens"]
    assert listed["last_used"] is not None
    assert "token" not in listed
    await desk.later(DAY_MS)
    await call(desk, made["token"], "GET", "/me")
    [later] = (await ana.get("/tokens"))["tokens"]
    assert later["last_used"] > listed["last_used"]


async def test_the_store_does_not_hold_the_token(desk: Desk) -> None:
    ana = await desk.member("Ana")
    said = (await token_of(ana))["token"]
    await call(desk, said, "GET", "/me")
    held = [key async for key in desk.redis.scan_iter()]
    values = [await desk.redis.get(key) for key in held if await desk.redis.type(key) == b"string"]
    assert not [key for key in held if said.encode() in key]
    assert not [value for value in values if said.encode() in (value or b"")]


async def test_a_program_that_runs_away_locks_nobody_out_but_itself(open_desk: OpenDesk) -> None:
    desk = await open_desk(calls_per_min=100)
    ana = await desk.member("Ana")
    runaway, other = [(await token_of(ana))["token"] for _ in range(2)]
    own = await ana.booked(await desk.slot(8))
    answers = [await call(desk, runaway, "GET", "/me") for _ in range(130)]
    assert {answer.status for answer in answers[:100]} == {200}
    assert (answers[-1].status, int(answers[-1].headers["Retry-After"]) > 0) == (429, True)
    assert (await call(desk, other, "GET", "/me")).status == 200
    gone = await ana.call("DELETE", f"/bookings/{own['id']}?request_id=cancel-1")
    assert gone.status == 200


async def test_what_a_token_is_not_good_for_counts_like_what_it_is(open_desk: OpenDesk) -> None:
    desk = await open_desk(calls_per_min=100)
    reader = (await token_of(await desk.member("Ana"), "read"))["token"]
    answers = [(await call(desk, reader, "GET", "/tokens")).status for _ in range(130)]
    assert set(answers[:100]) == {403}
    assert answers[-1] == 429


async def test_all_tokens_of_a_member_have_a_bound_that_leaves_the_page_alone(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(calls_per_min=100, programs_per_min=120)
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    tokens = [(await token_of(ana))["token"] for _ in range(2)]
    theirs = (await token_of(ben))["token"]
    answers = [(await call(desk, tokens[n % 2], "GET", "/me")).status for n in range(150)]
    assert set(answers[:120]) == {200}
    assert answers[-1] == 429
    assert (await ana.call("GET", "/me")).status == 200
    assert (await call(desk, theirs, "GET", "/me")).status == 200


async def test_the_page_that_runs_away_leaves_programs_alone(open_desk: OpenDesk) -> None:
    desk = await open_desk(calls_per_min=100)
    ana = await desk.member("Ana")
    said = (await token_of(ana))["token"]
    answers = [(await ana.call("GET", "/me")).status for _ in range(130)]
    assert answers[-1] == 429
    assert (await call(desk, said, "GET", "/me")).status == 200


WISHES = {
    "gender": "woman",
    "only_gender": "woman",
    "accepts_quiet": False,
    "lockable": "nobody",
    "last_length_min": 75,
    "last_quiet": True,
    "last_task": "desk",
    "last_prefer_favourites": False,
    "last_also_shorter": True,
}
NOT_A_PROGRAMS = {
    "name": "Eve",
    "zone": "UTC",
    "adult": True,
    "rules_accepted": 1,
    "hide_address": False,
    "private_calls": False,
    "day_start_hour": 6,
    "day_end_hour": 20,
    "mail_changes": False,
    "mail_reminders": True,
}


async def test_a_token_that_books_sets_what_its_owner_wishes_of_partners(desk: Desk) -> None:
    ana = await desk.member("Ana")
    said = (await token_of(ana, "book"))["token"]
    answer = await call(desk, said, "PATCH", "/me", WISHES)
    assert answer.status == 200
    me = await ana.get("/me")
    assert {name: me[name] for name in WISHES} == WISHES
    ben = await desk.member("Ben", gender="man")
    start = await desk.slot(8)
    await ana.booked(start)
    assert (await ben.booked(start))["partner"] is None


async def test_a_token_that_may_not_read_is_not_told_the_address(desk: Desk) -> None:
    ana = await desk.member("Ana")
    told = []
    for scopes in (["book"], ["book", "read"]):
        said = (await token_of(ana, *scopes))["token"]
        answer = await call(desk, said, "PATCH", "/me", {"accepts_quiet": True})
        told.append((await answer.json())["mail"])
    assert told == ["", ana.me["mail"]]


@pytest.mark.parametrize("field", NOT_A_PROGRAMS)
async def test_a_token_changes_nothing_of_who_its_owner_is_or_what_keeps_them_safe(
    desk: Desk, field: str
) -> None:
    ana = await desk.member("Ana", hide_address=True, private_calls=True)
    before = await ana.get("/me")
    said = (await token_of(ana))["token"]
    mixed = {"accepts_quiet": False, field: NOT_A_PROGRAMS[field]}
    answer = await call(desk, said, "PATCH", "/me", mixed)
    assert await code_of(answer) == (403, "out_of_scope")
    assert await field_of(answer) == field
    assert await ana.get("/me") == before


@pytest.mark.parametrize("field", ["mail", "id", "version", "delete", "csrf"])
async def test_what_cannot_be_changed_a_token_cannot_change_either(desk: Desk, field: str) -> None:
    ana = await desk.member("Ana")
    before = await ana.get("/me")
    said = (await token_of(ana))["token"]
    answer = await call(desk, said, "PATCH", "/me", {"accepts_quiet": False, field: "x"})
    assert await code_of(answer) == (400, "bad_field")
    assert await ana.get("/me") == before


def test_each_field_of_the_account_is_a_programs_or_is_not() -> None:
    assert {*WISHES, *NOT_A_PROGRAMS} == set(Changes.__struct_fields__)


async def test_a_member_has_so_many_tokens_and_no_more(desk: Desk) -> None:
    ana = await desk.member("Ana")
    for _ in range(TOKENS_MAX):
        await token_of(ana)
    full = await ana.call("POST", "/tokens", {"name": "More", "scopes": ["read"]})
    assert await code_of(full) == (409, "full")


@pytest.mark.parametrize("body", [{"name": "x", "scopes": []}, {"name": "x", "scopes": ["admin"]}])
async def test_a_token_for_nothing_or_for_what_there_is_not_is_refused(
    desk: Desk, body: Any
) -> None:
    ana = await desk.member("Ana")
    assert await code_of(await ana.call("POST", "/tokens", body)) == (400, "bad_field")


async def test_a_public_door_asks_for_the_origin_whatever_else_is_shown(desk: Desk) -> None:
    ana = await desk.member("Ana")
    said = (await token_of(ana))["token"]
    answer = await call(desk, said, "POST", "/auth/session", {"token": "x"})
    assert await code_of(answer) == (403, "foreign_origin")


async def test_booking_again_also_invites_and_so_needs_both_scopes(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot(8)
    own = await ana.booked(start)
    await ben.booked(start)
    books = (await token_of(ana, "book"))["token"]
    both = (await token_of(ana, "book", "people"))["token"]
    path, body = f"/bookings/{own['id']}/again", {"request_id": "again-001"}
    assert await code_of(await call(desk, books, "POST", path, body)) == (403, "out_of_scope")
    assert (await call(desk, both, "POST", path, body)).status == 200


async def test_asking_again_after_a_lost_answer_makes_no_second_one(desk: Desk) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    body = {"name": "Desk light", "scopes": ["read"], "request_id": "token-001"}
    first = await ana.send("POST", "/tokens", body)
    assert await ana.send("POST", "/tokens", body) == first
    assert len((await ana.get("/tokens"))["tokens"]) == 1
    other = await ana.call("POST", "/tokens", {**body, "name": "Other"})
    assert await code_of(other) == (409, "other_request")
    assert (await ben.send("POST", "/tokens", body))["token"] != first["token"]

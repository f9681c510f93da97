"""Attacks on the door: other origins, missing tokens, other names, forged addresses."""

from __future__ import annotations

from typing import Any

import pytest
from multidict import CIMultiDict

from scheduler.web.endpoint import PARAMETER, Route
from scheduler.web.guard import client_of
from scheduler.web.routes import ROUTES
from tests.scheduler.desk import ORIGIN, Browser, Desk, OpenDesk, a_config, code_of

FOREIGN = [
    "http://evil.example",
    "null",
    "",
    f"{ORIGIN}.evil.example",
    f"{ORIGIN}/",
    ORIGIN.replace("http:", "https:"),
    ORIGIN.replace(":8080", ""),
    ORIGIN.replace("desk.", "sub.desk."),
    ORIGIN.upper(),
]
CHANGES = [route for route in ROUTES if route.method != "GET"]


async def change(browser: Browser, **headers: str | None) -> Any:
    return await browser.call("PATCH", "/me", {"name": "Eve"}, headers=headers)


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_change_from_another_origin_is_refused(desk: Desk, origin: str) -> None:
    ana = await desk.member("Ana")
    assert await code_of(await change(ana, Origin=origin)) == (403, "foreign_origin")
    assert (await ana.get("/me"))["name"] == "Ana"


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
async def test_a_change_without_an_origin_is_refused(desk: Desk, site: str | None) -> None:
    ana = await desk.member("Ana")
    answer = await change(ana, Origin=None, **{"Sec-Fetch-Site": site})
    assert await code_of(answer) == (403, "foreign_origin")


async def test_a_browser_that_vouches_for_the_same_origin_is_believed(desk: Desk) -> None:
    ana = await desk.member("Ana")
    answer = await change(ana, Origin=None, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 200


async def test_a_vouching_browser_does_not_mend_a_foreign_origin(desk: Desk) -> None:
    ana = await desk.member("Ana")
    answer = await change(ana, Origin="http://evil.example", **{"Sec-Fetch-Site": "same-origin"})
    assert await code_of(answer) == (403, "foreign_origin")


PARTS = {
    "booking": "b1",
    "invite": "i1",
    "length": "25",
    "member": "m_nobody",
    "repeat": "r_" + "0" * 20,
    "start": "2026-11-24T09:00:00Z",
    "token": "t_" + "0" * 18,
    "webhook": "w_" + "0" * 18,
}


def a_path(route: Route) -> str:
    """A path that this route is for."""
    return PARAMETER.sub(lambda part: PARTS[part.group(1)], route.path)


@pytest.mark.parametrize("route", CHANGES, ids=lambda route: f"{route.method} {route.path}")
async def test_every_change_asks_where_it_comes_from(desk: Desk, route: Any) -> None:
    ana = await desk.member("Ana")
    path = a_path(route)
    answer = await ana.call(route.method, path, {}, headers={"Origin": "http://evil.example"})
    assert await code_of(answer) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "route",
    [route for route in CHANGES if route.access],
    ids=lambda route: f"{route.method} {route.path}",
)
async def test_every_change_of_a_member_asks_for_the_token(desk: Desk, route: Any) -> None:
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    path = a_path(route)
    for token in (None, "", "x", ben.csrf, ana.csrf[:-1]):
        answer = await ana.call(route.method, path, {}, headers={"X-CSRF-Token": token})
        assert await code_of(answer) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.access],
    ids=lambda route: f"{route.method} {route.path}",
)
async def test_every_route_of_members_asks_who_calls(desk: Desk, route: Any) -> None:
    path = a_path(route)
    for cookie in (None, "alongside=", "alongside=x", "alongside=ü", "__Host-alongside=x"):
        answer = await desk.browser().call(route.method, path, {}, headers={"Cookie": cookie})
        assert await code_of(answer) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
async def test_a_body_that_a_form_could_send_is_refused(desk: Desk, kind: str | None) -> None:
    ana = await desk.member("Ana")
    assert await code_of(await change(ana, **{"Content-Type": kind})) == (400, "bad_request")


async def test_json_with_a_charset_is_json(desk: Desk) -> None:
    ana = await desk.member("Ana")
    answer = await change(ana, **{"Content-Type": "application/json; charset=utf-8"})
    assert answer.status == 200


async def test_a_member_makes_a_hundred_calls_a_minute(open_desk: OpenDesk) -> None:
    desk = await open_desk(calls_per_min=100)
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    answers = [await ana.call("GET", "/me") for _ in range(103)]
    assert [answer.status for answer in answers[:90]] == [200] * 90
    assert await code_of(answers[-1]) == (429, "too_many")
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert (await ben.call("GET", "/me")).status == 200


class Request:
    """As much of a request as `client_of` looks at."""

    def __init__(self, remote: str, forwarded: list[str]) -> None:
        self.remote = remote
        self.headers = CIMultiDict(("X-Forwarded-For", line) for line in forwarded)


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("", [], "unknown"),
    ],
)
def test_only_proxies_we_trust_say_whom_they_speak_for(
    remote: str, forwarded: list[str], client: str
) -> None:
    config = a_config(proxies=("10.0.0.1", "10.0.0.2"))
    request: Any = Request(remote, forwarded)
    assert client_of(request, config) == client

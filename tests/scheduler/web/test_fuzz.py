"""The interface answers whatever it is asked as its own description says, and never with a fault of ours.

schemathesis makes requests from the OpenAPI page, right ones and wrong ones, about things that exist and
things that do not, and sends them to a whole instance over a real store.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from scheduler.rules import MINUTE_MS
from scheduler.web.routes import ROUTES
from tests.scheduler.desk import Browser, Desk, text

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_EXAMPLES", "8"))
"""Requests of each kind for each call of our page."""
A_FEW = 2
"""The same for a program: what is asked of whom, and the fields open to them. Behind that it is the page's own
code and, the requests being made from no chance, the page's own requests."""

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip

ENDS_THE_RUN = {
    ("delete", "/auth/session"), ("delete", "/auth/sessions"),  # the sign-in that all others need
    ("post", "/dev/clock"), # a day each time: the sign-in would be over
}  # fmt: skip
"""Left out here; each has tests of its own."""

ALL_SCOPES = ["read", "book", "people", "messages"]

Where = tuple[str, str]
"""A method and a path: one call."""


class Things(msgspec.Struct, frozen=True, kw_only=True):
    """What exists, for calls to be about."""

    paths: dict[str, str]
    """By the parameter and what stands before it: `/i/{token}` is another one than `/tokens/{token}`."""
    bodies: dict[str, dict[str, Any]]
    """By path: fields that must name something that is there."""

    def of(self, operation: APIOperation) -> dict[str, str]:
        """The parameters of a call's path, as far as such things exist."""
        names = {each.name: f"{{{each.name}}}" for each in operation.path_parameters}
        begin = {name: operation.path.partition(place)[0] + place for name, place in names.items()}
        return {name: self.paths[each] for name, each in begin.items() if each in self.paths}


async def furnish(desk: Desk) -> tuple[Browser, Things]:
    """A member who has one of everything, and the link of somebody who waits."""
    ana, ben, cem, dov = [await desk.member(name) for name in ("Ana", "Ben", "Cem", "Dov")]
    start, *later = [await desk.slot(8) + n * 60 * MINUTE_MS for n in range(4)]
    own = await ana.booked(start)
    await ben.booked(start)
    await meet(ana, dov, later[0])
    slots = [{"start": text(each), "length_min": 25} for each in later[1:]]
    for each in later[1:]:
        await cem.booked(each)
    invite = {"request_id": "invite-1", "kind": "personal"}
    mine = await ana.send("POST", "/invites", invite)
    link = (await cem.send("POST", "/invites", invite))["url"].rpartition("/")[2]
    made = await one_of_each(ana)
    ids = {name: each["id"] for name, each in made.items()}
    ids |= {"booking": own["id"], "invite": mine["invite"]["id"]}
    return ana, Things(
        paths={
            **{f"/{name}s/{{{name}}}": id for name, id in ids.items()},
            "/people/{member}": ben.me["id"],
            "/threads/{member}": dov.me["id"],
            "/i/{token}": link,
            "/waiting/{start}": text(start),
            "/waiting/{start}/{length}": "25",
        },
        bodies={
            "/i/{token}/hold": slots[0],
            "/i/{token}/take": {**slots[1], "hold": ""},
            "/repeats/{repeat}/skip": {"date": made["repeat"]["next"][0]["date"]},
            "/threads/{member}": {"text": "On my way"},
        },
    )


async def meet(one: Browser, other: Browser, start_ms: int) -> None:
    """They share a coming session."""
    await one.booked(start_ms)
    assert (await other.booked(start_ms))["partner"]["id"] == one.me["id"]


async def one_of_each(ana: Browser) -> dict[str, Any]:
    wishes: dict[str, dict[str, Any]] = {
        "repeat": {"request_id": "repeat-1", "days": [0], "time": "03:00", "length_min": 25},
        "token": {"name": "Desk", "scopes": ["read"]},
        "webhook": {"url": "http://127.0.0.1:1/", "events": ["matched"]},
    }
    return {what: await ana.send("POST", f"/{what}s", wish) for what, wish in wishes.items()}


def without_envelope(described: dict[str, Any]) -> dict[str, Any]:
    """The description without who calls and how that is proved: each request here carries it as it must be."""
    for operation in (each for path in described["paths"].values() for each in path.values()):
        operation.pop("security", None)
        own = [each for each in operation["parameters"] if each["in"] != "header"]
        operation["parameters"] = own
    return described


async def as_page(ana: Browser) -> dict[str, str]:
    """What our own page sends."""
    jar = ana.client.session.cookie_jar
    cookie = "; ".join(f"{each.key}={each.value}" for each in jar)
    host = ana.config.origin.partition("//")[2]
    return {"Host": host, "Origin": ana.config.origin, "X-CSRF-Token": ana.csrf, "Cookie": cookie}


async def as_program(ana: Browser) -> dict[str, str]:
    """What a program sends that may do all that programs may; and the origin that calls for anybody ask for."""
    said = await ana.send("POST", "/tokens", {"name": "Program", "scopes": ALL_SCOPES})
    host = ana.config.origin.partition("//")[2]
    bearer = f"Bearer {said['token']}"
    return {"Host": host, "Origin": ana.config.origin, "Authorization": bearer}


class Asker:
    """Asks every call right, wrong, and right about something that exists; keeps which statuses it got."""

    def __init__(self, url: str, headers: dict[str, str], things: Things, examples: int) -> None:
        self.url = url
        self.headers = headers
        self.things = things
        self.examples = examples
        self.count = 0
        self.got: dict[Where, set[int]] = {}

    def ask_all(self, described: dict[str, Any]) -> None:
        """Every call, what deletes last."""
        schema = schemathesis.openapi.from_dict(described)
        calls = [each.ok() for each in schema.get_all_operations()]
        for operation in sorted(calls, key=lambda call: call.method == "delete"):
            if (operation.method, operation.path) not in ENDS_THE_RUN:
                self.ask(operation)

    def ask(self, operation: APIOperation) -> None:
        there = self.things.of(operation)
        if there and len(there) == len(list(operation.path_parameters)):
            known = self.things.bodies.get(operation.path, {})
            self._ask(operation, GenerationMode.POSITIVE, there, known)  # before limits are reached
        for mode in GenerationMode:
            self._ask(operation, mode)

    def _ask(
        self, operation: APIOperation, mode: GenerationMode, there: Any = None, known: Any = None
    ) -> None:
        got = self.got.setdefault((operation.method, operation.path), set())

        @settings(
            max_examples=self.examples, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(mode, path_parameters=there))
        def ask(case: Case) -> None:
            self.count += 1
            if known and isinstance(case.body, dict):
                case.body = {**case.body, **known}
            response = case.call(base_url=self.url, headers=self.headers)
            got.add(response.status_code)
            too_long = (
                response.status_code == 413
            )  # a refusal, too, which the last check does not know
            case.validate_response(response, checks=CHECKS[:-1] if too_long else CHECKS)

        with suppress(Unsatisfiable):  # nothing about this call can be wrong: it takes nothing
            ask()

    def refused(self) -> set[Where]:
        """Calls that were never answered with anything but a refusal."""
        return {where for where, statuses in self.got.items() if min(statuses) >= 400}


def sender_may_not(sender: object) -> set[Where]:
    """Calls about a thing that only our page may make."""
    for_the_page = {(each.method.lower(), each.plain_path) for each in ROUTES if not each.scope}
    public = {"/i/{token}", "/i/{token}/hold"}
    about = {each for each in for_the_page if "{" in each[1] and each[1] not in public}
    return about if sender is as_program else set()


@pytest.mark.parametrize("sender", [as_page, as_program])
async def test_every_call_answers_as_described_whatever_it_is_sent(
    desk: Desk, caplog: pytest.LogCaptureFixture, sender: Callable[[Browser], Awaitable[Any]]
) -> None:
    caplog.set_level(logging.ERROR)
    ana, things = await furnish(desk)
    described = without_envelope(await ana.get("/openapi.json"))
    url = str(desk.server.make_url("/api/v1"))
    examples = EXAMPLES if sender is as_page else min(EXAMPLES, A_FEW)
    asker = Asker(url, await sender(ana), things, examples)
    await asyncio.to_thread(asker.ask_all, described)
    assert asker.count > 3 * len(described["paths"])
    assert {each for each in asker.refused() if "{" in each[1]} == sender_may_not(sender)
    assert [record.getMessage() for record in caplog.records] == []
    assert (await ana.get("/me"))["id"] == ana.me["id"]

"""The interface answers whatever it is asked as its own description says, and never with a fault of ours.

schemathesis makes requests from the OpenAPI page, right ones and wrong ones, about things that exist and
things that do not, and sends them to a whole instance over a real store.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

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

from tests.scheduler.desk import Browser, Desk

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_EXAMPLES", "8"))
"""Requests of each kind for each call."""

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip

ENDS_THE_RUN = {
    ("delete", "/auth/session"), ("delete", "/auth/sessions"),  # the sign-in that all others need
    ("post", "/dev/clock"), # a day each time: the sign-in would be over
}  # fmt: skip
"""Left out here; each has tests of its own."""

Things = dict[str, str]
"""What exists, by the name of the parameter that asks for it."""


async def furnish(desk: Desk) -> tuple[Browser, Things]:
    """A member who has one of everything."""
    ana, ben = await desk.member("Ana"), await desk.member("Ben")
    start = await desk.slot(8)
    own = await ana.booked(start)
    await ben.booked(start)
    made = {
        name: await (await ana.call("POST", path, body)).json()
        for name, path, body in [
            ("repeat", "/repeats", {
                "request_id": "repeat-1", "days": [0], "time": "03:00", "length_min": 25,
            }),
            ("token", "/tokens", {"name": "Desk", "scopes": ["read"]}),
            ("webhook", "/webhooks", {"url": "http://127.0.0.1:1/", "events": ["matched"]}),
        ]
    }  # fmt: skip
    ids = {name: each["id"] for name, each in made.items()}
    return ana, {**ids, "booking": own["id"], "member": ben.me["id"]}


def without_envelope(described: dict[str, Any]) -> dict[str, Any]:
    """The description without who calls and how that is proved: each request here carries it as it must be."""
    for operation in (each for path in described["paths"].values() for each in path.values()):
        operation.pop("security", None)
        own = [each for each in operation["parameters"] if each["in"] != "header"]
        operation["parameters"] = own
    return described


def headers_of(ana: Browser) -> dict[str, str]:
    """What our own page sends."""
    jar = ana.client.session.cookie_jar
    cookie = "; ".join(f"{each.key}={each.value}" for each in jar)
    host = ana.config.origin.partition("//")[2]
    return {"Host": host, "Origin": ana.config.origin, "X-CSRF-Token": ana.csrf, "Cookie": cookie}


def tried(operation: APIOperation, things: Things) -> Iterator[tuple[GenerationMode, Any]]:
    """Kinds of requests for a call: right, wrong, and right about something that exists."""
    for mode in GenerationMode:
        yield mode, None
    there = {each.name: things.get(each.name) for each in operation.path_parameters}
    if there and all(there.values()):
        yield GenerationMode.POSITIVE, there


def try_all(url: str, described: dict[str, Any], headers: dict[str, str], things: Things) -> int:
    """Every call, what deletes last; gives how many requests were made."""
    count = 0
    schema = schemathesis.openapi.from_dict(described)
    calls = [each.ok() for each in schema.get_all_operations()]
    for operation in sorted(calls, key=lambda call: call.method == "delete"):
        if (operation.method, operation.path) not in ENDS_THE_RUN:
            for mode, there in tried(operation, things):
                count += try_one(operation, mode, there, url, headers)
    return count


def try_one(
    operation: APIOperation, mode: GenerationMode, there: Any, url: str, headers: dict[str, str]
) -> int:
    count = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(mode, path_parameters=there))
    def ask(case: Case) -> None:
        nonlocal count
        count += 1
        response = case.call(base_url=url, headers=headers)
        too_long = response.status_code == 413  # a refusal, too, which the last check does not know
        case.validate_response(response, checks=CHECKS[:-1] if too_long else CHECKS)

    with suppress(Unsatisfiable):  # nothing about this call can be wrong: it takes nothing
        ask()
    return count


async def test_every_call_answers_as_described_whatever_it_is_sent(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    ana, things = await furnish(desk)
    described = without_envelope(await ana.get("/openapi.json"))
    url = str(desk.server.make_url("/api/v1"))
    made = await asyncio.to_thread(try_all, url, described, headers_of(ana), things)
    assert made > 3 * len(described["paths"])
    assert [record.getMessage() for record in caplog.records] == []
    assert (await ana.get("/me"))["id"] == ana.me["id"]

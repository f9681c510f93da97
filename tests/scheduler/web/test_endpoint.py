"""One call from request to response: bodies are bounded, JSON is strict, answers are not cached."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from tests.scheduler.desk import Desk, code_of


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"null", b"[]", b'{"name": "A"} x'])
async def test_what_is_no_json_object_is_refused(desk: Desk, raw: bytes) -> None:
    ana = await desk.member("Ana")
    status, code = await code_of(await ana.call("PATCH", "/me", raw=raw))
    assert status == 400
    assert code in {"bad_request", "bad_field"}


async def test_a_body_over_64_kib_is_refused(desk: Desk) -> None:
    ana = await desk.member("Ana")
    answer = await ana.call("PATCH", "/me", {"name": "x" * 65_536})
    assert await code_of(answer) == (413, "bad_request")


async def test_a_body_without_a_length_is_bounded_too(desk: Desk) -> None:
    ana = await desk.member("Ana")

    async def endless() -> object:
        for _ in range(100):
            yield b"x" * 1024

    headers = {"Origin": desk.config.origin, "Content-Type": "application/json"}
    answer = await ana.client.patch(
        "/api/v1/me", data=endless(), headers={**headers, "X-CSRF-Token": ana.csrf}
    )
    assert answer.status == 413


async def test_deep_nesting_is_refused(desk: Desk) -> None:
    ana = await desk.member("Ana")
    answer = await ana.call("PATCH", "/me", raw=b'{"name":' + b"[" * 30_000)
    assert answer.status == 400


async def test_answers_are_not_cached(desk: Desk) -> None:
    ana = await desk.member("Ana")
    assert (await ana.call("GET", "/me")).headers["Cache-Control"] == "no-store"


async def test_an_empty_answer_has_no_body(desk: Desk) -> None:
    ana = await desk.member("Ana")
    answer = await ana.call("DELETE", "/auth/session")
    assert (answer.status, await answer.read()) == (204, b"")


async def test_calls_are_measured_by_route_and_kind_of_answer(desk: Desk) -> None:
    def measured(status: str) -> float:
        labels = {"route": "/bookings/{booking}", "status": status}
        return REGISTRY.get_sample_value("cw_api_seconds_count", labels) or 0.0

    before = measured("2xx"), measured("4xx")
    ana = await desk.member("Ana")
    id = (await ana.booked(await desk.slot()))["id"]
    await ana.get(f"/bookings/{id}")
    await ana.call("GET", "/bookings/b999999")
    assert (measured("2xx"), measured("4xx")) == (before[0] + 1, before[1] + 1)

"""Every failure is JSON of one form; our own faults tell nothing; logs hold nobody's data."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from scheduler.errors import BY_CODE, SchedulerError, TooMany
from scheduler.store.connection import connect
from scheduler.web.failures import refusal
from tests.scheduler.desk import Desk, a_config, code_of
from tests.support.store import running_store

CANARIES = ("canary-mail@example.org", "Canary Name", "canary-title", "canary-token")


@pytest.mark.parametrize("error", BY_CODE.values(), ids=BY_CODE)
def test_every_error_has_its_status_and_form(error: type[SchedulerError]) -> None:
    response = refusal(error(field="start", least=1))
    assert response.status == error.status
    assert response.content_type == "application/json"
    assert isinstance(response.body, bytes)
    for part in (f'"code":"{error.code}"', '"field":"start"', '"data":{"least":1}', '"text":"'):
        assert part.encode() in response.body


def test_too_many_says_when_to_come_back() -> None:
    assert refusal(TooMany(wait_ms=1)).headers["Retry-After"] == "1"
    assert refusal(TooMany(wait_ms=60_001)).headers["Retry-After"] == "61"


async def test_paths_and_methods_that_do_not_exist_are_answered_in_the_same_form(
    desk: Desk,
) -> None:
    browser = desk.browser()
    assert await code_of(await browser.call("GET", "/nothing")) == (404, "not_found")
    wrong = await browser.call("PUT", "/me", {})
    assert await code_of(wrong) == (405, "bad_request")
    assert wrong.headers["Allow"] == "GET, PATCH"


async def test_our_own_fault_tells_nothing_and_logs_no_text(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await desk.member("Ana")

    async def broken(member: str) -> int:
        raise KeyError("canary-title")

    monkeypatch.setattr(desk.parts.service.members, "kept", broken)
    answer = await ana.call("GET", "/me")
    assert await code_of(answer) == (500, "internal")
    assert "canary" not in await answer.text()
    assert "KeyError" in caplog.text
    assert "canary" not in caplog.text


async def test_a_store_that_goes_away_is_unavailable_and_signs_nobody_out(tmp_path: Path) -> None:
    with running_store(tmp_path) as url:
        redis = connect(url)
        desk = await Desk(redis, a_config()).open()
        ana = await desk.member("Ana")
        with contextlib.suppress(RedisError):
            await redis.shutdown(nosave=True)
        answer = await ana.call("GET", "/me")
        assert await code_of(answer) == (503, "unavailable")
        assert "Set-Cookie" not in answer.headers
        await desk.close()
        await redis.aclose()


async def test_no_log_line_names_anybody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = await desk.link_token(CANARIES[0])
    ana = desk.browser()
    await ana.sign_in(token)
    welcome = {"name": CANARIES[1], "zone": "UTC", "adult": True, "rules_accepted": 1}
    await ana.call("PATCH", "/me", welcome)
    await ana.booked(await desk.slot(), title=CANARIES[2])
    await ana.call("POST", "/auth/session", {"token": CANARIES[3]})
    await ana.call("PATCH", "/me", {"name": CANARIES[1] * 20})
    await ana.call("DELETE", "/auth/sessions")
    # aiohttp's access log is the server's to switch off (serve.py); here the test client's server has one.
    lines = [record.getMessage() for record in caplog.records if "access" not in record.name]
    for canary in (*CANARIES, token, ana.csrf):
        assert not [line for line in lines if canary in line]

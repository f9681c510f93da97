"""What operators do by hand: verify a store, pause a member."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from scheduler.store import __main__ as desk
from scheduler.store.__main__ import IMPOSSIBLE, WELL, WRONG
from tests.scheduler.store.town import Town

Act = Callable[..., Awaitable[int]]


@pytest.fixture
def operate(store_url: str) -> Act:
    """A command as the operator says it; gives its exit code."""

    async def run(*arguments: str) -> int:
        return await asyncio.to_thread(desk.main, list(arguments), store_url)

    return run


async def test_a_whole_store_is_told_in_counts(
    town: Town, operate: Act, capsys: pytest.CaptureFixture[str]
) -> None:
    await town.locked_pair("ana", "ben")
    assert await operate("verify") == WELL
    lines = capsys.readouterr().out.splitlines()
    assert " 3 partners agree about each other: checked 2, violations 0" in lines
    assert lines[-1].endswith("violations 0")


async def test_a_violation_is_named_and_is_the_exit_code(
    town: Town, operate: Act, capsys: pytest.CaptureFixture[str]
) -> None:
    await town.book("ana")
    await town.redis.zrem("{a}:timers", "end:b1")
    assert await operate("verify") == WRONG
    assert "     booking b1 has no timer for its end" in capsys.readouterr().out.splitlines()


async def test_programs_read_json(
    town: Town, operate: Act, capsys: pytest.CaptureFixture[str]
) -> None:
    await town.book("ana")
    await operate("verify", "--json")
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told["violations"] == 0
    assert {"number": 2, "invariant": "no_id_is_missing", "checked": 1, "violations": []} in told[
        "invariants"
    ]


async def test_a_paused_member_has_no_coming_sessions_until_resumed(
    town: Town, operate: Act
) -> None:
    await town.redis.set("{a}:acct:ana", "{}")
    booking = await town.book("ana")
    assert await operate("members", "suspend", "ana") == WELL
    assert await town.ledger.suspended_until("ana") == 0
    assert await town.state_of(booking) == "cancelled"
    assert await operate("members", "resume", "ana") == WELL
    assert await town.ledger.suspended_until("ana") is None


async def test_a_pause_may_end_by_itself(town: Town, operate: Act) -> None:
    await town.redis.set("{a}:acct:ana", "{}")
    now = await town.ledger.now_ms()
    assert await operate("members", "suspend", "ana", "--hours", "1.5") == WELL
    until = await town.ledger.suspended_until("ana")
    assert until is not None
    assert now + 90 * 60_000 <= until < now + 100 * 60_000


async def test_whom_the_instance_does_not_know_cannot_be_paused(
    town: Town, operate: Act, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await operate("members", "suspend", "nobody") == IMPOSSIBLE
    assert "There is no member nobody here." in capsys.readouterr().err
    assert await town.ledger.suspended_until("nobody") is None


async def test_a_store_of_something_else_is_left_alone(town: Town, operate: Act) -> None:
    await town.redis.flushall()
    assert await operate("verify") == IMPOSSIBLE
    assert await town.redis.dbsize() == 0


async def test_a_store_that_does_not_answer_is_said_to_be_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = await asyncio.to_thread(desk.main, ["verify"], "redis://127.0.0.1:1/0")
    assert code == IMPOSSIBLE
    assert "The store did not do it" in capsys.readouterr().err

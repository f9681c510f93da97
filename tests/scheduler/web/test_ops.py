"""The private port: alive means the loop turns, ready means it can serve, metrics are plain text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry, Counter

from scheduler.web import ops
from scheduler.web.ops import ops_app


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


@asynccontextmanager
async def port(ready: Callable[[], Awaitable[bool]], **more: object) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    async with TestClient(TestServer(ops_app(ready, **more))) as client:  # type: ignore[arg-type]
        yield client


async def test_alive_does_not_depend_on_being_ready() -> None:
    async with port(no) as client:
        assert (await client.get("/livez")).status == 200
        assert (await client.get("/readyz")).status == 503


async def test_ready_says_so() -> None:
    async with port(yes) as client:
        assert (await client.get("/readyz")).status == 200


async def test_a_loop_that_hangs_is_not_alive() -> None:
    async with port(yes, live=lambda: False) as client:
        assert (await client.get("/livez")).status == 503


async def test_a_check_that_does_not_answer_has_failed(monkeypatch: object) -> None:
    never = asyncio.Event()

    async def hang() -> bool:
        return await never.wait()

    monkeypatch.setattr(ops, "READY_S", 0.01)  # type: ignore[attr-defined]
    async with port(hang) as client:
        assert (await client.get("/readyz")).status == 503


async def test_a_check_that_cannot_reach_its_store_has_failed() -> None:
    async def away() -> bool:
        raise ConnectionRefusedError

    async with port(away) as client:
        assert (await client.get("/readyz")).status == 503


async def test_metrics_are_prometheus_text() -> None:
    registry = CollectorRegistry()
    Counter("cw_example", "An example.", registry=registry).inc()
    async with port(yes, registry=registry) as client:
        answer = await client.get("/metrics")
        assert answer.content_type == "text/plain"
        assert "cw_example_total 1.0" in await answer.text()

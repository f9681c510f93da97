"""Calls go to public addresses only, once, quickly, and nowhere else than asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from scheduler.hooks.sender import HookSender, NotPublic


class Receiver:
    """Somebody's program: notes what comes, answers as it is told."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytes, dict[str, str]]] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.hangs = False
        self.called = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.take)
        self.server = TestServer(app, host="127.0.0.1")

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((request.path, await request.read(), dict(request.headers)))
        self.called.set()
        if self.hangs:
            await asyncio.sleep(60)
        return web.Response(status=self.status, headers=self.headers)

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"http://{host}:{self.server.port}{path}"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    there = Receiver()
    await there.server.start_server()
    yield there
    await there.server.close()


async def post(url: str, *, loopback: bool = True, call_s: float = 5.0) -> int | None:
    sender = HookSender(loopback=loopback, call_s=call_s)
    try:
        return await sender.post(url, b"{}", {"Alongside-Event": "test"})
    finally:
        await sender.close()


async def test_a_call_carries_body_and_headers(receiver: Receiver) -> None:
    assert await post(receiver.url()) == 204
    [(path, body, headers)] = receiver.came
    assert (path, body, headers["Alongside-Event"]) == ("/hook", b"{}", "test")
    assert "Cookie" not in headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_from_an_instance_others_reach_nothing_reaches_this_machine(
    receiver: Receiver, host: str
) -> None:
    assert await post(receiver.url(host), loopback=False) is None
    assert receiver.came == []


async def test_the_address_is_looked_at_when_the_socket_is_made(monkeypatch: Any) -> None:
    """A name may resolve to something else each time: what counts is what would be connected to."""
    sender = HookSender(loopback=False)
    with pytest.raises(NotPublic):
        sender._socket((2, 1, 6, "", ("169.254.169.254", 80)))
    with pytest.raises(NotPublic):
        sender._socket((10, 1, 6, "", ("::ffff:10.0.0.1", 80, 0, 0)))
    sender._socket((2, 1, 6, "", ("8.8.8.8", 80))).close()
    await sender.close()


async def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "/elsewhere"}
    assert await post(receiver.url()) == 302
    assert [path for path, _, _ in receiver.came] == ["/hook"]


async def test_who_does_not_answer_is_left(receiver: Receiver) -> None:
    receiver.hangs = True
    assert await post(receiver.url(), call_s=0.05) is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://nowhere.invalid/", "http://[::1]:1/"]
)
async def test_who_is_not_there_is_no_answer(url: str) -> None:
    assert await post(url) is None


async def test_a_proxy_of_the_environment_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert await post(receiver.url()) == 204

"""Security headers stand on every response of every route."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from scheduler.web.headers import add_headers, policy, security_headers
from scheduler.web.routes import ROUTES
from tests.scheduler.desk import Desk, a_config


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_every_route_carries_them_answered_or_refused(desk: Desk, route: Any) -> None:
    ana = await desk.member("Ana")
    path = route.path.replace("{booking:b[0-9]{1,15}}", "b1")
    for browser in (ana, desk.browser()):
        answer = await browser.call(route.method, path, {})
        carried = {name: answer.headers.get(name) for name in security_headers(desk.config)}
        assert carried == security_headers(desk.config)


async def test_pages_files_sockets_and_errors_carry_them_too() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="page")

    async def socket(request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse()
        await response.prepare(request)
        await response.close()
        return response

    async def broken(request: web.Request) -> web.Response:
        raise web.HTTPForbidden

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/ws", socket)
    app.router.add_get("/broken", broken)
    add_headers(app, a_config())
    async with TestClient(TestServer(app)) as client:
        for path in ("/", "/broken", "/nothing"):
            answer = await client.get(path)
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        async with client.ws_connect("/ws") as ws:
            assert "X-Content-Type-Options" in ws._response.headers


def test_the_policy_lets_our_own_code_run_and_nothing_else() -> None:
    rules = policy(a_config()).split("; ")
    assert {
        "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "object-src 'none'",
        "base-uri 'none'", "frame-ancestors 'none'", "media-src 'self' blob:",
        "img-src 'self' data: blob:", "worker-src 'self' blob:", "require-trusted-types-for 'script'",
        "connect-src 'self' ws://desk.example:8080",
    } <= set(rules)  # fmt: skip
    assert not {"'unsafe-eval'", "'unsafe-inline'"} & set(policy(a_config()).split(" "))


def test_https_is_kept_for_a_year() -> None:
    assert "Strict-Transport-Security" not in security_headers(a_config())
    secure = a_config(origin="https://desk.example")
    assert "max-age=31536000" in security_headers(secure)["Strict-Transport-Security"]
    assert "wss://desk.example" in policy(secure)


def test_camera_microphone_and_screen_are_ours_alone() -> None:
    allowed = security_headers(a_config())["Permissions-Policy"]
    for device in ("camera", "microphone", "display-capture"):
        assert f"{device}=(self)" in allowed

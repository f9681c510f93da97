"""The private port every role has: is it alive, is it ready, what does it count.

Alive means that this process' event loop turns, and nothing else: a store that is away must not get
the process killed. Ready means that it can serve now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

READY_S = 2.0
"""A readiness check that takes longer has failed."""


def ops_app(
    ready: Callable[[], Awaitable[bool]],
    live: Callable[[], bool] = lambda: True,
    *,
    registry: CollectorRegistry = REGISTRY,
) -> web.Application:
    """An application with /livez, /readyz and /metrics."""

    async def livez(request: web.Request) -> web.Response:
        return _verdict(live())

    async def readyz(request: web.Request) -> web.Response:
        return _verdict(await _in_time(ready))

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.router.add_get("/livez", livez)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app


async def _in_time(ready: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(READY_S):
            return await ready()
    except (TimeoutError, OSError):
        return False


def _verdict(good: bool) -> web.Response:
    return web.Response(status=200 if good else 503, text="ok\n" if good else "no\n")

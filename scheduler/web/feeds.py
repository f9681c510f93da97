"""The own calendar feed, and the address where calendars fetch it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from scheduler.calendars import etag
from scheduler.errors import SchedulerError, TooMany, Unavailable
from scheduler.rules import SECOND_MS
from scheduler.store.limits import Limit
from scheduler.web import guard
from scheduler.web.endpoint import Api, Call
from scheduler.web.schemas.tools import FeedOut

PATH = "/calendar/{secret:[0-9a-f]{43}}.ics"
FETCHES_FROM = Limit(name="feed_from", burst=60, every_ms=10 * SECOND_MS)
"""Feeds one network may fetch: a company's calendars come from one."""
MAX_AGE_S = 300


async def show(call: Call) -> FeedOut:
    return FeedOut(url=await call.api.tools.feeds.url(call.who.member))


async def make(call: Call) -> FeedOut:
    return FeedOut(url=await call.api.tools.feeds.make(call.who.member))


async def drop(call: Call) -> None:
    await call.api.tools.feeds.drop(call.who.member)


def fetcher(api: Api) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Serves feeds to calendars, which bring nothing but the address."""

    async def fetch(request: web.Request) -> web.Response:
        try:
            await guard.take(api.limiter, (FETCHES_FROM,), request, api.config)
            content = await api.tools.feeds.content(request.match_info["secret"])
        except TooMany as refusal:
            wait_s = max(1, -(-int(refusal.data.get("wait_ms", 0)) // 1_000))
            return web.Response(status=429, headers={"Retry-After": str(wait_s)})
        except Unavailable:
            return web.Response(status=503)
        except SchedulerError:
            return web.Response(status=404, text="There is no such thing here.\n")
        return _answer(request, content)

    return fetch


def _answer(request: web.Request, content: bytes) -> web.Response:
    named = etag(content)
    headers = {"ETag": named, "Cache-Control": f"private, max-age={MAX_AGE_S}"}
    if named in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.Response(
        body=content, headers={**headers, "Content-Type": "text/calendar; charset=utf-8"}
    )

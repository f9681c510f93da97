"""Errors to status and body: the one place where the REST face answers that something went wrong.

The scheduler's own errors say what they are. What aiohttp raises (no such path, wrong method) is
put in the same words. Anything else is our fault: the caller learns nothing of it, the log learns
its class and place but none of its text, which might quote what somebody wrote.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from scheduler.errors import BadRequest, NotFound, SchedulerError, TooMany
from scheduler.web import views
from scheduler.web.schemas import ProblemOut

log = logging.getLogger(__name__)


@web.middleware
async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure of the API with its status and body."""
    try:
        return await handler(request)
    except SchedulerError as error:
        return refusal(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _foreign(error)
    except Exception as error:
        log.error("internal error: %s at %s", type(error).__name__, _place(error))
        return refusal(SchedulerError())


def refusal(error: SchedulerError, *, status: int | None = None) -> web.Response:
    """The response for a typed error."""
    return web.Response(
        status=status or error.status,
        body=msgspec.json.encode(ProblemOut(error=views.problem(error))),
        content_type="application/json",
        headers=_headers(error),
    )


def _headers(error: SchedulerError) -> Mapping[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(max(1, -(-int(error.data.get("wait_ms", 0)) // 1000)))}
    return {}


def _foreign(error: web.HTTPException) -> web.Response:
    known = NotFound() if error.status == 404 else BadRequest()
    response = refusal(known, status=error.status)
    if isinstance(error, web.HTTPMethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    return response


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))

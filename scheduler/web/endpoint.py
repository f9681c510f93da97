"""One call, from the request to the response: guard, decode, handle, encode. The same for all routes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from scheduler.accounts import Account, SignedIn
from scheduler.config import Config
from scheduler.errors import (
    BadField,
    BadRequest,
    OutOfScope,
    SchedulerError,
    TooMany,
    Unauthenticated,
)
from scheduler.mail.mailbox import DevMailbox
from scheduler.ports import Clock
from scheduler.service import Service
from scheduler.services.tools import Tools
from scheduler.signin import ABSOLUTE_MS, cookie_name
from scheduler.store.limits import Limit, Limiter, per_minute
from scheduler.tokens import PersonalToken, Scope, bearer
from scheduler.web import guard, metrics
from scheduler.web.guard import Access

BODY_MAX = 64 * 1024
BODY_S = 10.0
"""How long a body may take to come."""

PARAMETER = re.compile(r"\{(\w+):((?:[^{}]|\{[^{}]*\})*)\}")
"""A path's parameter: its name, and the pattern it must match."""

PATH = re.compile(r"at `\$\.?(.*?)`$")
INDEX = re.compile(r"\[[^\]]*\]")
UNKNOWN = re.compile(r"(?:unknown|required) field `([^`]*)`")


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """What every handler may use."""

    service: Service
    tools: Tools
    config: Config
    clock: Clock
    limiter: Limiter
    mailbox: DevMailbox | None


class Call:
    """One call, as a handler sees it: who calls, what was sent, and the cookie to set if any."""

    def __init__(self, api: Api, request: web.Request) -> None:
        self.api = api
        self.request = request
        self.body: Any = None
        self.query: Any = None
        self.cookie: str | None = None
        """A new sign-in's cookie to set; empty to clear it, None to leave it."""
        self.token: PersonalToken | None = None
        """What a program showed; None if our own page calls."""
        self._who: SignedIn | None = None
        self._account: Account | None = None

    @property
    def who(self) -> SignedIn:
        if self._who is None:
            raise Unauthenticated
        return self._who

    @property
    def account(self) -> Account:
        if self._account is None:
            raise Unauthenticated
        return self._account

    def path(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    def may(self, scope: Scope) -> bool:
        """Whether the caller may do what this scope opens: our own page may do everything."""
        return self.token is None or scope in self.token.scopes

    def admit(self, who: SignedIn, account: Account) -> None:
        self._who, self._account = who, account


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the interface's table."""

    method: str
    path: str
    about: str
    handle: Callable[[Call], Awaitable[Any]]
    access: Access = Access.WELCOMED
    scope: Scope | None = None
    """What a personal token must be good for to make this call; None is for our own page alone."""
    also: Scope | None = None
    """What it must be good for besides, if the call does two things."""
    token_fields: frozenset[str] | None = None
    """What of the body a personal token may send, if not all of it."""
    body: Any = None
    query: Any = None
    answer: Any = None
    status: int = 200
    limits: tuple[Limit, ...] = ()
    """For callers who are not signed in: on their network address."""
    exists: Callable[[Config], bool] = lambda config: True

    @property
    def plain_path(self) -> str:
        """The path with its parameters' names alone: `/bookings/{booking}`."""
        return PARAMETER.sub(r"{\1}", self.path)


def endpoint(route: Route, api: Api) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The route as aiohttp calls it."""

    async def serve(request: web.Request) -> web.Response:
        begun, status = time.perf_counter(), 500
        try:
            call = Call(api, request)
            await _admit(route, call)
            await _decode(route, call)
            response = _respond(route, call, await route.handle(call))
            status = response.status
        except (SchedulerError, web.HTTPException) as error:
            status = error.status
            if isinstance(error, TooMany):
                metrics.ratelimited.labels(route.plain_path).inc()
            raise
        finally:
            taken = time.perf_counter() - begun
            metrics.api_seconds.labels(route.plain_path, f"{status // 100}xx").observe(taken)
        return response

    return serve


async def _admit(route: Route, call: Call) -> None:
    api, request = call.api, call.request
    said = None if route.access is Access.PUBLIC else bearer(request.headers.get("Authorization"))
    if said is None:
        guard.check_origin(request, api.config)
    guard.check_type(request)
    await guard.take(api.limiter, route.limits, request, api.config)
    if route.access is Access.PUBLIC:
        return
    who = await (_by_cookie(call) if said is None else _by_token(route, call, said))
    account = await api.service.members.account(who.member)
    guard.check_welcome(account, route.access, api.config)
    call.admit(who, account)


async def _by_cookie(call: Call) -> SignedIn:
    """Our own page: the cookie says who, the token of the page that no other site could have asked."""
    api, request = call.api, call.request
    who = await guard.who_calls(request, api.service, api.config)
    guard.check_csrf(request, who, api.config)
    await api.limiter.take(per_minute("calls", api.config.calls_per_min), who.member)
    return who


async def _by_token(route: Route, call: Call, said: str) -> SignedIn:
    """A program of the member's: no browser sends this header unasked, so origins mean nothing here."""
    token = await call.api.tools.tokens.known(said) if said else None
    if token is None:
        raise Unauthenticated(field="Authorization")
    call.token = token
    await _count(call.api, token)  # first, for a refusal costs us as much
    if route.scope is None or not call.may(route.scope):
        raise OutOfScope(scope=route.scope)
    if route.also and not call.may(route.also):
        raise OutOfScope(scope=route.also)
    return SignedIn(member=token.member, session=f"token:{token.id}")


async def _count(api: Api, token: PersonalToken) -> None:
    """One call less for this token, and for all of its owner's. Pages are counted by themselves."""
    config = api.config
    await api.limiter.take(per_minute("token_calls", config.calls_per_min), token.id)
    await api.limiter.take(per_minute("program_calls", config.programs_per_min), token.member)


async def _decode(route: Route, call: Call) -> None:
    try:
        if route.query is not None:
            sent = dict(call.request.query)
            call.query = msgspec.convert(sent, route.query, strict=False)
        if route.body is not None:
            call.body = msgspec.json.decode(await read_body(call.request), type=route.body)
    except msgspec.ValidationError as error:
        raise _named(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadRequest(why="not JSON") from None
    if call.token is not None and route.token_fields is not None:
        _check_fields(call.body, route.token_fields)


def _check_fields(body: msgspec.Struct, open_to_tokens: frozenset[str]) -> None:
    """A program's body is taken as a whole or not at all."""
    for name, value in msgspec.structs.asdict(body).items():
        if value is not msgspec.UNSET and name not in open_to_tokens:
            raise OutOfScope(field=name)


async def read_body(request: web.Request) -> bytes:
    """The whole body, or a refusal if it is too long or too slow."""
    if (request.content_length or 0) > BODY_MAX:
        raise web.HTTPRequestEntityTooLarge(BODY_MAX, request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_chunked(16 * 1024):
                body += chunk
                if len(body) > BODY_MAX:
                    raise web.HTTPRequestEntityTooLarge(BODY_MAX, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


def _named(error: msgspec.ValidationError) -> BadField:
    """The field a decoding error is about, and why."""
    text = str(error)
    path = PATH.search(text)
    unknown = UNKNOWN.search(text)
    parts = [INDEX.sub("", path.group(1))] if path else []
    parts += [unknown.group(1)] if unknown else []
    field = ".".join(part for part in parts if part)
    return BadField(field=field or None, why=text.split(" - at ")[0])


def _respond(route: Route, call: Call, answer: Any) -> web.Response:
    response = web.Response(status=route.status, headers={"Cache-Control": "no-store"})
    if answer is not None:
        response.body = msgspec.json.encode(answer)
        response.content_type = "application/json"
    if call.cookie is not None:
        _set_cookie(response, call.cookie, call.api.config)
    return response


def _set_cookie(response: web.Response, value: str, config: Config) -> None:
    response.set_cookie(
        cookie_name(config.origin),
        value,
        max_age=ABSOLUTE_MS // 1000 if value else 0,
        path="/",
        secure=config.https,
        httponly=True,
        samesite="Lax",
    )

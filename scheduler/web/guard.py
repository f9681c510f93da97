"""Who may call: checked in this order, before anything of a request's content is looked at.

A change must come from our own page (exact origin), as JSON, and once somebody is signed in with the
token that only our page was told. Then sign-in, rate limit, and the welcome.
"""

from __future__ import annotations

from enum import IntEnum

from aiohttp import web

from scheduler.accounts import Account, SignedIn, welcomed
from scheduler.addresses import client_address, network_of
from scheduler.config import Config
from scheduler.errors import BadRequest, ForeignOrigin, NotFound, NotWelcomed, Unauthenticated
from scheduler.service import Service
from scheduler.signin import cookie_in, csrf_of, keyed_hash, same
from scheduler.store.limits import Limit, Limiter

READING = frozenset({"GET"})
CSRF_HEADER = "X-CSRF-Token"
FORWARDED = ("forwarded", "x-forwarded", "x-real-ip", "via")
"""How headers begin that a proxy adds."""


class Access(IntEnum):
    """Whom a route is for."""

    PUBLIC = 0
    SIGNED_IN = 1
    WELCOMED = 2


def check_origin(request: web.Request, config: Config) -> None:
    """A change comes from our own page: exact `Origin`, or a browser's word if there is none."""
    if request.method in READING:
        return
    origin = request.headers.get("Origin")
    same_site = origin is None and request.headers.get("Sec-Fetch-Site") == "same-origin"
    if origin != config.origin and not same_site:
        raise ForeignOrigin


def check_nobody_between(request: web.Request, config: Config) -> None:
    """The browser asked this machine, by our own name and not through a proxy.

    By another name a stranger's site could lead here (DNS rebinding); through a proxy, strangers.
    """
    if request.host != config.host:
        raise ForeignOrigin
    if any(name.lower().startswith(FORWARDED) for name in request.headers):
        raise NotFound


def check_type(request: web.Request) -> None:
    """A body is JSON, which no form of another site can send unasked."""
    if request.method in READING or not request.can_read_body:
        return
    if request.content_type != "application/json":
        raise BadRequest(why="content type")


async def who_calls(request: web.Request, service: Service, config: Config) -> SignedIn:
    """Who is signed in, or `Unauthenticated`."""
    who = await service.sign_ins.signed_in(cookie_in(request.cookies, config.origin))
    if who is None:
        raise Unauthenticated
    return who


def check_csrf(request: web.Request, who: SignedIn, config: Config) -> None:
    """A change carries the token that belongs to this sign-in."""
    if request.method in READING:
        return
    if not same(request.headers.get(CSRF_HEADER, ""), csrf_of(config.secret, who.session)):
        raise ForeignOrigin(field=CSRF_HEADER)


def check_welcome(account: Account, access: Access, config: Config) -> None:
    if access is Access.WELCOMED and not welcomed(account, config.rules):
        raise NotWelcomed


async def take(
    limiter: Limiter, limits: tuple[Limit, ...], request: web.Request, config: Config
) -> None:
    """Use up one call of each limit on this network address."""
    for limit in limits:
        await limiter.take(limit, keyed_hash(config.secret, "client", client_of(request, config)))


def client_of(request: web.Request, config: Config) -> str:
    """The network a caller belongs to."""
    forwarded = request.headers.getall("X-Forwarded-For", [])
    return network_of(client_address(request.remote or "", forwarded, config.proxies))

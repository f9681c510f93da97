"""Puts the REST interface together, and into an aiohttp application."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec
from aiohttp import web
from redis.asyncio import Redis

from scheduler.config import Config
from scheduler.mail.letters import sign_in_letter, sign_in_link
from scheduler.mail.mailbox import DevMailbox
from scheduler.mail.post import Mailer, Post
from scheduler.people import Held
from scheduler.ports import Clock
from scheduler.service import Service
from scheduler.signin import hash_of, keyed_hash
from scheduler.store.accounts import AccountStore
from scheduler.store.holds import HoldStore
from scheduler.store.invites import InviteStore
from scheduler.store.ledger import Ledger
from scheduler.store.limits import Limiter
from scheduler.store.people import PeopleStore
from scheduler.web import feeds
from scheduler.web.endpoint import Api, endpoint
from scheduler.web.failures import failures
from scheduler.web.headers import add_headers
from scheduler.web.openapi import document
from scheduler.web.routes import ROUTES
from scheduler.web.tools import assemble_tools

PREFIX = "/api/v1"


class NoMailer(ValueError):
    """Others can reach this instance, and it cannot send mail: nobody could sign in."""


class Parts(NamedTuple):
    """What `assemble` made; the hub needs `accounts`."""

    api: Api
    service: Service
    accounts: AccountStore
    post: Post


def assemble(
    redis: Redis,
    *,
    tag: str,
    ledger: Ledger,
    clock: Clock,
    config: Config,
    mailer: Mailer | None = None,
) -> Parts:
    """Build the interface from its stores. Without a mailer, mails land in /dev/mail: loopback only."""
    mailbox = DevMailbox(redis, tag=tag, clock=clock) if config.loopback else None
    carrier = mailer or mailbox
    if carrier is None:
        raise NoMailer("an instance that others can reach needs a mail server")
    post = Post(carrier)
    accounts = AccountStore(redis, tag=tag, clock=clock, replicas=ledger.calls.replicas)
    service = Service(
        ledger=ledger,
        accounts=accounts,
        people=PeopleStore(ledger.calls),
        invites=InviteStore(ledger.calls),
        holds=HoldStore(redis, tag=tag, clock=clock),
        mail=SignInPost(post, config),
        clock=clock,
        config=config,
        random=secrets.token_bytes,
    )
    limiter = Limiter(redis, tag=tag)
    tools = assemble_tools(
        redis, tag=tag, ledger=ledger, accounts=accounts, clock=clock, config=config
    )
    api = Api(
        service=service, tools=tools, config=config, clock=clock, limiter=limiter, mailbox=mailbox
    )
    return Parts(api, service, accounts, post)


class SignInPost:
    """Writes the letters with sign-in links and hands them to the post."""

    def __init__(self, post: Post, config: Config) -> None:
        self._post = post
        self._config = config

    def send_link(self, *, mail: str, token: str, next_path: str, held: Held | None) -> None:
        config = self._config
        link = sign_in_link(config.origin, token, next_path)
        id = keyed_hash(config.secret, "letter", hash_of(token))[:32]
        letter = sign_in_letter(id=f"signin-{id}", to=mail, name=config.name, link=link, held=held)
        self._post.offer(letter)


def add_api(app: web.Application, parts: Parts) -> None:
    """Serve the interface below /api/v1, and put the security headers on all of the application.

    The application owns the post: it carries letters from start-up to clean-up.
    """
    add_headers(app, parts.api.config)
    app.add_subapp(PREFIX, api_app(parts.api))
    app.router.add_get(feeds.PATH, feeds.fetcher(parts.api))

    async def carrying(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(parts.post.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    app.cleanup_ctx.append(carrying)


def api_app(api: Api) -> web.Application:
    """The interface as an application of its own."""
    app = web.Application(middlewares=[failures])
    there = tuple(route for route in ROUTES if route.exists(api.config))
    for route in there:
        app.router.add_route(route.method, route.path, endpoint(route, api))
    described = msgspec.json.encode(document(ROUTES, api.config))

    async def describe(request: web.Request) -> web.Response:
        return web.Response(body=described, content_type="application/json")

    app.router.add_get("/openapi.json", describe, allow_head=False)
    return app

"""A whole REST face over a real ledger, and browsers of members in front of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis
from yarl import URL

from scheduler.config import Config
from scheduler.mail.post import Mailer
from scheduler.rules import DEFAULT, Rules
from scheduler.store.clock import StoreClock
from scheduler.store.ledger import Ledger
from scheduler.web.app import Parts, add_api, assemble
from scheduler.web.schemas import instant

ORIGIN = "http://desk.example:8080"
SECRET = "a secret of at least thirty-two characters"
FAST = 100_000
"""Calls a minute, so that no test meets the limit by accident."""


class Desk:
    """One instance: its stores, its parts, its server."""

    def __init__(
        self, redis: Redis, config: Config, mailer: Mailer | None = None, *, replicas: int = 0
    ) -> None:
        self.redis = redis
        self.config = config
        self.ledger = Ledger(redis, rules=config.rules, replicas=replicas)
        self.clock = StoreClock(self.ledger)
        self.parts: Parts = assemble(
            redis, tag="a", ledger=self.ledger, clock=self.clock, config=config, mailer=mailer
        )
        self.app = web.Application()
        self.server = TestServer(self.app)
        self._browsers: list[TestClient[Any, Any]] = []

    async def open(self) -> Desk:
        await self.ledger.load_functions()
        await self.clock.sync()
        add_api(self.app, self.parts)
        await self.server.start_server()
        return self

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.close()
        await self.server.close()

    def browser(self) -> Browser:
        """A browser nobody is signed in with."""
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self._browsers.append(client)
        return Browser(client, self.config)

    async def member(self, name: str, **changes: Any) -> Browser:
        """A browser of a welcomed member."""
        browser = await self.newcomer(name)
        zone = changes.pop("zone", "Europe/Berlin")
        welcome = {"name": name, "zone": zone, "adult": True, "rules_accepted": 1, **changes}
        answer = await browser.call("PATCH", "/me", welcome)
        assert answer.status == 200, await answer.text()
        return browser

    async def newcomer(self, name: str) -> Browser:
        """A browser somebody just signed in with for the first time."""
        browser = self.browser()
        await browser.sign_in(await self.link_token(f"{name.lower()}@example.org"))
        return browser

    async def link_token(self, mail: str, **more: Any) -> str:
        """Ask for a link, and take its token out of the mail."""
        answer = await self.browser().call("POST", "/auth/link", {"mail": mail, **more})
        assert answer.status == 202, await answer.text()
        return token_in((await self.mails())[0].text)

    async def mails(self) -> list[Any]:
        """The letters that were sent, newest first."""
        await self.parts.post.drained()
        assert self.parts.api.mailbox is not None
        return [kept.letter for kept in await self.parts.api.mailbox.mails()]

    async def go_to(self, instant_ms: int) -> None:
        """Travel to this instant."""
        await self.ledger.move_clock(instant_ms - await self.ledger.now_ms())
        await self.clock.sync()

    async def later(self, by_ms: int) -> None:
        await self.go_to(await self.ledger.now_ms() + by_ms)

    async def slot(self, number: int = 1) -> int:
        """The start of the `number`-th coming slot but one, so that no test crosses it."""
        grid = self.config.rules.grid_ms
        return (await self.ledger.now_ms()) // grid * grid + (number + 1) * grid


class Browser:
    """Sends what our page would send; each call may change the headers."""

    def __init__(self, client: TestClient[Any, Any], config: Config) -> None:
        self.client = client
        self.config = config
        self.csrf = ""
        self.me: dict[str, Any] = {}

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str | None] | None = None,
        raw: bytes | None = None,
    ) -> ClientResponse:
        sent: dict[str, str | None] = {
            "Host": URL(self.config.origin).authority,
            "Origin": self.config.origin,
            "Content-Type": "application/json",
            "X-CSRF-Token": self.csrf,
            **(headers or {}),
        }
        data = raw if raw is not None or body is None else msgspec.json.encode(body)
        return await self.client.request(
            method,
            f"/api/v1{path}",
            data=data,
            headers={name: value for name, value in sent.items() if value is not None},
            skip_auto_headers=["Content-Type"],
        )

    async def get(self, path: str) -> Any:
        answer = await self.call("GET", path)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """Make a change that is accepted; gives the answer, None if there is none."""
        answer = await self.call(method, path, body)
        assert answer.status in {200, 204}, await answer.text()
        return await answer.json() if answer.status == 200 else None

    async def sign_in(self, token: str) -> dict[str, Any]:
        answer = await self.call("POST", "/auth/session", {"token": token})
        assert answer.status == 200, await answer.text()
        return await self.remember(answer)

    async def remember(self, answer: ClientResponse) -> dict[str, Any]:
        self.me = await answer.json()
        self.csrf = self.me["csrf"]
        return self.me

    async def book(self, *starts_ms: int, length_min: int = 25, **wish: Any) -> list[Any]:
        items = [{"start": text(start), "length_min": length_min, **wish} for start in starts_ms]
        body = {"request_id": f"request-{starts_ms[0]}-{length_min}", "items": items}
        answer = await self.call("POST", "/bookings", body)
        assert answer.status == 200, await answer.text()
        return list((await answer.json())["results"])

    async def booked(self, start_ms: int, **wish: Any) -> dict[str, Any]:
        """Book one slot that can be booked."""
        [result] = await self.book(start_ms, **wish)
        return dict(result["booking"])


def text(at_ms: int) -> str:
    """An instant as pages write it."""
    return instant(at_ms).isoformat().replace("+00:00", "Z")


def token_in(letter: str) -> str:
    found = re.search(r"#token=([\w-]+)", letter)
    assert found
    return found.group(1)


async def code_of(answer: ClientResponse) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status, (await answer.json())["error"]["code"]


async def field_of(answer: ClientResponse) -> str | None:
    field: str | None = (await answer.json())["error"]["field"]
    return field


def a_config(rules: Rules = DEFAULT, **more: Any) -> Config:
    fast = {"calls_per_min": FAST, "programs_per_min": FAST}
    given = {"demo": True, "loopback": True, **fast, **more}
    return Config(origin=given.pop("origin", ORIGIN), secret=SECRET, rules=rules, **given)


OpenDesk = Callable[..., Awaitable[Desk]]

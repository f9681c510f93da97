"""A client that keeps to the wire and to nothing else: it says what it likes, and keeps every byte."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec

from signalling.wire import PROTOCOL
from tests.support.meeting import next_start
from tests.support.people import MINUTE, rfc3339
from tests.support.system import System, eventually

LENGTH_MIN = 50


class Modified:
    """One member with such a client."""

    def __init__(self, name: str, system: System) -> None:
        self.name = name
        self.system = system
        self.raw: list[bytes] = []
        """Every byte the instance ever sent, by REST or by the socket."""
        self.heard: list[dict[str, Any]] = []
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._csrf = ""

    @property
    def mail(self) -> str:
        return f"{self.name.lower()}@example.org"

    async def call(self, method: str, path: str, body: Any = None, *, keep: bool = True) -> Any:
        """One REST call; its answer is kept among all that was told, unless it is no member's."""
        async with self._http.request(
            method,
            f"{self.system.url}/api/v1{path}",
            json=body,
            headers={"Origin": self.system.url, "X-CSRF-Token": self._csrf},
        ) as answer:
            raw = await answer.read()
            if keep:
                self.raw.append(raw + repr(sorted(answer.headers.items())).encode())
            assert answer.status < 400, f"{method} {path}: {answer.status} {raw!r}"
            return msgspec.json.decode(raw) if raw else None

    async def sign_in(self, **wishes: Any) -> None:
        await self.call("POST", "/auth/link", {"mail": self.mail})
        mails = (await self.call("GET", "/dev/mail", keep=False))["mails"]
        text = next(m["text"] for m in mails if m["to"] == self.mail)
        found = re.search(r"#token=([\w\-.~%]+)", text)
        assert found
        self._csrf = (await self.call("POST", "/auth/session", {"token": found[1]}))["csrf"]
        version = (await self.call("GET", "/instance"))["rules"]["version"]
        welcome = {"name": self.name, "zone": "Europe/Berlin", "adult": True}
        await self.call("PATCH", "/me", welcome | {"rules_accepted": version} | wishes)

    async def book(self, start_ms: int) -> str:
        item = {"start": rfc3339(start_ms), "length_min": LENGTH_MIN}
        wish = {"request_id": f"{self.name}-books-{start_ms}", "items": [item]}
        (result,) = (await self.call("POST", "/bookings", wish))["results"]
        return str(result["booking"]["id"])

    async def enter(self, booking: str) -> None:
        """Open a socket, and take the seat."""
        url = self.system.url.replace("http", "ws", 1) + "/ws"
        self._ws = await self._http.ws_connect(url, headers={"Origin": self.system.url})
        self._reading = asyncio.create_task(self._read(self._ws))
        await self.say("hello", v=PROTOCOL, tab=f"tab-of-{self.name}-0123456789")
        await self.hears("welcome")
        await self.say("enter", booking=booking, camera=True, mic=True)

    async def say(self, kind: str, /, **fields: Any) -> None:
        assert self._ws
        await self._ws.send_bytes(msgspec.msgpack.encode({"t": kind, **fields}))

    async def hears(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        """The newest message of this kind with these fields, as soon as there is one."""

        async def there() -> dict[str, Any] | None:
            fitting = (
                m
                for m in reversed(self.heard)
                if m["t"] == kind and all(m.get(k) == v for k, v in fields.items())
            )
            return next(fitting, None)

        found = await eventually(there, every_s=0.02)
        assert found
        return found

    def last(self, kind: str) -> dict[str, Any]:
        """The newest message of this kind, which has been heard."""
        return next(m for m in reversed(self.heard) if m["t"] == kind)

    def told(self) -> bytes:
        return b"\n".join(self.raw)

    async def close(self) -> None:
        if self._ws:
            await self._ws.close()
        if self._reading:
            await self._reading
        await self._http.close()

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in ws:
            if frame.type is aiohttp.WSMsgType.BINARY:
                self.raw.append(frame.data)
                self.heard.append(msgspec.msgpack.decode(frame.data))
            else:
                self.raw.append(str(frame.data).encode())


@contextlib.asynccontextmanager
async def two_in_a_room(
    system: System, names: tuple[str, str], wishes: tuple[dict[str, Any], dict[str, Any]]
) -> AsyncIterator[tuple[Modified, Modified]]:
    """Both sit in the same room, a minute into the session; neither has said anything of media."""
    one, other = (Modified(name, system) for name in names)
    try:
        for each, wish in zip((one, other), wishes, strict=True):
            await each.sign_in(**wish)
        start_ms = next_start(await system.now_ms(), 15, ahead_min=70)
        bookings = [await each.book(start_ms) for each in (one, other)]
        await system.move_to(start_ms - MINUTE)
        for each, booking in zip((one, other), bookings, strict=True):
            await each.enter(booking)
        await system.move_to(start_ms + MINUTE)
        yield one, other
    finally:
        await one.close()
        await other.close()

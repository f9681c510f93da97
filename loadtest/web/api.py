"""The REST calls a robot makes, with the same cookie, origin and tokens as a page."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec

from loadtest.planner import Held

TIMEOUT = aiohttp.ClientTimeout(total=10)


class Refusal(Exception):
    """The instance refused a call; `code` is its stable code, or the status when it gave none."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Instance(msgspec.Struct, frozen=True):
    """The instance's rules, as far as a robot needs them."""

    grid_ms: int
    length_min: int

    @property
    def length_ms(self) -> int:
        """The one length robots book."""
        return self.length_min * 60_000


class Api:
    """One member's calls. Open it as an async context; sign in before anything else."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url.rstrip("/")
        self._csrf = ""
        self.member = ""

    async def __aenter__(self) -> Api:
        jar = aiohttp.CookieJar(unsafe=True)  # an address in place of a host name is usual here
        self.http = aiohttp.ClientSession(
            cookie_jar=jar, timeout=TIMEOUT, headers={"Origin": self._base}
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    async def instance(self) -> Instance:
        """The rules of this instance; robots book its shortest session."""
        rules = (await self._call("GET", "/instance"))["rules"]
        return Instance(rules["grid_ms"], min(rules["lengths_min"]))

    async def sign_in(self, who: str, **proof: Any) -> None:
        """Be a person of the demo: Ana, Ben, or a robot, which proves that it belongs here."""
        me = await self._call("POST", "/dev/sign-in", {"who": who, **proof})
        self._csrf, self.member = me["csrf"], me["id"]

    async def bookings(self, from_ms: int, to_ms: int) -> list[dict[str, Any]]:
        """The robot's own bookings of a span."""
        span = f"from={rfc3339(from_ms)}&to={rfc3339(to_ms)}"
        found: list[dict[str, Any]] = (await self._call("GET", f"/bookings?{span}"))["bookings"]
        return found

    async def waiting(self, from_ms: int, to_ms: int, length_min: int) -> tuple[int, ...]:
        """Starts at which somebody waits whom this robot may meet."""
        span = f"from={rfc3339(from_ms)}&to={rfc3339(to_ms)}&length_min={length_min}"
        slots = (await self._call("GET", f"/slots?{span}"))["slots"]
        return tuple(to_ms_since_epoch(slot["start"]) for slot in slots if slot["count"] > 0)

    async def book(self, start_ms: int, length_min: int) -> None:
        """Claim one slot."""
        item = {"start": rfc3339(start_ms), "length_min": length_min}
        answer = await self._call("POST", "/bookings", {"request_id": fresh(), "items": [item]})
        error = answer["results"][0].get("error")
        if error:
            raise Refusal(error["code"])

    async def cancel(self, booking: str) -> None:
        """Let one booking go."""
        await self._call("DELETE", f"/bookings/{booking}?request_id={fresh()}")

    async def ask_to_be_friends(self, other: str) -> None:
        """Ask somebody one knows."""
        await self._call("PUT", f"/people/{other}/friend", {"request_id": fresh()})

    async def befriend_all(self) -> None:
        """Say yes to whoever asks to be friends."""
        for person in (await self._call("GET", "/people"))["people"]:
            if person["friendship"] == "asking":
                await self.ask_to_be_friends(person["id"])

    async def accept_all(self) -> None:
        """Lock in with whoever invites this robot to a time; an own booking in the way is the better one."""
        for invite in (await self._call("GET", "/invites"))["for_me"]:
            slot = {"start": invite["start"], "length_min": invite["length_min"]}
            wish = {"request_id": fresh(), "member": invite["by"]["id"], "invite": invite["id"]}
            await self._call("POST", "/bookings/lock", wish | slot)

    async def check_out(self, booking: str, tasks: list[str]) -> None:
        """Say how it went. Robots are content."""
        outcomes = [
            {"task": task, "outcome": "partly" if n == len(tasks) - 1 else "done"}
            for n, task in enumerate(tasks)
        ]
        await self._call(
            "PUT", f"/bookings/{booking}/checkin", {"outcomes": outcomes, "again": True}
        )

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {} if method == "GET" else {"Content-Type": "application/json"}
        if self._csrf:
            headers["X-CSRF-Token"] = self._csrf
        async with self.http.request(
            method, f"{self._base}/api/v1{path}", json=body, headers=headers
        ) as answer:
            content = await answer.json() if answer.content_type == "application/json" else None
            if answer.status >= 400:
                error = (content or {}).get("error") or {}
                raise Refusal(error.get("code", str(answer.status)))
            return content


def fresh() -> str:
    """A request id nobody used."""
    return secrets.token_urlsafe(12)


def held_of(booking: dict[str, Any]) -> Held:
    """A booking of the REST face as the planner wants it."""
    return Held(
        id=booking["id"],
        start_ms=to_ms_since_epoch(booking["start"]),
        end_ms=to_ms_since_epoch(booking["end"]),
        matched=booking["state"] == "matched",
        locked=booking["locked"],
    )


def rfc3339(at_ms: int) -> str:
    """An instant as REST writes it."""
    text = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def to_ms_since_epoch(text: str) -> int:
    """An instant as REST writes it, in milliseconds."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)

"""A Chromium that nothing is told but what these tests tell it: its tabs can be put behind another one.

What drives the other browsers keeps every page awake and "visible", however far behind it lies.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.chromium import FLAGS, PROBE, executable
from tests.support.people import Person
from tests.support.store import die_with_parent
from tests.support.system import eventually

PRESS = """(() => {
  const named = (each) => each.textContent.trim() === %r && !each.disabled;
  const found = [...document.querySelectorAll("button")].find(named);
  found?.click();
  return Boolean(found);
})()"""


class Bare:
    """The browser, by its DevTools protocol: one question after the other."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self._numbers = count(1)

    async def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """One command, and its answer; what the browser tells meanwhile is left alone."""
        number = next(self._numbers)
        to = {"sessionId": session} if session else {}
        await self._line.send_json({"id": number, "method": method, "params": params, **to})
        while True:
            said = await self._line.receive_json()
            if said.get("id") == number:
                assert "result" in said, said
                result: dict[str, Any] = said["result"]
                return result

    async def tab(self) -> Tab:
        """A new tab, in front of the others."""
        target = (await self.ask("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self.ask("Target.attachToTarget", targetId=target, flatten=True)
        return Tab(self, attached["sessionId"])


class Tab:
    """One tab of it."""

    def __init__(self, browser: Bare, session: str) -> None:
        self._browser = browser
        self._session = session

    async def open_for(self, person: Person, path: str, *scripts: str) -> None:
        """Open a page of the instance as this member, with these scripts run before its own."""
        url = person.system.url
        await self._ask("Page.enable")
        for script in (PROBE, *scripts):
            await self._ask("Page.addScriptToEvaluateOnNewDocument", source=script)
        for cookie in await person.page.context.cookies(url):
            kept = {key: cookie[key] for key in ("name", "value", "httpOnly", "sameSite")}
            await self._ask("Network.setCookie", url=url, **kept)
        await self._ask("Page.navigate", url=url + path)

    async def evaluate(self, expression: str) -> Any:
        """What this is in the page."""
        wish = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = await self._ask("Runtime.evaluate", **wish)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def press(self, name: str, *, within_s: float = 20) -> None:
        """Press the button of this name, as soon as it can be pressed."""

        async def pressed() -> bool:
            return bool(await self.evaluate(PRESS % name))

        await eventually(pressed, within_s=within_s)

    async def shows(self, text: str, *, within_s: float = 20) -> None:
        """The page shows this before long."""

        async def shown() -> bool:
            return text in str(await self.evaluate("document.body?.innerText ?? ''"))

        await eventually(shown, within_s=within_s)

    async def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        return await self._browser.ask(method, self._session, **params)


@asynccontextmanager
async def bare_chromium(directory: Path, *, camera: Path) -> AsyncIterator[Bare]:
    """Run one, with this film before its camera."""
    flags = [
        *FLAGS,
        f"--user-data-dir={directory}",
        "--remote-debugging-port=0",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    process = _started(flags)
    try:
        port, path = await eventually(lambda: _address(directory), within_s=20, every_s=0.05)
        address = f"ws://127.0.0.1:{port}{path}"
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(address, max_msg_size=0) as line,
        ):
            yield Bare(line)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


def _started(flags: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [executable(), *flags, "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )


async def _address(directory: Path) -> tuple[str, str] | None:
    """Where it listens, as it writes down itself."""
    written = directory / "DevToolsActivePort"
    lines = written.read_text().splitlines() if written.exists() else []
    return (lines[0], lines[1]) if len(lines) > 1 else None

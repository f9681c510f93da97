"""Somebody between a page and its hub: what a hub could do, or the line to it."""

from __future__ import annotations

from typing import Any

import msgspec
from playwright.async_api import WebSocketRoute

from tests.support.system import eventually


class Between:
    """Stands between a page and its hub, and passes on what it likes."""

    def __init__(self) -> None:
        self.keeping = False
        """What the page says of its connection goes no further."""
        self.away = False
        self.said: list[dict[str, Any]] = []
        self._page: WebSocketRoute | None = None

    def take(self, page: WebSocketRoute) -> None:
        self._page = page
        if self.away:
            # Never answered: the page waits for its hub.
            return
        hub = page.connect_to_server()
        hub.on_message(page.send)
        page.on_message(lambda frame: self._hear(frame, hub))

    async def go_away(self) -> None:
        """The line to the hub is lost, and stays so."""
        self.away = True
        assert self._page
        await self._page.close(code=1001)

    def tell(self, kind: str, /, **fields: Any) -> None:
        assert self._page
        self._page.send(msgspec.msgpack.encode({"t": kind, **fields}))

    async def hears(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        async def there() -> dict[str, Any] | None:
            fitting = (m for m in self.said if {"t": kind, **fields}.items() <= m.items())
            return next(fitting, None)

        found = await eventually(there, every_s=0.05)
        assert found
        return found

    def _hear(self, frame: str | bytes, hub: WebSocketRoute) -> None:
        said = msgspec.msgpack.decode(frame) if isinstance(frame, bytes) else {}
        self.said.append(said)
        if not (self.keeping and said.get("t") == "signal"):
            hub.send(frame)

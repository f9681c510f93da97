"""What Janus is told: its files, and its API's messages."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import aiohttp
import msgspec
import pytest

from loadtest.bench.media.janus import PLUGIN, Api, config, event_of
from loadtest.bench.store.servers import NotHere


class Spoken:
    """A WebSocket whose other end answers each request by these messages."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.said: list[dict[str, Any]] = []
        self._answers = list(answers)
        self._frames: asyncio.Queue[aiohttp.WSMessage] = asyncio.Queue()

    async def send_str(self, text: str) -> None:
        self.said.append(msgspec.json.decode(text))
        name = self.said[-1]["transaction"]
        while self._answers:
            answer = self._answers.pop(0) | {"transaction": name}
            data = msgspec.json.encode(answer).decode()
            self._frames.put_nowait(aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, data, None))
            if answer["janus"] != "event":
                break

    def __aiter__(self) -> Spoken:
        return self

    async def __anext__(self) -> aiohttp.WSMessage:
        return await self._frames.get()


def plugin_says(**data: Any) -> dict[str, Any]:
    return {"janus": "event", "sender": 7, "plugindata": {"plugin": PLUGIN, "data": data}}


def test_its_files_load_what_is_used_and_nothing_else(tmp_path: Path) -> None:
    for name in ("plugins/libjanus_videocall.so", "plugins/libjanus_sip.so"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    files = config(9000, tmp_path)
    assert 'plugins: { disable = "libjanus_sip.so" }' in files["janus.jcfg"]
    assert "ice_lite = true" in files["janus.jcfg"]
    assert "session_timeout = 0" in files["janus.jcfg"]
    assert "ws_port = 9000" in files["janus.transport.websockets.jcfg"]


async def test_an_event_that_overtakes_its_acknowledgement_is_not_lost() -> None:
    made = {"janus": "success", "data": {"id": 3}}
    attached = {"janus": "success", "data": {"id": 7}}
    told = plugin_says(result={"event": "registered"})
    socket = Spoken(made, attached, told, {"janus": "ack"})
    api = Api(cast(Any, socket))
    await api.open()
    handle = await api.attach()
    await api.request(handle, {"request": "register", "username": "a"}, {"type": "offer"})
    assert await api.event(handle, "registered") == told | {"transaction": "3"}
    assert socket.said[1] == {
        "janus": "attach",
        "plugin": PLUGIN,
        "transaction": "2",
        "session_id": 3,
    }
    assert socket.said[2]["body"] == {"request": "register", "username": "a"}
    assert socket.said[2]["jsep"] == {"type": "offer"}
    await api.close()


async def test_a_refusal_says_why() -> None:
    api = Api(cast(Any, Spoken({"janus": "error", "error": {"reason": "no such plugin"}})))
    with pytest.raises(NotHere, match="no such plugin"):
        await api.open()
    await api.close()


def test_an_events_name_is_the_plugins() -> None:
    assert event_of(plugin_says(result={"event": "accepted"})) == "accepted"
    assert event_of({"janus": "webrtcup"}) == ""
    with pytest.raises(NotHere, match="taken"):
        event_of(plugin_says(error="username taken", error_code=476))

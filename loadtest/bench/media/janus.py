"""Janus and its videocall plugin, driven over its WebSocket API: stock, and on a libsrtp with OpenSSL.

Debian's libsrtp does its cryptography with NSS, which takes several times as long; only the second
one says something about Janus itself. Otherwise it is as it comes: a thread a caller, ICE-lite.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from loadtest.bench.media import debian
from loadtest.bench.media.caller import Caller
from loadtest.bench.media.descriptions import mids_of, server_end
from loadtest.bench.media.process import Served, Wanted, last_words, running
from loadtest.bench.store.servers import NotHere, free_port, listens

PACKAGE = "janus"
PLUGIN = "janus.plugin.videocall"
FOLDERS = Path("/usr/lib/x86_64-linux-gnu/janus")
ANSWER_S = 10.0
START_S = 10.0

Said = dict[str, Any]


@contextlib.asynccontextmanager
async def janus(wanted: Wanted, place: Path) -> AsyncIterator[Served]:
    """As the distribution has it."""
    debian.install(PACKAGE)
    crypto = f"the distribution's libsrtp with {debian.crypto_of(debian.system_srtp())}"
    async with relay(wanted, place / "janus", crypto, {}) as served:
        yield served


@contextlib.asynccontextmanager
async def janus_openssl(wanted: Wanted, place: Path) -> AsyncIterator[Served]:
    """The same program on the same version of libsrtp, built with OpenSSL."""
    debian.install(PACKAGE)
    srtp = debian.srtp_with_openssl(wanted.cache)
    crypto = f"own libsrtp with {debian.crypto_of(srtp / 'libsrtp2.so.1')}"
    env = {"LD_LIBRARY_PATH": str(srtp)}
    async with relay(wanted, place / "janus-openssl", crypto, env) as served:
        yield served


@contextlib.asynccontextmanager
async def relay(
    wanted: Wanted, place: Path, crypto: str, env: Mapping[str, str]
) -> AsyncIterator[Served]:
    port, log = free_port(), place / "janus.log"
    write(place, config(port, FOLDERS))
    command = [
        "janus", f"--configs-folder={place}", f"--config={place / 'janus.jcfg'}",
        f"--log-file={log}", "--disable-stdout",
    ]  # fmt: skip
    async with running(command, wanted, place / "errors.log", env=env) as process:
        await until_up(port, log)
        async with aiohttp.ClientSession() as http:
            url = f"ws://127.0.0.1:{port}/"
            async with http.ws_connect(url, protocols=["janus-protocol"]) as socket:
                api = Api(socket)
                await api.open()
                lines = [c for n in range(wanted.pairs) for c in await call(api, wanted.host, n)]
                yield Served(process.pid, lines, f"{crypto}; Janus {debian.version_of(PACKAGE)}")
                await api.close()


def write(place: Path, files: Mapping[str, str]) -> None:
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / name).write_text(text)


async def until_up(port: int, log: Path) -> None:
    for _ in range(int(START_S / 0.1)):
        if listens(port):
            return
        await asyncio.sleep(0.1)
    raise NotHere(last_words(log))


def config(port: int, folders: Path) -> dict[str, str]:
    """Its files: nothing loaded but what is used, nothing limited, nothing written down."""
    others = {
        "plugins": [f.name for f in folders.glob("plugins/*.so") if "videocall" not in f.name],
        "transports": [f.name for f in folders.glob("transports/*.so") if "websock" not in f.name],
        "events": [f.name for f in folders.glob("events/*.so")],
        "loggers": [f.name for f in folders.glob("loggers/*.so")],
    }
    off = "".join(
        f'{part}: {{ disable = "{",".join(sorted(names))}" }}\n' for part, names in others.items()
    )
    general = (
        f'general: {{\n  plugins_folder = "{folders}/plugins"\n'
        f'  transports_folder = "{folders}/transports"\n  events_folder = "{folders}/events"\n'
        f'  loggers_folder = "{folders}/loggers"\n  debug_level = 2\n  session_timeout = 0\n}}\n'
    )
    return {
        "janus.jcfg": f"{general}nat: {{ ice_lite = true }}\n{off}",
        "janus.transport.websockets.jcfg": (
            f'general: {{\n  ws = true\n  ws_ip = "127.0.0.1"\n  ws_port = {port}\n  wss = false\n}}\n'
        ),
        f"{PLUGIN}.jcfg": "general: { events = false }\n",
    }


class Api:
    """Its API over one WebSocket and one session: a handle for each caller."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[str, asyncio.Future[Said]] = {}
        self._events: dict[int, asyncio.Queue[Said]] = {}
        self._session = 0
        self._reader = asyncio.create_task(self._read())

    async def open(self) -> None:
        self._session = int((await self.ask({"janus": "create"}))["data"]["id"])

    async def attach(self) -> int:
        """A handle of the plugin."""
        answer = await self.ask({"janus": "attach", "plugin": PLUGIN})
        handle = int(answer["data"]["id"])
        self._events[handle] = asyncio.Queue()
        return handle

    async def request(self, handle: int, body: Said, jsep: Said | None = None) -> None:
        """Ask the plugin for something; it answers by an event."""
        asked: Said = {"janus": "message", "handle_id": handle, "body": body}
        await self.ask(asked | ({"jsep": jsep} if jsep else {}))

    async def event(self, handle: int, wanted: str) -> Said:
        """The next event of that name, and its description if it has one."""
        while True:
            said = await within(self._events[handle].get())
            if wanted == event_of(said):
                return said

    async def ask(self, words: Said) -> Said:
        name = str(next(self._numbers))
        answer = self._answers[name] = asyncio.get_running_loop().create_future()
        whole = words | {"transaction": name}
        if self._session:
            whole["session_id"] = self._session
        await self._socket.send_str(msgspec.json.encode(whole).decode())
        said = await within(answer)
        if said["janus"] == "error":
            raise NotHere(f"Janus: {said['error'].get('reason')}")
        return said

    async def close(self) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        async for frame in self._socket:
            said: Said = msgspec.json.decode(frame.data)
            if said["janus"] == "event":
                self._events[said["sender"]].put_nowait(said)
            elif waiting := self._answers.pop(said.get("transaction", ""), None):
                waiting.set_result(said)


async def within(answer: Awaitable[Said]) -> Said:
    try:
        return await asyncio.wait_for(answer, ANSWER_S)
    except TimeoutError as late:
        raise NotHere("Janus does not answer") from late


def event_of(said: Said) -> str:
    """The plugin's name of an event; `NotHere` if it is an error."""
    data = said.get("plugindata", {}).get("data", {})
    if "error" in data:
        raise NotHere(f"Janus: {data['error']}")
    return str((data.get("result") or {}).get("event", ""))


async def call(api: Api, host: str, n: int) -> list[Caller]:
    """One calls, the other accepts; both connected."""
    names = (f"a{n}", f"b{n}")
    callers = [Caller(host, 2 * n + k) for k in (1, 2)]
    handles = [await api.attach(), await api.attach()]
    for handle, name in zip(handles, names, strict=True):
        await api.request(handle, {"request": "register", "username": name})
        await api.event(handle, "registered")
    offer = {"type": "offer", "sdp": callers[0].describe()}
    await api.request(handles[0], {"request": "call", "username": names[1]}, offer)
    incoming = (await api.event(handles[1], "incomingcall"))["jsep"]["sdp"]
    answer = {"type": "answer", "sdp": callers[1].describe(*mids_of(incoming))}
    await api.request(handles[1], {"request": "accept"}, answer)
    accepted = (await api.event(handles[0], "accepted"))["jsep"]["sdp"]
    ends = (server_end(accepted), server_end(incoming))
    await asyncio.gather(*(c.connect(end) for c, end in zip(callers, ends, strict=True)))
    return callers

"""Our worker, in a process of its own, asked for pairs over its control link as a hub does."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pylibsrtp

from loadtest.bench.media.caller import UFRAG, Caller
from loadtest.bench.media.descriptions import VIDEO_PT, End
from loadtest.bench.media.process import Served, Wanted, hear, running
from loadtest.bench.store.servers import NotHere
from media.codec import decode_worker, encode
from media.control import HubMessage, Leg, OpenPair, PairOpened, PairRefused, SetRemote, Side

GEN = 1


@contextlib.asynccontextmanager
async def ours(wanted: Wanted, place: Path) -> AsyncIterator[Served]:
    secret, log = secrets.token_urlsafe(24), place / "ours.log"
    command = [sys.executable, "-m", "loadtest.bench.media.worker", wanted.host, secret]
    async with running(command, wanted, log) as process, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{int(await hear(process, log))}/control"
        headers = {"Authorization": f"Bearer {secret}"}
        async with session.ws_connect(url, headers=headers) as link:
            hub = Hub(link)
            lines: list[Caller] = []
            for n in range(wanted.pairs):
                lines += await hub.pair(
                    f"pair{n}", [Caller(wanted.host, 2 * n + k) for k in (1, 2)]
                )
            yield Served(process.pid, lines, backend())


class Hub:
    """Just enough of a hub: opens pairs and says who is expected."""

    def __init__(self, link: aiohttp.ClientWebSocketResponse) -> None:
        self._link = link

    async def pair(self, name: str, callers: list[Caller]) -> list[Caller]:
        """Two callers, connected with each other."""
        await self._say(OpenPair(pair=name, gen=GEN))
        legs = await self._legs()
        sides: tuple[Side, Side] = (0, 1)
        for side, caller in zip(sides, callers, strict=True):
            await self._say(remote(name, side, caller))
        ends = [end_of(leg) for leg in legs]
        await asyncio.gather(*(c.connect(end) for c, end in zip(callers, ends, strict=True)))
        return callers

    async def _say(self, message: HubMessage) -> None:
        await self._link.send_bytes(encode(message))

    async def _legs(self) -> tuple[Leg, Leg]:
        async for frame in self._link:
            said = decode_worker(frame.data)
            if isinstance(said, PairOpened):
                return said.legs
            if isinstance(said, PairRefused):
                raise NotHere(f"the worker refuses pairs: {said.code}")
        raise NotHere("the worker hung up")


def remote(pair: str, side: Side, caller: Caller) -> SetRemote:
    return SetRemote(
        pair=pair,
        gen=GEN,
        side=side,
        ufrag=UFRAG,
        fingerprints=[caller.end.fingerprint],
        audio_pts=[],
        video_pts=[VIDEO_PT],
        camera_ssrcs=[caller.ssrc],
    )


def end_of(leg: Leg) -> End:
    return End(
        ufrag=leg.ufrag,
        pwd=leg.pwd,
        fingerprint=leg.fingerprint,
        host=leg.host,
        port=leg.port,
    )


def backend() -> str:
    return f"libsrtp with OpenSSL in pylibsrtp {pylibsrtp.__version__}"

"""One robot: its sign-in, its socket, and the room it sits in.

The socket may break at any time; the robot signs in and connects anew and takes its seat back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp

from loadtest.desk import Desk, Have, read
from loadtest.planner import Book, Move, View
from loadtest.rtc.peer import BAD_SIGNAL, Peer, PeerEvents
from loadtest.script import name_of
from loadtest.sitting import Build, CheckOut, Deed, Part, Pass, Say, Share, Sitting
from loadtest.web.api import Api, Instance, Refusal, held_of
from loadtest.web.socket import ServerClock, Socket, connect
from signalling.wire import Changed, Message, Room

log = logging.getLogger(__name__)

HEARTBEAT_S = 0.25
"""How often a robot looks at its timetable."""
AGAIN_S = (1.0, 2.0, 5.0)
"""Waits before connecting anew; the last one repeats."""
LOOK_BACK_MS = 10 * 60_000
LOOK_AHEAD_MS = 24 * 60 * 60_000


ASKED: dict[str, Callable[[Api], Awaitable[None]]] = {
    "people": Api.befriend_all,
    "invites": Api.accept_all,
}
"""What others may ask of a robot, by what the hub says has changed."""


class Robot:
    """A synthetic member. `run` is its life; `view` and `do` are how the planner moves it."""

    def __init__(
        self, base_url: str, secret: str, number: int, news: asyncio.Event, *, loopback: bool
    ) -> None:
        self.number = number
        self.name = name_of(number)
        self.clock = ServerClock()
        self.instance: Instance | None = None
        self._base_url, self._loopback = base_url, loopback
        self._secret = secret
        self._api = Api(base_url)
        self._news = news
        self._tab = secrets.token_urlsafe(12)
        self._socket: Socket | None = None
        self._sitting: Sitting | None = None
        self._done: set[str] = set()
        self._peers: dict[int, Peer] = {}
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def online(self) -> bool:
        """Connected, so that it can plan and be planned for."""
        return self._socket is not None and self.instance is not None

    async def run(self) -> None:
        """Live until cancelled."""
        async with self._api:
            tries = 0
            try:
                while True:
                    try:
                        await self._connected_life()
                        tries = 0
                    except (aiohttp.ClientError, TimeoutError, OSError, Refusal) as error:
                        log.info(
                            "robot %d lost its connection: %s", self.number, type(error).__name__
                        )
                    await asyncio.sleep(AGAIN_S[min(tries, len(AGAIN_S) - 1)])
                    tries += 1
            finally:
                await self._stand_up()

    async def view(self) -> View:
        """What this robot holds and sees now. Finds the room it should sit in on the way."""
        assert self.instance is not None
        now_ms = self.clock.now_ms()
        bookings = await self._api.bookings(now_ms - LOOK_BACK_MS, now_ms + LOOK_AHEAD_MS)
        waiting = await self._api.waiting(now_ms, now_ms + LOOK_AHEAD_MS, self.instance.length_min)
        self._find_room(bookings, now_ms)
        return View(
            number=self.number,
            held=tuple(held_of(b) for b in bookings if b["state"] in ("waiting", "matched")),
            waiting=waiting,
            busy=self._sitting is not None and now_ms >= self._sitting.enter_ms - 2_000,
        )

    async def do(self, move: Move) -> None:
        """Carry out a planned move; a refusal means the plan was overtaken, and is fine."""
        assert self.instance is not None
        with contextlib.suppress(Refusal):
            if isinstance(move, Book):
                await self._api.book(move.start_ms, self.instance.length_min)
            else:
                await self._api.cancel(move.booking)

    # The connection.

    async def _connected_life(self) -> None:
        instance = await self._api.instance()
        await self._api.sign_in("robot", key=self._secret, n=self.number)
        async with connect(self._api.http, self._base_url, self._tab, self.clock) as socket:
            self._socket, self.instance = socket, instance
            heart = asyncio.create_task(self._beat(), name=f"robot-{self.number}-beat")
            try:
                await self._listen(socket)
            finally:
                self._socket = None
                heart.cancel()
                await asyncio.gather(heart, return_exceptions=True)

    async def _listen(self, socket: Socket) -> None:
        first = True
        async for message in socket.messages():
            if first and self._sitting:
                await self._carry_out(self._sitting.resume())
            if first or isinstance(message, Changed):
                self._news.set()
            if first:
                self._errand(self._say_yes(*ASKED))
            elif isinstance(message, Changed) and message.what in ASKED:
                self._errand(self._say_yes(message.what))
            first = False
            await self._hear(message)

    async def _say_yes(self, *whats: str) -> None:
        """To whoever asks for a friendship or a session; what is refused is no longer asked for."""
        for what in whats:
            with contextlib.suppress(Refusal, aiohttp.ClientError, TimeoutError):
                await ASKED[what](self._api)

    async def _hear(self, message: Message) -> None:
        if self._sitting and self._sitting.entered:
            if isinstance(message, Room) and message.booking != self._sitting.booking:
                await self._go_on(self._sitting, message)
                return
            await self._carry_out(self._sitting.handle(message, self.clock.now_ms()))

    async def _go_on(self, former: Sitting, room: Room) -> None:
        """The next session with the same partner has begun, on the same connection."""
        await self._carry_out(former.end())
        self._done.add(former.booking)
        now_ms = self.clock.now_ms()
        self._sitting = Sitting.carried(room, self._api.member, self.name, now_ms)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if self._sitting is None:
                continue
            await self._carry_out(self._sitting.tick(self.clock.now_ms()))
            if self._sitting.over:
                await self._stand_up()

    # The room.

    def _find_room(self, bookings: list[dict[str, Any]], now_ms: int) -> None:
        live = {b["id"]: b for b in bookings if b["state"] == "matched"}
        if self._sitting and not self._sitting.entered and self._sitting.booking not in live:
            self._sitting = None
        if self._sitting is not None:
            return
        held = [held_of(b) for key, b in live.items() if key not in self._done]
        for one in sorted(held, key=lambda h: h.start_ms):
            if one.end_ms > now_ms:
                self._sitting = Sitting(
                    one.id, self._api.member, self.name, one.start_ms, one.end_ms
                )
                return

    async def _stand_up(self) -> None:
        if self._sitting is not None:
            self._done.add(self._sitting.booking)
        self._sitting = None
        peers, self._peers = list(self._peers.values()), {}
        await asyncio.gather(*(peer.close() for peer in peers), return_exceptions=True)
        errands, self._errands = list(self._errands), set()
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)
        self._news.set()

    async def _carry_out(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            await _DEEDS[type(deed)](self, deed)

    async def _say(self, deed: Say) -> None:
        if self._socket:
            self._socket.say(deed.message)

    async def _share(self, deed: Share) -> None:
        frame = Desk.frame(deed.entry)
        newest = self._peers.get(max(self._peers, default=0))
        if not (newest and newest.send(frame)) and self._socket:
            self._socket.say(deed.entry)

    async def _build(self, deed: Build) -> None:
        if self._socket is None:
            return
        gen = deed.asked.gen
        events = PeerEvents(
            say=self._socket.say,
            opened=lambda: self._greet_channel(gen),
            frame=lambda data: self._read_frame(gen, data),
        )
        peer = self._peers[gen] = Peer(self.number, deed.asked, events, loopback=self._loopback)
        self._errand(self._follow(peer))

    async def _follow(self, peer: Peer) -> None:
        """See one generation through; the older ones go when it carries."""
        await peer.run()
        if peer.carries.is_set():
            for gen in [g for g in self._peers if g < peer.gen]:
                await self._peers.pop(gen).close()

    async def _pass(self, deed: Pass) -> None:
        peer = self._peers.get(deed.signal.gen)
        if peer is None:
            return
        try:
            await peer.signal(deed.signal)
        except BAD_SIGNAL as error:
            log.info("robot %d could not use a signal: %s", self.number, type(error).__name__)

    async def _part(self, deed: Part) -> None:
        peers, self._peers = list(self._peers.values()), {}
        await asyncio.gather(*(peer.close() for peer in peers), return_exceptions=True)

    async def _check_out(self, deed: CheckOut) -> None:
        if self._sitting:
            with contextlib.suppress(Refusal, aiohttp.ClientError):
                await self._api.check_out(self._sitting.booking, list(deed.tasks))

    def _greet_channel(self, gen: int) -> None:
        if self._sitting and gen in self._peers:
            self._peers[gen].send(self._sitting.desk.opening())

    def _read_frame(self, gen: int, data: bytes) -> None:
        peer, sitting = self._peers.get(gen), self._sitting
        message = read(data)
        if peer is None or sitting is None or message is None:
            return
        if isinstance(message, Have):
            for frame in sitting.desk.missing(message):
                peer.send(frame)
        else:
            self._errand(self._carry_out(sitting.heard(message, self.clock.now_ms())))

    def _errand(self, work: Any) -> None:
        """Run beside the loop, owned until it is done or the robot stands up."""
        task = asyncio.ensure_future(work)
        self._errands.add(task)
        task.add_done_callback(self._errand_done)

    def _errand_done(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("robot %d failed at an errand: %s", self.number, type(error).__name__)


_DEEDS = cast(
    "dict[type[Deed], Callable[[Robot, Deed], Awaitable[None]]]",
    {
        Say: Robot._say,
        Share: Robot._share,
        Build: Robot._build,
        Pass: Robot._pass,
        Part: Robot._part,
        CheckOut: Robot._check_out,
    },
)

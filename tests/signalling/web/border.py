"""The other side of `signalling.ports`, held in the hand: what a test puts in is what the hub reads."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer

from scheduler.accounts import Account
from scheduler.bookings import Booking, Pair
from scheduler.errors import NotFound, SchedulerError, Unavailable
from scheduler.events import AnyEvent
from scheduler.presence import PresenceEvent
from scheduler.rules import DEFAULT, Rules
from scheduler.standby import Outcome, Search
from signalling import codec, wire
from signalling.backlog import place
from signalling.config import HubConfig
from signalling.ports import Member, SignedIn
from signalling.web.app import add_hub
from signalling.web.runner import Runner
from tests.signalling.stage import MEMBERS, PAIR, T, booking

ORIGIN = "https://work.example"
WAIT_S = 10.0


class HandClock:
    """Time stands still until a test moves it."""

    def __init__(self, now_ms: int = T) -> None:
        self.at_ms = now_ms
        self.synced = 0

    async def sync(self) -> None:
        self.synced += 1

    def now_ms(self) -> int:
        return self.at_ms


class HandLedger:
    """Bookings, pairs and an outbox; `away` makes every call fail as a lost store does."""

    def __init__(self) -> None:
        self.away = False
        self.bookings: dict[str, Booking] = {"b1": booking(), "b2": booking("b2", "m_ben")}
        self.pairs: dict[str, Pair] = {"p9": PAIR}
        self.recorded: list[PresenceEvent] = []
        self.outbox: list[tuple[str, AnyEvent]] = []
        self.epoch_is = "outbox-1"
        self.begins_at = "0-0"
        self.told = asyncio.Event()
        self.beats = 0

    def tell(self, offset: str, event: AnyEvent) -> None:
        self.outbox.append((offset, event))
        self.told.set()

    async def booking(self, booking: str) -> Booking:
        self._here()
        if booking not in self.bookings:
            raise NotFound
        return self.bookings[booking]

    async def pair(self, pair: str) -> Pair:
        self._here()
        return self.pairs[pair]

    async def bookings_of(self, member: str, from_ms: int, to_ms: int) -> list[Booking]:
        self._here()
        mine = [booking for booking in self.bookings.values() if booking.member == member]
        return [booking for booking in mine if from_ms <= booking.start_ms < to_ms]

    async def log_of(self, pair: str) -> list[PresenceEvent]:
        self._here()
        return list(self.recorded)

    async def record(self, pair: str, events: list[PresenceEvent]) -> None:
        self._here()
        if pair not in self.pairs:
            raise NotFound
        known = {event.id for event in self.recorded}
        self.recorded += [event for event in events if event.id not in known]

    async def beat(self) -> None:
        self.beats += 1
        self._here()

    async def epoch(self) -> str:
        self._here()
        return self.epoch_is

    async def last_offset(self) -> str:
        self._here()
        return self.outbox[-1][0] if self.outbox else "0-0"

    async def outbox_after(
        self, offset: str, *, count: int = 500, block_ms: int = 0
    ) -> list[tuple[str, AnyEvent]]:
        self._here()
        found = self._after(offset)
        if not found and block_ms:
            self.told.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.told.wait(), block_ms / 1000)
            self._here()
            found = self._after(offset)
        return found[:count]

    async def outbox_begins(self) -> str:
        self._here()
        return self.begins_at

    def _after(self, offset: str) -> list[tuple[str, AnyEvent]]:
        after = place(offset) or (0, 0)
        return [(named, event) for named, event in self.outbox if (place(named) or (0, 0)) > after]

    def _here(self) -> None:
        if self.away:
            raise Unavailable


class HandStandby:
    """What the hub said of members without a partner; answers a search with `outcome`, or refuses it."""

    def __init__(self, ledger: HandLedger) -> None:
        self._ledger = ledger
        self.said: list[tuple[str, ...]] = []
        self.outcome = Outcome.NOBODY
        self.refusal: SchedulerError | None = None

    async def here(self, member: str, booking: str, *, lost: bool = False) -> None:
        self._say("lost" if lost else "here", member, booking)

    async def gone(self, booking: str) -> None:
        self._say("gone", booking)

    async def seek(
        self,
        request_id: str,
        member: str,
        booking: str,
        *,
        newcomers: bool = False,
        locked: bool = False,
    ) -> Search:
        self._say("seek", member, booking)
        return Search(outcome=self.outcome, booking=self._ledger.bookings[booking], until_ms=0)

    async def answer(self, member: str, booking: str, accept: bool) -> None:
        self._say("answer", member, booking, str(accept))

    async def stop(self, member: str, booking: str) -> None:
        self._say("stop", member, booking)

    def _say(self, *what: str) -> None:
        if self._ledger.away:
            raise Unavailable
        if self.refusal is not None:
            raise self.refusal
        self.said.append(what)


class HandPeople:
    """Who is whose friend."""

    def __init__(self) -> None:
        self.pairs: set[frozenset[str]] = set()

    async def friends(self, a: str, b: str) -> bool:
        return frozenset((a, b)) in self.pairs


class HandAccounts:
    """A cookie is the member's id; `ended` holds those that are signed out."""

    def __init__(self) -> None:
        self.away = False
        self.ended: set[str] = set()
        self.differ: dict[str, dict[str, Any]] = {}
        """What of a member's account is not as usual."""

    async def signed_in(self, cookie: str) -> SignedIn | None:
        if self.away:
            raise Unavailable
        if cookie not in MEMBERS or cookie in self.ended:
            return None
        return SignedIn(member=cookie, session=f"session-of-{cookie}")

    async def member(self, member: str) -> Member:
        if self.away:
            raise Unavailable
        return MEMBERS[member]

    async def account(self, member: str) -> Account:
        known = await self.member(member)
        usual = Account(
            id=known.id,
            mail=f"{known.name}@example.org",
            created_ms=0,
            name=known.name,
            zone=known.zone,
            adult=True,
            rules_accepted=DEFAULT.version,
            hide_address=known.hide_address,
        )
        return msgspec.structs.replace(usual, **self.differ.get(member, {}))


class Page:
    """A page's socket: messages out, messages in."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def say(self, *messages: wire.Message) -> None:
        for message in messages:
            await self.ws.send_bytes(codec.encode(message))

    async def hear(self, kind: type[wire.Message]) -> wire.Message:
        """The next message of a kind; others are passed over."""
        while True:
            frame = await self.ws.receive(timeout=WAIT_S)
            assert frame.type is aiohttp.WSMsgType.BINARY, f"closed with {self.ws.close_code}"
            message = codec.decode_server(frame.data)
            if isinstance(message, kind):
                return message

    def cut(self, *, abort: bool) -> None:
        """The line breaks without a word, or the page's machine ends it for a page that is gone."""
        transport = self.ws._writer.transport
        assert isinstance(transport, asyncio.Transport)
        (transport.abort if abort else transport.close)()

    async def closed(self) -> int | None:
        """Read to the end; the code it was closed with."""
        while True:
            frame = await self.ws.receive(timeout=WAIT_S)
            if frame.type in (
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.CLOSING,
                aiohttp.WSMsgType.ERROR,
            ):
                return self.ws.close_code


class House:
    """A running hub and the pages that visit it."""

    def __init__(self, config: HubConfig, rules: Rules = DEFAULT) -> None:
        self.ledger = HandLedger()
        self.accounts = HandAccounts()
        self.standby = HandStandby(self.ledger)
        self.people = HandPeople()
        self.clock = HandClock()
        app = web.Application()
        self.runner: Runner = add_hub(
            app,
            rules=rules,
            config=config,
            ledger=self.ledger,
            accounts=self.accounts,
            people=self.people,
            standby=self.standby,
            clock=self.clock,
        )
        self.server = TestServer(app)
        self.session: aiohttp.ClientSession | None = None

    async def knock(self, cookie: str = "", *, origin: str | None = ORIGIN, **headers: str) -> Page:
        """Open a socket; raises `WSServerHandshakeError` when refused."""
        assert self.session is not None
        named = dict(headers) | ({"Origin": origin} if origin is not None else {})
        if cookie:
            named["Cookie"] = f"alongside={cookie}"
        return Page(await self.session.ws_connect(self.server.make_url("/ws"), headers=named))

    async def visit(self, member: str, **hello: str) -> Page:
        """Open a socket and say hello."""
        page = await self.knock(member)
        await page.say(wire.Hello(v=wire.PROTOCOL, tab=hello.pop("tab", f"tab-{member}"), **hello))
        return page

    async def seated(self, member: str, booking: str) -> Page:
        page = await self.visit(member)
        await page.say(wire.Enter(booking=booking, camera=True, mic=True))
        await page.hear(wire.Room)
        return page


@contextlib.asynccontextmanager
async def open_house(**settings: object) -> AsyncIterator[House]:
    """A hub on a free port of the loopback, gone afterwards."""
    house = House(msgspec.convert({"origins": (ORIGIN,)} | settings, HubConfig))
    await house.server.start_server()
    async with aiohttp.ClientSession() as session:
        house.session = session
        await until(lambda: house.runner.ready)
        yield house
    await house.server.close()


async def until(true: Callable[[], object]) -> None:
    """Let others run until something is so."""
    async with asyncio.timeout(WAIT_S):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.001)

"""The hub on the real ledger: booked, matched, met, and written down."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from scheduler.bookings import Booking, Wish
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.store.clock import StoreClock
from scheduler.store.ledger import Ledger
from scheduler.store.people import PeopleStore
from scheduler.store.standby import Standby
from signalling import wire
from signalling.config import HubConfig
from signalling.ports import Clock as HubClock
from signalling.ports import Ledger as HubLedger
from signalling.ports import People as HubPeople
from signalling.ports import Standby as HubStandby
from signalling.web.app import add_hub
from tests.signalling.web.border import ORIGIN, HandAccounts, House, Page, until


class Town(House):
    """A house whose ledger is real."""

    def __init__(self, ledger: Ledger, clock: StoreClock) -> None:
        self.real = ledger
        self.store_clock = clock
        self.accounts = HandAccounts()
        app = web.Application()
        port: HubLedger = ledger
        time: HubClock = clock
        people: HubPeople = PeopleStore(ledger.calls)
        standby: HubStandby = Standby(ledger.calls)
        self.runner = add_hub(
            app,
            rules=DEFAULT,
            config=HubConfig(origins=(ORIGIN,)),
            ledger=port,
            accounts=self.accounts,
            people=people,
            standby=standby,
            clock=time,
        )
        self.server = TestServer(app)
        self.session: aiohttp.ClientSession | None = None

    async def book(self, member: str, start_ms: int) -> Booking:
        return await self.real.book(
            f"book-{member}", member, Wish(start_ms=start_ms, length_min=25)
        )

    async def travel_to(self, at_ms: int) -> None:
        await self.real.move_clock(at_ms - await self.real.now_ms())
        await self.store_clock.sync()


@contextlib.asynccontextmanager
async def open_town(redis: Redis) -> AsyncIterator[Town]:
    ledger = Ledger(redis)
    await ledger.load_functions()
    clock = StoreClock(ledger)
    await clock.sync()
    town = Town(ledger, clock)
    await town.server.start_server()
    async with aiohttp.ClientSession() as session:
        town.session = session
        await until(lambda: town.runner.ready)
        yield town
    await town.server.close()


async def enter(page: Page, booking: Booking) -> wire.Room:
    await page.say(wire.Enter(booking=booking.id, camera=True, mic=True))
    room = await page.hear(wire.Room)
    assert isinstance(room, wire.Room)
    return room


async def told(page: Page, reason: str) -> wire.Changed:
    while True:
        changed = await page.hear(wire.Changed)
        assert isinstance(changed, wire.Changed)
        if changed.reason == reason:
            return changed


async def test_two_members_are_told_of_each_other_meet_and_are_seen(redis_client: Redis) -> None:
    async with open_town(redis_client) as town:
        now = await town.real.now_ms()
        start = (now // DEFAULT.grid_ms + 2) * DEFAULT.grid_ms
        ana, ben = await town.visit("m_ana"), await town.visit("m_ben")
        await ana.hear(wire.Welcome)
        first = await town.book("m_ana", start)
        await told(ana, "booked")
        second = await town.book("m_ben", start)
        assert (await told(ana, "matched")).booking == first.id
        assert (await told(ben, "matched")).booking == second.id

        await ana.say(wire.Enter(booking=first.id, camera=True, mic=True))
        refused = await ana.hear(wire.Refused)
        assert isinstance(refused, wire.Refused)
        assert refused.code == "too_early"

        await town.travel_to(start - MINUTE_MS)
        assert (await enter(ana, first)).partner is not None
        await enter(ben, second)
        assert isinstance(await ana.hear(wire.Negotiate), wire.Negotiate)
        await ana.say(wire.Media(camera=False, mic=True))

        pair = (await town.real.booking(first.id)).pair
        assert pair is not None
        async with asyncio.timeout(10):
            while len(log := await town.real.log_of(pair)) < 3:  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0.01)
        assert [(line.member, line.seen.value) for line in log] == [
            ("m_ana", "join"),
            ("m_ben", "join"),
            ("m_ana", "camera_off"),
        ]


async def test_a_partner_who_cancels_leaves_the_other_waiting(redis_client: Redis) -> None:
    async with open_town(redis_client) as town:
        now = await town.real.now_ms()
        start = (now // DEFAULT.grid_ms + 2) * DEFAULT.grid_ms
        first, second = await town.book("m_ana", start), await town.book("m_ben", start)
        await town.travel_to(start - 5 * MINUTE_MS)
        ana = await town.visit("m_ana")
        assert (await enter(ana, first)).pair
        await town.real.cancel("cancel-ben", "m_ben", second.id)
        changed = await ana.hear(wire.PartnerChanged)
        assert isinstance(changed, wire.PartnerChanged)
        assert changed.partner is None

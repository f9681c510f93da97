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


async def late_session(town: Town) -> tuple[dict[str, Page], dict[str, Booking], int]:
    """Ana booked with Ben and Dov with Eva; Ana and Dov are in their rooms at T, the others are not."""
    now = await town.real.now_ms()
    start = (now // DEFAULT.grid_ms + 2) * DEFAULT.grid_ms
    bookings = {who: await town.book(f"m_{who}", start) for who in ("ana", "ben", "dov", "eva")}
    await town.travel_to(start - MINUTE_MS)
    pages = {}
    for who in ("ana", "dov"):
        pages[who] = await town.visit(f"m_{who}")
        await enter(pages[who], bookings[who])
    await town.travel_to(start + 2 * MINUTE_MS)
    return pages, bookings, start


async def searching(page: Page, outcome: str) -> None:
    """Until the search has come so far: whoever is alone is known to be here a moment after T."""
    while True:
        search = await page.hear(wire.Search)
        assert isinstance(search, wire.Search)
        if search.outcome == outcome:
            return


async def test_d6_who_waits_for_nobody_is_asked_and_both_go_on(redis_client: Redis) -> None:
    async with open_town(redis_client) as town:
        pages, bookings, _ = await late_session(town)
        ana, dov = pages["ana"], pages["dov"]
        await ana.say(wire.Seek(newcomers=True))
        await dov.hear(wire.Asked)
        await searching(ana, "asking")
        await dov.say(wire.Answer(accept=True))
        met = await ana.hear(wire.PartnerChanged)
        assert isinstance(met, wire.PartnerChanged)
        assert met.partner is not None
        assert met.partner.member == "m_dov"
        await ana.hear(wire.Negotiate)
        await dov.hear(wire.Negotiate)

        ben = await town.visit("m_ben")
        room = await enter(ben, bookings["ben"])
        assert room.partner is None
        assert room.replaced is not None


async def test_d5_the_late_one_who_is_first_ends_the_search(redis_client: Redis) -> None:
    async with open_town(redis_client) as town:
        pages, bookings, _ = await late_session(town)
        ana, dov = pages["ana"], pages["dov"]
        await ana.say(wire.Seek(newcomers=True))
        await dov.hear(wire.Asked)
        ben = await town.visit("m_ben")
        assert (await enter(ben, bookings["ben"])).partner is not None
        refused = await ana.hear(wire.Refused)
        assert isinstance(refused, wire.Refused)
        assert refused.code == "partner_here"
        await dov.hear(wire.AskOver)
        await ana.hear(wire.Negotiate)


async def test_d10_the_same_two_go_on_in_their_next_session(redis_client: Redis) -> None:
    async with open_town(redis_client) as town:
        now = await town.real.now_ms()
        start = (now // DEFAULT.grid_ms + 2) * DEFAULT.grid_ms
        following = start + 30 * MINUTE_MS
        first = {who: await town.book(who, start) for who in ("m_ana", "m_ben")}
        second = {
            who: await town.real.book(
                f"next-{who}", who, Wish(start_ms=following, length_min=25, title=f"of {who}")
            )
            for who in ("m_ana", "m_ben")
        }
        await town.travel_to(start - MINUTE_MS)
        pages = {who: await town.visit(who) for who in first}
        for who, page in pages.items():
            await enter(page, first[who])
        await town.travel_to(start + 25 * MINUTE_MS)
        for who, page in pages.items():
            room = await page.hear(wire.Room)
            assert isinstance(room, wire.Room)
            assert (room.booking, room.title) == (second[who].id, f"of {who}")
            assert room.carried
            assert room.them.here
        pair = (await town.real.booking(second["m_ana"].id)).pair
        assert pair is not None
        async with asyncio.timeout(10):
            while len(log := await town.real.log_of(pair)) < 2:  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0.01)
        assert [line.seen.value for line in log] == ["join", "join"]

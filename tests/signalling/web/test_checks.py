"""POST /probe, with a real worker behind it: whose pages may try what, and what packets get there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import TestServer

from media.config import MediaConfig
from media.control import Leg
from media.web.worker import Worker
from scheduler.rules import DEFAULT, Rules
from signalling.config import HubConfig, IceConfig, WorkerAddress
from signalling.web import checks
from tests.media.caller import Caller
from tests.signalling.stage import T
from tests.signalling.web.border import ORIGIN, House, until

SECRET = "a secret of enough characters"
STUN, TURN = "stun:stun.example:3478", "turn:turn.example:3478?transport=tcp"
ICE = IceConfig(stun_urls=(STUN,), turn_urls=(TURN,), turn_secret="turn's own")


class Place:
    """A hub and a worker that know each other."""

    def __init__(self, house: House, worker: Worker) -> None:
        self.house = house
        self.worker = worker

    async def ask(self, cookie: str = "m_ana", *, origin: str | None = ORIGIN) -> tuple[int, Any]:
        """Status and answer of one check."""
        assert self.house.session is not None
        headers = {"Cookie": f"alongside={cookie}"} | ({"Origin": origin} if origin else {})
        url = self.house.server.make_url("/probe")
        async with self.house.session.post(url, headers=headers) as answer:
            kind = answer.content_type
            return answer.status, await (
                answer.json() if kind == "application/json" else answer.text()
            )

    async def leg(self, member: str = "m_ana") -> Leg:
        status, offer = await self.ask(member)
        assert status == 200
        return msgspec.convert(offer["leg"], Leg)

    def takes_pairs(self) -> bool:
        """Whether the hub knows the worker as one that does."""
        return self.house.runner.prober._probing._fleet.available()

    @property
    def pairs(self) -> int:
        return len(self.worker.sfu.pairs)


@contextlib.asynccontextmanager
async def open_place(rules: Rules = DEFAULT) -> AsyncIterator[Place]:
    worker = Worker(MediaConfig(secret=SECRET))
    await worker.start()
    control = TestServer(worker.app)
    await control.start_server()
    address = WorkerAddress(name="w1", url=str(control.make_url("/control")).replace("http", "ws"))
    config = HubConfig(origins=(ORIGIN,), ice=ICE, workers=(address,), worker_secret=SECRET)
    house = House(config, rules)
    await house.server.start_server()
    async with aiohttp.ClientSession() as session:
        house.session = session
        place = Place(house, worker)
        await until(place.takes_pairs)
        yield place
    await house.server.close()
    await control.close()
    await worker.stop()


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as opened:
        yield opened


async def test_a_pages_packets_reach_the_worker_and_come_back(place: Place) -> None:
    leg = await place.leg()
    assert leg.port == place.worker.port
    caller = await Caller(leg).open()
    answer = await caller.check()
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == caller.address
    await caller.close()


async def test_nothing_but_checks_is_answered_and_nothing_is_passed_on(place: Place) -> None:
    """Whoever knows a probe's password has an answering machine, and no way to anybody."""
    leg = await place.leg()
    one, other = await Caller(leg).open(), await Caller(leg).open()
    await one.check()
    await other.check()
    sent = place.worker.sfu._port.totals.packets_out
    client_hello = bytes.fromhex("16fefd0000000000000000") + bytes(60)
    for datagram in (client_hello, one.rtp(1, b"x" * 100), b"\x80\xc8" + bytes(40)):
        one.send(datagram)
    await one.check()  # What came before it has been read.
    assert place.worker.sfu._port.totals.packets_out == sent + 1
    assert other.media.empty()
    assert len(place.worker.sfu.gate.handshakes) == 0
    for caller in (one, other):
        await caller.close()


async def test_tabs_of_a_member_share_a_leg_and_members_do_not(place: Place) -> None:
    first, again, others = await place.leg(), await place.leg(), await place.leg("m_ben")
    assert first == again
    assert others.ufrag != first.ufrag
    assert place.pairs == 2


async def test_a_hub_that_goes_leaves_nothing_on_the_worker(place: Place) -> None:
    await place.leg()
    assert place.pairs == 1
    place.house.runner.prober.end()
    await until(lambda: place.pairs == 0)


async def test_servers_come_with_credentials_for_a_minute(place: Place) -> None:
    _, offer = await place.ask()
    stun, turn = offer["ice_servers"]
    assert stun["urls"] == [STUN]
    assert turn["urls"] == [TURN]
    assert int(turn["username"].partition(":")[0]) == T // 1000 + 60
    assert "m_ana" not in turn["username"]
    assert offer["relayed"] == ""


async def test_who_hides_the_address_need_not_learn_it(place: Place) -> None:
    place.house.accounts.differ["m_ana"] = {"hide_address": True}
    _, offer = await place.ask()
    assert [server["urls"] for server in offer["ice_servers"]] == [[TURN]]
    assert offer["relayed"] == "hidden"


async def test_where_nobody_connects_directly_pages_are_told_so() -> None:
    rules = msgspec.structs.replace(DEFAULT, media_direct="nobody")
    async with open_place(rules) as place:
        _, offer = await place.ask()
        assert offer["relayed"] == "all"
        assert [server["urls"] for server in offer["ice_servers"]] == [[TURN]]


async def test_a_worker_with_too_much_to_do_is_spared_and_the_rest_is_offered(
    place: Place,
) -> None:
    place.worker.drain()
    await until(lambda: not place.takes_pairs())
    status, offer = await place.ask()
    assert (status, offer["leg"]) == (200, None)
    assert len(offer["ice_servers"]) == 2
    assert place.pairs == 0


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
async def test_pages_of_other_origins_are_refused(place: Place, origin: str | None) -> None:
    assert await place.ask(origin=origin) == (403, "foreign_origin")
    assert place.pairs == 0


@pytest.mark.parametrize("cookie", ["", "m_nobody"])
async def test_who_is_not_signed_in_tries_nothing(place: Place, cookie: str) -> None:
    assert await place.ask(cookie) == (401, "signed_out")
    assert place.pairs == 0


async def test_a_store_that_is_away_is_not_a_signed_out_member(place: Place) -> None:
    place.house.accounts.away = True
    assert await place.ask() == (503, "unavailable")


async def test_who_is_not_welcomed_yet_gets_no_servers(place: Place) -> None:
    place.house.accounts.differ["m_ana"] = {"rules_accepted": 0}
    assert await place.ask() == (403, "not_welcomed")
    assert place.pairs == 0


async def test_a_member_checks_a_few_times_a_minute(place: Place) -> None:
    asked = [(await place.ask())[0] for _ in range(checks.PER_MEMBER + 1)]
    assert asked == [200] * checks.PER_MEMBER + [429]
    assert (await place.ask("m_ben"))[0] == 200
    assert await place.ask() == (429, "too_many")
    place.house.clock.at_ms += 60_000 // checks.PER_MEMBER
    assert (await place.ask())[0] == 200


async def test_of_one_place_more_is_refused_before_the_store_is_asked(place: Place) -> None:
    for _ in range(checks.PER_ADDRESS):
        assert (await place.ask("m_nobody"))[0] == 401
    place.house.accounts.away = True
    assert await place.ask() == (429, "too_many")

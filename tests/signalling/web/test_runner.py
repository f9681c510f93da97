"""The loop around the hub: deadlines, look-ups, and faults that stay where they are."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from scheduler.errors import Unavailable
from scheduler.presence import PresenceEvent, Seen
from signalling import wire
from signalling.config import HubConfig
from signalling.hub import Hub
from signalling.web import runner as module
from signalling.web.feed import Feed
from signalling.web.metrics import HELP
from signalling.web.runner import HubEnded
from tests.signalling.stage import MINUTE, SECOND, T
from tests.signalling.test_scenarios_healing import OFFER
from tests.signalling.web.border import ORIGIN, House, open_house, until


async def test_deadlines_are_kept_when_the_clock_moves_by_itself() -> None:
    async with open_house(drop_after_ms=3_000) as house:
        page = await house.seated("m_ana", "b1")
        await page.ws.close()
        house.clock.at_ms = T + 10 * SECOND
        await until(lambda: any(e.seen is Seen.DROP for e in house.ledger.recorded))


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_page_that_closes_its_socket_is_known_to_have_closed_it(code: int) -> None:
    async with open_house() as house:
        page = await house.seated("m_ana", "b1")
        await page.ws.close(code=code)
        assert (await dropped(house)).closed


@pytest.mark.parametrize("abort", [True, False])
async def test_a_line_that_breaks_is_not_taken_for_a_closed_page(abort: bool) -> None:
    async with open_house() as house:
        page = await house.seated("m_ana", "b1")
        page.cut(abort=abort)
        assert not (await dropped(house)).closed


async def dropped(house: House) -> PresenceEvent:
    await until(house.runner.alone.is_set)
    house.clock.at_ms = T + 10 * SECOND
    await until(lambda: any(e.seen is Seen.DROP for e in house.ledger.recorded))
    return house.ledger.recorded[-1]


async def test_a_clock_that_is_set_forward_is_noticed() -> None:
    async with open_house() as house:
        page = await house.seated("m_ana", "b1")
        house.clock.at_ms = T + 56 * MINUTE
        over = await page.hear(wire.Over)
        assert over == wire.Over(reason="closed")


async def test_a_booking_that_does_not_exist_is_refused() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.say(wire.Enter(booking="b404", camera=True, mic=True))
        refused = await page.hear(wire.Refused)
        assert isinstance(refused, wire.Refused)
        assert refused.code == "not_found"


async def test_a_call_goes_on_while_the_store_is_away_and_its_log_is_written_later() -> None:
    async with open_house() as house:
        ana, ben = await house.seated("m_ana", "b1"), await house.seated("m_ben", "b2")
        await until(lambda: len(house.ledger.recorded) == 2)
        house.ledger.away = True
        await ana.say(wire.Media(camera=False, mic=True))
        seats = await ben.hear(wire.Seats)
        while isinstance(seats, wire.Seats) and seats.them.camera:
            seats = await ben.hear(wire.Seats)
        await ana.ws.close()
        back = await house.visit("m_ana")
        await back.say(wire.Enter(booking="b1", camera=False, mic=True))
        assert await back.hear(wire.Room)
        house.ledger.away = False
        await until(lambda: house.ledger.recorded[-1].seen is Seen.CAMERA_OFF)


async def test_a_fault_of_ours_costs_one_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house() as house:
        ana, ben = await house.visit("m_ana"), await house.visit("m_ben")
        await ana.hear(wire.Welcome)
        await ben.hear(wire.Welcome)
        handle = Hub.handle

        def faulty(hub: Hub, event: object, now_ms: int) -> object:
            if getattr(event, "message", None) == wire.Ping(n=13):
                raise RuntimeError("a fault")
            return handle(hub, event, now_ms)  # type: ignore[arg-type]

        monkeypatch.setattr(Hub, "handle", faulty)
        await ana.say(wire.Ping(n=13))
        assert await ana.closed() == 1011
        await ben.say(wire.Ping(n=1))
        assert await ben.hear(wire.Pong)


async def test_a_hub_says_that_it_serves_also_after_the_store_was_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BEAT_S", 0.001)
    async with open_house() as house:
        house.ledger.away = True
        before = house.ledger.beats
        await until(lambda: house.ledger.beats > before + 2)


async def test_a_hub_that_cannot_go_on_says_so_to_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def faulty(feed: Feed) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Feed, "run", faulty)
    async with open_fallen() as house:
        async with asyncio.timeout(5):
            with pytest.raises(HubEnded):
                await house.runner.ended()
        assert not house.runner.ready


@contextlib.asynccontextmanager
async def open_fallen() -> AsyncIterator[House]:
    house = House(HubConfig(origins=(ORIGIN,)))
    await house.server.start_server()
    yield house
    await house.server.close()


async def test_a_room_lives_without_a_word_on_who_is_here() -> None:
    async with open_house() as house:
        house.standby.refusal = Unavailable()
        page = await house.seated("m_ana", "b1")
        house.clock.at_ms = T + 3 * MINUTE
        await page.hear(wire.PartnerLate)
        await page.say(wire.Seek())
        refused = await page.hear(wire.Refused)
        assert isinstance(refused, wire.Refused)
        assert (refused.code, refused.ref) == ("unavailable", "seek")
        house.standby.refusal = None
        await page.say(wire.Seek())
        search = await page.hear(wire.Search)
        assert search == wire.Search(outcome="nobody")
        house.clock.at_ms += 5 * SECOND
        await until(lambda: ("here", "m_ana", "b1") in house.standby.said)


async def test_figures_are_logged_under_known_names_and_nothing_else_of_the_member() -> None:
    async with open_house() as house:
        page = await house.seated("m_ana", "b1")
        before = HELP._value.get()
        with capture_logs() as logs:
            await page.say(wire.Figures(gen=0, figures={"rtt_ms": 41, "m_ana": 7}))
            await until(lambda: HELP._value.get() == before + 1)
        (said,) = [entry for entry in logs if entry["event"] == "call.figures"]
        said.pop("log_level")
        assert said == {"event": "call.figures", "path": "direct", "rtt_ms": 41}


async def test_no_description_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with open_house() as house:
        ana, ben = await house.seated("m_ana", "b1"), await house.seated("m_ben", "b2")
        await ben.hear(wire.Negotiate)
        with capture_logs() as logs:
            for text in (OFFER, OFFER.replace("a=mid:0", "a=candidate:nonsense")):
                await ana.say(wire.Signal(gen=1, kind="offer", sdp=text))
            await ana.hear(wire.Refused)
        assert "candidate" not in str(logs)
        assert "fingerprint" not in str(logs) + caplog.text

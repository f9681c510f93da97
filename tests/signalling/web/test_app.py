"""A hub in an application: two pages meet, and the hub goes without anybody being blamed."""

from __future__ import annotations

import pytest

from scheduler.events import Booked
from signalling import wire
from signalling.close_codes import CloseCode
from signalling.web import runner
from tests.signalling.stage import T
from tests.signalling.web.border import Page, open_house, until


async def test_two_pages_meet() -> None:
    async with open_house() as house:
        ana, ben = await house.seated("m_ana", "b1"), await house.seated("m_ben", "b2")
        for page, offers in ((ana, True), (ben, False)):
            negotiate = await page.hear(wire.Negotiate)
            assert isinstance(negotiate, wire.Negotiate)
            assert (negotiate.gen, negotiate.path, negotiate.offer) == (1, "direct", offers)
        await say_hello(ana, ben)
        await until(lambda: len(house.ledger.recorded) == 2)


async def say_hello(ana: Page, ben: Page) -> None:
    entry = wire.Entry(id="a1", kind="chat", by="m_ana", at_ms=T, text="Hello Ben")
    await ana.say(entry)
    assert await ben.hear(wire.Entry) == entry
    assert await ana.hear(wire.Entry) == entry


async def test_what_changes_is_told_at_once() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        await page.hear(wire.Welcome)
        booked = Booked(at_ms=T, booking="b9", member="m_ana", start_ms=T, length_min=50)
        house.ledger.tell("1000-0", booked)
        changed = await page.hear(wire.Changed)
        assert isinstance(changed, wire.Changed)
        assert (changed.booking, changed.offset) == ("b9", "1000-0")


async def test_a_page_resumes_where_it_was() -> None:
    async with open_house() as house:
        page = await house.visit("m_ana")
        welcome = await page.hear(wire.Welcome)
        assert isinstance(welcome, wire.Welcome)
        await page.ws.close()
        booked = Booked(at_ms=T, booking="b9", member="m_ana", start_ms=T, length_min=50)
        house.ledger.tell("1000-0", booked)
        again = await house.visit("m_ana", epoch=welcome.epoch, offset=welcome.offset)
        assert isinstance(await again.hear(wire.Changed), wire.Changed)


async def test_a_hub_that_stops_sends_its_pages_elsewhere_and_writes_down_what_it_saw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The clock here stands still, so that the moment at which a room's turn comes never does.
    monkeypatch.setattr(runner, "GO_S", 0.01)
    async with open_house() as house:
        page = await house.seated("m_ana", "b1")
        await house.runner.drain()
        assert await page.closed() == CloseCode.GOING_AWAY
        assert [event.seen for event in house.ledger.recorded] == ["join"]
        assert not house.runner.ready, "nobody is let in any more"

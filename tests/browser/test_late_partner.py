"""A partner who is late, from the first hint to the verdict; and a laptop whose clock is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.meeting import matched, they_see_each_other
from tests.support.people import MINUTE, rfc3339, words
from tests.support.system import System, running_system

LENGTH_MIN = 25
SECOND = 1_000
SEVEN_MINUTES_AHEAD = """(() => {
  const Real = Date;
  const ahead = 7 * 60_000;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
})()"""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("late")) as system:
        yield system


async def test_D5_1_to_4_ben_is_late_as_he_said_ana_waits_and_the_session_runs(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    start_ms, (anas, bens) = await matched(system, ana, ben, length_min=LENGTH_MIN)
    to_ana = f"/threads/{(await ana.me())['id']}"
    line = {"request_id": "late-line", "text": "3 min late"}
    await system.move_to(start_ms - 5 * MINUTE)
    await ben.me()
    await ben.call("POST", to_ana, line)
    await system.move_to(start_ms - MINUTE)
    await ana.enter_room(anas)
    await ben.page.goto("/people")
    # The hub says every few seconds who waits: at the start that has to be fresh.
    await system.move_to(start_ms - 8 * SECOND)
    await ben.sees("Ana is in the room. Coming?", within_s=25)
    await ben.picture("awaited-1280-light", update=False)
    await ben.page.set_viewport_size({"width": 390, "height": 844})
    await ben.picture("awaited-390-light", update=False)
    await ben.page.set_viewport_size({"width": 1280, "height": 800})
    # Beside the calendar the card asks, where the bar has no place.
    await ben.follow("Calendar")
    card = ben.page.get_by_role("complementary").get_by_role("region", name="Next up")
    await expect(card.get_by_text(words("Ana is in the room. Coming?"))).to_be_visible()
    await expect(card.get_by_role("button", name="Cannot come")).to_be_visible()
    await ben.picture("awaited-calendar-1280-light", update=False)
    await ben.follow("People")
    await ana.sees("Ben isn’t here yet")
    await ana.sees("3 min late")
    await ben.press("2 minutes late")
    await ben.sees("Ana was told")
    await expect(ben.page.get_by_role("region", name="Next up")).to_be_focused()
    await ana.sees("2 minutes late")
    await ben.page.reload()
    await ben.sees("Ana is in the room. Coming?")
    change = ana.page.get_by_role("button", name="Find me someone else")
    await expect(change).to_be_hidden()
    await system.move_to(start_ms + 2 * MINUTE + SECOND)
    await expect(change).to_be_visible(timeout=15_000)

    await system.move_to(start_ms + 2 * MINUTE + 30 * SECOND)
    await ben.enter_room(bens)
    await expect(change).to_be_hidden()
    await they_see_each_other(ana, ben)
    end_ms = start_ms + LENGTH_MIN * MINUTE
    await system.move_to(end_ms)
    for person in (ana, ben):
        await person.sees("How did it go?")
    await system.move_to(end_ms + 5 * MINUTE + SECOND)
    await ana.settled(anas)
    assert await ana.flags() == []
    [flag] = await ben.flags()
    assert (flag["fault"], flag["announced"]) == ("late", True)


async def test_D4_edge_a_wrong_clock_shows_the_servers_time(system: System, enrol: Enrol) -> None:
    ida, jon = await enrol("Ida"), await enrol("Jon")
    await ida.page.context.add_init_script(SEVEN_MINUTES_AHEAD)
    start_ms, bookings = await matched(system, ida, jon, length_min=LENGTH_MIN)
    await system.move_to(start_ms - 50 * SECOND)
    for person, booking in zip((ida, jon), bookings, strict=True):
        await person.enter_room(booking)
    assert (
        await ida.page.evaluate("Date.now()") - await jon.page.evaluate("Date.now()") > 6 * MINUTE
    )
    shown = [await person.timer_seconds() for person in (ida, jon)]
    left = (start_ms - await system.now_ms()) / SECOND
    assert None not in shown
    for seconds in shown:
        assert abs(int(seconds or 0) - left) <= 2, (shown, left, rfc3339(start_ms))

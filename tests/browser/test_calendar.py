"""A week with company in it: what waits, what is booked, on a wide page and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE
from tests.support.system import System, next_monday, running_system

LENGTH_MIN = 50
HOUR = 60 * MINUTE
DAY = 24 * HOUR

COMPANY = {
    "Wren": (2.5, 26, 50, 75),
    "Kofi": (1, 4, 26, 51, 74, 98),
    "Yuki": (2.5, 25, 28, 52, 76),
    "Amara": (5, 26, 28.25, 49.5, 77, 99),
    "Tomasz": (6, 30, 54, 78, 122),
    "Priya": (5, 27.5, 53, 79, 123),
    "Bartholomäus": (4, 31, 55, 100),
}
"""When each of them waits, in hours after Monday 9:00."""

OWN = (1, 28.25, 73, 79)
"""The same for Ana: most of these meet somebody above, one on Thursday nobody."""
LOCKED = ("m_amara", 49.5)
"""With whom Ana locks in, and when."""
FAVOURITES = ("m_amara", "m_yuki")

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules, on a Monday a little after nine."""
    from scheduler.bookings import Lockable

    async with running_system(tmp_path_factory.mktemp("calendar")) as system:
        monday = next_monday(await system.now_ms(), 9)
        await system.move_to(monday + 18 * MINUTE)
        for name, hours in COMPANY.items():
            starts = [monday + int(hour * HOUR) for hour in hours]
            await system.settle_in(name, starts, LENGTH_MIN, lockable=Lockable.EVERYONE)
        yield system


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "light"), (390, 844, "dark")])
async def test_a_full_week_stands_on_the_page(
    system: System, enrol: Enrol, update_pictures: bool, width: int, height: int, scheme: str
) -> None:
    from scheduler.store.people import PeopleStore

    ana = await enrol(
        f"Ana{width}", viewport={"width": width, "height": height}, color_scheme=scheme
    )
    await ana.sign_in_quickly()
    now_ms = await system.now_ms()
    monday = now_ms - now_ms % (15 * MINUTE) - 15 * MINUTE
    if width == 1280:
        for hour in OWN:
            await ana.book(monday + int(hour * HOUR), LENGTH_MIN)
        await ana.lock_in(LOCKED[0], monday + int(LOCKED[1] * HOUR), LENGTH_MIN)
    people = PeopleStore(system.ledger.calls)
    for other in FAVOURITES:
        await people.favourite(f"favour-{other}", (await ana.me())["id"], other)
    await ana.page.goto("/")
    await ana.sees("Tomasz")
    assert await ana.page.evaluate(FITS)
    await ana.picture(f"calendar-{width}-{scheme}", update=update_pictures)

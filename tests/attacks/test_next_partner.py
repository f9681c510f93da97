"""What one partner was shown and told never reaches the next, however the change of partners is learnt."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.attacks.between import Between
from tests.browser.test_room_screen import A_DESK
from tests.support.meeting import matched, they_see_each_other
from tests.support.people import MINUTE, Person, a_person
from tests.support.system import System, eventually, running_system

SECRET = "the door code is 4711"


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with running_system(tmp_path_factory.mktemp("next")) as system:
        yield system


async def partner_of(person: Person, booking: str) -> str:
    found: dict[str, Any] = await person.call("GET", f"/bookings/{booking}")
    return str((found["partner"] or {}).get("name", ""))


async def test_a_partner_matched_while_the_line_was_lost_sees_nothing_of_the_one_before(
    system: System, browsers: list[Browser]
) -> None:
    line = Between()
    async with (
        a_person("Ana", browsers[0], system) as ana,
        a_person("Ben", browsers[1], system) as ben,
        a_person("Dora", browsers[1], system) as dora,
    ):
        await ana.page.add_init_script(A_DESK)
        await ana.page.route_web_socket(re.compile("/ws"), line.take)
        start_ms, (anas, bens) = await matched(system, ana, ben, length_min=25)
        await dora.sign_in_quickly()
        doras = await dora.book(start_ms, 25)
        await system.move_to(start_ms - 3 * MINUTE)
        await ana.enter_room(anas)
        await ben.enter_room(bens)
        await they_see_each_other(ana, ben)
        await ana.press("More")
        await ana.press("Share screen")
        await expect(ben.page.get_by_role("figure", name="screen")).to_be_visible()
        await ana.write("Ben", SECRET)
        await ben.sees(SECRET)

        await line.go_away()
        await ben.page.close()
        await ben.call("DELETE", f"/bookings/{bens}?request_id=ben-goes")

        async def matched_anew() -> bool:
            return await partner_of(ana, anas) == "Dora"

        await eventually(matched_anew)
        await dora.enter_room(doras)
        line.away = False
        await they_see_each_other(ana, dora)
        await ana.sees("We stopped sharing your screen")
        assert await ana.page.evaluate("window.shared.readyState") == "ended"
        await expect(dora.page.locator(".screen")).to_have_count(0)
        for person in (ana, dora):
            await expect(person.page.get_by_text(SECRET)).to_have_count(0)

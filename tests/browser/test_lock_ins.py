"""Members and their lock-ins: what cannot be undone, who is left by one, and what a snooze ends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, Person, next_start, words
from tests.support.system import System, running_system

LENGTH_MIN = 50


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules."""
    async with running_system(tmp_path_factory.mktemp("lock_ins")) as system:
        yield system


async def members(enrol: Enrol, *names: str) -> list[Person]:
    people = [await enrol(name) for name in names]
    for person in people:
        await person.sign_in_quickly()
    return people


async def favours(one: Person, other: Person) -> None:
    """So that the other may lock in with them."""
    body = {"request_id": f"{one.name}-favours-{other.name}"}
    await one.call("PUT", f"/people/{(await other.me())['id']}/favourite", body)


async def booking_of(person: Person, id: str) -> dict[str, Any]:
    found: dict[str, Any] = await person.call("GET", f"/bookings/{id}")
    return found


async def test_a_lock_in_of_a_session_that_was_there_is_no_press_to_undo(
    system: System, enrol: Enrol
) -> None:
    """Chance had matched the two: to cancel would take the session, and count as late at once."""
    ana, ben = await members(enrol, "Ana", "Ben")
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    await ben.book(start_ms, LENGTH_MIN)
    own = await ana.book(start_ms, LENGTH_MIN)
    await favours(ben, ana)
    await system.move_to(start_ms - 30 * MINUTE)
    await ana.page.goto(f"/people/{(await ben.me())['id']}")
    await ana.press(re.compile("^Lock in .*Ben"))
    await ana.sees(re.compile("^Your session today .* is locked in now, with"))
    await expect(ana.page.get_by_role("button", name=words("Undo"))).to_have_count(0)
    await ana.page.keyboard.press("z")
    after = await booking_of(ana, own)
    assert (after["state"], after["locked"]) == ("matched", True)
    assert await ana.flags() == []


async def test_whom_a_lock_in_left_is_asked_whether_they_stay_with_whoever_was_found(
    system: System, enrol: Enrol
) -> None:
    eva, kim, lou = await members(enrol, "Eva", "Kim", "Lou")
    start_ms = next_start(await system.now_ms(), 60, ahead_min=120)
    for person in (kim, eva):  # who have met, or are going to, may favour each other
        await person.book(start_ms + 60 * MINUTE, LENGTH_MIN)
    await favours(kim, eva)
    theirs = await kim.book(start_ms, LENGTH_MIN)
    own = await eva.book(start_ms, LENGTH_MIN)
    await eva.lock_in((await kim.me())["id"], start_ms, LENGTH_MIN)
    await lou.book(start_ms, LENGTH_MIN)
    await system.move_to(start_ms - 30 * MINUTE)
    await eva.page.goto("/")
    await eva.holds(start_ms, "Kim.*locked in")
    await kim.call("DELETE", f"/bookings/{theirs}?request_id=kim-cancels")
    await eva.is_told("Kim cancelled. You are with Lou now")
    await eva.page.goto(f"/sessions/{own}")
    await eva.sees("Kim cancelled, and you are with Lou now. Stay, or be released")
    await eva.press("Release me")
    await eva.sees("This session was cancelled.")
    assert await eva.flags() == []
    assert [flag["fault"] for flag in await kim.flags()] == ["late_cancel"]


async def test_a_snooze_from_past_sessions_names_what_it_ends(system: System, enrol: Enrol) -> None:
    """The same question as on the page of people, and no way back that would not bring it back."""
    ida, jon = await members(enrol, "Ida", "Jon")
    start_ms = next_start(await system.now_ms(), 60, ahead_min=60)
    ahead_ms = start_ms + 5 * 60 * MINUTE
    for person in (jon, ida):
        await person.book(start_ms, LENGTH_MIN)
    await jon.book(ahead_ms, LENGTH_MIN)
    await favours(jon, ida)
    await ida.lock_in((await jon.me())["id"], ahead_ms, LENGTH_MIN)
    own = await ida.last_booking()
    await system.move_to(start_ms + (LENGTH_MIN + 6) * MINUTE)
    await ida.page.goto("/sessions#past")
    await ida.press("Snooze: Jon")
    await ida.sees("Your session with Jon, today")
    await ida.sees("A lock-in ends for good.")
    await ida.press("For a week")
    await ida.is_told("You are not with Jon any more")
    await expect(ida.page.get_by_role("button", name=words("Undo"))).to_have_count(0)
    assert (await booking_of(ida, own))["state"] == "waiting"


async def test_sessions_are_shown_though_what_was_noted_is_not_told(
    system: System, enrol: Enrol
) -> None:
    """Whoever has none yet is told so, and of the past what is missing."""
    [mia] = await members(enrol, "Mia")
    await mia.page.route("**/api/v1/flags", lambda route: route.fulfill(status=503, body=""))
    await mia.page.goto("/sessions")
    await mia.sees("No sessions yet.")
    await mia.choose_tab("Past")
    await mia.sees("No sessions in")
    await mia.sees("Try again")
    mia.forgives(503)

"""The device check's connection row says what packets found: straight, through our server, or not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.support.network.lab import Lab
from tests.support.people import Person, a_person, behaved
from tests.support.system import System, eventually

TRIED_MS = 15_000
SILENT = "did not answer. That is this network or our server."

Check = Callable[[System, str], Awaitable[Person]]


@pytest.fixture
async def check(browsers: list[Browser], lab: Lab) -> AsyncIterator[Check]:
    """Put a new member before the check, in a network of their own."""
    async with AsyncExitStack() as stack:
        people: list[Person] = []

        async def one(system: System, name: str) -> Person:
            person = await stack.enter_async_context(a_person(name, browsers[0], system))
            people.append(person)
            await person.sign_in_quickly()
            await person.page.goto("/check")
            return person

        yield one
        for person in people:
            await behaved(person)


def row(person: Person) -> Locator:
    """The row of the connection."""
    rows = person.page.get_by_role("listitem")
    return rows.filter(has=person.page.get_by_role("heading", name="Connection"))


async def says(person: Person, text: str, heading: str = "Everything works") -> None:
    """Row and heading, before long and without anything being pressed."""
    await expect(row(person).get_by_role("status")).to_have_text(text, timeout=TRIED_MS)
    await expect(person.page.get_by_role("heading", level=1)).to_have_text(heading)


async def details(person: Person) -> str:
    """What somebody would copy."""
    await row(person).get_by_text("Details").click()
    return await row(person).locator("pre").inner_text()


async def test_in_an_open_network_it_works(direct: System, check: Check) -> None:
    await says(await check(direct, "Open"), "Works")
    opened = (await direct.hub.metrics())['cw_hub_probes_total{result="opened"}']
    assert opened == 1, "packets came from the real worker"


async def test_without_udp_and_without_turn_it_says_so_and_that_it_is_mended(
    direct: System, lab: Lab, check: Check
) -> None:
    lab.block_udp("ana")
    person = await check(direct, "Walled")
    await expect(row(person)).to_contain_text("Trying other ways", timeout=TRIED_MS)
    await expect(row(person)).to_contain_text(SILENT, timeout=TRIED_MS)
    heading = person.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("One thing to look at")
    told = await details(person)
    await expect(row(person)).to_contain_text(f"Our server’s port {direct.media_port}")
    await expect(row(person)).to_contain_text("ask whoever runs the firewall")
    assert f"UDP {direct.media_port}: no answer in 8 s" in told
    assert "TURN: this place has none" in told
    assert not re.search(r"11\.7[78]\.", told), "somebody's address"
    lab.mend()
    await person.press("Try again to connect")
    await says(person, "Works")


async def test_without_udp_turn_is_found_over_tcp(
    with_turn: System, lab: Lab, check: Check
) -> None:
    lab.block_udp("ana")
    person = await check(with_turn, "Turned")
    await says(person, "Works, through our server. Your network lets nothing straight through.")
    told = await details(person)
    assert f"UDP {with_turn.media_port}: answered through TURN only" in told
    assert "TURN over TCP: answered" in told


async def test_who_hides_the_address_is_told_that_it_is_hidden(
    with_turn: System, check: Check
) -> None:
    person = await check(with_turn, "Hidden")
    await person.call("PATCH", "/me", {"hide_address": True})
    await person.page.reload()
    await says(person, "Works, through our server, as you hide your address")


async def test_where_all_calls_are_relayed_it_says_so(relayed: System, check: Check) -> None:
    person = await check(relayed, "Relayed")
    await says(person, "Works, through our server, as all calls here do")


async def test_a_relay_that_cannot_be_asked_is_no_verdict(direct: System, check: Check) -> None:
    direct.sfu.freeze()
    try:
        await eventually(lambda: no_worker(direct))
        person = await check(direct, "Untried")
        text = "We could not try this just now. That says nothing about your connection."
        await says(person, text, "Camera and microphone work")
    finally:
        direct.sfu.thaw()
    await eventually(lambda: a_worker(direct))
    await person.press("Try again to connect")
    await says(person, "Works")


async def no_worker(system: System) -> bool:
    return (await system.hub.metrics())["cw_hub_workers"] == 0


async def a_worker(system: System) -> bool:
    return not await no_worker(system)

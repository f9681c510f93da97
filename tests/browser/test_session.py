"""The first real session, end to end: two members, two browsers, one slot.

Told twice: with the direct path, and with every packet through the SFU.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enrol
from tests.support.people import MINUTE, Person, next_start
from tests.support.system import System, eventually, running_system

LENGTH_MIN = 3
CHECKS_BYTES = 10_000
"""More than the device checks of two pages send to a worker, less than a second of a call."""


@pytest.fixture(scope="module", params=["everyone", "nobody"], ids=["direct", "relayed"])
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """A demo's short sessions, without its robots."""
    directory = tmp_path_factory.mktemp(f"session-{request.param}")
    async with running_system(directory, demo=True, direct=request.param) as system:
        yield system


async def test_D4_two_members_meet_work_and_part(system: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    for person in (ana, ben):
        await person.sign_in_by_mail()

    start_ms = next_start(await system.now_ms(), 1, ahead_min=3)
    end_ms = start_ms + LENGTH_MIN * MINUTE
    await they_book_the_same_time(ana, ben, start_ms)

    idle_threads = len(system.sfu.threads())
    await system.move_to(start_ms - 50_000)
    for person in (ana, ben):
        await person.follow("Enter the room")
        await person.through_the_check()
    await they_see_each_other_move(ana, ben)
    if system.direct == "nobody":
        await everything_goes_through_one_port(system, ana, ben, idle_threads)
    else:
        await nothing_goes_through_the_server(system)

    await their_timers_agree(ana, ben)
    await they_write_and_tick(ana, ben)
    await a_reload_keeps_chat_and_seat(ana, ben)

    await system.move_to(start_ms + MINUTE)
    await system.move_to(end_ms - 50_000)
    for person in (ana, ben):
        await person.sees("One minute. Finish your sentence.")
    await system.move_to(end_ms)
    await they_check_in(ana, ben)

    await system.move_to(end_ms + MINUTE)
    await ana.sees("The room is closed")
    for person in (ana, ben):
        booking = await person.last_booking()
        await person.settled(booking)
        assert await person.flags() == []
        assert (await person.call("GET", f"/bookings/{booking}"))["state"] == "done"


async def they_book_the_same_time(ana: Person, ben: Person, start_ms: int) -> None:
    """Both choose it on the page; both learn of it without reloading."""
    for person in (ana, ben):
        await person.choose(start_ms)
        await person.press(re.compile("^Book session"))
    await ana.holds(start_ms, "Ben")
    await ben.holds(start_ms, "Ana")


async def they_see_each_other_move(ana: Person, ben: Person) -> None:
    await asyncio.gather(ana.sees_moving_picture(), ben.sees_moving_picture())


async def everything_goes_through_one_port(
    system: System, ana: Person, ben: Person, idle_threads: int
) -> None:
    """Both pages talk to the worker's one UDP port, which forwards and never decodes."""
    ports = [await person.page.evaluate("probe.remotePorts()") for person in (ana, ben)]
    assert ports == [[system.media_port]] * 2
    assert len(system.sfu.udp_sockets()) == 1
    assert system.hub.udp_sockets() == []
    assert await forwarded(system) > 0
    # A decoder or encoder would bring threads of its own.
    assert len(system.sfu.threads()) == idle_threads


async def nothing_goes_through_the_server(system: System) -> None:
    """The worker answered the device checks, and no leg of it was ever connected: none had keys."""
    samples = await system.sfu.metrics()
    assert [k for k in samples if k.startswith("cw_sfu_handshakes_total")] == []
    assert samples['cw_sfu_bytes_total{dir="in"}'] < CHECKS_BYTES


async def forwarded(system: System) -> float:
    """Packets the worker has sent on."""
    samples = await system.sfu.metrics()
    packets = {k: v for k, v in samples.items() if re.match(r"cw_sfu_packets_total\b", k)}
    assert packets, sorted(samples)
    return sum(packets.values())


async def their_timers_agree(ana: Person, ben: Person) -> None:
    """Both count down the last minute before the start in seconds, less than one apart."""

    async def both_seconds() -> tuple[int, int] | None:
        shown = await asyncio.gather(ana.timer_seconds(), ben.timer_seconds())
        return None if None in shown else shown

    one, other = await eventually(both_seconds, within_s=5)
    assert abs(one - other) <= 1


async def they_write_and_tick(ana: Person, ben: Person) -> None:
    heard = [await p.page.evaluate("probe.channelMessages()") for p in (ana, ben)]
    await ana.write("Ben", "Good morning from Ana")
    await ben.sees("Good morning from Ana")
    await ben.write("Ana", "Good morning from Ben")
    await ana.sees("Good morning from Ben")
    for person, partner in ((ana, ben), (ben, ana)):
        await person.add_task(f"{person.name} writes a page")
        await partner.sees(f"{person.name} writes a page")
        await person.tick(f"{person.name} writes a page")
        await expect(partner.partners_task(f"{person.name} writes a page")).to_be_visible()

    async def the_channel_brought_it_too() -> bool:
        # What is seen may have come by the hub, a moment sooner.
        now = [await p.page.evaluate("probe.channelMessages()") for p in (ana, ben)]
        return all(after >= before + 3 for before, after in zip(heard, now, strict=True))

    await eventually(the_channel_brought_it_too)


async def a_reload_keeps_chat_and_seat(ana: Person, ben: Person) -> None:
    await ben.page.reload()
    await expect(ben.leave_button).to_be_visible()
    await ben.sees("Good morning from Ana")
    await ben.sees("Good morning from Ben")
    await they_see_each_other_move(ana, ben)
    await ben.write("Ana", "Here I am again")
    await ana.sees("Here I am again")


async def they_check_in(ana: Person, ben: Person) -> None:
    for person, partner in ((ana, ben), (ben, ana)):
        await person.sees(f"{LENGTH_MIN} minutes, alongside {partner.name}")
        group = person.page.get_by_role("group", name=f"{person.name} writes a page")
        await expect(group.get_by_role("radio", name="Done")).to_be_checked()
        await group.get_by_role("radio", name="Partly").check()
        await person.sees("Saved")
        answer = await person.call("GET", f"/bookings/{await person.last_booking()}/checkin")
        said = {each["task"]: each["outcome"] for each in answer["outcomes"]}
        assert said == {f"{person.name} writes a page": "partly"}

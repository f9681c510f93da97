"""A call goes on without a direct path, and without its only relay for a while.

Nothing is pressed in any of it, and nobody is flagged for it. `tests/healing` measures such gaps.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room, they_see_each_other
from tests.support.people import MINUTE, Person
from tests.support.system import System, running_system

LENGTH_MIN = 50

DEAF = """
const real = RTCPeerConnection.prototype.addIceCandidate;
RTCPeerConnection.prototype.addIceCandidate = function (candidate) {
  const inRoom = location.pathname.startsWith("/room/");
  return inRoom ? Promise.resolve() : real.call(this, candidate);
};
"""
"""A page that cannot use its partner's addresses: the direct path never comes. The relay's stand in
the description itself."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules: direct where it can be."""
    async with running_system(tmp_path_factory.mktemp("healing")) as system:
        yield system


@pytest.fixture(scope="module")
async def relaying(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """The same, but nobody may connect directly."""
    async with running_system(tmp_path_factory.mktemp("relayed"), direct="nobody") as system:
        yield system


async def in_a_call(system: System, one: Person, other: Person) -> tuple[int, list[str]]:
    """Both at work, seeing each other; the session's start and their bookings."""
    start_ms, bookings = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)
    return start_ms, bookings


async def path_of(person: Person) -> str:
    return str(await person.page.evaluate("document.documentElement.dataset.callPath"))


async def both_hear_each_other(one: Person, other: Person, word: str) -> None:
    await one.write(other.name, f"{word} from {one.name}")
    await other.sees(f"{word} from {one.name}")
    await other.write(one.name, f"{word} from {other.name}")
    await one.sees(f"{word} from {other.name}")


async def nobody_is_flagged(
    system: System, start_ms: int, bookings: list[str], *people: Person
) -> None:
    end_ms = start_ms + LENGTH_MIN * MINUTE
    await system.move_to(end_ms)
    await system.move_to(end_ms + 5 * MINUTE + 1_000)
    await people[0].settled(bookings[0])
    for person in people:
        assert await person.flags() == []


async def test_a_direct_path_that_does_not_come_gives_way_to_the_relay(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    for person in (ana, ben):
        await person.page.add_init_script(DEAF)
    start_ms, bookings = await in_a_call(system, ana, ben)
    assert [await path_of(person) for person in (ana, ben)] == ["relay", "relay"]
    await both_hear_each_other(ana, ben, "Through the relay")
    await nobody_is_flagged(system, start_ms, bookings, ana, ben)


async def test_a_call_comes_back_when_its_relay_does(relaying: System, enrol: Enrol) -> None:
    ana, ben = await enrol("Ana", relaying), await enrol("Ben", relaying)
    start_ms, bookings = await in_a_call(relaying, ana, ben)
    await relaying.sfu.die_and_return()
    await they_see_each_other(ana, ben)
    await both_hear_each_other(ana, ben, "Back")
    await nobody_is_flagged(relaying, start_ms, bookings, ana, ben)

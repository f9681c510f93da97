"""What both pages know of their call: the words that are alike, what is sent, how it goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE, Person
from tests.support.system import System, eventually, running_system

LENGTH_MIN = 50
TILES_KBPS = 600

SENT_BPS = """async () => {
  const sent = async () => {
    let [bytes, at] = [0, performance.now()];
    for (const peer of probe.open()) {
      (await peer.getStats()).forEach((r) => {
        if (r.type === "candidate-pair" && r.nominated) bytes += r.bytesSent + 28 * r.packetsSent;
      });
    }
    return [bytes, at];
  };
  const [before, from] = await sent();
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const [after, to] = await sent();
  return ((after - before) * 8) / ((to - from) / 1000);
}"""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules: direct where it can be."""
    async with running_system(tmp_path_factory.mktemp("call")) as system:
        yield system


@pytest.fixture(scope="module")
async def relaying(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """The same, but nobody may connect directly."""
    async with running_system(tmp_path_factory.mktemp("relayed"), direct="nobody") as system:
        yield system


async def figures(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = await person.page.evaluate("__alongside.figures()")
    return found


async def meet(system: System, one: Person, other: Person) -> None:
    start_ms, _ = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)


async def test_both_screens_know_the_same_four_words_and_the_call_costs_what_it_may(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    await meet(system, ana, ben)

    async def both_have_words() -> bool:
        return all([(await figures(each))["safety"] for each in (ana, ben)])

    await eventually(both_have_words)
    one, other = await figures(ana), await figures(ben)
    assert one["safety"] == other["safety"]
    assert len(set(one["safety"])) > 1
    assert one["path"] == "direct"
    assert not one["silent"]
    assert one["silences"] == 0
    assert await ana.page.evaluate(SENT_BPS) < TILES_KBPS * 1_000


async def test_there_are_no_such_words_where_the_relay_ends_the_encryption(
    relaying: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana", relaying), await enrol("Ben", relaying)
    await meet(relaying, ana, ben)
    found = await figures(ana)
    assert found["path"] == "relay"
    assert found["safety"] is None
    assert found["first_frame_ms"] > 0

"""A path that dies or changes under a call is replaced, and nobody presses anything."""

from __future__ import annotations

import asyncio
import time

from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.healing.test_networks import LONG, PATIENCE, PROFILES, bears
from tests.support.gaps import quantiles
from tests.support.network.lab import Lab
from tests.support.system import System, eventually

CUT_P99_S = 4.0
MOVED_S = 0.1

LOCAL_CANDIDATES = """async () => {
  const found = [];
  for (const peer of probe.open()) {
    const stats = await peer.getStats();
    stats.forEach((r) => {
      if (r.type !== "transport" || !r.selectedCandidatePairId) return;
      const local = stats.get(stats.get(r.selectedCandidatePairId).localCandidateId);
      found.push(`${local.candidateType} ${local.relayProtocol || local.protocol}`);
    });
  }
  return found;
}"""


async def test_a_direct_path_that_dies_is_replaced(
    direct: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    couple = await meet(direct)
    assert await couple.path() == ["direct", "direct"]
    gaps = await couple.gaps(lab.cut("ana", "ben"))
    figure = quantiles(gaps)
    now = await couple.path()
    tell("gap_s direct path cut", goal_p99=CUT_P99_S, **figure, now=now, noise=couple.noise_s)
    assert figure["p99"] < CUT_P99_S + couple.noise_s
    await couple.hear_each_other("Still here")
    await couple.unharmed()


async def test_a_member_whose_address_changes_is_found_by_the_relay(
    relayed: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    generation, gaps = await couple.generation(), []
    for _ in range(ROUNDS):
        gaps += await couple.gaps(lab.rebind("ana"))
        await asyncio.sleep(1)
    beyond = [max(0.0, gap - couple.noise_s) for gap in gaps]
    figure = quantiles(beyond)
    tell("gap_s address changed, beyond noise", goal=MOVED_S, **figure, noise=couple.noise_s)
    assert figure["p50"] < MOVED_S
    assert await couple.generation() == generation
    await couple.unharmed()


@PATIENCE
async def test_without_udp_a_call_goes_by_turn_over_tcp(
    with_turn: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    lab.block_udp("ana")
    began = time.time()
    couple = await meet(with_turn)

    async def ways() -> list[str]:
        found: list[str] = await couple.people[0].page.evaluate(LOCAL_CANDIDATES)
        return found

    assert await eventually(ways) == ["relay tcp"]
    tell("turn over tcp", seconds_to_call=time.time() - began, path=await couple.path())
    await couple.hear_each_other("Through TURN")
    await bears(couple, lab, tell, "turn", PROFILES if LONG else ["bursts of 5 3 %"])
    await couple.unharmed()

"""A call on a bad network is worse, and is a call: heard, seen, counted for both.

By every path, as others witness it on each: directly only the pages, through a relay its workers, which
may be believed against a page. By TURN over TCP, in `test_paths`, what is lost comes late.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable

import pytest

from tests.healing.conftest import Meet, Tell
from tests.support.couple import Charges, Couple
from tests.support.gaps import Concealment, frames, longest_gap, share_of_time
from tests.support.network.bridge import SERVER
from tests.support.network.conditions import Conditions
from tests.support.network.lab import Lab
from tests.support.system import System

SHORT_S = 5.0
LOOK_S = float(os.environ.get("ALONGSIDE_TEST_LOOK_S", SHORT_S))
LONG = LOOK_S > SHORT_S
SETTLE_S = 3.0
"""Encoders adapt for so long before it counts."""
CONCEALED = 0.05
ALLOWED = CONCEALED if LONG else 2 * CONCEALED
"""In a few seconds one burst more or less is as much as all that may be made up."""
FPS = 5.0

HARD = {
    "10 % loss 40 ms": Conditions(loss=0.10, delay_ms=40, jitter_ms=5),
    "bursts of 5 3 %": Conditions(loss=0.03, burst=5),
    "80 ms +-30": Conditions(delay_ms=80, jitter_ms=30),
}
EASIER = {"5 % loss": Conditions(loss=0.05), "10 % loss": Conditions(loss=0.10)}
PROFILES = HARD | EASIER if LONG else HARD
"""What holds with ten packets in a hundred lost and a delay holds with less: `figures` looks there, too."""
UPLINKS = [(who, SERVER) for who in ("ana", "ben")]
WAYS: dict[str, list[tuple[str, str]]] = {"direct": [], "relay": UPLINKS, "turn": UPLINKS}
"""Where the network is bad, so that each packet passes one such line, and a relay sees what came of it."""
PATIENCE = pytest.mark.timeout(90 + 2 * len(PROFILES) * (SETTLE_S + LOOK_S))


@PATIENCE
async def test_calls_bear_loss_bursts_and_jitter(
    direct: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    couple = await meet(direct)
    assert await couple.path() == ["direct", "direct"]
    await bears(
        couple, lab, tell, "direct", PROFILES if LONG else ["10 % loss 40 ms", "80 ms +-30"]
    )
    await couple.unharmed()


@PATIENCE
async def test_relayed_calls_bear_them_and_their_workers_blame_nobody(
    relayed: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    couple = await meet(relayed)
    assert await couple.path() == ["relay", "relay"]
    await bears(
        couple, lab, tell, "relay", PROFILES if LONG else ["10 % loss 40 ms", "bursts of 5 3 %"]
    )
    await couple.unharmed()


async def bears(couple: Couple, lab: Lab, tell: Tell, path: str, names: Iterable[str]) -> None:
    """Sound and picture on each of these networks, and nobody is charged with anything."""
    generation, bad = await couple.generation(), []
    charges = await Charges.begin(couple)
    for name in names:
        lab.shape(PROFILES[name], *WAYS[path])
        await asyncio.sleep(SETTLE_S)
        figures = await looked_at(couple)
        tell(f"network {name}, {path}", goal_concealed=CONCEALED, goal_fps=FPS, **figures)
        if figures["concealed"] >= ALLOWED or figures["fps"] < FPS:
            bad.append((name, figures))
    lab.mend()
    assert not bad
    assert await charges.found() == []
    assert await couple.generation() == generation


async def looked_at(couple: Couple) -> dict[str, float]:
    """The worse of the two, over a while."""
    began = [await Concealment.begin(person) for person in couple.people]
    since = time.time()
    await asyncio.sleep(LOOK_S)
    until = time.time()
    seen = [await frames(person) for person in couple.people]
    heard = [await each.share(p) for each, p in zip(began, couple.people, strict=True)]
    return {
        "concealed": max(heard),
        "fps": min(share_of_time(each, since, until) for each in seen),
        "longest_gap_s": max(longest_gap(each, since, until) for each in seen),
        "alarms": sum(len(said.told("silent", since)) for said in couple.said),
    }

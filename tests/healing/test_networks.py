"""A call on a bad network is worse, and is a call: heard, seen, counted for both."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from tests.healing.conftest import Meet, Tell
from tests.support.couple import Couple
from tests.support.gaps import Concealment, frames, longest_gap, share_of_time
from tests.support.network.conditions import Conditions
from tests.support.network.lab import Lab
from tests.support.system import System

SHORT_S = 6.0
LOOK_S = float(os.environ.get("ALONGSIDE_TEST_LOOK_S", SHORT_S))
SETTLE_S = 3.0
"""Encoders adapt for so long before it counts."""
CONCEALED = 0.05
FPS = 5.0

HARD = {
    "10 % loss 40 ms": Conditions(loss=0.10, delay_ms=40, jitter_ms=5),
    "bursts of 5 3 %": Conditions(loss=0.03, burst=5),
    "80 ms +-30": Conditions(delay_ms=80, jitter_ms=30),
}
EASIER = {"5 % loss": Conditions(loss=0.05), "10 % loss": Conditions(loss=0.10)}
PROFILES = HARD if LOOK_S <= SHORT_S else HARD | EASIER
"""What holds with ten packets in a hundred lost and a delay holds with less: `figures` looks there, too."""


@pytest.mark.timeout(90 + 2 * len(PROFILES) * (SETTLE_S + LOOK_S))
async def test_calls_bear_loss_bursts_and_jitter(
    direct: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    couple = await meet(direct)
    generation, bad = await couple.generation(), []
    for name, conditions in PROFILES.items():
        lab.shape(conditions)
        await asyncio.sleep(SETTLE_S)
        figures = await looked_at(couple)
        tell(f"network {name}", goal_concealed=CONCEALED, goal_fps=FPS, **figures)
        if figures["concealed"] >= CONCEALED or figures["fps"] < FPS:
            bad.append((name, figures))
    lab.mend()
    assert not bad
    assert await couple.generation() == generation
    await couple.unharmed()


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

"""From both in their seats to each other's first picture: directly, relayed, and where direct fails.

Seen from outside: a page's seat by the hub's word on the wire, its picture by the first frame decoded.
"""

from __future__ import annotations

import statistics

from tests.healing.conftest import ROUNDS, Meet, Tell
from tests.support.couple import Couple
from tests.support.gaps import frames
from tests.support.network.lab import Lab
from tests.support.system import System

DIRECT_S, RELAYED_S = 2.0, 3.0
"""Of twenty waits nineteen are shorter."""
TRIED_S = 4.0
"""How long a direct path is tried where there is a relay."""


async def waits(couple: Couple) -> list[float]:
    """How long each waited since the second of them was told of the room."""
    seated = max(said.heard_at("room", 0.0) or 0.0 for said in couple.said)
    return [(await frames(person))[0] - seated for person in couple.people]


async def first_frames(system: System, meet: Meet, path: str) -> tuple[list[float], float]:
    """The waits of so many new couples, and what this machine adds by itself."""
    found: list[float] = []
    noise_s = 0.0
    for _ in range(ROUNDS):
        couple = await meet(system)
        assert await couple.path() == [path, path]
        found += await waits(couple)
        noise_s = max(noise_s, couple.noise_s)
    return found, noise_s


def of_twenty(found: list[float]) -> dict[str, float]:
    ordered = sorted(found)
    at = round(0.95 * (len(ordered) - 1))
    return {"n": len(ordered), "p50": statistics.median(ordered), "p95": ordered[at]}


async def test_members_who_connect_directly_see_each_other_soon(
    direct: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    found, noise_s = await first_frames(direct, meet, "direct")
    tell("first_frame_s direct", goal_p50=1.0, goal_p95=DIRECT_S, **of_twenty(found), noise=noise_s)
    assert of_twenty(found)["p95"] < DIRECT_S + noise_s


async def test_and_through_the_relay_as_well(
    relayed: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    found, noise_s = await first_frames(relayed, meet, "relay")
    tell("first_frame_s relayed", goal_p95=RELAYED_S, **of_twenty(found), noise=noise_s)
    assert of_twenty(found)["p95"] < RELAYED_S + noise_s


async def test_where_no_direct_path_comes_the_relay_follows_when_it_was_tried(
    direct: System, lab: Lab, meet: Meet, tell: Tell
) -> None:
    lab.cut("ana", "ben")
    found, noise_s = await first_frames(direct, meet, "relay")
    goal = TRIED_S + RELAYED_S
    tell("first_frame_s direct impossible", goal_p95=goal, **of_twenty(found), noise=noise_s)
    assert of_twenty(found)["p95"] < goal + noise_s

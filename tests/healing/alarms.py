"""How often the page's watchdog would cry on bad networks: `python -m tests.healing.alarms [--minutes 3]`.

Two real Chromiums in a call; the bridge between them notes when each RTP packet comes out of the
line. A watchdog looks every 100 ms and cries once when nothing has come for so long; that is played
over the same arrivals for several thresholds. What the page itself said is counted beside it.
`--simulate HOURS` does it with even streams of packets and no browser.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import tempfile
import time
from pathlib import Path

from tests.healing.test_networks import PROFILES
from tests.support.chromium import executable, running_browsers
from tests.support.couple import Couple, a_couple
from tests.support.netns import isolate
from tests.support.network.conditions import Conditions, Line
from tests.support.network.lab import Lab, running_lab
from tests.support.portraits import write_portraits
from tests.support.system import running_system

LOOK_EVERY_S = 0.1
THRESHOLDS_MS = (300, 500, 700, 1000)
SETTLE_S = 3.0
HARSH = PROFILES | {"bursts of 20 10 %": Conditions(loss=0.1, burst=20)}


def alarms(arrivals: list[float], since: float, until: float, lost_s: float) -> int:
    """How often a watchdog with this patience cries over these arrivals."""
    cries, last, crying, n = 0, since, False, 0
    at = since
    while at < until:
        while n < len(arrivals) and arrivals[n] <= at:
            last, crying, n = arrivals[n], False, n + 1
        if not crying and at - last >= lost_s:
            cries, crying = cries + 1, True
        at += LOOK_EVERY_S
    return cries


def simulated(hours: float) -> None:
    """The same watchdog over packets at even distances: sound (50 a second) or a picture alone."""
    for name, conditions in HARSH.items():
        for packets_per_s in (50, 15, 5):
            line, end = Line(conditions, name), hours * 3600
            times = (n / packets_per_s for n in range(int(end * packets_per_s)))
            arrivals = sorted(at for sent in times if (at := line.out_at(sent, 200)) is not None)
            found = {
                f"{ms} ms": alarms(arrivals, 0, end, ms / 1000) / hours for ms in THRESHOLDS_MS
            }
            figure = f"simulated alarms an hour, {name}, {packets_per_s} packets/s"
            print(json.dumps({"figure": figure, **found}))  # noqa: T201


async def rate(couple: Couple, lab: Lab, name: str, seconds: float) -> None:
    lab.shape(PROFILES[name])
    await asyncio.sleep(SETTLE_S)
    lab.record(True)
    since = time.time()
    await asyncio.sleep(seconds)
    until = time.time()
    noted = lab.record(False)
    streams = [[at for at, kind in noted.get(who, []) if kind == "rtp"] for who in lab.clients]
    hours = len(streams) * (until - since) / 3600
    found = {
        f"{ms} ms": round(sum(alarms(s, since, until, ms / 1000) for s in streams) / hours, 1)
        for ms in THRESHOLDS_MS
    }
    said = sum(len(each.told("silent", since)) for each in couple.said)
    longest = max(b - a for s in streams for a, b in itertools.pairwise(s))
    line = {"figure": f"alarms an hour, {name}", "minutes": round(hours * 60, 1), **found}
    print(json.dumps({**line, "said_by_pages": said, "longest_hole_s": round(longest, 3)}))  # noqa: T201


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3, help="of call on each network")
    parser.add_argument("--networks", default=",".join(PROFILES))
    parser.add_argument("--muted", action="store_true", help="cameras alone")
    parser.add_argument("--simulate", type=float, metavar="HOURS", help="without any browser")
    options = parser.parse_args()
    if options.simulate:
        simulated(options.simulate)
        return
    isolate()
    with tempfile.TemporaryDirectory() as kept, running_lab("ana", "ben") as lab:
        directory = Path(kept)
        programs = [lab.wrapper(who, executable(), directory) for who in lab.clients]
        films = write_portraits(directory)
        async with (
            running_browsers(2, films, programs) as browsers,
            running_system(directory, media_host=lab.server) as system,
            a_couple(browsers, system) as couple,
        ):
            for person in couple.people if options.muted else ():
                await person.press("Mic on, turn off")
            for name in options.networks.split(","):
                await rate(couple, lab, name.strip(), options.minutes * 60)


if __name__ == "__main__":
    asyncio.run(main())

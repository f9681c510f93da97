"""From runs to figures: medians, least values, and one subject over the other in the same repeat.

Figures of different repeats never meet in one ratio: what a shared machine adds to everything at a
time would otherwise look like a difference between servers.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from loadtest.bench.figures import Figure

BENCH = "media"
OURS = "ours"
PAIR_PPS = 208
"""Packets a second of a pair: two cameras of 640x360 (54 each) and two microphones (50 each)."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """One subject at one rate, once."""

    subject: str
    repeat: int
    rate: int
    """Packets a second that were meant to be sent."""
    offered: float
    """Packets a second that were."""
    sent: int
    got: int
    verified: int
    """How many of `got` were decrypted and found to be what was sent."""
    cpu_s: float
    """Of the server's process, all threads."""

    @property
    def cpu_us(self) -> float:
        """Per packet that arrived."""
        return 1e6 * self.cpu_s / max(self.got, 1)

    @property
    def delivery(self) -> float:
        return self.got / max(self.sent, 1)


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """How long packets took one way, and as long without a server between."""

    subject: str
    repeat: int
    rate: int
    p50_ms: float
    p99_ms: float
    direct_p50_ms: float
    direct_p99_ms: float

    @property
    def added_p50_ms(self) -> float:
        return self.p50_ms - self.direct_p50_ms

    @property
    def added_p99_ms(self) -> float:
        return self.p99_ms - self.direct_p99_ms


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs a core of one subject, once."""

    subject: str
    repeat: int
    pairs: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rotated(names: Sequence[str], turns: int) -> list[str]:
    """The order of a repeat: everybody is first, second, … in turn."""
    turns %= max(len(names), 1)
    return [*names[turns:], *names[:turns]]


def half_load(cost_us: float, most: int) -> int:
    """Half of the packets a second that one core can carry at this cost, in hundreds."""
    return min(most, int(0.5 * 1e6 / cost_us) // 100 * 100)


COST_FIGURES: tuple[tuple[str, str, Callable[[list[Cost]], float]], ...] = (
    ("cpu_us_per_packet", "us", lambda runs: statistics.median(run.cpu_us for run in runs)),
    ("cpu_us_per_packet_min", "us", lambda runs: min(run.cpu_us for run in runs)),
    ("delivery", "share", lambda runs: statistics.median(run.delivery for run in runs)),
    ("delivery_min", "share", lambda runs: min(run.delivery for run in runs)),
    ("offered", "packets/s", lambda runs: statistics.median(run.offered for run in runs)),
    ("verified", "packets", lambda runs: sum(run.verified for run in runs)),
)
"""What is told of all runs of one subject at one rate."""


DELAY_FIGURES: tuple[tuple[str, Callable[[Delay], float]], ...] = (
    ("added_latency_p50_ms", lambda run: run.added_p50_ms),
    ("added_latency_p99_ms", lambda run: run.added_p99_ms),
    ("direct_latency_p50_ms", lambda run: run.direct_p50_ms),
    ("direct_latency_p99_ms", lambda run: run.direct_p99_ms),
)


def at_rate(rate: int) -> str:
    return f"{rate}pps"


def figure(
    name: str, subject: str, at: str, value: float | None, unit: str, *, runs: int, why: str = ""
) -> Figure:
    rounded = None if value is None else round(value, 4)
    return Figure(
        bench=BENCH,
        figure=name,
        subject=subject,
        at=at,
        value=rounded,
        unit=unit,
        runs=runs,
        why=why,
    )


def cost_figures(costs: Iterable[Cost]) -> Iterator[Figure]:
    """Cost and delivery of each subject, rate by rate."""
    groups = grouped(costs)
    for rate in dict.fromkeys(rate for rate, _ in groups):
        for name, unit, value in COST_FIGURES:
            for subject, runs in ((who, runs) for (at, who), runs in groups.items() if at == rate):
                yield figure(name, subject, at_rate(rate), value(runs), unit, runs=len(runs))


def grouped(costs: Iterable[Cost]) -> dict[tuple[int, str], list[Cost]]:
    groups: dict[tuple[int, str], list[Cost]] = {}
    for cost in sorted(costs, key=lambda cost: (cost.rate, cost.subject != OURS, cost.subject)):
        groups.setdefault((cost.rate, cost.subject), []).append(cost)
    return groups


def ratio_figures(costs: Iterable[Cost]) -> Iterator[Figure]:
    """The others' cost over ours: the median over the repeats, and the least of them."""
    groups = grouped(costs)
    over = {key: ratios(runs, groups.get((key[0], OURS), [])) for key, runs in groups.items()}
    for name, pick in (("ratio", statistics.median), ("ratio_min", min)):
        for (rate, subject), values in over.items():
            if subject != OURS and values:
                at, n = at_rate(rate), len(values)
                yield figure(name, f"{subject}/{OURS}", at, pick(values), "x", runs=n)


def ratios(theirs: Sequence[Cost], mine: Sequence[Cost]) -> list[float]:
    """Of each repeat in which both were measured."""
    cost = {run.repeat: run.cpu_us for run in mine}
    return [run.cpu_us / cost[run.repeat] for run in theirs if cost.get(run.repeat)]


def delay_figures(delays: Iterable[Delay]) -> Iterator[Figure]:
    """What a server adds to the way of a packet at half of what it can carry."""
    groups: dict[str, list[Delay]] = {}
    for delay in sorted(delays, key=lambda delay: (delay.subject != OURS, delay.subject)):
        groups.setdefault(delay.subject, []).append(delay)
    for name, value in DELAY_FIGURES:
        for subject, runs in groups.items():
            rate = round(statistics.median(run.rate for run in runs))
            middle = statistics.median(value(run) for run in runs)
            yield figure(name, subject, f"half: {at_rate(rate)}", middle, "ms", runs=len(runs))


def rooms_of(costs: Iterable[Cost], rate: int) -> list[Room]:
    """Our pairs a core: packets of a whole core over those of one pair, like the naive relay's."""
    return [
        Room(subject=OURS, repeat=cost.repeat, pairs=1e6 / cost.cpu_us / PAIR_PPS)
        for cost in costs
        if cost.subject == OURS and cost.rate == rate and cost.cpu_us > 0
    ]


def room_figures(rooms: Sequence[Room], at: str) -> Iterator[Figure]:
    """Pairs a core, and ours over theirs."""
    middles: dict[str, float] = {}
    for subject in dict.fromkeys(room.subject for room in rooms):
        values = [room.pairs for room in rooms if room.subject == subject]
        middles[subject] = statistics.median(values)
        yield figure("pairs_per_core", subject, at, middles[subject], "pairs", runs=len(values))
    others = [subject for subject in middles if subject != OURS]
    for subject in others if OURS in middles else []:
        over = middles[OURS] / middles[subject]
        runs = min(sum(room.subject == each for room in rooms) for each in (OURS, subject))
        yield figure("ratio", f"{OURS}/{subject}", "pairs per core", over, "x", runs=runs)


def missing(subject: str, rates: Iterable[int], why: str) -> Iterator[Figure]:
    """A comparator that could not run: said once for each figure it would have had."""
    for rate in rates:
        at = at_rate(rate)
        yield figure("cpu_us_per_packet", subject, at, None, "us", runs=0, why=why)
        yield figure("ratio", f"{subject}/{OURS}", at, None, "x", runs=0, why=why)


def missing_room(subject: str, why: str) -> Iterator[Figure]:
    yield figure("pairs_per_core", subject, "", None, "pairs", runs=0, why=why)
    yield figure("ratio", f"{OURS}/{subject}", "pairs per core", None, "x", runs=0, why=why)

"""Tallies as figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loadtest.bench.figures import Figure
from loadtest.bench.matching.small import Day
from loadtest.bench.matching.tally import Tally

FIGURES: dict[str, tuple[str, Callable[[Tally], float]]] = {
    "matched_over_optimum": ("share", lambda t: t.matched / t.best_matched),
    "weight_over_hindsight": ("share", lambda t: t.worth / t.best_worth),
    "voluntary_changes_per_100": ("bookings", lambda t: 100 * t.voluntary / t.live),
    "forced_changes_per_100": ("bookings", lambda t: 100 * t.forced / t.live),
    "voluntary_before_pass": ("bookings", lambda t: t.early),
    "dropped_without_replacement": ("bookings", lambda t: t.dropped),
    "left_over_before_names_per_100": ("bookings", lambda t: 100 * t.left_over / t.live),
    "written_pairs_broken_per_100": ("bookings", lambda t: 100 * t.written_broken / t.live),
    "favourites": ("share of pairs", lambda t: t.favourites / t.pairs),
    "repeats": ("share of pairs", lambda t: t.repeats / t.pairs),
    "name_known_60_min": ("share", lambda t: t.known_early / t.live),
    "worked_by_5_min": ("share of who came", lambda t: t.worked / t.here),
    "worked_by_5_min_optimum": ("share of who came", lambda t: t.best_worked / t.here),
}
"""What is told of a policy: the unit, and how it is counted."""


def of_policy(subject: str, size: int, tally: Tally, runs: int) -> Iterator[Figure]:
    """All figures of a policy with this many bookings a slot; `runs` communities."""
    for name, (unit, value) in FIGURES.items():
        yield Figure(
            bench="matching",
            figure=name,
            subject=subject,
            at=f"lambda{size}",
            value=round(value(tally), 4),
            unit=unit,
            runs=runs,
        )


def of_small(subject: str, people: int, days: list[Day]) -> Iterator[Figure]:
    """What a calendar did for a few people."""
    shows, bookings = sum(day.shows for day in days), sum(day.bookings for day in days)
    values = {
        "small_worked": ("share of who came", sum(day.worked for day in days) / shows),
        "small_shift": ("min", sum(day.shifted_min for day in days) / bookings),
    }
    for name, (unit, value) in values.items():
        yield Figure(
            bench="matching",
            figure=name,
            subject=subject,
            at=f"{people} people",
            value=round(value, 3),
            unit=unit,
            runs=len(days),
        )

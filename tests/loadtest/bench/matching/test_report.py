"""Counts become the figures that are compared."""

from __future__ import annotations

from loadtest.bench.matching.report import FIGURES, of_policy, of_small
from loadtest.bench.matching.small import Day
from loadtest.bench.matching.tally import Tally

TALLY = Tally(
    slots=1, live=200, matched=180, best_matched=190, worth=800, best_worth=1000, voluntary=5,
    forced=30, pairs=90, favourites=18, repeats=9, known_early=100, here=180, worked=150,
    best_worked=170,
)  # fmt: skip


def test_a_policy_has_all_figures() -> None:
    found = {figure.figure: figure for figure in of_policy("ours", 8, TALLY, 4)}
    assert list(found) == list(FIGURES)
    assert {(each.bench, each.subject, each.at, each.runs) for each in found.values()} == {
        ("matching", "ours", "lambda8", 4)
    }
    values = {name: figure.value for name, figure in found.items()}
    assert values["matched_over_optimum"] == 0.9474
    assert values["weight_over_hindsight"] == 0.8
    assert values["voluntary_changes_per_100"] == 2.5
    assert values["forced_changes_per_100"] == 15
    assert values["favourites"] == 0.2


def test_a_small_community_has_two() -> None:
    days = [Day(shows=4, worked=2, shifted_min=30, bookings=5)] * 2
    worked, shift = of_small("small", 3, days)
    assert (worked.value, worked.at, shift.value) == (0.5, "3 people", 6.0)

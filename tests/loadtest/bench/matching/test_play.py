"""Lives of communities repeat to the digit, and no policy breaks what it promises."""

from __future__ import annotations

import pytest

from loadtest.bench.matching.play import life
from loadtest.bench.matching.policies import POLICIES
from loadtest.bench.matching.tally import Tally, total

LIVES = {name: life(6, "test", 60, policy) for name, policy in POLICIES.items()}


def test_the_same_seed_gives_the_same_counts() -> None:
    assert life(6, "test", 60, POLICIES["ours"]) == LIVES["ours"]


def test_every_policy_meets_the_same_people() -> None:
    assert len({(tally.live, tally.here, tally.best_worked) for tally in LIVES.values()}) == 1


@pytest.mark.parametrize("name", POLICIES)
def test_nobody_is_dropped_without_a_replacement_or_changed_before_the_pass(name: str) -> None:
    assert (LIVES[name].dropped, LIVES[name].early) == (0, 0)


@pytest.mark.parametrize("name", POLICIES)
def test_no_policy_does_better_than_hindsight(name: str) -> None:
    tally = LIVES[name]
    assert tally.matched <= tally.best_matched <= tally.live
    assert tally.worked <= tally.best_worked <= tally.here


@pytest.mark.parametrize("name", ["first-come", "greedy"])
def test_who_never_changes_anything_forces_only(name: str) -> None:
    assert LIVES[name].voluntary == 0
    assert LIVES[name].forced > 0


def test_the_shipped_policy_matches_more_than_greed_and_late_names_match_better() -> None:
    assert LIVES["ours"].matched > LIVES["greedy"].matched
    assert LIVES["ours-preset-t2"].worth > LIVES["ours"].worth


def test_counts_add_up() -> None:
    one = Tally(slots=1, live=8, worth=-3)
    assert total([one, one, Tally(matched=2)]) == Tally(slots=2, live=16, worth=-6, matched=2)

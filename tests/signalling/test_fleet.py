"""Pairs go where most room is."""

from __future__ import annotations

from media.control import Load
from signalling.fleet import BLIND_FROM, TURN_PAIRS, Fleet, Turns


def load(pairs: int, *, draining: bool = False, stress: float = 0.0) -> Load:
    return Load(pairs=pairs, packets_per_s=0, draining=draining, stress=stress)


def test_nobody_there_is_nobody_chosen() -> None:
    assert Fleet().choose() is None


def test_the_least_loaded_is_chosen_and_counted_at_once() -> None:
    fleet = Fleet()
    fleet.load("w1", load(2))
    fleet.load("w2", load(0))
    assert [fleet.choose() for _ in range(4)] == ["w2", "w2", "w1", "w2"]


def test_a_draining_worker_gets_no_pairs_but_is_still_there() -> None:
    fleet = Fleet()
    fleet.load("w1", load(0, draining=True))
    assert fleet.choose() is None
    assert not fleet.available()
    assert "w1" in fleet
    fleet.load("w1", load(0))
    assert fleet.available()


def test_an_avoided_worker_is_better_than_none() -> None:
    fleet = Fleet()
    fleet.up("w1")
    assert fleet.choose({"w1"}) == "w1"
    fleet.up("w2")
    assert fleet.choose({"w1"}) == "w2"


def test_a_worker_that_is_down_is_not_chosen() -> None:
    fleet = Fleet()
    fleet.up("w1")
    fleet.down("w1")
    assert fleet.choose() is None


def test_stress_counts_before_pairs() -> None:
    fleet = Fleet()
    fleet.load("w1", load(1, stress=0.6))
    fleet.load("w2", load(50, stress=0.2))
    assert fleet.choose() == "w2"


def test_many_placed_between_two_heartbeats_are_spread() -> None:
    fleet = Fleet()
    for worker, stress in (("w1", 0.3), ("w2", 0.31), ("w3", 0.0)):
        fleet.load(worker, load(10, stress=stress))
    placed = [fleet.choose() for _ in range(300)]
    assert all(placed.count(worker) > 60 for worker in ("w1", "w2", "w3"))


def test_a_silent_worker_is_not_chosen_until_it_beats_again() -> None:
    fleet = Fleet()
    fleet.up("w1")
    fleet.silent("w1")
    assert fleet.choose() is None
    assert not fleet.available()
    fleet.load("w1", load(0))
    assert fleet.choose() == "w1"


def test_a_worker_of_which_nothing_is_known_is_neither_silent_nor_stressed() -> None:
    fleet = Fleet()
    fleet.silent("w9")
    assert "w9" not in fleet
    assert not fleet.stressed("w9")
    assert not fleet.drains("w9")


def test_stress_is_told_from_when_on_pairs_are_to_be_blind() -> None:
    fleet = Fleet()
    fleet.load("w1", load(1, stress=BLIND_FROM - 0.004))
    assert not fleet.stressed("w1")
    fleet.choose()
    assert fleet.stressed("w1"), "by what was placed since, too"


def test_a_heartbeat_says_whether_a_drain_began_or_ended() -> None:
    fleet = Fleet()
    said = [fleet.load("w1", load(0, draining=draining)) for draining in (False, True, True, False)]
    assert said == [False, True, False, True]


def test_who_was_chosen_beforehand_is_taken_while_it_is_fit() -> None:
    fleet = Fleet()
    for worker in ("w1", "w2"):
        fleet.load(worker, load(5 if worker == "w2" else 0))
    assert fleet.choose(first="w2") == "w2"
    fleet.load("w2", load(5, stress=0.9))
    assert fleet.choose(first="w2") == "w1"
    assert fleet.choose({"w1"}, first="w1") == "w2"


def test_turns_come_a_few_at_a_time_and_the_first_at_once() -> None:
    turns = Turns()
    found = [turns.next(1_000) for _ in range(2 * TURN_PAIRS + 1)]
    assert found == [1_000] * TURN_PAIRS + [1_100] * TURN_PAIRS + [1_200]
    assert turns.next(1_050) == 1_200
    assert turns.next(5_000) == 5_000

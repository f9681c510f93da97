"""Pairs go where most room is."""

from __future__ import annotations

from media.control import Load
from signalling.fleet import Fleet


def load(pairs: int, *, draining: bool = False) -> Load:
    return Load(pairs=pairs, packets_per_s=0, draining=draining)


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

"""The workers of a pair: the newest, those it left, and the next one."""

from __future__ import annotations

from media.control import ClosePair, OpenPair, RestartLeg
from signalling.commands import TellWorker
from signalling.fleet import Fleet
from signalling.relays import Relays
from tests.signalling.stage import LEGS


def relays(*workers: str) -> tuple[Relays, Fleet]:
    fleet = Fleet()
    for worker in workers:
        fleet.up(worker)
    return Relays("p9", fleet), fleet


def test_the_old_relay_is_closed_when_the_new_one_settles_and_not_before() -> None:
    mine, _ = relays("w1", "w2")
    mine.open("w1", 1, blind=False)
    mine.leave()
    assert mine.open("w2", 2, blind=True) == TellWorker(
        "w2", OpenPair(pair="p9", gen=2, blind=True, moved=True)
    )
    assert mine.settle() == [TellWorker("w1", ClosePair(pair="p9", gen=1))]
    assert mine.settle() == []


def test_a_worker_that_is_gone_is_not_told_to_close() -> None:
    mine, _ = relays("w1", "w2")
    mine.open("w1", 1, blind=False)
    mine.leave()
    mine.lost("w1")
    mine.open("w2", 2, blind=False)
    assert mine.settle() == []


def test_the_spare_chosen_when_a_relay_settled_is_turned_to() -> None:
    mine, fleet = relays("w1", "w2", "w3")
    mine.open("w1", 1, blind=False)
    mine.settle()
    for _ in range(3):
        fleet.choose({"w1", "w3"})
    mine.shun()
    assert mine.choose() == "w2", "though w3 has less to do by now"


def test_a_spare_that_is_silent_by_now_is_passed_over() -> None:
    mine, fleet = relays("w1", "w2", "w3")
    mine.open("w1", 1, blind=False)
    mine.settle()
    fleet.silent("w2")
    mine.shun()
    assert mine.choose() == "w3"


def test_a_shunned_worker_is_better_than_none() -> None:
    mine, _ = relays("w1")
    mine.open("w1", 1, blind=False)
    mine.shun()
    assert not mine.elsewhere()
    assert mine.choose() == "w1"


def test_only_a_relay_that_is_there_is_claimed_and_restarted() -> None:
    mine, _ = relays("w1")
    assert mine.claim(blind=False) == []
    assert mine.restart(0) == []
    mine.adopt("w1", 7, LEGS)
    assert mine.on("w1")
    assert mine.restart(1) == [TellWorker("w1", RestartLeg(pair="p9", gen=7, side=1))]
    assert mine.claim(blind=False) == [TellWorker("w1", OpenPair(pair="p9", gen=7))]


def test_a_pair_that_parts_leaves_nothing_behind() -> None:
    mine, _ = relays("w1", "w2")
    mine.open("w1", 1, blind=False)
    mine.leave()
    mine.open("w2", 2, blind=False)
    assert {ask.worker for ask in mine.stop()} == {"w1", "w2"}
    assert mine.legs is None

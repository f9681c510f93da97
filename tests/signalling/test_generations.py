"""One connection after the other: paths, budgets, and what an earlier hub left."""

from __future__ import annotations

import pytest
from msgspec.structs import asdict

from media.control import Leg, OpenPair
from signalling.commands import Observe, TellWorker
from signalling.generations import DIRECT_ALONE_MS, OPEN_MS, OPEN_SOON_MS
from signalling.steps import Announce, Phase
from tests.signalling.stage import LEGS
from tests.signalling.test_negotiation import announced, negotiation, on_relay, settled_direct

NOW_MS = 1_790_000_000_000


def test_without_a_worker_the_direct_path_has_more_time() -> None:
    alone = negotiation()
    alone.joined(0, keeps=False)
    assert alone.next_deadline() == DIRECT_ALONE_MS


def test_without_a_worker_the_direct_path_is_tried_again() -> None:
    alone = negotiation()
    alone.joined(0, keeps=False)
    assert announced(alone.failed(0, 1, 100)) == [Announce(2, "direct")]


def test_turn_alone_serves_a_hidden_address() -> None:
    alone = negotiation(direct=False, turn=True)
    assert announced(alone.joined(0, keeps=False)) == [Announce(1, "direct", relay_only=True)]


def test_a_page_that_keeps_its_connection_changes_nothing() -> None:
    settled = negotiation("w1")
    settled.joined(0, keeps=False)
    settled.connected(0, 1, 9, 10)
    settled.connected(1, 1, 9, 10)
    assert settled.keeps(1)
    settled.parted()
    assert settled.joined(20, keeps=True) == []
    assert settled.phase is Phase.SETTLED


def test_one_page_that_says_connected_twice_is_still_one() -> None:
    running = negotiation("w1")
    running.joined(0, keeps=False)
    running.connected(0, 1, 9, 10)
    running.connected(0, 1, 9, 10)
    assert running.phase is Phase.RUNNING


def test_a_worker_that_knows_a_newer_generation_is_overtaken() -> None:
    rebuilt = negotiation("w1", direct=False)
    rebuilt.joined(0, keeps=False)
    step = rebuilt.refused("w1", 1, "stale", 10)
    (ask,) = [part for part in step if isinstance(part, TellWorker)]
    assert isinstance(ask.message, OpenPair)
    assert ask.message.gen > 100


@pytest.mark.parametrize("gen", [NOW_MS // 1000 + 1, 10**12])
def test_a_generation_that_no_hub_counts_to_is_not_believed(gen: int) -> None:
    fresh = negotiation()
    fresh.reaches(gen, NOW_MS)
    assert fresh.adopt(gen, "direct", NOW_MS) is None
    assert fresh.gen == 0


def test_whatever_a_page_named_to_an_earlier_hub_the_next_one_still_adopts_what_it_counts_to() -> (
    None
):
    first = negotiation()
    first.reaches(NOW_MS // 1000, NOW_MS)
    first.joined(NOW_MS, keeps=False)
    assert first.gen == NOW_MS // 1000 + 1
    second = negotiation()
    assert second.adopt(first.gen, "direct", NOW_MS + 1_000) is not None


def asked(step: list[object]) -> list[str]:
    return [part.worker for part in step if isinstance(part, TellWorker)]


def test_a_worker_that_does_not_answer_soon_is_passed_over_if_there_is_another() -> None:
    machine = negotiation("w1", "w2", direct=False)
    machine.joined(0, keeps=False)
    assert machine.next_deadline() == OPEN_SOON_MS
    assert asked([*machine.woke(OPEN_SOON_MS)]) == ["w2"]
    assert machine.next_deadline() == OPEN_SOON_MS + OPEN_MS, "who is slow, too, gets more time"


def test_the_only_worker_has_more_time_at_once() -> None:
    machine = negotiation("w1", direct=False)
    machine.joined(0, keeps=False)
    assert machine.next_deadline() == OPEN_MS


def test_joining_and_the_first_picture_are_measured_from_both_seated_and_not_again() -> None:
    machine = settled_direct("w1")
    machine.failed(0, 1, 60_000)
    machine.woke(70_000)
    machine.opened("w1", 2, LEGS, 70_100)
    said = [machine.connected(side, 2, 9, 70_200) for side in (0, 1)]
    assert not any(isinstance(part, Observe) for step in said for part in step)


def test_a_try_that_failed_is_part_of_the_wait_for_the_first_picture() -> None:
    machine = negotiation("w1")
    machine.joined(0, keeps=False)
    machine.woke(machine.next_deadline() or 0)
    machine.opened("w1", 2, LEGS, 4_000)
    assert Observe("first_frame", "relay", 4.25) in machine.connected(0, 2, 250, 4_310)
    last = machine.connected(1, 2, 500, 4_420)
    assert {Observe("first_frame", "relay", 4.5), Observe("join", "relay", 4.42)} <= set(last)


def test_a_private_pair_s_legs_are_blind_and_its_pages_know() -> None:
    machine = negotiation("w1", direct=False, private=True)
    (ask,) = machine.joined(0, keeps=False)
    assert isinstance(ask, TellWorker)
    assert ask.message == OpenPair(pair="p9", gen=1, blind=True)
    assert announced(machine.opened("w1", 1, LEGS, 1)) == [Announce(1, "relay", blind=True)]


def test_privacy_wanted_during_a_relayed_call_takes_the_next_generation() -> None:
    machine = on_relay("w1")
    machine.keep_private(True)
    assert not machine.keeps(1)
    (ask,) = machine.joined(100, keeps=machine.keeps(1))
    assert isinstance(ask, TellWorker)
    assert ask.message == OpenPair(pair="p9", gen=2, blind=True, moved=True)


def test_a_direct_call_is_private_as_it_is() -> None:
    machine = settled_direct("w1")
    machine.keep_private(True)
    assert machine.keeps(1)


def test_an_earlier_hub_s_relay_that_sees_what_is_private_is_replaced() -> None:
    machine = negotiation("w1", direct=False, private=True)
    machine.adopt(7, "relay", NOW_MS)
    step = machine.opened("w1", 7, LEGS, NOW_MS + 10)
    assert [part.message.gen for part in step if isinstance(part, TellWorker)] == [8]


def test_an_earlier_hub_s_blind_relay_is_left_alone() -> None:
    machine = negotiation("w1", direct=False, private=True)
    machine.adopt(7, "relay", NOW_MS)
    first, second = (Leg(**{**asdict(leg), "fingerprint": ""}) for leg in LEGS)
    assert machine.opened("w1", 7, (first, second), NOW_MS + 10) == []
    assert machine.phase is Phase.SETTLED

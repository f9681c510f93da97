"""Generations only go forward, and every wait has a deadline."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.control import OpenPair
from signalling.commands import TellWorker
from signalling.fleet import Fleet
from signalling.generations import DIRECT_ALONE_MS
from signalling.negotiation import Negotiation
from signalling.steps import Announce, Phase, Step
from tests.signalling.stage import LEGS

BUDGET = 4_000

PLAY = (
    "join", "rejoin", "part", "connected", "failed", "opened", "refused", "stale", "down", "up",
    "gone", "wake", "stop", "adopt",
)  # fmt: skip
moves = st.lists(
    st.tuples(st.sampled_from(PLAY), st.integers(0, 1), st.integers(0, 20_000)), max_size=60
)


def negotiation(*workers: str, direct: bool = True, turn: bool = False) -> Negotiation:
    fleet = Fleet()
    for worker in workers:
        fleet.up(worker)
    return Negotiation("p9", fleet, direct=direct, turn=turn, budget_ms=BUDGET)


def announced(step: Step) -> list[Announce]:
    return [part for part in step if isinstance(part, Announce)]


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


def test_a_generation_that_no_hub_counts_to_is_not_believed() -> None:
    fresh = negotiation()
    fresh.reaches(10**9)
    assert fresh.adopt(10**9, "direct", 0) is None
    assert fresh.gen == 0


@given(moves, st.booleans(), st.booleans())
def test_whatever_happens(moves: list[tuple[str, int, int]], direct: bool, turn: bool) -> None:
    machine = negotiation("w1", "w2", direct=direct, turn=turn)
    now, gen = 0, 0
    for move, side, by_ms in moves:
        now += by_ms
        step = play(machine, move, side, now)
        assert machine.gen >= gen, "generations never go back"
        for part in announced(step):
            assert part.gen == machine.gen
            assert part.path == "relay" or direct or part.relay_only, "no address is given away"
        gen = machine.gen
        due = machine.next_deadline()
        if machine.phase in (Phase.WAITING, Phase.OPENING, Phase.RUNNING, Phase.CLAIMING):
            assert due is not None, "every wait has a deadline"


def play(machine: Negotiation, move: str, side: int, now: int) -> Step:
    worker = f"w{side + 1}"
    match move:
        case "join":
            return machine.joined(now, keeps=machine.keeps(machine.gen))
        case "rejoin":
            return machine.joined(now, keeps=False)
        case "connected":
            return machine.connected(side, machine.gen, 9, now, round=machine.round)
        case "failed":
            return machine.failed(side, machine.gen, now, round=machine.round)
        case "opened":
            return machine.opened(worker, machine.gen, LEGS, now)
        case "refused":
            return machine.refused(worker, machine.gen, "full", now)
        case "stale":
            return machine.refused(worker, machine.gen, "stale", now)
        case "down":
            machine._fleet.down(worker)
            return machine.worker_down(worker, now)
        case "up":
            machine._fleet.up(worker)
            return machine.worker_up(worker, now)
        case "stop":
            return machine.stop()
        case "gone":
            return machine.leg(machine.gen, side, "gone", now)
        case "adopt":
            return machine.adopt(machine.gen, "relay", now) or []
        case "part":
            machine.parted()
        case _:
            step = machine.woke(now)
            due = machine.next_deadline()
            assert due is None or due > now, "a deadline moves on"
            return step
    return []

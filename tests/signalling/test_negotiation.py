"""How a settled connection is healed; and whatever happens, generations only go forward."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from media.control import Load, OpenPair, RestartLeg
from signalling.commands import Observe, TellWorker
from signalling.fleet import TURN_MS, TURN_PAIRS, Fleet
from signalling.negotiation import DRAIN_SPREAD_MS, Negotiation
from signalling.pace import PROVEN_MS
from signalling.restart import BUDGET_MS, EVERY_MS
from signalling.steps import Announce, Phase, Step
from signalling.watchdog import ALONE_MS
from tests.signalling.stage import LEGS

BUDGET = 4_000
T = 100_000

PLAY = (
    "join", "rejoin", "part", "connected", "failed", "opened", "refused", "stale", "down", "up",
    "gone", "stalled", "flowing", "silent", "heard", "mute", "restarted", "drain", "dispute",
    "private", "described", "wake", "stop", "adopt",
)  # fmt: skip
moves = st.lists(
    st.tuples(st.sampled_from(PLAY), st.integers(0, 1), st.integers(0, 20_000)), max_size=60
)


def negotiation(
    *workers: str, direct: bool = True, turn: bool = False, private: bool = False
) -> Negotiation:
    fleet = Fleet()
    for worker in workers:
        fleet.up(worker)
    return Negotiation("p9", fleet, direct=direct, turn=turn, budget_ms=BUDGET, private=private)


def announced(step: Step) -> list[Announce]:
    return [part for part in step if isinstance(part, Announce)]


def asked(step: Step) -> list[TellWorker]:
    return [part for part in step if isinstance(part, TellWorker)]


def both_connected(machine: Negotiation, now_ms: int, *, gap_ms: int = 0) -> Step:
    step: Step = []
    for side in (0, 1):
        step += machine.connected(side, machine.gen, 9, now_ms, gap_ms=gap_ms, round=machine.round)
    return step


def settled_direct(*workers: str) -> Negotiation:
    machine = negotiation(*workers)
    machine.joined(0, keeps=False)
    both_connected(machine, 10)
    return machine


def on_relay(*workers: str, described: bool = True) -> Negotiation:
    """Settled on the first of the workers."""
    machine = negotiation(*workers, direct=False)
    machine.joined(0, keeps=False)
    machine.opened(workers[0], 1, LEGS, 1)
    for side in (0, 1) if described else ():
        machine.described(side)
    both_connected(machine, 10)
    return machine


# The direct path.


def test_one_silent_page_restarts_both_on_the_direct_path() -> None:
    machine = settled_direct("w1")
    assert announced(machine.silent(0, 1, True, T)) == [Announce(1, "direct", round=1)]
    both_connected(machine, T + 400)
    assert (machine.phase, machine.gen) == (Phase.SETTLED, 1)


def test_a_restart_that_brings_nothing_gives_way_to_the_relay() -> None:
    machine = settled_direct("w1")
    machine.silent(0, 1, True, T)
    machine.connected(0, 1, 9, T + 400, round=1)
    (ask,) = asked(machine.woke(T + BUDGET_MS))
    assert ask.message == OpenPair(pair="p9", gen=2, moved=True)


def test_so_does_one_of_which_a_page_says_that_it_failed() -> None:
    machine = settled_direct("w1")
    machine.failed(0, 1, T)
    assert machine.failed(1, 1, T + 50) == [], "it had not heard of the restart"
    assert asked(machine.failed(1, 1, T + 300, round=1))


def test_restarts_are_spaced_and_beyond_that_the_relay_follows_at_once() -> None:
    machine = settled_direct("w1")
    machine.failed(0, 1, T)
    both_connected(machine, T + 300)
    assert asked(machine.failed(0, 1, T + EVERY_MS - 1, round=1))


def test_what_is_said_of_another_round_does_not_end_this_one() -> None:
    machine = settled_direct("w1")
    machine.silent(0, 1, True, T)
    for side in (0, 1):
        machine.connected(side, 1, 9, T + 10, round=0)
    assert machine.phase is Phase.RESTARTING


def test_a_silence_while_the_partner_is_away_waits_for_them() -> None:
    machine = settled_direct("w1")
    machine.parted()
    assert machine.silent(0, 1, True, T) == machine.failed(0, 1, T + 1_000) == []
    assert announced(machine.joined(T + 2_000, keeps=True)) == [Announce(1, "direct", round=1)]


def test_a_page_that_comes_back_during_a_restart_is_told_of_it_again() -> None:
    machine = settled_direct("w1")
    machine.silent(0, 1, True, T)
    machine.parted()
    assert announced(machine.joined(T + 200, keeps=machine.keeps(1))) == [
        Announce(1, "direct", round=2)
    ]


def test_a_restart_that_ran_out_while_a_page_was_away_leaves_the_connection() -> None:
    machine = settled_direct("w1")
    machine.silent(0, 1, True, T)
    machine.parted()
    assert machine.woke(T + BUDGET_MS) == []
    assert machine.keeps(1)


def test_an_address_that_is_hidden_by_now_is_not_told_again_by_a_restart() -> None:
    machine = settled_direct("w1")
    machine.forbid_direct()
    assert announced(machine.failed(0, 1, T)) == []
    assert machine.path == "relay"


def test_pages_that_contradict_each_other_go_to_the_relay_once() -> None:
    machine = settled_direct("w1")
    assert machine.may_dispute
    assert [ask.message for ask in asked(machine.dispute(T))] == [
        OpenPair(pair="p9", gen=2, moved=True)
    ]
    assert not machine.may_dispute
    assert machine.dispute(T + 1) == []


def test_without_a_worker_there_is_nobody_to_ask() -> None:
    assert settled_direct().dispute(T) == []


def test_after_a_dispute_one_page_that_refuses_the_relay_does_not_get_back_to_where_nobody_sees() -> (
    None
):
    machine, now = settled_direct("w1"), T
    machine.dispute(now)
    for _ in range(10):
        machine.opened("w1", machine.gen, LEGS, now)
        machine.failed(0, machine.gen, now + 100)
        now = machine.next_deadline() or now
        machine.woke(now)
        assert machine.path == "relay"
    machine.opened("w1", machine.gen, LEGS, now)
    machine.failed(1, machine.gen, now + 100)
    machine.woke(machine.next_deadline() or now)
    assert machine.path == "direct", "neither of them reaches the relay"


def test_a_page_that_enters_again_and_again_does_not_keep_a_restart_alive() -> None:
    machine = settled_direct("w1")
    machine.failed(0, 1, T)
    for at in (300, 600, 900):
        assert machine.phase is Phase.RESTARTING
        machine.joined(T + at, keeps=machine.keeps(1))
    assert (machine.gen, machine.path) == (2, "relay")


def test_nor_does_a_page_that_enters_without_a_connection_have_both_build_without_end() -> None:
    machine = settled_direct("w1")
    for at in range(0, 60_000, 300):
        machine.woke(T + at)
        machine.joined(T + at, keeps=False)
    assert machine.gen <= 12
    machine.woke(T + 120_000)
    assert machine.phase is not Phase.WAITING


# The relay.


def test_one_page_alone_does_not_drive_both_through_endless_generations() -> None:
    """It says that it is connected, then twice that it failed, and so on; the other one is honest."""
    machine, now = on_relay("w1", "w2"), T
    while now < T + 60_000:
        now += 300
        machine.woke(now)
        machine.failed(0, machine.gen, now, round=machine.round)
        machine.failed(0, machine.gen, now, round=machine.round)
        if machine.phase is Phase.OPENING and machine.legs:
            machine.opened(machine.legs.worker, machine.gen, LEGS, now)
            both_connected(machine, now + 200)
    assert machine.gen <= 8


def test_one_page_s_word_is_spaced_and_not_lost() -> None:
    machine = on_relay("w1", "w2", described=False)
    assert asked(machine.failed(0, 1, T))
    machine.opened("w2", 2, LEGS, T + 5)
    both_connected(machine, T + 200)
    assert machine.failed(0, 2, T + 1_000)[1:] == []
    due = machine.next_deadline()
    assert due == T + EVERY_MS
    assert asked(machine.woke(due))
    assert machine.gen == 3


def test_a_connection_that_lasted_ends_a_row_of_failures() -> None:
    machine = on_relay("w1", "w2", described=False)
    machine.failed(0, 1, T)
    machine.opened("w2", 2, LEGS, T + 5)
    both_connected(machine, T + 200)
    assert asked(machine.failed(0, 2, T + 200 + PROVEN_MS))


def test_a_leg_that_is_gone_brings_nothing_while_the_next_try_waits() -> None:
    machine = on_relay("w1", "w2", described=False)
    machine.failed(0, 1, T)
    machine.opened("w2", 2, LEGS, T + 5)
    both_connected(machine, T + 200)
    machine.failed(0, 2, T + 300)
    assert machine.phase is Phase.WAITING
    assert machine.leg(2, 0, "gone", T + 400) == []
    assert machine.legs is not None
    assert machine.legs.trouble_ms is None


def test_many_pairs_leave_a_dead_worker_a_few_at_a_time() -> None:
    fleet = Fleet()
    fleet.up("w1")
    pairs = [Negotiation(f"p{n}", fleet, direct=False, turn=False, budget_ms=1) for n in range(90)]
    for pair in pairs:
        pair.joined(0, keeps=False)
        pair.opened("w1", 1, LEGS, 1)
        both_connected(pair, 10)
    fleet.up("w2")
    fleet.down("w1")
    moved = [bool(asked(pair.worker_down("w1", T))) for pair in pairs]
    assert moved == [True] * TURN_PAIRS + [False] * 70
    for side in (0, 1):
        assert not any(pair.silent(side, 1, True, T + 5) for pair in pairs[TURN_PAIRS:])
    for tick in (1, 2, 3, 4):
        assert all(
            asked(pair.woke(T + tick * TURN_MS)) for pair in pairs[20 * tick : 20 * tick + 20]
        )
    assert [pair.gen for pair in pairs] == [2] * 90


def test_a_worker_that_answers_again_is_not_left_by_those_whose_turn_had_not_come() -> None:
    machine = on_relay("w1", "w2")
    for _ in range(TURN_PAIRS):
        machine._fleet.turns.next(T)
    machine._fleet.silent("w1")
    machine.worker_silent("w1", T)
    assert machine.silent(0, 1, True, T + 1) == []
    machine._fleet.up("w1")
    machine.worker_up("w1", T + 50)
    assert asked(machine.woke(T + TURN_MS)) == []


def test_a_page_that_alone_misses_its_partner_restarts_its_own_leg() -> None:
    machine = on_relay("w1", "w2")
    (ask,) = asked(machine.silent(1, 1, True, T))
    assert (ask.worker, ask.message) == ("w1", RestartLeg(pair="p9", gen=1, side=1))
    new = replace(LEGS[1], ufrag="cccc")
    told = announced(machine.restarted("w1", 1, 1, new))
    assert told == [Announce(1, "relay", round=1, side=1)]
    assert machine.legs is not None
    assert machine.legs.ends == (LEGS[0], new)
    machine.connected(1, 1, 9, T + 300, round=1)
    assert machine.phase is Phase.SETTLED


def test_if_that_brings_nothing_the_partner_may_have_nothing_to_send() -> None:
    machine = on_relay("w1", "w2")
    machine.silent(1, 1, True, T)
    assert machine.woke(T + BUDGET_MS) == []
    assert (machine.phase, machine.gen) == (Phase.SETTLED, 1)
    assert machine.next_deadline() is None


def test_a_page_whose_leg_failed_gets_the_next_generation_if_the_restart_does_not_help() -> None:
    machine = on_relay("w1", "w2")
    assert [ask.message for ask in asked(machine.failed(0, 1, T))] == [
        RestartLeg(pair="p9", gen=1, side=0)
    ]
    assert [ask.worker for ask in asked(machine.woke(T + BUDGET_MS))] == ["w2"]


def test_a_leg_that_is_gone_is_not_waited_for() -> None:
    machine = on_relay("w1", "w2")
    machine.failed(0, 1, T)
    assert [ask.worker for ask in asked(machine.leg(1, 0, "gone", T + 5))] == ["w2"]


def test_what_the_hub_cannot_answer_it_does_not_restart() -> None:
    machine = on_relay("w1", "w2", described=False)
    assert machine.silent(1, 1, True, T) == []
    assert [ask.worker for ask in asked(machine.failed(0, 1, T))] == ["w2"]


def test_both_pages_silent_move_at_once_to_the_spare() -> None:
    machine = on_relay("w1", "w2")
    machine.silent(0, 1, True, T)
    (ask,) = asked(machine.silent(1, 1, True, T + 40))
    assert (ask.worker, ask.message) == ("w2", OpenPair(pair="p9", gen=2, moved=True))


def test_a_frozen_worker_and_one_page_move_at_once() -> None:
    machine = on_relay("w1", "w2")
    machine._fleet.silent("w1")
    assert machine.worker_silent("w1", T) == []
    assert [ask.worker for ask in asked(machine.silent(0, 1, True, T + 30))] == ["w2"]


def test_a_page_s_silence_before_the_worker_s_is_remembered() -> None:
    machine = on_relay("w1", "w2", described=False)
    machine.silent(0, 1, True, T)
    machine._fleet.silent("w1")
    assert [ask.worker for ask in asked(machine.worker_silent("w1", T + 30))] == ["w2"]


def test_a_leg_s_restart_under_way_does_not_keep_a_pair_on_a_frozen_worker() -> None:
    machine = on_relay("w1", "w2")
    machine.silent(0, 1, True, T)
    assert machine.phase is Phase.RESTARTING
    machine._fleet.silent("w1")
    assert [ask.worker for ask in asked(machine.worker_silent("w1", T + 30))] == ["w2"]


def test_nor_does_it_when_the_other_page_is_silent_too() -> None:
    machine = on_relay("w1", "w2")
    machine.silent(0, 1, True, T)
    assert [ask.worker for ask in asked(machine.silent(1, 1, True, T + 30))] == ["w2"]


def test_a_frozen_worker_is_left_though_no_page_speaks() -> None:
    machine = on_relay("w1", "w2")
    machine._fleet.silent("w1")
    machine.worker_silent("w1", T)
    assert machine.next_deadline() == T + ALONE_MS
    assert [ask.worker for ask in asked(machine.woke(T + ALONE_MS))] == ["w2"]


def test_without_another_worker_a_frozen_one_is_waited_for_and_another_one_taken_when_it_comes() -> (
    None
):
    machine = on_relay("w1")
    machine._fleet.silent("w1")
    machine.worker_silent("w1", T)
    assert machine.silent(0, 1, True, T + 100) == []
    assert machine.next_deadline() is None
    machine._fleet.up("w2")
    assert [ask.worker for ask in asked(machine.woke(T + 5_000))] == ["w2"]


def test_a_worker_whose_link_ends_is_left_without_any_other_witness() -> None:
    machine = on_relay("w1", "w2")
    machine._fleet.down("w1")
    assert [ask.worker for ask in asked(machine.worker_down("w1", T))] == ["w2"]


def test_pairs_leave_a_draining_worker_one_after_the_other_and_carry_on_meanwhile() -> None:
    machine = on_relay("w1", "w2")
    machine._fleet.load("w1", Load(pairs=1, packets_per_s=0, draining=True))
    machine.worker_drains("w1", T)
    due = machine.next_deadline()
    assert due is not None
    assert T <= due < T + DRAIN_SPREAD_MS
    (ask,) = asked(machine.woke(due))
    assert (ask.worker, ask.message) == ("w2", OpenPair(pair="p9", gen=2, moved=True))
    machine.opened("w2", 2, LEGS, due + 5)
    step = both_connected(machine, due + 300, gap_ms=120)
    assert [part for part in step if isinstance(part, Observe) and part.what == "gap"] == [
        Observe("gap", "drain", 0.12)
    ] * 2


def test_without_another_worker_a_draining_one_is_used_to_its_end() -> None:
    machine = on_relay("w1")
    machine._fleet.load("w1", Load(pairs=1, packets_per_s=0, draining=True))
    machine.worker_drains("w1", T)
    assert machine.next_deadline() is None


def test_gaps_are_told_by_what_ended_them() -> None:
    machine = on_relay("w1", "w2")
    machine._fleet.down("w1")
    machine.worker_down("w1", T)
    machine.opened("w2", 2, LEGS, T + 5)
    step = both_connected(machine, T + 300, gap_ms=900)
    machine.described(0)
    machine.silent(1, 2, True, T + 30_000)
    machine.restarted("w2", 2, 1, LEGS[1])
    step += machine.connected(1, 2, 9, T + 31_000, gap_ms=1_100, round=1)
    assert [(p.label, p.seconds) for p in step if isinstance(p, Observe) and p.what == "gap"] == [
        ("sfu_fail", 0.9),
        ("sfu_fail", 0.9),
        ("ice_restart", 1.1),
    ]


# Whatever happens.


@settings(deadline=None, max_examples=300)
@given(moves, st.booleans(), st.booleans())
def test_whatever_happens(moves: list[tuple[str, int, int]], direct: bool, turn: bool) -> None:
    machine = negotiation("w1", "w2", direct=direct, turn=turn)
    now, newest, told = 0, (0, 0), (0, 0)
    for move, side, by_ms in moves:
        now += by_ms
        step = play(machine, move, side, now)
        assert (machine.gen, machine.round) >= newest, "neither generations nor rounds go back"
        for part in announced(step):
            assert (part.gen, part.round) == (machine.gen, machine.round)
            assert (part.gen, part.round) > told or part.side is not None, "nothing is told twice"
            told = part.gen, part.round
            assert part.path == "relay" or direct or part.relay_only, "no address is given away"
        assert len({(part.gen, part.round) for part in announced(step)}) <= 1, "one at a time"
        newest = machine.gen, machine.round
        if machine.phase not in (Phase.IDLE, Phase.SETTLED):
            assert machine.next_deadline() is not None, "every wait has a deadline"
    assert_settles(machine, now)


def assert_settles(machine: Negotiation, now: int) -> None:
    """Both pages here, a worker that answers and pages that do as they are told: it ends well."""
    machine._fleet.up("w1")
    machine._fleet.load("w1", Load(pairs=0, packets_per_s=0, draining=False))
    step = machine.joined(now, keeps=False)
    for _ in range(40):
        if machine.phase is Phase.SETTLED:
            return
        step = [*step, *answered(machine, step, now)] if step else []
        step = [*both_connected(machine, now)] if machine.phase is Phase.RUNNING else step
        if machine.phase is Phase.SETTLED:
            return
        due = machine.next_deadline()
        assert due is not None
        now = max(now, due)
        step = machine.woke(now)
    raise AssertionError("it never settled")


def answered(machine: Negotiation, step: Step, now: int) -> Step:
    out: Step = []
    for ask in asked(step):
        if ask.worker == "w1" and isinstance(ask.message, OpenPair):
            out += machine.opened("w1", ask.message.gen, LEGS, now)
    return out


def play(machine: Negotiation, move: str, side: int, now: int) -> Step:
    worker, fleet = f"w{side + 1}", machine._fleet
    match move:
        case "join":
            return machine.joined(now, keeps=machine.keeps(machine.gen))
        case "rejoin":
            return machine.joined(now, keeps=False)
        case "part":
            machine.parted()
        case "connected":
            return machine.connected(side, machine.gen, 9, now, round=machine.round, gap_ms=5)
        case "failed":
            return machine.failed(side, machine.gen, now, round=machine.round)
        case "silent" | "heard":
            return machine.silent(side, machine.gen, move == "silent", now)
        case "described":
            machine.described(side)
        case "dispute":
            return machine.dispute(now)
        case "private":
            machine.keep_private(bool(side))
        case "stop":
            return machine.stop()
        case "adopt":
            return machine.adopt(machine.gen, "relay", now) or []
        case "opened":
            return machine.opened(worker, machine.gen, LEGS, now)
        case "restarted":
            return machine.restarted(worker, machine.gen, side, LEGS[side])
        case "refused" | "stale":
            code = "full" if move == "refused" else "stale"
            return machine.refused(worker, machine.gen, code, now)
        case "gone" | "stalled" | "flowing":
            return machine.leg(machine.gen, side, move, now)
        case "down":
            fleet.down(worker)
            return machine.worker_down(worker, now)
        case "mute":
            fleet.silent(worker)
            return machine.worker_silent(worker, now)
        case "up":
            fleet.up(worker)
            return machine.worker_up(worker, now)
        case "drain":
            if worker in fleet:
                fleet.load(worker, Load(pairs=0, packets_per_s=0, draining=True))
            machine.worker_drains(worker, now)
        case _:
            step = machine.woke(now)
            due = machine.next_deadline()
            assert due is None or due > now, "a deadline moves on"
            return step
    return []

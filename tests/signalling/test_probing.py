"""Probes: one a member, few a worker, none for long, and never at a worker's cost."""

from __future__ import annotations

import pytest

from media import control
from media.control import Load
from signalling import events
from signalling.commands import TellWorker
from signalling.probing import LIVES_MS, NEEDS_MS, PER_WORKER, Probe, Probing
from tests.signalling.stage import LEGS

NOW = 1_000_000


def load(*, pairs: int = 0, stress: float = 0.0, draining: bool = False) -> Load:
    return Load(pairs=pairs, packets_per_s=0, draining=draining, stress=stress)


def probing(*workers: str, **said: Load) -> Probing:
    """Probes of a hub with these workers, of which some said how they are."""
    made = Probing("h1")
    for worker in workers:
        made.hear(events.WorkerUp(worker))
        made.hear(events.WorkerSaid(worker, said.get(worker, load())))
    return made


def opened(probe: Probe) -> events.WorkerSaid:
    return events.WorkerSaid(probe.worker, control.PairOpened(pair=probe.name, gen=1, legs=LEGS))


def ask(of: Probing, member: str = "m_ana", now_ms: int = NOW) -> Probe:
    probe, _ = of.ask(member, now_ms)
    assert probe is not None
    return probe


def closing(probe: Probe) -> TellWorker:
    return TellWorker(probe.worker, control.ClosePair(pair=probe.name, gen=1))


def test_a_worker_is_asked_for_a_pair_and_one_of_its_legs_is_tried() -> None:
    of = probing("w1")
    probe, told = of.ask("m_ana", NOW)
    assert probe is not None
    assert told == [TellWorker("w1", control.OpenPair(pair=probe.name, gen=1))]
    assert of.hear(opened(probe)) == [probe]
    assert probe.leg == LEGS[0]


def test_neither_side_is_ever_described_so_that_nothing_passes() -> None:
    of = probing("w1")
    probe, told = of.ask("m_ana", NOW)
    assert probe is not None
    of.hear(opened(probe))
    told += of.expire(NOW + LIVES_MS)
    said = [type(command.message) for command in told]
    assert said == [control.OpenPair, control.ClosePair]


def test_no_worker_names_a_member() -> None:
    assert "ana" not in ask(probing("w1")).name


def test_a_probe_ends_by_itself() -> None:
    of = probing("w1")
    probe = ask(of)
    of.hear(opened(probe))
    assert of.expire(NOW + LIVES_MS - 1) == []
    assert of.expire(NOW + LIVES_MS) == [closing(probe)]
    assert of.expire(NOW + LIVES_MS) == []


def test_a_member_who_asks_again_tries_the_same_leg() -> None:
    of = probing("w1")
    probe = ask(of)
    assert of.ask("m_ana", NOW + 1) == (probe, [])
    of.hear(opened(probe))
    assert of.ask("m_ana", NOW + LIVES_MS - NEEDS_MS) == (probe, [])
    assert ask(of, "m_ben") is not probe


def test_a_leg_that_would_end_too_soon_for_a_check_lasts_as_long_as_one_takes() -> None:
    of = probing("w1")
    probe = ask(of)
    asked_ms = NOW + LIVES_MS - 1
    assert ask(of, now_ms=asked_ms) is probe
    assert of.expire(asked_ms + NEEDS_MS - 1) == []
    assert of.expire(asked_ms + NEEDS_MS) == [closing(probe)]


def test_one_member_never_holds_more_than_one_however_often_they_ask() -> None:
    of = probing("w1")
    held: set[str] = set()
    for now_ms in range(NOW, NOW + 10 * LIVES_MS, 100):
        probe, told = of.ask("m_ana", now_ms)
        assert probe is not None
        held.add(probe.name)
        held -= {c.message.pair for c in told if isinstance(c.message, control.ClosePair)}
        assert len(held) == 1


def test_a_worker_carries_few_of_them_and_then_the_next_one_is_asked() -> None:
    of = probing("w1", "w2")
    probes = [ask(of, f"m{number}") for number in range(2 * PER_WORKER)]
    on = [probe.worker for probe in probes]
    assert (on.count("w1"), on.count("w2")) == (PER_WORKER, PER_WORKER)
    assert of.ask("m_ana", NOW) == (None, [])
    of.expire(NOW + LIVES_MS)
    assert ask(of, now_ms=NOW + LIVES_MS)


@pytest.mark.parametrize("worker", [load(stress=0.8), load(draining=True)])
def test_a_worker_with_enough_to_do_is_left_alone(worker: Load) -> None:
    assert probing("w1", w1=worker).ask("m_ana", NOW) == (None, [])


def test_a_worker_that_does_not_answer_is_not_asked() -> None:
    of = probing("w1")
    of.hear(events.WorkerSilent("w1"))
    assert of.ask("m_ana", NOW) == (None, [])
    assert Probing("h1").ask("m_ana", NOW) == (None, [])


def test_a_refusal_is_known_and_nothing_of_it_is_left() -> None:
    of = probing("w1")
    probe = ask(of)
    refused = control.PairRefused(pair=probe.name, gen=1, code="full")
    assert of.hear(events.WorkerSaid("w1", refused)) == [probe]
    assert probe.leg is None
    assert of.end() == []


def test_nobody_waits_for_a_worker_that_is_gone() -> None:
    of = probing("w1", "w2")
    probes = [ask(of, "m_ana"), ask(of, "m_ben")]
    (gone,) = of.hear(events.WorkerDown("w1"))
    (left,) = (probe for probe in probes if probe is not gone)
    assert (gone.worker, left.worker) == ("w1", "w2")
    assert of.end() == [closing(left)]


def test_what_a_lost_worker_made_is_not_handed_out_and_ends_when_it_would_have() -> None:
    of = probing("w1")
    probe = ask(of)
    of.hear(opened(probe))
    assert of.hear(events.WorkerDown("w1")) == []
    assert of.ask("m_ana", NOW) == (None, [])
    of.hear(events.WorkerUp("w2"))
    of.hear(events.WorkerSaid("w2", load()))
    assert of.ask("m_ana", NOW) == (None, []), "a second one only when the first has ended"
    of.hear(events.WorkerUp("w1"))
    assert of.expire(NOW + LIVES_MS) == [closing(probe)]


def test_a_worker_that_answers_too_late_was_told_to_forget() -> None:
    of = probing("w1")
    probe = ask(of)
    assert of.give_up(probe.name) == [closing(probe)]
    assert of.hear(opened(probe)) == []
    assert of.give_up(probe.name) == []


def test_pairs_of_calls_are_nothing_to_it() -> None:
    of = probing("w1")
    call = control.PairOpened(pair="p9", gen=1, legs=LEGS)
    assert of.hear(events.WorkerSaid("w1", call)) == []

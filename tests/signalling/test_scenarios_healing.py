"""Faults of ours and of networks, as two members live through them: nobody is blamed, nobody clicks.

R8 a worker killed or frozen, R9 a path that dies, R6 a drain, R1 a hub killed, the store away for
minutes. All time is turned by hand; what the real processes take is measured in `tests/healing`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from media import control
from scheduler.rules import DEFAULT
from signalling import wire
from signalling.commands import Record, Report, Send, TellWorker
from signalling.events import WorkerDown, WorkerSaid, WorkerSilent, WorkerUp
from signalling.negotiation import DRAIN_SPREAD_MS
from signalling.restart import BUDGET_MS, EVERY_MS
from tests.signalling.stage import (
    LEGS,
    MEMBERS,
    MINUTE,
    SECOND,
    Stage,
    T,
)
from tests.signalling.test_call import SDPS
from tests.signalling.test_negotiation import both_connected, negotiation

RELAYED = msgspec.structs.replace(DEFAULT, media_direct="nobody")
OFFER = next(path for path in SDPS if path.stem == "chromium-offer").read_bytes().decode()
ANSWER = next(path for path in SDPS if path.stem == "chromium-answer").read_bytes().decode()
JOINED = ["join"]


def direct_call() -> Stage:
    return Stage(now_ms=T).feed(WorkerUp("w1")).both_connected()


def relayed_call(*others: str) -> Stage:
    """Ana and Ben on w1, both descriptions exchanged; other workers are there as well."""
    stage = Stage(now_ms=T, rules=RELAYED).feed(WorkerUp("w1"))
    stage.both_enter()
    says(stage, "w1", control.PairOpened(pair="p9", gen=1, legs=LEGS))
    stage.say("ana", wire.Signal(gen=1, kind="offer", sdp=OFFER))
    stage.say("ben", wire.Signal(gen=1, kind="answer", sdp=ANSWER))
    connect(stage, 1)
    return stage.feed(*(WorkerUp(name) for name in others)).after(MINUTE)


def says(stage: Stage, worker: str, message: control.WorkerMessage) -> None:
    stage.feed(WorkerSaid(worker, message))
    stage._said[:] = [c for c in stage._said if not isinstance(c, Record)]


def connect(
    stage: Stage, gen: int, *, round: int = 0, who: tuple[str, ...] = ("ana", "ben")
) -> None:
    for conn in who:
        stage.say(conn, wire.Connected(gen=gen, first_frame_ms=9, round=round, gap_ms=700))
    stage.told()


def opens(stage: Stage) -> list[tuple[str, int]]:
    asked = stage.see(TellWorker)
    return [(a.worker, a.message.gen) for a in asked if isinstance(a.message, control.OpenPair)]


def silent(stage: Stage, *who: str, gen: int = 1) -> None:
    for conn in who:
        stage.say(conn, wire.Silent(gen=gen, silent=True))


def told(stage: Stage) -> list[tuple[str, wire.Negotiate]]:
    sent = stage.see(Send, lambda s: isinstance(s.message, wire.Negotiate))
    return [(s.conn, s.message) for s in sent]


def goes_on_blameless(stage: Stage, gen: int) -> None:
    """The pair is connected by this generation, and the log holds two who came, and nothing else."""
    says(stage, "w2", control.PairOpened(pair="p9", gen=gen, legs=LEGS))
    connect(stage, gen)
    stage.after(20 * MINUTE)
    for member in ("m_ana", "m_ben"):
        assert stage.seen(member) == JOINED
    assert opens(stage) == []


# R8: the worker.


def test_r8_a_worker_killed_both_go_on_with_the_next_at_once_and_nobody_is_blamed() -> None:
    stage = relayed_call("w2")
    stage.feed(WorkerDown("w1"))
    assert opens(stage) == [("w2", 2)]
    goes_on_blameless(stage, 2)


def test_r8_a_worker_frozen_one_page_is_the_second_witness() -> None:
    stage = relayed_call("w2")
    stage.feed(WorkerSilent("w1"))
    assert opens(stage) == []
    silent(stage, "ben")
    assert opens(stage) == [("w2", 2)]
    goes_on_blameless(stage, 2)


def test_r8_a_worker_frozen_that_hubs_still_hear_both_pages_are_two_witnesses() -> None:
    stage = relayed_call("w2")
    silent(stage, "ana", "ben")
    assert opens(stage) == [("w2", 2)]
    goes_on_blameless(stage, 2)


def test_r8_one_page_alone_moves_nobody_and_its_partner_hears_nothing() -> None:
    stage = relayed_call("w2")
    silent(stage, "ana")
    assert [a.message for a in stage.see(TellWorker)] == [
        control.RestartLeg(pair="p9", gen=1, side=0)
    ]
    stage.after(MINUTE)
    assert stage.see(Send) == []
    assert stage.seen("m_ben") == JOINED


def test_r8_a_burst_that_silences_both_again_and_again_moves_them_once_in_five_seconds() -> None:
    stage = relayed_call("w2")
    begun = stage.now_ms
    moves = []
    gen = 1
    while stage.now_ms < begun + 30 * SECOND:
        silent(stage, "ana", "ben", gen=gen)
        for worker, gen in opens(stage):
            moves.append(stage.now_ms)
            says(stage, worker, control.PairOpened(pair="p9", gen=gen, legs=LEGS))
            connect(stage, gen)
        stage.after(200)
    apart = [later - sooner for sooner, later in pairwise(moves)]
    assert 2 <= len(moves) <= 5
    assert min(apart) >= 5 * SECOND


def test_r8_a_new_worker_that_is_frozen_too_is_not_waited_for() -> None:
    stage = relayed_call("w2", "w3")
    stage.feed(WorkerDown("w1"))
    ((first, _),) = opens(stage)
    stage.after(300)
    ((second, gen),) = opens(stage)
    assert {first, second} == {"w2", "w3"}
    assert gen == 3


# R9: the path.


def test_r9_a_direct_path_that_dies_is_restarted_and_its_candidates_pass_anew() -> None:
    stage = direct_call().after(MINUTE)
    silent(stage, "ana")
    assert [(c, m.gen, m.round, m.offer) for c, m in told(stage)] == [
        ("ana", 1, 1, True),
        ("ben", 1, 1, False),
    ]
    stage.say("ana", wire.Signal(gen=1, round=1, kind="offer", sdp=OFFER))
    (offer,) = stage.told("ben")
    assert (offer.kind, offer.round) == ("offer", 1)
    stage.say("ben", wire.Signal(gen=1, kind="answer", sdp=ANSWER))
    assert stage.told("ana") == [], "an answer of the round before"
    connect(stage, 1, round=1)
    stage.after(20 * MINUTE)
    assert stage.seen("m_ana") == stage.seen("m_ben") == JOINED
    assert told(stage) == []


def test_r9_within_four_seconds_it_goes_by_a_relay_if_that_does_not_help() -> None:
    stage = direct_call().after(MINUTE)
    silent(stage, "ana")
    told(stage)
    stage.after(BUDGET_MS)
    assert opens(stage) == [("w1", 2)]
    assert BUDGET_MS + 700 < 2_500, "with what the page takes to notice, half of what it may take"


def test_r9_a_leg_is_restarted_and_answered_by_the_hub_from_what_the_partner_said() -> None:
    stage = relayed_call("w2")
    stage.say("ben", wire.Failed(gen=1))
    assert [a.message for a in stage.see(TellWorker)] == [
        control.RestartLeg(pair="p9", gen=1, side=1)
    ]
    new = msgspec.structs.replace(LEGS[1], ufrag="cccc", pwd="c" * 22)
    says(stage, "w1", control.LegRestarted(pair="p9", gen=1, side=1, leg=new))
    ((conn, negotiate),) = told(stage)
    assert (conn, negotiate.gen, negotiate.round, negotiate.offer) == ("ben", 1, 1, True)
    stage.say("ben", wire.Signal(gen=1, round=1, kind="offer", sdp=OFFER))
    (expect,) = (a.message for a in stage._said if isinstance(a, TellWorker))
    assert (expect.side, expect.gen) == (1, 1)
    (answer,) = stage.told()
    assert (answer.kind, answer.round) == ("answer", 1)
    assert "a=ice-ufrag:cccc" in answer.sdp
    assert "a=setup:passive" in answer.sdp
    connect(stage, 1, round=1, who=("ben",))
    stage.after(20 * MINUTE)
    assert stage.seen("m_ana") == stage.seen("m_ben") == JOINED


def test_r9_restarts_come_no_oftener_than_they_may() -> None:
    stage = direct_call()
    begun, rounds = stage.now_ms, []
    while stage.now_ms < begun + MINUTE:
        silent(stage, "ana")
        for _, negotiate in told(stage)[:1]:
            rounds.append(stage.now_ms)
            connect(stage, negotiate.gen, round=negotiate.round)
        stage.say("ana", wire.Silent(gen=1, silent=False)).after(EVERY_MS)
        if opens(stage):
            break
    assert len(rounds) == 5, "then the relay takes over"


# R6: a worker drains.


def test_r6_a_worker_that_drains_hands_its_pair_over_with_both_connections_up() -> None:
    stage = relayed_call("w2")
    says(stage, "w1", control.Load(pairs=1, packets_per_s=0, draining=True))
    assert opens(stage) == []
    stage.after(DRAIN_SPREAD_MS)
    ((worker, gen),) = opens(stage)
    assert (worker, gen) == ("w2", 2)
    says(stage, "w2", control.PairOpened(pair="p9", gen=2, legs=LEGS))
    assert not [a for a in stage.see(TellWorker) if isinstance(a.message, control.ClosePair)]
    for conn in ("ana", "ben"):
        stage.say(conn, wire.Connected(gen=2, first_frame_ms=9))
    assert [a.message for a in stage.see(TellWorker)] == [control.ClosePair(pair="p9", gen=1)]
    assert stage.seen("m_ana") == stage.seen("m_ben") == JOINED


def test_r6_the_pairs_of_a_worker_leave_it_spread_over_two_seconds() -> None:
    due = []
    for number in range(60):
        machine = negotiation("w1", "w2", direct=False)
        machine._pair = f"p{number}"
        machine.joined(0, keeps=False)
        machine.opened("w1", 1, LEGS, 1)
        both_connected(machine, 10)
        machine._fleet.load("w1", control.Load(pairs=60, packets_per_s=0, draining=True))
        machine.worker_drains("w1", 0)
        at = machine.next_deadline()
        assert at is not None
        due.append(at)
    assert max(due) < DRAIN_SPREAD_MS
    assert len({at // 200 for at in due}) >= 8, "in nearly every fifth of a second"


# R1: the hub.


@pytest.mark.parametrize("path", ["direct", "relay"])
def test_r1_a_hub_killed_the_next_one_touches_neither_call_nor_record(path: Any) -> None:
    before = direct_call() if path == "direct" else relayed_call("w2")
    stage = Stage(now_ms=before.now_ms + SECOND, log=before.recorded, rules=RELAYED)
    if path == "direct":
        stage = Stage(now_ms=before.now_ms + SECOND, log=before.recorded)
    stage.feed(WorkerUp("w1"))
    stage.ana_enters(gen=1, path=path).after(300).ben_enters(gen=1, path=path)
    if path == "relay":
        says(stage, "w1", control.PairOpened(pair="p9", gen=1, legs=LEGS))
    stage.after(20 * MINUTE)
    assert told(stage) == []
    assert stage.recorded == []


def test_r1_and_heals_the_call_as_the_first_one_did() -> None:
    before = relayed_call()
    stage = Stage(now_ms=before.now_ms + SECOND, log=before.recorded, rules=RELAYED)
    stage.feed(WorkerUp("w1"), WorkerUp("w2"))
    stage.ana_enters(gen=1, path="relay").ben_enters(gen=1, path="relay")
    says(stage, "w1", control.PairOpened(pair="p9", gen=1, legs=LEGS))
    stage.see(TellWorker)
    stage.feed(WorkerDown("w1"))
    assert opens(stage) == [("w2", 2)]


# The store is away.


def test_without_the_store_for_five_minutes_calls_go_on_and_are_healed() -> None:
    stage = relayed_call("w2")
    stage.feed(WorkerDown("w1"))
    assert opens(stage) == [("w2", 2)]
    says(stage, "w2", control.PairOpened(pair="p9", gen=2, legs=LEGS))
    connect(stage, 2)
    stage.after(5 * MINUTE).lose("ana").hello("ana2", "m_ana", "tab-ana")
    stage.say(
        "ana2", wire.Enter(booking="b1", camera=True, mic=True, gen=2, path="relay", pair="p9")
    ).no_answer("ana2", away=True)
    assert stage.told("ana2", wire.Room), "from memory"
    assert told(stage) == []
    stage.after(5 * MINUTE)
    assert stage.seen("m_ana") == stage.seen("m_ben") == JOINED


# What members want.


def test_a_private_session_of_one_member_is_private_for_both() -> None:
    ben = msgspec.structs.replace(MEMBERS["m_ben"], private_calls=True)
    stage = Stage(now_ms=T, rules=RELAYED, members=MEMBERS | {"m_ben": ben}).feed(WorkerUp("w1"))
    stage.ana_enters().ben_enters()
    (ask,) = stage.see(TellWorker)
    assert ask.message == control.OpenPair(pair="p9", gen=1, blind=True)
    blind = tuple(msgspec.structs.replace(leg, fingerprint="") for leg in LEGS)
    says(stage, "w1", control.PairOpened(pair="p9", gen=1, legs=blind))  # type: ignore[arg-type]
    assert [m.blind for _, m in told(stage)] == [True, True]
    stage.say("ana", wire.Signal(gen=1, kind="offer", sdp=OFFER))
    (offer,) = stage.told("ben")
    own = [line for line in OFFER.split("\r\n") if line.startswith("a=fingerprint:")]
    assert [li for li in offer.sdp.split("\r\n") if li.startswith("a=fingerprint:")] == own
    assert "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host" in offer.sdp


def test_a_camera_that_two_pages_disagree_about_is_looked_at_by_a_relay_once() -> None:
    stage = direct_call().after(MINUTE)
    stage.say("ben", wire.Seen(gen=1, picture="off")).after(5 * SECOND)
    assert opens(stage) == [("w1", 2)]
    assert stage.seen("m_ana") == JOINED, "nobody is convicted by the partner"
    says(stage, "w1", control.PairOpened(pair="p9", gen=2, legs=LEGS))
    connect(stage, 2)
    stage.say("ben", wire.Seen(gen=2, picture="off")).after(MINUTE)
    assert opens(stage) == []


def test_where_there_is_no_relay_nothing_comes_of_it() -> None:
    stage = Stage(now_ms=T).both_connected().after(MINUTE)
    stage.say("ben", wire.Seen(gen=1, picture="off")).after(MINUTE)
    assert told(stage) == []
    assert stage.seen("m_ana") == JOINED


def test_what_a_page_shows_of_itself_reaches_the_partner() -> None:
    stage = direct_call()
    stage.say("ana", wire.Media(camera=False, mic=True, screen=True, trouble="unplugged"))
    seats = stage.told("ben", wire.Seats)[-1]
    assert (seats.them.screen, seats.them.trouble, seats.them.camera) == (True, "unplugged", False)


def test_figures_are_taken_a_few_times_and_then_refused() -> None:
    stage = direct_call()
    for _ in range(3):
        stage.say("ana", wire.Figures(gen=1, figures={"rtt_ms": 41, "name": 1}))
        assert stage.see(Report) == [Report("direct", {"rtt_ms": 41})]
    stage.say("ana", wire.Figures(gen=1, figures={"rtt_ms": 41}))
    assert [m.code for m in stage.told("ana", wire.Refused)] == ["too_many"]

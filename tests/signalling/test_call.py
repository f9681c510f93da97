"""The connection of two pages as both see it: generations, paths, tokens, workers."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from media import control, sdp
from scheduler.rules import DEFAULT
from signalling import wire
from signalling.commands import Send, TellWorker
from signalling.config import IceConfig
from signalling.events import WorkerDown, WorkerSaid, WorkerUp
from signalling.restart import BUDGET_MS
from tests.signalling.stage import CONFIG, LEGS, MEMBERS, SECOND, Stage, T, booking

GOLDEN = Path(__file__).parent.parent / "golden" / "sdp"
SDPS = sorted(path for path in GOLDEN.glob("*.sdp") if ".for-leg" not in path.name)
FRIENDS_DIRECT = msgspec.structs.replace(DEFAULT, media_direct="friends")
NOBODY_DIRECT = msgspec.structs.replace(DEFAULT, media_direct="nobody")


def negotiations(stage: Stage) -> list[tuple[str, int, str, bool]]:
    return [
        (s.conn, s.message.gen, s.message.path, s.message.offer)
        for s in stage.see(Send, lambda s: isinstance(s.message, wire.Negotiate))
    ]


def worker(stage: Stage, message: control.WorkerMessage, name: str = "w1") -> Stage:
    stage.feed(WorkerSaid(name, message))
    return stage


def opened(gen: int, legs: tuple[control.Leg, control.Leg] = LEGS) -> control.PairOpened:
    return control.PairOpened(pair="p9", gen=gen, legs=legs)


def asked(stage: Stage) -> list[TellWorker]:
    return stage.see(TellWorker)


def test_both_here_begins_the_first_generation_on_the_direct_path() -> None:
    stage = Stage(now_ms=T).ana_enters()
    assert negotiations(stage) == []
    stage.ben_enters()
    assert negotiations(stage) == [("ana", 1, "direct", True), ("ben", 1, "direct", False)]


def test_the_direct_path_has_four_seconds() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_enter()
    stage.say("ana", wire.Connected(gen=1, first_frame_ms=100)).after(4 * SECOND)
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=2, moved=True))]
    worker(stage, opened(2))
    assert negotiations(stage) == [("ana", 2, "relay", True), ("ben", 2, "relay", False)]


def test_a_page_that_says_it_failed_is_believed_at_once() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_enter()
    stage.say("ben", wire.Failed(gen=1))
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=2, moved=True))]


def test_what_is_settled_has_no_deadline() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_connected()
    stage.after(60 * SECOND)
    assert asked(stage) == []


def test_a_direct_connection_that_dies_later_and_does_not_restart_goes_to_the_relay() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_connected()
    stage.after(60 * SECOND).say("ana", wire.Failed(gen=1)).after(BUDGET_MS)
    stage.told()
    worker(stage, opened(2))
    assert {path for _, _, path, _ in negotiations(stage)} == {"relay"}


@pytest.mark.parametrize("gen", [0, 2, -1])
def test_other_generations_are_ignored(gen: int) -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_enter()
    stage.say("ana", wire.Failed(gen=gen), wire.Signal(gen=gen, kind="candidate", candidate=""))
    assert stage.see(object) == []


def test_an_instance_may_forbid_the_direct_path() -> None:
    stage = Stage(now_ms=T, rules=NOBODY_DIRECT).feed(WorkerUp("w1"))
    stage.both_enter()
    worker(stage, opened(1))
    assert {path for _, _, path, _ in negotiations(stage)} == {"relay"}


def test_one_member_who_hides_the_address_is_enough_for_the_relay() -> None:
    ben = msgspec.structs.replace(MEMBERS["m_ben"], hide_address=True)
    stage = Stage(now_ms=T, members=MEMBERS | {"m_ben": ben}).feed(WorkerUp("w1"))
    stage.ana_enters().ben_enters()
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=1))]


def ben_hides(stage: Stage) -> None:
    ben = msgspec.structs.replace(MEMBERS["m_ben"], hide_address=True)
    stage.members = MEMBERS | {"m_ben": ben}


def test_who_hides_the_address_while_the_partner_waits_in_the_room_is_hidden() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1")).ana_enters()
    ben_hides(stage)
    stage.ben_enters()
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=1))]
    worker(stage, opened(1))
    assert {path for _, _, path, _ in negotiations(stage)} == {"relay"}


@pytest.mark.parametrize("held", [0, 1])
def test_who_hides_it_during_a_direct_call_is_hidden_from_the_next_entering_on(held: int) -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_connected()
    ben_hides(stage)
    stage.lose("ben").ben_enters("ben2", tab="tab-ben", gen=held)
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=2, moved=True))]


def test_a_direct_call_of_an_earlier_hub_is_not_left_alone_if_one_hides_by_now() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    ben_hides(stage)
    stage.ana_enters(gen=3).ben_enters(gen=3)
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=4, moved=True))]


def test_a_direct_try_gives_way_if_one_hides_by_now() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_enter()
    ben_hides(stage)
    stage.lose("ben").ben_enters("ben2", tab="tab-ben")
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=2, moved=True))]
    stage.say(
        "ana", wire.Signal(gen=1, kind="candidate", candidate="candidate:1 1 udp 1 a 1 typ host")
    )
    stage.expect()


def test_a_hidden_address_without_any_worker_waits_for_one() -> None:
    ben = msgspec.structs.replace(MEMBERS["m_ben"], hide_address=True)
    stage = Stage(now_ms=T, members=MEMBERS | {"m_ben": ben}).ana_enters().ben_enters()
    stage.after(5 * SECOND)
    assert negotiations(stage) == []
    stage.feed(WorkerUp("w1")).after(2 * SECOND)
    assert [ask.worker for ask in asked(stage)] == ["w1"]


def test_or_uses_turn_and_nothing_else() -> None:
    config = msgspec.structs.replace(
        CONFIG, ice=IceConfig(turn_urls=("turn:t.example",), turn_secret="s")
    )
    ben = msgspec.structs.replace(MEMBERS["m_ben"], hide_address=True)
    stage = Stage(now_ms=T, config=config, members=MEMBERS | {"m_ben": ben})
    stage.ana_enters().ben_enters()
    first, second = stage.told(kind=wire.Negotiate)
    assert first.relay_only
    assert second.relay_only
    assert first.ice_servers[0].credential
    assert first.ice_servers[0].username != second.ice_servers[0].username


# Signals.


def test_candidates_pass_on_the_direct_path() -> None:
    stage = Stage(now_ms=T).both_enter()
    signal = wire.Signal(
        gen=1, kind="candidate", candidate="candidate:1 1 udp 1 192.0.2.7 5 typ host", mid="0"
    )
    stage.say("ana", signal).expect(Send("ben", signal))


def test_the_token_s_holder_offers_and_the_other_answers() -> None:
    stage = Stage(now_ms=T).both_enter()
    stage.say("ben", wire.Signal(gen=1, kind="offer", sdp="v=0"))
    assert [m.code for m in stage.told("ben")] == ["not_your_offer"]
    stage.say("ana", wire.Signal(gen=1, kind="answer", sdp="v=0"))
    assert [m.code for m in stage.told("ana")] == ["not_your_offer"]


def test_nonsense_is_not_passed_on() -> None:
    stage = Stage(now_ms=T).both_enter()
    stage.say("ana", wire.Signal(gen=1, kind="offer", sdp="v=0\r\nhello"))
    stage.say("ana", wire.Signal(gen=1, kind="candidate", candidate="x\r\ny"))
    assert [s.message.code for s in stage.see(Send)] == ["bad_signal", "bad_signal"]


def on_the_relay() -> Stage:
    stage = Stage(now_ms=T, rules=NOBODY_DIRECT).feed(WorkerUp("w1"))
    stage.both_enter()
    worker(stage, opened(1))
    stage.told()
    return stage


@pytest.mark.parametrize("path", SDPS, ids=lambda path: path.stem)
def test_a_description_on_the_relay_leads_to_the_receiver_s_own_leg(path: Path) -> None:
    text = path.read_bytes().decode()
    stage = on_the_relay()
    stage.say("ana", wire.Signal(gen=1, kind="offer", sdp=text))
    stage.expect(
        TellWorker("w1", sdp.set_remote("p9", 1, 0, text)),
        Send("ben", wire.Signal(gen=1, kind="offer", sdp=sdp.for_leg(text, LEGS[1]))),
    )
    stage.say("ben", wire.Signal(gen=1, kind="answer", sdp=text))
    stage.expect(
        TellWorker("w1", sdp.set_remote("p9", 1, 1, text)),
        Send("ana", wire.Signal(gen=1, kind="answer", sdp=sdp.for_leg(text, LEGS[0]))),
    )


@pytest.mark.parametrize("path", SDPS, ids=lambda path: path.stem)
def test_a_description_on_the_direct_path_stays_as_it_is_but_for_addresses(path: Path) -> None:
    text = path.read_bytes().decode()
    stage = Stage(now_ms=T).both_enter().say("ana", wire.Signal(gen=1, kind="offer", sdp=text))
    (passed,) = stage.told("ben")
    after = passed.sdp.split("\r\n")
    left_out = ("a=rid:", "a=simulcast:", "a=ssrc-group:SIM", "a=ice-lite")
    before = [line for line in text.split("\r\n") if not line.startswith(left_out)]
    changed = [old for old, new in zip(before, after, strict=True) if old != new]
    assert all(line.startswith(("c=", "m=", "o=", "a=rtcp:", "a=candidate:")) for line in changed)
    assert [line for line in after if line.startswith("a=fingerprint:")] == [
        line for line in before if line.startswith("a=fingerprint:")
    ]


def test_candidates_of_pages_stay_at_the_hub_on_the_relay() -> None:
    stage = on_the_relay()
    candidate = "candidate:1 1 udp 1 192.0.2.7 5 typ host"
    stage.say("ana", wire.Signal(gen=1, kind="candidate", candidate=candidate)).expect()


# Workers.


def test_a_worker_that_does_not_answer_in_time_is_passed_over() -> None:
    stage = Stage(now_ms=T, rules=NOBODY_DIRECT).feed(WorkerUp("w1"), WorkerUp("w2"))
    stage.ana_enters().ben_enters()
    (first,) = asked(stage)
    stage.after(2 * SECOND)
    (second,) = asked(stage)
    assert {first.worker, second.worker} == {"w1", "w2"}
    assert second.message.gen == 2


@pytest.mark.parametrize("code", ["full", "draining"])
def test_so_is_one_that_is_full(code: str) -> None:
    stage = Stage(now_ms=T, rules=NOBODY_DIRECT).feed(WorkerUp("w1"), WorkerUp("w2"))
    stage.ana_enters().ben_enters()
    (first,) = asked(stage)
    worker(stage, control.PairRefused(pair="p9", gen=1, code=code), first.worker)  # type: ignore[arg-type]
    (second,) = asked(stage)
    assert second.worker != first.worker


def test_a_dead_worker_s_calls_move_to_another() -> None:
    stage = on_the_relay()
    both = wire.Connected(gen=1, first_frame_ms=9)
    stage.say("ana", both).say("ben", both).feed(WorkerUp("w2"))
    stage.told()
    stage.feed(WorkerDown("w1"))
    assert asked(stage) == [TellWorker("w2", control.OpenPair(pair="p9", gen=2, moved=True))]


def test_without_another_the_call_waits_for_the_worker_and_claims_its_legs_again() -> None:
    stage = on_the_relay()
    both = wire.Connected(gen=1, first_frame_ms=9)
    stage.say("ana", both).say("ben", both)
    stage.told()
    stage.feed(WorkerDown("w1")).after(SECOND).feed(WorkerUp("w1"))
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=1))]
    worker(stage, opened(1))
    assert stage.see(object) == [], "the same legs: nothing happened"


def test_a_worker_that_began_anew_makes_both_build_anew() -> None:
    stage = on_the_relay()
    both = wire.Connected(gen=1, first_frame_ms=9)
    stage.say("ana", both).say("ben", both).feed(WorkerDown("w1"), WorkerUp("w1"))
    stage.told()
    worker(stage, opened(1, (LEGS[1], LEGS[0])))
    assert asked(stage) == [TellWorker("w1", control.OpenPair(pair="p9", gen=2, moved=True))]


def test_the_old_relay_carries_until_the_new_one_does() -> None:
    stage = on_the_relay()
    both = wire.Connected(gen=1, first_frame_ms=9)
    stage.say("ana", both).say("ben", both).feed(WorkerUp("w2"))
    stage.say("ana", wire.Failed(gen=1))
    worker(stage, opened(2), "w2")
    assert not [c for c in asked(stage) if isinstance(c.message, control.ClosePair)]
    both = wire.Connected(gen=2, first_frame_ms=9)
    stage.say("ana", both).say("ben", both)
    assert asked(stage) == [TellWorker("w1", control.ClosePair(pair="p9", gen=1))]


def test_two_silent_legs_are_the_relay_s_fault() -> None:
    stage = on_the_relay()
    both = wire.Connected(gen=1, first_frame_ms=9)
    stage.say("ana", both).say("ben", both).feed(WorkerUp("w2"))
    for side in (0, 1):
        worker(stage, control.LegState(pair="p9", gen=1, side=side, state="stalled"))  # type: ignore[arg-type]
    stage.told()
    stage.after(SECOND)
    assert asked(stage) == [TellWorker("w2", control.OpenPair(pair="p9", gen=2, moved=True))]


def test_a_leg_that_flows_again_is_forgiven() -> None:
    stage = on_the_relay()
    both = wire.Connected(gen=1, first_frame_ms=9)
    stage.say("ana", both).say("ben", both)
    worker(stage, control.LegState(pair="p9", gen=1, side=0, state="gone"))
    worker(stage, control.LegState(pair="p9", gen=1, side=0, state="flowing"))
    stage.told()
    stage.after(30 * SECOND)
    assert asked(stage) == []


def test_failures_in_a_row_are_tried_ever_more_slowly() -> None:
    stage = on_the_relay()
    gen, tries = 1, 0
    for _ in range(60):
        stage.say("ana", wire.Failed(gen=gen)).after(SECOND)
        for ask in asked(stage):
            gen, tries = ask.message.gen, tries + 1
            worker(stage, opened(gen))
    assert 4 <= tries <= 10


def test_a_try_that_nobody_waits_for_is_not_repeated() -> None:
    stage = Stage(now_ms=T).feed(WorkerUp("w1"))
    stage.both_enter()
    stage.lose("ben").after(60 * SECOND)
    assert asked(stage) == []
    stage.ben_enters("ben2")
    assert negotiations(stage)[0][1] == 2


# Friends.


def enter_as(stage: Stage, conn: str, member: str, *, friends: bool) -> Stage:
    own = "b1" if member == "m_ana" else "b2"
    stage.hello(conn, member, f"tab-{member}")
    stage.say(conn, wire.Enter(booking=own, camera=True, mic=True))
    return stage.answer(conn, booking(own, member), friends=friends)


@pytest.mark.parametrize(("friends", "path"), [(True, "direct"), (False, "relay")])
def test_where_only_friends_connect_directly_others_go_by_the_relay(
    friends: bool, path: str
) -> None:
    stage = Stage(now_ms=T, rules=FRIENDS_DIRECT).feed(WorkerUp("w1"))
    enter_as(stage, "ana", "m_ana", friends=friends)
    enter_as(stage, "ben", "m_ben", friends=friends)
    if path == "relay":
        worker(stage, opened(1))
    assert [where for _, _, where, _ in negotiations(stage)] == [path, path]


def test_who_are_friends_no_more_are_not_connected_directly_again() -> None:
    stage = Stage(now_ms=T, rules=FRIENDS_DIRECT).feed(WorkerUp("w1"))
    enter_as(stage, "ana", "m_ana", friends=True)
    enter_as(stage, "ben", "m_ben", friends=True)
    connected = wire.Connected(gen=1, first_frame_ms=200)
    stage.say("ana", connected).say("ben", connected).lose("ben")
    negotiations(stage)
    enter_as(stage, "ben2", "m_ben", friends=False)
    worker(stage, opened(2))
    assert [where for _, _, where, _ in negotiations(stage)] == ["relay", "relay"]


def remembers(stage: Stage) -> bool:
    room = stage.hub._seating._rooms.get("p9")
    assert room is not None
    assert room.circuit._call is not None
    return room.circuit._call._signals.remembers


@pytest.mark.parametrize("end", [wire.Failed(gen=1), wire.Leave()])
def test_no_description_outlives_its_generation_or_its_pair(end: wire.Failed | wire.Leave) -> None:
    """Neither a new attempt nor a pair that parts waits for the next signal to forget."""
    stage, text = on_the_relay(), SDPS[0].read_bytes().decode()
    stage.say("ana", wire.Signal(gen=1, kind="offer", sdp=text))
    assert remembers(stage)
    stage.say("ana", end)
    assert not remembers(stage)

"""A session as its two members live it, and what is recorded of it."""

from __future__ import annotations

import msgspec
import pytest

from media import control
from scheduler.presence import PresenceEvent, Seen, Witness
from scheduler.rules import DEFAULT
from signalling import wire
from signalling.commands import TellWorker
from signalling.events import OutboxBroken, WorkerSaid, WorkerUp
from tests.signalling.stage import (
    DOORS_CLOSE,
    LEGS,
    MINUTE,
    SECOND,
    E,
    Stage,
    T,
    booking,
)


def last_seats(stage: Stage, conn: str = "ana") -> wire.Seats:
    seats: wire.Seats = stage.told(conn, wire.Seats)[-1]
    return seats


def code_of(stage: Stage, conn: str = "ana") -> str:
    (refused,) = stage.told(conn, wire.Refused)
    return str(refused.code)


# Presence.


def test_a_first_seat_is_a_join_with_the_moment_it_was_taken() -> None:
    stage = Stage(now_ms=T + 1).ana_enters()
    (joined,) = stage.recorded
    assert (joined.id, joined.member, joined.seen, joined.at_ms) == (
        "hub-1:1",
        "m_ana",
        Seen.JOIN,
        T + 1,
    )


def test_a_lost_connection_shows_at_once_and_is_recorded_with_the_moment_of_the_loss() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.lose("ana")
    them = last_seats(stage, "ben").them
    assert them.here
    assert them.stalled
    stage.after(3 * SECOND - 1)
    assert stage.seen() == ["join"]
    stage.after(1)
    assert stage.seen() == ["join", "drop"]
    assert stage.recorded[-1].at_ms == T


def test_after_the_grace_the_seat_is_empty() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.lose("ana").after(90 * SECOND)
    them = last_seats(stage, "ben").them
    assert not them.here
    assert not them.stalled
    assert not them.left


@pytest.mark.parametrize("closed", [True, False])
def test_a_drop_says_whether_the_page_closed_its_socket(closed: bool) -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.lose("ana", closed=closed).after(3 * SECOND)
    assert stage.recorded[-1].seen is Seen.DROP
    assert stage.recorded[-1].closed is closed


def test_a_socket_the_hub_closes_was_not_closed_by_the_page() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.feed(OutboxBroken("outbox-2", "1-0")).lose("ana", closed=True).after(3 * SECOND)
    assert [event.closed for event in stage.recorded if event.seen is Seen.DROP] == [False]


def test_coming_back_after_a_drop_is_a_rejoin() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.lose("ana").after(30 * SECOND).ana_enters("ana2")
    assert stage.seen() == ["join", "drop", "rejoin"]
    assert last_seats(stage, "ben").them.here


def test_leaving_is_recorded_shown_and_can_be_undone() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Leave())
    said = stage.told()
    assert wire.Over(reason="left") in said
    assert [m.them.left for m in said if isinstance(m, wire.Seats)] == [True]
    stage.enter("ana", booking())
    assert stage.seen() == ["join", "leave", "rejoin"]


def test_nothing_is_recorded_after_doors_have_closed() -> None:
    stage = Stage(now_ms=DOORS_CLOSE - SECOND).both_enter()
    stage.lose("ana").at(DOORS_CLOSE + MINUTE)
    assert stage.seen() == ["join"]


# Camera on the direct path.


def test_joining_with_the_camera_off_counts_as_off_from_then() -> None:
    stage = Stage(now_ms=T).ana_enters(camera=False)
    assert stage.seen() == ["join", "camera_off"]


def test_the_own_camera_switch_is_shown_to_both_and_recorded() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Media(camera=False, mic=True))
    assert last_seats(stage, "ben").them.camera is False
    stage.after(SECOND).say("ana", wire.Media(camera=True, mic=False))
    seats = last_seats(stage, "ben")
    assert (seats.them.camera, seats.them.mic) == (True, False)
    assert stage.seen() == ["join", "camera_off", "camera_on"]
    assert {event.witness for event in stage.recorded} == {Witness.HUB}


def test_the_microphone_is_shown_and_never_recorded() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Media(camera=True, mic=False))
    assert last_seats(stage, "ben").them.mic is False
    assert stage.seen() == ["join"]


def test_a_camera_that_stays_off_is_hinted_at_twice_and_in_private() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Media(camera=False, mic=True))
    stage.told()
    stage.after(30 * SECOND - 1)
    assert stage.told() == []
    stage.after(1)
    assert stage.told("ana") == [wire.Nudge(kind="camera_off")]
    stage.after(60 * SECOND)
    assert stage.told(kind=wire.Nudge) == [wire.Nudge(kind="camera_off_again")]
    stage.after(10 * MINUTE)
    assert stage.told() == []


def test_before_the_start_a_camera_may_be_off() -> None:
    stage = Stage(now_ms=T - 5 * MINUTE).both_connected()
    stage.say("ana", wire.Media(camera=False, mic=True))
    stage.told()
    stage.at(T + 30 * SECOND - 1)
    assert stage.told() == []
    stage.after(1)
    assert stage.told() == [wire.Nudge(kind="camera_off")]


def test_after_the_end_too() -> None:
    stage = Stage(now_ms=E - 10 * SECOND).both_connected()
    stage.say("ana", wire.Media(camera=False, mic=True))
    stage.told()
    stage.at(E + 2 * MINUTE)
    assert stage.told(kind=wire.Nudge) == []


# Breaks.


def test_a_break_is_shown_with_its_end_and_recorded_with_its_length() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Break(minutes=3))
    assert last_seats(stage, "ben").them.break_until_ms == T + 3 * MINUTE
    assert stage.recorded[-1].seen is Seen.BREAK
    assert stage.recorded[-1].minutes == 3


def test_coming_back_early_gives_the_rest_of_the_budget_back() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Break(minutes=5)).after(MINUTE).say("ana", wire.Back())
    you = last_seats(stage).you
    assert (you.break_until_ms, you.breaks_used_ms) == (0, MINUTE)
    assert stage.seen() == ["join", "break", "back"]


def test_an_overrun_is_mentioned_once_and_left_alone() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Break(minutes=1))
    stage.told()
    stage.after(MINUTE)
    assert stage.told("ana", wire.Nudge) == [wire.Nudge(kind="break_over")]
    stage.after(5 * MINUTE)
    assert stage.told(kind=wire.Nudge) == []
    assert stage.seen() == ["join", "break"]
    stage.say("ana", wire.Back())
    assert stage.seen() == ["join", "break", "back"]
    assert last_seats(stage).you.breaks_used_ms == MINUTE


def test_a_fifth_of_the_session_may_be_break_and_no_more() -> None:
    stage = Stage(now_ms=T).both_connected()
    for _ in range(2):
        stage.say("ana", wire.Break(minutes=5)).after(5 * MINUTE).say("ana", wire.Back())
    stage.told()
    stage.say("ana", wire.Break(minutes=1))
    (refused,) = stage.told("ana", wire.Refused)
    assert refused.code == "break_used_up"
    assert refused.data == {"used_ms": 10 * MINUTE, "budget_ms": 10 * MINUTE}


@pytest.mark.parametrize("minutes", [0, -1, 6, 10**9])
def test_a_break_has_one_to_five_minutes(minutes: int) -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Break(minutes=minutes))
    assert code_of(stage) == "bad_break"


@pytest.mark.parametrize("now_ms", [T - 1, E])
def test_breaks_belong_to_the_session(now_ms: int) -> None:
    stage = Stage(now_ms=now_ms).both_enter()
    stage.say("ana", wire.Break(minutes=1))
    assert code_of(stage) == "not_now"


def test_a_camera_may_be_off_in_a_break_and_counts_again_after_it() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Break(minutes=5), wire.Media(camera=False, mic=True))
    stage.told()
    stage.after(5 * MINUTE)
    assert stage.told("ana", wire.Nudge) == [wire.Nudge(kind="break_over")]
    stage.after(30 * SECOND)
    assert stage.told("ana", wire.Nudge) == [wire.Nudge(kind="camera_off")]


# Ending together.


def test_both_must_ask_for_the_end() -> None:
    stage = Stage(now_ms=T + MINUTE).both_connected()
    stage.say("ana", wire.EndTogether())
    assert last_seats(stage, "ben").them.wants_end
    stage.say("ben", wire.EndTogether())
    assert [m for m in stage.told() if isinstance(m, wire.Over)] == [
        wire.Over(reason="ended_together")
    ] * 2
    assert stage.seen("m_ana") == ["join", "end_agreed"]
    assert stage.seen("m_ben") == ["join", "end_agreed"]


def test_an_agreed_end_is_final() -> None:
    stage = Stage(now_ms=T + MINUTE).both_connected()
    stage.say("ana", wire.EndTogether()).say("ben", wire.EndTogether())
    stage.told()
    stage.ana_enters("ana2")
    assert code_of(stage, "ana2") == "closed"


def test_asking_twice_is_asking_once() -> None:
    stage = Stage(now_ms=T + MINUTE).both_connected()
    stage.say("ana", wire.EndTogether(), wire.EndTogether())
    assert stage.told(kind=wire.Over) == []


def test_nothing_ends_before_it_began() -> None:
    stage = Stage(now_ms=T - MINUTE).both_connected()
    stage.say("ana", wire.EndTogether())
    assert code_of(stage) == "not_now"


# The log.


def test_entries_go_to_the_partner_and_back_to_their_author_as_a_receipt() -> None:
    stage = Stage(now_ms=T).both_connected()
    entry = wire.Entry(id="a1", kind="chat", by="m_ana", at_ms=T, text="Hello")
    stage.say("ana", entry)
    assert stage.told("ben") == [entry]
    stage.say("ana", entry)
    assert stage.told() == [entry], "the receipt only"


def test_what_was_written_before_the_partner_came_is_there_when_they_come() -> None:
    stage = Stage(now_ms=T).ana_enters()
    entry = wire.Entry(id="a1", kind="task", by="m_ana", at_ms=T, text="Thesis")
    stage.say("ana", entry)
    stage.told()
    stage.ben_enters()
    assert stage.told("ben", wire.Room)[0].log == [entry]


def test_nobody_writes_in_anothers_name() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ana", wire.Entry(id="a1", kind="chat", by="m_ben", at_ms=T, text="I quit"))
    assert code_of(stage) == "not_yours"


def test_a_long_log_comes_in_portions_that_fit_a_frame() -> None:
    stage = Stage(now_ms=T).ana_enters()
    for n in range(60):
        entry = wire.Entry(id=f"a{n}", kind="chat", by="m_ana", at_ms=T + n, text="x" * 2_000)
        stage.after(SECOND).say("ana", entry)
    stage.told()
    stage.ben_enters()
    room, *rest = [m for m in stage.told("ben") if isinstance(m, wire.Room | wire.Entry)]
    frame = msgspec.msgpack.encode(room)
    assert len(frame) < wire.FRAME_MAX
    assert {e.id for e in [*room.log, *rest]} == {f"a{n}" for n in range(60)}


# Through the relay.


def relayed(stage: Stage) -> Stage:
    """Both connected by the second generation, through worker w1."""
    stage.feed(WorkerUp("w1")).both_enter()
    stage.say("ana", wire.Failed(gen=1))
    stage.feed(WorkerSaid("w1", control.PairOpened(pair="p9", gen=2, legs=LEGS)))
    connected = wire.Connected(gen=2, first_frame_ms=200)
    stage.say("ana", connected).say("ben", connected)
    stage.told()
    return stage


def camera(side: control.Side, state: str, since_ms: int = 2_000, gen: int = 2) -> WorkerSaid:
    said = control.Camera(pair="p9", gen=gen, side=side, state=state, since_ms=since_ms)  # type: ignore[arg-type]
    return WorkerSaid("w1", said)


def test_on_the_relay_the_packets_say_whether_a_camera_is_on() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.after(10 * SECOND).feed(camera(0, "off"))
    assert last_seats(stage, "ben").them.camera is False
    off = stage.recorded[-1]
    assert (off.seen, off.witness, off.at_ms) == (Seen.CAMERA_OFF, Witness.SFU, T + 8 * SECOND)
    stage.say("ana", wire.Media(camera=True, mic=True))
    assert stage.seen() == ["join", "camera_off"]
    stage.feed(camera(0, "on", 0))
    assert last_seats(stage, "ben").them.camera
    assert stage.recorded[-1].witness is Witness.SFU


def test_a_suspicion_is_never_recorded() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.feed(camera(0, "suspect"))
    assert stage.seen() == ["join"]


def test_reconnecting_the_socket_does_not_undo_what_the_packets_said() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.after(10 * SECOND).feed(camera(0, "off"))
    stage.lose("ana").ana_enters("ana2", tab="tab-ana", gen=2, path="relay")
    assert stage.seen() == ["join", "camera_off"]
    assert not stage.told("ana2", wire.Room)[0].you.camera


def test_what_the_packets_say_during_a_socket_s_loss_is_not_lost() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.after(10 * SECOND).lose("ana").feed(camera(0, "off"))
    assert stage.seen() == ["join", "camera_off"]


def test_a_page_that_keeps_its_relay_has_the_worker_say_how_it_stands() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.lose("ana").ana_enters("ana2", tab="tab-ana", gen=2, path="relay")
    ask = TellWorker("w1", control.OpenPair(pair="p9", gen=2))
    assert stage.see(TellWorker) == [ask]
    stage.feed(WorkerSaid("w1", control.PairOpened(pair="p9", gen=2, legs=LEGS)), camera(0, "off"))
    assert stage.told(kind=wire.Negotiate) == []
    assert stage.seen() == ["join", "camera_off"]


def test_with_the_relay_gone_the_own_word_counts_for_who_stays() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.after(10 * SECOND).feed(camera(0, "off"))
    stage.say("ben", wire.Leave())
    assert stage.seen() == ["join", "camera_off", "camera_on"]


def test_packets_of_an_older_generation_say_nothing() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.feed(camera(0, "off", gen=1))
    assert stage.seen() == ["join"]


def test_a_silent_leg_shows_as_stalled() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.feed(WorkerSaid("w1", control.LegState(pair="p9", gen=2, side=0, state="stalled")))
    assert last_seats(stage, "ben").them.stalled
    stage.feed(WorkerSaid("w1", control.LegState(pair="p9", gen=2, side=0, state="flowing")))
    assert not last_seats(stage, "ben").them.stalled


def test_leaving_forgets_the_relay() -> None:
    stage = relayed(Stage(now_ms=T))
    stage.say("ana", wire.Leave())
    assert stage.see(TellWorker) == [TellWorker("w1", control.ClosePair(pair="p9", gen=2))]


# A hub that began anew.


def line(n: int, member: str, seen: Seen, at_ms: int, minutes: int = 0) -> PresenceEvent:
    return PresenceEvent(id=f"old:{n}", member=member, seen=seen, at_ms=at_ms, minutes=minutes)


BOTH_WERE_HERE = [line(1, "m_ana", Seen.JOIN, T), line(2, "m_ben", Seen.JOIN, T)]


def test_who_was_here_before_comes_back_without_a_trace() -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE)
    stage.ana_enters().after(10 * SECOND).ben_enters().after(MINUTE)
    assert stage.recorded == []


def test_who_does_not_come_back_was_lost_when_the_new_hub_looked() -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE)
    stage.ana_enters().after(MINUTE)
    assert stage.seen("m_ben") == ["drop"]
    assert stage.recorded[-1].at_ms == T + 10 * MINUTE


def test_who_dropped_out_before_the_start_is_still_missed() -> None:
    log = [*BOTH_WERE_HERE, line(3, "m_ben", Seen.DROP, T - MINUTE)]
    stage = Stage(now_ms=T + 3 * MINUTE, log=log).ana_enters()
    assert [m.no_show for m in stage.told("ana", wire.PartnerLate)] == [False]


def test_breaks_and_cameras_are_remembered() -> None:
    log = [
        *BOTH_WERE_HERE,
        line(3, "m_ana", Seen.BREAK, T, minutes=5),
        line(4, "m_ana", Seen.BACK, T + 4 * MINUTE),
        line(5, "m_ana", Seen.CAMERA_OFF, T + 5 * MINUTE),
    ]
    stage = Stage(now_ms=T + 10 * MINUTE, log=log).ana_enters(camera=False)
    (room,) = stage.told("ana", wire.Room)
    assert room.you.breaks_used_ms == 4 * MINUTE
    assert stage.recorded == []


def test_an_agreed_end_is_remembered() -> None:
    log = [*BOTH_WERE_HERE, line(3, "m_ana", Seen.END_AGREED, T + MINUTE)]
    stage = Stage(now_ms=T + 2 * MINUTE, log=log).ana_enters()
    assert code_of(stage) == "closed"


def test_a_direct_call_that_outlived_the_hub_is_left_alone() -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE)
    stage.ana_enters(gen=3).ben_enters(gen=3)
    assert stage.told(kind=wire.Negotiate) == []
    stage.say("ana", wire.Failed(gen=3))
    assert {(m.gen, m.round) for m in stage.told(kind=wire.Negotiate)} == {(3, 1)}


def test_generations_go_on_from_where_no_earlier_hub_can_have_been() -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE)
    stage.ana_enters().ben_enters()
    (ana, ben) = stage.told(kind=wire.Negotiate)
    assert ana.gen == ben.gen == 20 * 60 + 1
    assert DEFAULT.doors_open_ms == 10 * MINUTE


def relay_outlived_its_hub(*workers: str) -> Stage:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE)
    stage.feed(*(WorkerUp(worker) for worker in workers))
    return stage.ana_enters(gen=3, path="relay").ben_enters(gen=3, path="relay")


CLAIM = control.ClaimPair(pair="p9", gen=3)
UNKNOWN = control.PairRefused(pair="p9", gen=3, code="unknown")


def test_so_is_a_relayed_one_whose_worker_is_found() -> None:
    stage = relay_outlived_its_hub("w1", "w2")
    assert stage.see(TellWorker) == [TellWorker("w1", CLAIM), TellWorker("w2", CLAIM)]
    stage.feed(WorkerSaid("w1", UNKNOWN))
    stage.feed(WorkerSaid("w2", control.PairOpened(pair="p9", gen=3, legs=LEGS)))
    stage.after(MINUTE)
    assert stage.told(kind=wire.Negotiate) == []
    said = control.Camera(pair="p9", gen=3, side=0, state="off", since_ms=2_000)
    stage.feed(WorkerSaid("w2", said))
    assert stage.recorded[-1].witness is Witness.SFU
    stage.say("ana", wire.Failed(gen=3))
    assert [ask.message for ask in stage.see(TellWorker)] == [
        control.OpenPair(pair="p9", gen=4, moved=True)
    ]


def test_a_worker_whose_link_comes_up_later_is_asked_too() -> None:
    stage = relay_outlived_its_hub()
    stage.told()
    stage.after(SECOND).feed(WorkerUp("w1"))
    assert stage.see(TellWorker) == [TellWorker("w1", CLAIM)]


@pytest.mark.parametrize("answer", [UNKNOWN, None])
def test_a_relayed_one_that_no_worker_carries_is_built_anew(
    answer: control.PairRefused | None,
) -> None:
    stage = relay_outlived_its_hub("w1")
    stage.told()
    if answer:
        stage.feed(WorkerSaid("w1", answer))
    stage.after(2 * SECOND)
    opening = control.OpenPair(pair="p9", gen=4, moved=True)
    assert stage.see(TellWorker) == [TellWorker("w1", opening)]


def test_a_page_that_holds_another_connection_than_the_partner_builds_anew() -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE).feed(WorkerUp("w1"))
    stage.ana_enters(gen=3, path="relay").ben_enters()
    assert {m.gen for m in stage.told(kind=wire.Negotiate)} == {20 * 60 + 1}


@pytest.mark.parametrize(("ana_s", "ben_s"), [("p1", "p2"), ("p1", "p9"), ("", "")])
def test_a_connection_with_somebody_else_is_not_taken_for_one_with_each_other(
    ana_s: str, ben_s: str
) -> None:
    """Both came from partners of before, by a first generation on the direct path each."""
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE)
    stage.ana_enters(gen=1, path="direct", held_for=ana_s).ben_enters(
        gen=1, path="direct", held_for=ben_s
    )
    assert {message.gen for message in stage.told(kind=wire.Negotiate)} == {20 * 60 + 1}


def test_nor_does_what_a_page_counted_with_another_partner_count_here() -> None:
    stage = Stage(now_ms=T).ana_enters(gen=700, held_for="p1").ben_enters()
    assert {message.gen for message in stage.told(kind=wire.Negotiate)} == {1}

"""The hub's part in what goes on in a room: D4 a normal session, D7 a hub that began anew, D9 the camera.

What the hub records is handed to the judge here: what counts is whether somebody is flagged.
"""

from __future__ import annotations

import msgspec
import pytest

from media import control
from scheduler.judge import judge
from scheduler.presence import PresenceEvent, Seen, Witness
from scheduler.rules import DEFAULT, Rules
from signalling import wire
from signalling.commands import TellWorker
from signalling.events import Woke, WorkerSaid, WorkerUp
from tests.signalling.stage import (
    DOORS_CLOSE,
    DOORS_OPEN,
    LEGS,
    MINUTE,
    PAIR,
    SECOND,
    E,
    Stage,
    T,
    booking,
)

OFF = wire.Media(camera=False, mic=True)
ON = wire.Media(camera=True, mic=True)
BROKEN = wire.Media(camera=False, mic=True, trouble="unplugged")
BEN_S_SIDE: control.Side = 1


def verdict(stage: Stage, *before: PresenceEvent) -> dict[str, str]:
    """Who is flagged for what, by what the hub recorded of the pair."""
    log = [*before, *stage.by_pair.get("p9", [])]
    return {flag.member: flag.fault.value for flag in judge(PAIR, log, DEFAULT)}


def seats(stage: Stage, conn: str) -> wire.Seats:
    found: wire.Seats = stage.told(conn, wire.Seats)[-1]
    return found


def at_work(*, relayed: bool = False) -> Stage:
    """Both came a minute before T; a minute of the session has passed."""
    stage = Stage(now_ms=T - MINUTE)
    if not relayed:
        stage.both_connected()
    else:
        stage.feed(WorkerUp("w1")).both_enter().say("ana", wire.Failed(gen=1))
        stage.feed(WorkerSaid("w1", control.PairOpened(pair="p9", gen=2, legs=LEGS)))
        connected = wire.Connected(gen=2, first_frame_ms=200)
        stage.say("ana", connected).say("ben", connected)
    stage.at(T + MINUTE)
    stage.told()
    return stage


def packets(state: str, side: control.Side = BEN_S_SIDE, *, why: str = "") -> WorkerSaid:
    """What the SFU sees of a camera."""
    said = control.Camera(pair="p9", gen=2, side=side, state=state, since_ms=0, why=why)  # type: ignore[arg-type]
    return WorkerSaid("w1", said)


def chat(id: str, by: str, text: str) -> wire.Entry:
    return wire.Entry(id=id, kind="chat", by=f"m_{by}", at_ms=T, text=text)


# D4: a normal session.


def test_D4_1_the_room_opens_ten_minutes_before_to_the_second() -> None:
    stage = Stage(now_ms=DOORS_OPEN - SECOND).hello("ana", "m_ana")
    (welcome,) = stage.told("ana", wire.Welcome)
    stage.enter("ana", booking())
    (refused,) = stage.told("ana", wire.Refused)
    assert refused.code == "too_early"
    assert int(refused.data["opens_ms"]) - welcome.server_ms == SECOND, "what a countdown needs"
    stage.after(SECOND).enter("ana", booking())
    assert stage.told("ana", wire.Room)[0].you.here


def test_D4_2_both_see_each_other_s_goals_and_one_time() -> None:
    stage = Stage(now_ms=T - MINUTE).ana_enters()
    goal = wire.Entry(id="a1", kind="task", by="m_ana", at_ms=T, text="Thesis")
    stage.say("ana", goal)
    (anas,) = stage.told("ana", wire.Room)
    stage.ben_enters()
    (bens,) = stage.told("ben", wire.Room)
    assert bens.log == [goal]
    assert (anas.start_ms, anas.end_ms) == (bens.start_ms, bens.end_ms) == (T, E)
    stage.told()
    stage.say("ana", wire.Ping(n=1)).say("ben", wire.Ping(n=1))
    assert {pong.server_ms for pong in stage.told(kind=wire.Pong)} == {T - MINUTE}


def test_D4_3_lines_and_ticks_arrive_at_once_and_outlive_a_reload() -> None:
    stage = at_work()
    said = [
        wire.Entry(id="a1", kind="task", by="m_ana", at_ms=T, text="Thesis"),
        wire.Entry(id="a2", kind="tick", by="m_ana", at_ms=T, ref="a1", done=True),
        chat("a3", "ana", "Good morning"),
    ]
    stage.say("ana", *said)
    assert stage.told("ben", wire.Entry) == said
    stage.lose("ben", closed=True).after(SECOND).ben_enters("ben2", tab="tab-ben")
    (room,) = stage.told("ben2", wire.Room)
    assert room.log == said
    assert room.end_ms == E
    assert verdict(stage) == {}


def test_D4_4_and_5_the_room_stays_five_minutes_after_the_end_and_both_kept_the_session() -> None:
    stage = at_work().at(E)
    assert stage.told(kind=wire.Over) == []
    stage.at(DOORS_CLOSE - 1).say("ana", chat("a1", "ana", "That went well"))
    assert stage.told("ben", wire.Entry)
    stage.after(1)
    assert stage.told(kind=wire.Over) == [wire.Over(reason="closed")] * 2
    assert verdict(stage) == {}


def test_D4_edge_a_second_device_takes_over_and_the_first_is_told() -> None:
    stage = at_work()
    stage.ana_enters("phone")
    assert stage.told("ana") == [wire.Over(reason="other_tab")]
    assert stage.seen() == ["join"]


# D7: the hub begins anew between T and T+5.


def line(n: int, member: str, seen: Seen, at_ms: int) -> PresenceEvent:
    return PresenceEvent(id=f"old:{n}", member=member, seen=seen, at_ms=at_ms)


def test_D7_edge_after_a_restart_nobody_who_was_here_is_late_or_joins_twice() -> None:
    before = [line(1, "m_ana", Seen.JOIN, T - MINUTE), line(2, "m_ben", Seen.JOIN, T + 90 * SECOND)]
    stage = Stage(now_ms=T + 3 * MINUTE, log=before).ana_enters().after(5 * SECOND).ben_enters()
    stage.at(T + 6 * MINUTE)
    assert stage.told(kind=wire.PartnerLate) == []
    assert stage.recorded == []
    assert verdict(stage, *before) == {}


def test_D7_edge_after_a_restart_who_was_missing_is_missing_once() -> None:
    before = [line(1, "m_ana", Seen.JOIN, T - MINUTE)]
    stage = Stage(now_ms=T + 3 * MINUTE, log=before).ana_enters()
    assert [late.no_show for late in stage.told("ana", wire.PartnerLate)] == [False]
    stage.at(T + 6 * MINUTE)
    assert [late.no_show for late in stage.told("ana", wire.PartnerLate)] == [True]
    assert verdict(stage, *before) == {"m_ben": "no_show"}


# D9: the camera, and stepping away.


def test_D9_1_who_is_without_a_picture_is_told_in_private_and_the_partner_sees_it_is_off() -> None:
    stage = at_work()
    stage.say("ben", OFF)
    assert seats(stage, "ana").them.camera is False
    stage.after(30 * SECOND)
    assert stage.told() == [wire.Nudge(kind="camera_off")]
    stage.after(60 * SECOND)
    assert stage.told("ana", wire.Nudge) == []


@pytest.mark.parametrize(
    ("off_ms", "fault"), [(2 * MINUTE, {}), (2 * MINUTE + 1, {"m_ben": "camera_off"})]
)
def test_D9_1_after_two_minutes_it_is_noted_and_not_before(
    off_ms: int, fault: dict[str, str]
) -> None:
    stage = at_work()
    stage.say("ben", OFF).after(off_ms).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == fault


@pytest.mark.parametrize("break_min", [0, 3])
def test_D9_2_a_break_stops_the_count(break_min: int) -> None:
    stage = at_work()
    if break_min:
        stage.say("ben", wire.Break(minutes=break_min))
        assert seats(stage, "ana").them.break_until_ms == stage.now_ms + break_min * MINUTE
    stage.say("ben", OFF).after(5 * MINUTE).say("ben", ON, wire.Back()).at(DOORS_CLOSE)
    assert verdict(stage) == ({} if break_min else {"m_ben": "camera_off"})


def test_D9_2_a_fifth_of_the_session_may_be_breaks_and_then_it_counts() -> None:
    stage = at_work()
    for _ in range(2):
        stage.say("ben", wire.Break(minutes=5), OFF).after(5 * MINUTE)
        stage.say("ben", ON, wire.Back()).after(MINUTE)
    assert verdict(stage) == {}
    stage.told()
    stage.say("ben", wire.Break(minutes=1), OFF)
    assert stage.told("ben", wire.Refused)[0].code == "break_used_up"
    stage.after(3 * MINUTE).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


ANA_SAYS = [OFF, ON, wire.Failed(gen=1), wire.EndTogether(), chat("a1", "ana", "Ben is off!")]


def moved_to_the_relay(stage: Stage) -> Stage:
    """The hub asked a worker for the pair; it answers and both pages are there."""
    (asked,) = [ask.message for ask in stage.see(TellWorker)]
    assert isinstance(asked, control.OpenPair)
    stage.feed(WorkerSaid("w1", control.PairOpened(pair="p9", gen=asked.gen, legs=LEGS)))
    connected = wire.Connected(gen=asked.gen, first_frame_ms=200)
    stage.say("ana", connected).say("ben", connected)
    return stage


def test_D9_3_two_pages_that_contradict_each_other_move_to_where_packets_tell() -> None:
    stage = Stage(now_ms=T - MINUTE).feed(WorkerUp("w1")).both_connected().at(T + MINUTE)
    stage.told()
    stage.say("ana", wire.Seen(gen=1, picture="off")).after(5 * SECOND - 1)
    assert stage.told(kind=wire.Negotiate) == []
    moved_to_the_relay(stage.after(1))
    assert stage.seen("m_ben") == ["join"], "nothing that Ana says is recorded of Ben"
    stage.feed(packets("off")).awake_for(3 * MINUTE, "ben").feed(packets("on")).at(DOORS_CLOSE)
    assert [e.witness for e in stage.recorded if e.seen is Seen.CAMERA_OFF] == [Witness.SFU]
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_3_a_page_that_lies_about_its_partner_gets_a_relay_and_nothing_else() -> None:
    stage = Stage(now_ms=T - MINUTE).feed(WorkerUp("w1")).both_connected().at(T + MINUTE)
    stage.told()
    moved_to_the_relay(stage.say("ana", wire.Seen(gen=1, picture="off")).after(5 * SECOND))
    stage.feed(packets("on")).say("ana", wire.Seen(gen=2, picture="off")).after(20 * MINUTE)
    assert [ask for ask in stage.see(TellWorker) if isinstance(ask.message, control.OpenPair)] == []
    stage.at(DOORS_CLOSE)
    assert stage.seen("m_ben") == ["join"]
    assert verdict(stage) == {}


@pytest.mark.parametrize("relayed", [False, True])
def test_D9_3_a_page_that_says_off_is_believed_whatever_packets_show(relayed: bool) -> None:
    stage = at_work(relayed=relayed)
    if relayed:
        stage.feed(packets("on"))
    stage.say("ben", OFF).after(3 * MINUTE).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


@pytest.mark.parametrize("said", ANA_SAYS, ids=lambda said: type(said).__name__)
def test_D9_3_nothing_that_one_page_says_marks_the_other(said: wire.Message) -> None:
    stage = at_work()
    stage.say("ana", said).after(10 * MINUTE).say("ana", said).at(DOORS_CLOSE)
    assert stage.seen("m_ben") == ["join"]
    assert "m_ben" not in verdict(stage)


def test_D9_3_a_page_that_claims_a_picture_is_not_believed_against_the_packets() -> None:
    stage = at_work(relayed=True)
    stage.feed(packets("off")).say("ben", ON).awake_for(3 * MINUTE, "ben")
    stage.feed(packets("on")).at(DOORS_CLOSE)
    assert [e.witness for e in stage.recorded if e.seen is Seen.CAMERA_OFF] == [Witness.SFU]
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_4_a_line_that_fails_is_no_camera_that_is_off() -> None:
    stage = at_work(relayed=True)
    stalled = control.LegState(pair="p9", gen=2, side=BEN_S_SIDE, state="stalled")
    stage.feed(packets("suspect"), WorkerSaid("w1", stalled))
    assert seats(stage, "ana").them.stalled
    stage.after(3 * SECOND).lose("ben").after(5 * MINUTE).ben_enters("ben2", tab="tab-ben")
    stage.at(DOORS_CLOSE)
    assert verdict(stage) == {}


@pytest.mark.parametrize("trouble", ["unplugged", "denied", "busy", "weak"])
@pytest.mark.parametrize("relayed", [False, True])
def test_D9_4_a_camera_that_broke_is_shown_as_a_fault_and_marks_nobody(
    relayed: bool, trouble: wire.DeviceTrouble
) -> None:
    stage = at_work(relayed=relayed)
    if relayed:
        stage.feed(packets("off"))
    stage.say("ben", wire.Media(camera=False, mic=True, trouble=trouble))
    them = seats(stage, "ana").them
    assert (them.camera, them.trouble) == (False, trouble)
    stage.after(6 * MINUTE)
    assert stage.told("ben", wire.Nudge) == [], "the page itself helps; no hint to turn it on"
    stage.say("ben", ON)
    if relayed:
        stage.feed(packets("on"))
    assert seats(stage, "ana").them.trouble == ""
    stage.at(DOORS_CLOSE)
    assert trouble in [e.cause for e in stage.recorded if e.seen is Seen.CAMERA_OFF]
    assert verdict(stage) == {}


@pytest.mark.parametrize(
    ("wait_ms", "fault"), [(5 * MINUTE - 1, {"m_ana": "early_leave"}), (5 * MINUTE, {})]
)
def test_D9_4_after_five_minutes_the_partner_may_leave(wait_ms: int, fault: dict[str, str]) -> None:
    stage = at_work().say("ben", BROKEN).after(wait_ms).say("ana", wire.Leave()).at(DOORS_CLOSE)
    assert verdict(stage) == fault


def test_D9_4_what_is_called_a_fault_is_excused_for_five_minutes_a_session() -> None:
    stage = at_work().say("ben", BROKEN).after(8 * MINUTE).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}
    stage = at_work()
    for _ in range(5):
        stage.say("ben", BROKEN).after(3 * MINUTE).say("ben", ON).after(MINUTE)
    assert verdict(stage.at(DOORS_CLOSE)) == {"m_ben": "camera_off"}


def test_D9_4_mended_and_then_turned_off_counts_from_then() -> None:
    stage = at_work().say("ben", BROKEN).after(4 * MINUTE).say("ben", OFF).after(2 * MINUTE)
    stage.say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {}
    stage = at_work().say("ben", BROKEN).after(4 * MINUTE).say("ben", OFF).after(3 * MINUTE)
    stage.say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_4_a_fault_outlives_a_reload_and_a_hub() -> None:
    stage = at_work().say("ben", BROKEN).after(MINUTE).lose("ben").after(2 * SECOND)
    stage.ben_enters("ben2", tab="tab-ben", camera=False).after(2 * MINUTE)
    before = list(stage.recorded)
    assert verdict(stage.say("ben2", ON)) == {}
    later = Stage(now_ms=stage.now_ms, log=before).ana_enters().ben_enters(camera=False)
    later.after(MINUTE).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(later, *before) == {}


# D9, beside the straight way: the partner says so, the page sleeps, both agree.


def test_D9_1_after_a_minute_the_partner_may_tell_them_once() -> None:
    stage = at_work()
    stage.say("ben", OFF).after(MINUTE - 1)
    assert not seats(stage, "ana").them.unseen
    stage.say("ana", wire.TellCamera())
    assert stage.told("ana", wire.Refused)[0].code == "not_now"
    stage.after(1)
    assert seats(stage, "ana").them.unseen
    stage.say("ana", wire.TellCamera())
    assert stage.told("ben", wire.Nudge) == [wire.Nudge(kind="camera_missed")]
    stage.say("ana", wire.TellCamera())
    assert stage.told("ben", wire.Nudge) == []
    stage.say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {}, "what one says of the other is recorded nowhere"


@pytest.mark.parametrize("said", [BROKEN, wire.Break(minutes=3)], ids=["a fault", "a break"])
def test_D9_1_there_is_nothing_to_tell_of_a_fault_or_in_a_break(said: wire.Message) -> None:
    stage = at_work().say("ben", said)
    if isinstance(said, wire.Break):
        stage.say("ben", OFF)
    stage.after(2 * MINUTE)
    assert not seats(stage, "ana").them.unseen
    stage.say("ana", wire.TellCamera())
    assert stage.told("ben", wire.Nudge) == []


def test_D9_edge_a_tab_that_sleeps_for_a_minute_is_no_camera_that_is_off() -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off"))
    stage.after(25 * SECOND)
    them = seats(stage, "ana").them
    assert (them.camera, them.trouble) == (False, "asleep")
    stage.after(35 * SECOND)
    assert stage.told("ben", wire.Nudge) == []
    stage.after(2 * MINUTE).say_ping("ben").feed(packets("on")).at(DOORS_CLOSE)
    causes = [e.cause for e in stage.recorded if e.seen is Seen.CAMERA_OFF]
    assert causes == ["", "asleep", ""]
    assert verdict(stage) == {}


def test_D9_edge_a_tab_that_sleeps_longer_counts_from_then() -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off"))
    stage.after(3 * MINUTE + 1).say_ping("ben").feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_edge_a_hub_that_looks_late_excuses_no_more_than_the_minute() -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off"))
    stage.now_ms += 4 * MINUTE
    for _ in range(
        6
    ):  # One thing after the other: the sleep, its end, two hints, the partner's word.
        stage.feed(Woke())
    stage.after(SECOND).say_ping("ben").feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_edge_who_is_awake_and_sends_nothing_does_not_sleep() -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off"))
    stage.awake_for(2 * MINUTE + SECOND, "ben").feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_edge_a_tab_that_wakes_without_a_picture_counts_from_its_first_word() -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off")).after(50 * SECOND)
    stage.awake_for(2 * MINUTE, "ben").feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {}
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off")).after(50 * SECOND)
    stage.awake_for(2 * MINUTE + 20 * SECOND, "ben").feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


@pytest.mark.parametrize(
    "word",
    [
        wire.Ping(n=1),
        wire.TellCamera(),
        wire.Hello(v=wire.PROTOCOL, tab=""),
        wire.Break(minutes=99),
    ],
)
def test_D9_edge_a_word_that_is_refused_wakes_a_tab_like_any_other(
    word: wire.ClientMessage,
) -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off")).after(50 * SECOND)
    stage.told()
    stage.say("ben", word)
    assert seats(stage, "ana").them.trouble == ""
    stage.awake_for(4 * MINUTE, "ben").feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_edge_a_tab_that_slept_and_comes_back_without_a_picture_counts_from_then() -> None:
    stage = at_work(relayed=True).say_ping("ben").feed(packets("off")).after(26 * SECOND)
    assert seats(stage, "ana").them.trouble != ""
    stage.lose("ben").ben_enters("ben2", tab="tab-ben", camera=False)
    assert seats(stage, "ana").them.trouble == ""
    stage.awake_for(30 * SECOND, "ben2")
    assert stage.told("ben2", wire.Nudge) == [wire.Nudge(kind="camera_off")]
    stage.awake_for(3 * MINUTE, "ben2").say("ben2", ON).feed(packets("on")).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_edge_a_tab_that_sleeps_on_a_direct_call_marks_nobody() -> None:
    stage = at_work().say("ana", wire.Seen(gen=1, picture="off")).after(5 * MINUTE)
    stage.say("ana", wire.Seen(gen=1, picture="on")).at(DOORS_CLOSE)
    assert verdict(stage) == {}


FREE = msgspec.structs.replace(DEFAULT, cameras_off_agreed=True)
ASK = wire.CamerasOff(on=True)


def allowed(rules: Rules = FREE) -> Stage:
    stage = Stage(now_ms=T - MINUTE, rules=rules).both_connected().at(T + MINUTE)
    stage.told()
    return stage


def test_D9_edge_cameras_off_by_agreement_of_both_marks_nobody() -> None:
    stage = allowed().say("ana", ASK).say("ben", ASK)
    stage.say("ana", OFF).say("ben", OFF)
    both = seats(stage, "ana")
    assert (both.you.wants_off, both.them.wants_off) == (True, True)
    stage.at(E - MINUTE)
    assert stage.told(kind=wire.Nudge) == []
    stage.at(DOORS_CLOSE)
    assert verdict(stage) == {}


def test_D9_edge_what_only_one_wants_is_no_agreement() -> None:
    stage = allowed().say("ben", ASK, OFF).after(3 * MINUTE).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


@pytest.mark.parametrize(
    ("off_ms", "fault"), [(2 * MINUTE, {}), (2 * MINUTE + 1, {"m_ben": "camera_off"})]
)
def test_D9_edge_either_takes_it_back_and_cameras_count_from_then(
    off_ms: int, fault: dict[str, str]
) -> None:
    stage = allowed().say("ana", ASK).say("ben", ASK, OFF).after(10 * MINUTE)
    stage.say("ana", wire.CamerasOff(on=False))
    assert wire.Nudge(kind="cameras_count") in stage.told("ben")
    stage.after(off_ms).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == fault


def test_D9_edge_where_the_instance_does_not_allow_it_nobody_agrees() -> None:
    stage = allowed(DEFAULT).say("ana", ASK).say("ben", ASK, OFF)
    assert {refused.code for refused in stage.told(kind=wire.Refused)} == {"not_now"}
    stage.after(3 * MINUTE).say("ben", ON).at(DOORS_CLOSE)
    assert verdict(stage) == {"m_ben": "camera_off"}


def test_D9_5_of_a_picture_the_server_knows_only_that_packets_come() -> None:
    stage = at_work(relayed=True)
    stage.feed(packets("on")).after(20 * MINUTE).feed(packets("on")).at(DOORS_CLOSE)
    assert stage.seen("m_ben") == ["join"]


@pytest.mark.parametrize("why", ["thin", "black", "covered", "frozen"])
def test_D9_5_a_picture_that_shows_nothing_is_hinted_at_in_private_and_judged_by_nobody(
    why: str,
) -> None:
    stage = at_work(relayed=True)
    stage.feed(packets("suspect", why=why))
    assert stage.told() == [wire.Nudge(kind="picture_empty")]
    stage.after(MINUTE).feed(packets("on")).feed(packets("suspect", why=why))
    assert stage.told() == []
    stage.after(5 * MINUTE).feed(packets("suspect", why=why))
    assert stage.told("ben") == [wire.Nudge(kind="picture_empty")]
    assert stage.told("ana") == []
    stage.at(DOORS_CLOSE)
    assert stage.seen("m_ben") == ["join"]
    assert verdict(stage) == {}


def test_D9_5_in_a_break_nobody_asks_what_a_picture_shows() -> None:
    stage = at_work(relayed=True)
    stage.say("ben", wire.Break(minutes=3)).feed(packets("suspect"))
    assert stage.told("ben", wire.Nudge) == []

"""The hub's part in what members live through: late partners, partners who never come, back-to-back.

Named after the scenarios of the product: D5 a late partner, D6 one who never comes, D7 both late, D10
sessions back to back, D11 a partner who leaves.
"""

from __future__ import annotations

import pytest

from scheduler.bookings import Pair, State
from scheduler.events import Asked, AskOver, Matched, NobodyFree, Unmatched
from scheduler.presence import Seen
from scheduler.standby import Outcome
from signalling import wire
from signalling.commands import AnswerAsk, Gone, LookUp, Seek, StopSeeking
from signalling.events import Answered, FoundNext, Missed
from tests.signalling.stage import LENGTH_MIN, MINUTE, SECOND, E, Stage, T, booking

SLOT = {"start_ms": T, "length_min": LENGTH_MIN}
LATE_MS = T + 2 * MINUTE
WITH_DOV = Pair(
    id="p12", members=("m_ana", "m_dov"), bookings=("b1", "b3"), met_ms=T + 3 * MINUTE, **SLOT
)
ANA_WITH_DOV = booking("b1", "m_ana", pair="p12", partner="m_dov")
DOV_WITH_ANA = booking("b3", "m_dov", pair="p12", partner="m_ana")
DOV_ALONE = booking("b3", "m_dov", State.WAITING)
BEN_ALONE = booking("b2", "m_ben", State.WAITING, missed="p9")
MISSED = Missed(pair="p9", former="Ana", at_ms=T + 3 * MINUTE)


def ana_waits_for_ben(now_ms: int = LATE_MS) -> Stage:
    """Ana is here since before T; Dov is here and waits alone."""
    stage = Stage(now_ms=T - MINUTE).ana_enters()
    stage.hello("dov", "m_dov").enter("dov", DOV_ALONE, alone=True)
    stage.at(now_ms)
    stage.told()
    return stage


def ana_goes_on_with_dov(stage: Stage) -> Stage:
    """What the ledger tells once it has brought Ana and Dov together, and what it answers then."""
    at = {"at_ms": stage.now_ms}
    stage.tell(
        Unmatched(
            **at, booking="b2", member="m_ben", former="m_ana", pair="p9", why="replaced", **SLOT
        ),
        Matched(
            **at,
            pair="p12",
            members=("m_ana", "m_dov"),
            bookings=("b1", "b3"),
            former=("m_ben", None),
            **SLOT,
        ),
    )
    stage.answer("ana", ANA_WITH_DOV, pair=WITH_DOV)
    return stage.answer("dov", DOV_WITH_ANA, pair=WITH_DOV)


def code_of(stage: Stage, conn: str) -> str:
    return str(stage.told(conn, wire.Refused)[-1].code)


# D5: the partner is late.


def test_d5_ana_is_offered_a_change_at_two_minutes_and_ben_s_coming_takes_it_back() -> None:
    stage = ana_waits_for_ben(LATE_MS - 1)
    stage.after(1)
    (late,) = stage.told("ana", wire.PartnerLate)
    assert late.change_from_ms == LATE_MS
    stage.after(30 * SECOND).ben_enters()
    assert stage.told("ana", wire.Seats)[-1].them.here
    stage.say("ana", wire.Seek())
    assert code_of(stage, "ana") == "partner_here"
    assert stage.wanted == []


def test_d5_before_two_minutes_nobody_is_looked_for() -> None:
    stage = ana_waits_for_ben(LATE_MS - 1)
    stage.say("ana", wire.Seek())
    (refused,) = stage.told("ana", wire.Refused)
    assert (refused.code, refused.data) == ("not_yet", {"change_from_ms": LATE_MS})


def test_d5_race_ben_is_first_ana_is_told_and_her_search_ends() -> None:
    stage = ana_waits_for_ben()
    stage.say("ana", wire.Seek()).searched("ana", Outcome.ASKING, until_ms=LATE_MS + 15 * SECOND)
    stage.told()
    stage.ben_enters()
    said = stage.told("ana")
    assert [m.code for m in said if isinstance(m, wire.Refused)] == ["partner_here"]
    assert [m.gen for m in said if isinstance(m, wire.Negotiate)] == [1]
    assert isinstance(stage.wanted[-1], StopSeeking)
    assert stage.wanted[-1].booking == "b1"


def test_d5_race_the_ledger_says_that_ben_was_first() -> None:
    stage = ana_waits_for_ben()
    stage.say("ana", wire.Seek()).refused("ana", "seek", "partner_here")
    (refused,) = stage.told("ana", wire.Refused)
    assert (refused.code, refused.ref) == ("partner_here", "seek")


def test_d5_race_the_change_is_first_ben_is_shown_out_and_ana_goes_on_with_dov() -> None:
    stage = ana_waits_for_ben(T + 3 * MINUTE)
    stage.say("ana", wire.Seek()).ben_enters()
    stage.told()
    ana_goes_on_with_dov(stage)
    assert wire.Over(reason="replaced") in stage.told("ben")
    stage.say("ben", wire.Leave())
    assert code_of(stage, "ben") == "not_seated"


def test_d5_race_what_ben_did_before_he_was_shown_out_stays_in_the_log_of_the_first_pair() -> None:
    stage = ana_waits_for_ben(T + 3 * MINUTE)
    stage.say("ana", wire.Seek()).ben_enters()
    ana_goes_on_with_dov(stage)
    assert [(e.member, e.seen) for e in stage.by_pair["p9"]] == [
        ("m_ana", Seen.JOIN),
        ("m_ben", Seen.JOIN),
    ]


def test_d5_the_replaced_one_comes_in_to_wait_is_told_and_counts_as_come_in_the_first_pair() -> (
    None
):
    stage = ana_waits_for_ben(T + 3 * MINUTE)
    stage.say("ana", wire.Seek())
    ana_goes_on_with_dov(stage)
    stage.after(SECOND).hello("ben", "m_ben").enter("ben", BEN_ALONE, alone=True, missed=MISSED)
    (room,) = stage.told("ben", wire.Room)
    assert room.partner is None
    assert room.replaced == wire.GoneOn(name="Ana", at_ms=T + 3 * MINUTE)
    assert [(e.seen, e.at_ms) for e in stage.by_pair["p9"] if e.member == "m_ben"] == [
        (Seen.JOIN, T + 3 * MINUTE + SECOND)
    ]
    stage.at(T + 5 * MINUTE).say("ben", wire.Seek())
    assert isinstance(stage.wanted[-1], Seek)


def test_d5_a_locked_in_partner_is_given_up_by_an_express_wish_only() -> None:
    locked = Pair(id="p9", members=("m_ana", "m_ben"), bookings=("b1", "b2"), locked=True, **SLOT)
    stage = Stage(now_ms=T - MINUTE, pair=locked).ana_enters().at(LATE_MS)
    stage.say("ana", wire.Seek())
    assert code_of(stage, "ana") == "locked_in"
    stage.say("ana", wire.Seek(locked=True))
    assert isinstance(stage.wanted[-1], Seek)
    assert stage.wanted[-1].locked


# D6: the partner never comes.


def test_d6_dov_is_asked_says_yes_and_both_are_introduced_and_connected() -> None:
    stage = ana_waits_for_ben(T + 3 * MINUTE)
    until_ms = T + 3 * MINUTE + 15 * SECOND
    stage.say("ana", wire.Seek()).searched("ana", Outcome.ASKING, until_ms=until_ms)
    assert stage.told("ana") == [wire.Search(outcome="asking", until_ms=until_ms)]
    asked = {"booking": "b3", "member": "m_dov", "newcomer": False}
    stage.tell(Asked(at_ms=stage.now_ms, by="m_ana", until_ms=until_ms, **asked))
    assert stage.told("dov") == [wire.Asked(newcomer=False, until_ms=until_ms)]
    stage.after(10 * SECOND).say("dov", wire.Answer(accept=True))
    answer = stage.wanted[-1]
    assert isinstance(answer, AnswerAsk)
    assert (answer.member, answer.booking, answer.accept) == ("m_dov", "b3", True)

    ana_goes_on_with_dov(stage)
    said = stage.told("ana")
    (introduced,) = [m for m in said if isinstance(m, wire.PartnerChanged)]
    assert introduced.partner.name == "Dov"
    assert [m.gen for m in said if isinstance(m, wire.Negotiate)] == [1]
    assert not [m for m in said if isinstance(m, wire.PartnerLate)]
    assert sorted(e.member for e in stage.by_pair["p12"] if e.seen is Seen.JOIN) == [
        "m_ana",
        "m_dov",
    ]


def test_d6_ana_takes_her_tasks_along_and_dov_reads_no_word_that_was_meant_for_ben() -> None:
    stage = ana_waits_for_ben(T + 3 * MINUTE)
    task = wire.Entry(id="a1", kind="task", by="m_ana", at_ms=T, text="Thesis")
    chat = wire.Entry(id="a2", kind="chat", by="m_ana", at_ms=T, text="Dear Ben")
    stage.say("ana", task, chat)
    stage.told()
    ana_goes_on_with_dov(stage)
    assert stage.told("dov", wire.Entry) == [task]


def test_d6_who_is_asked_in_turn_is_told_to_who_looks_and_nobody_too() -> None:
    stage = ana_waits_for_ben()
    stage.say("ana", wire.Seek()).searched("ana", Outcome.ASKING, until_ms=LATE_MS + 15 * SECOND)
    stage.told()
    next_ms = LATE_MS + 30 * SECOND
    eva = {"booking": "b7", "member": "m_eva", "newcomer": False, "until_ms": next_ms}
    stage.tell(Asked(at_ms=LATE_MS, by="m_ana", **eva))
    assert stage.told("ana") == [wire.Search(outcome="asking", until_ms=next_ms)]
    stage.tell(NobodyFree(at_ms=LATE_MS, booking="b1", member="m_ana"))
    assert stage.told("ana") == [wire.Search(outcome="nobody")]


def test_d6_nobody_free_is_no_end_whoever_comes_is_introduced() -> None:
    stage = ana_waits_for_ben()
    stage.say("ana", wire.Seek()).searched("ana", Outcome.NOBODY)
    stage.told()
    stage.at(T + 4 * MINUTE)
    ana_goes_on_with_dov(stage)
    assert stage.told("ana", wire.PartnerChanged)[0].partner.name == "Dov"


def test_d6_a_veteran_is_asked_before_a_first_session() -> None:
    stage = ana_waits_for_ben()
    until_ms = LATE_MS + 15 * SECOND
    stage.say("ana", wire.Seek()).searched("ana", Outcome.NEWCOMER, until_ms=until_ms)
    own = {"booking": "b1", "member": "m_ana", "newcomer": True, "until_ms": until_ms}
    stage.tell(Asked(at_ms=LATE_MS, by="m_dov", **own))
    assert stage.told("ana") == [
        wire.Search(outcome="newcomer", until_ms=until_ms),
        wire.Asked(newcomer=True, until_ms=until_ms),
    ]
    stage.say("ana", wire.Answer(accept=True)).feed(Answered("ana", stage.wanted[-1].request))
    assert [ask.booking for ask in stage.see(LookUp)] == ["b1"]


def test_d6_an_answer_that_comes_too_late_is_refused() -> None:
    stage = ana_waits_for_ben()
    asked = {"booking": "b3", "member": "m_dov", "newcomer": False}
    stage.tell(Asked(at_ms=LATE_MS, by="m_ana", until_ms=LATE_MS + 15 * SECOND, **asked))
    stage.after(15 * SECOND).say("dov", wire.Answer(accept=True))
    assert code_of(stage, "dov") == "not_asked"
    stage.tell(AskOver(at_ms=stage.now_ms, booking="b3", member="m_dov"))
    assert stage.told("dov") == [wire.AskOver()]


def test_d6_ben_opens_the_room_at_seven_minutes_and_is_told_clearly() -> None:
    stage = ana_waits_for_ben(T + 3 * MINUTE)
    ana_goes_on_with_dov(stage)
    stage.at(T + 7 * MINUTE).hello("ben", "m_ben")
    stage.enter("ben", BEN_ALONE, alone=True, missed=MISSED)
    assert stage.told("ben", wire.Room)[0].replaced.name == "Ana"
    stage.say("ben", wire.Seek())
    assert isinstance(stage.wanted[-1], Seek), "who comes that late waits no minute more"


def test_d6_ana_goes_on_alone_and_may_stop_looking() -> None:
    stage = ana_waits_for_ben()
    stage.say("ana", wire.Seek()).searched("ana", Outcome.NOBODY).say("ana", wire.StopSeeking())
    assert isinstance(stage.wanted[-1], StopSeeking)
    stage.told()
    stage.tell(NobodyFree(at_ms=LATE_MS, booking="b1", member="m_ana"))
    assert stage.told("ana") == []


# D7: both late, or neither comes.


def test_d7_who_comes_late_waits_a_minute_before_a_change() -> None:
    stage = Stage(now_ms=T + 3 * MINUTE).ana_enters()
    (late,) = stage.told("ana", wire.PartnerLate)
    assert late.change_from_ms == T + 4 * MINUTE
    stage.at(T + 4 * MINUTE - 1).say("ana", wire.Seek())
    assert code_of(stage, "ana") == "not_yet"
    stage.after(1).say("ana", wire.Seek())
    assert isinstance(stage.wanted[-1], Seek)


def test_d7_both_late_the_session_runs() -> None:
    stage = Stage(now_ms=T + 3 * MINUTE).ana_enters().at(T + 4 * MINUTE).ben_enters()
    assert [m.gen for m in stage.told("ben", wire.Negotiate)] == [1]
    assert [e.at_ms for e in stage.recorded] == [T + 3 * MINUTE, T + 4 * MINUTE]


def test_d7_at_the_no_show_limit_the_minute_is_waived() -> None:
    stage = Stage(now_ms=T + 4 * MINUTE + 30 * SECOND).ana_enters()
    assert stage.told("ana", wire.PartnerLate)[0].change_from_ms == T + 5 * MINUTE
    stage.at(T + 5 * MINUTE)
    (late,) = stage.told("ana", wire.PartnerLate)
    assert late.no_show
    stage.say("ana", wire.Seek())
    assert isinstance(stage.wanted[-1], Seek)


def test_d7_both_at_exactly_five_minutes_meet_and_nobody_is_called_late() -> None:
    stage = Stage(now_ms=T + 5 * MINUTE).both_enter().after(MINUTE)
    assert stage.told(kind=wire.PartnerLate) == []


# D10: back to back.

NEXT = E + 10 * MINUTE
TOGETHER_AGAIN = Pair(
    id="p20",
    start_ms=NEXT,
    length_min=LENGTH_MIN,
    # The other way round than in the first pair: sides must not change by that.
    members=("m_ben", "m_ana"),
    bookings=("b12", "b11"),
)
BENS_NEXT = booking("b12", "m_ben", start_ms=NEXT, pair="p20", partner="m_ana")


def next_session(stage: Stage) -> FoundNext:
    return FoundNext("p9", stage.found(BENS_NEXT, pair=TOGETHER_AGAIN), ("Cello", "Letters"))


def test_d10_the_same_two_are_carried_over_at_the_end_without_a_new_connection() -> None:
    stage = Stage(now_ms=T).both_connected()
    chat = wire.Entry(id="a2", kind="chat", by="m_ana", at_ms=T, text="See you in a moment")
    stage.say("ana", chat).at(E - MINUTE)
    (asked,) = stage.onward
    assert (asked.room, asked.from_ms) == ("p9", E)
    stage.feed(next_session(stage))
    stage.told()
    stage.at(E)
    assert len(stage.onward) == 2, "asked again at the moment itself"
    stage.feed(next_session(stage))

    (room,) = stage.told("ana", wire.Room)
    assert (room.booking, room.pair, room.title, room.carried) == ("b11", "p20", "Letters", True)
    assert room.partner.name == "Ben"
    assert room.you.here
    assert room.them.here
    assert room.log == [chat]
    stage.say("ana", wire.Media(camera=False, mic=True))
    assert stage.told("ben", wire.Seats)[-1].them.camera is False
    assert stage.told(kind=wire.Negotiate) == []


def test_d10_each_session_has_its_own_record() -> None:
    stage = Stage(now_ms=T).both_connected().at(E).feed(next_session(Stage()))
    assert [(e.member, e.seen) for e in stage.by_pair["p9"]][2:] == [
        ("m_ana", Seen.LEAVE),
        ("m_ben", Seen.LEAVE),
    ]
    assert [(e.member, e.seen, e.at_ms) for e in stage.by_pair["p20"]] == [
        ("m_ana", Seen.JOIN, E),
        ("m_ben", Seen.JOIN, E),
    ]


def test_d10_both_press_and_go_at_once() -> None:
    stage = Stage(now_ms=T).both_connected().at(E - 2 * MINUTE)
    asked = len(stage.onward)
    stage.say("ana", wire.GoOn())
    assert stage.told("ben", wire.Seats)[-1].them.goes_on
    assert len(stage.onward) == asked
    stage.say("ben", wire.GoOn())
    assert len(stage.onward) == asked + 1
    doors = {"start_ms": E + 5 * MINUTE}
    found = stage.found(booking("b12", "m_ben", pair="p20", **doors), pair=TOGETHER_AGAIN)
    stage.feed(FoundNext("p9", found, ("Cello", "Letters")))
    assert stage.told("ben", wire.Room)[0].carried


def test_d10_nobody_goes_on_before_the_last_two_minutes() -> None:
    stage = Stage(now_ms=T).both_connected().at(E - 2 * MINUTE - 1)
    stage.told()
    stage.say("ana", wire.GoOn())
    assert code_of(stage, "ana") == "not_now"


def test_d10_doors_that_open_later_are_waited_for() -> None:
    late = NEXT + 4 * MINUTE
    pair = Pair(
        id="p20",
        start_ms=late,
        length_min=25,
        members=("m_ana", "m_ben"),
        bookings=("b11", "b12"),
    )
    stage = Stage(now_ms=T).both_connected().at(E)
    found = stage.found(booking("b11", start_ms=late, length_min=25, pair="p20"), pair=pair)
    stage.feed(FoundNext("p9", found, ("", "")))
    assert stage.told(kind=wire.Room) == []
    asked = len(stage.onward)
    stage.at(late - 10 * MINUTE)
    assert len(stage.onward) == asked + 1
    stage.feed(FoundNext("p9", found, ("", "")))
    assert len(stage.told(kind=wire.Room)) == 2


def test_d10_who_is_not_here_at_the_end_is_waited_for() -> None:
    stage = Stage(now_ms=T).both_connected().at(E - 10 * SECOND)
    stage.lose("ben").at(E).feed(next_session(stage))
    stage.told()
    stage.ben_enters("ben2", tab="tab-ben", gen=1)
    assert stage.told(kind=wire.Room), "his own seat"
    stage.after(1).feed(next_session(stage))
    assert [m.carried for m in stage.told(kind=wire.Room)] == [True, True]


def test_d10_a_session_booked_during_the_check_in_is_found() -> None:
    stage = Stage(now_ms=T).both_connected().at(E).feed(FoundNext("p9", None))
    asked = len(stage.onward)
    again = {"members": ("m_ben", "m_ana"), "bookings": ("b12", "b11")}
    stage.after(MINUTE).tell(
        Matched(at_ms=E, pair="p20", start_ms=NEXT, length_min=LENGTH_MIN, **again)
    )
    stage.after(1)
    assert len(stage.onward) == asked + 1


def test_d10_a_store_that_is_away_at_the_end_is_asked_again() -> None:
    stage = Stage(now_ms=T).both_connected().at(E).feed(FoundNext("p9", None, away=True))
    asked = len(stage.onward)
    stage.after(SECOND)
    assert len(stage.onward) == asked + 1


def test_d10_without_another_session_the_room_stays_and_nothing_more_is_asked() -> None:
    stage = Stage(now_ms=T).both_connected().at(E - MINUTE).feed(FoundNext("p9", None))
    asked = len(stage.onward)
    stage.at(E + 4 * MINUTE)
    assert len(stage.onward) == asked
    assert stage.told(kind=wire.Over) == []


def test_d10_the_first_room_takes_nobody_back_once_both_went_on() -> None:
    stage = Stage(now_ms=T).both_connected().at(E).feed(next_session(Stage()))
    stage.told()
    stage.ana_enters("ana2")
    assert code_of(stage, "ana2") == "closed"


def test_d10_after_a_session_without_a_gap_the_partner_is_late_a_minute_later() -> None:
    hurried = Pair(
        id="p9",
        members=("m_ana", "m_ben"),
        bookings=("b1", "b2"),
        zero_gap=(False, True),
        **SLOT,
    )
    stage = Stage(now_ms=T, pair=hurried).ana_enters()
    stage.told()
    stage.at(T + 3 * MINUTE - 1)
    assert stage.told("ana", wire.PartnerLate) == []
    stage.after(1)
    assert stage.told("ana", wire.PartnerLate)[0].change_from_ms == T + 3 * MINUTE


def test_d10_with_another_partner_next_entering_leaves_the_first_room_at_the_end() -> None:
    stage = Stage(now_ms=T).both_connected().at(E)
    other = Pair(
        id="p10", start_ms=E, length_min=50, members=("m_ana", "m_dov"), bookings=("b3", "b4")
    )
    stage.enter("ana", booking("b3", start_ms=E, pair="p10"), pair=other)
    assert [(e.seen, e.at_ms) for e in stage.by_pair["p9"] if e.member == "m_ana"] == [
        (Seen.JOIN, T),
        (Seen.LEAVE, E),
    ]
    assert stage.told("ana", wire.Room)[0].carried is False


# D11: the partner leaves.


def test_d11_ana_may_look_for_somebody_else_once_ben_left() -> None:
    stage = Stage(now_ms=T + 20 * MINUTE).both_connected()
    stage.say("ben", wire.Leave())
    assert stage.see(Gone) == [Gone("b2")]
    stage.after(SECOND)
    assert stage.here[-1] == "b1"
    stage.say("ana", wire.Seek())
    (refused,) = stage.told("ana", wire.Refused)
    assert (refused.code, stage.wanted) == ("not_yet", [])
    stage.at(refused.data["change_from_ms"])
    assert 0 < stage.now_ms - (T + 21 * MINUTE) <= SECOND  # Ben may come back for a minute
    stage.say("ana", wire.Seek())
    assert isinstance(stage.wanted[-1], Seek)


@pytest.mark.parametrize("at_ms", [E, E + MINUTE])
def test_d11_after_the_end_nobody_is_looked_for(at_ms: int) -> None:
    stage = ana_waits_for_ben(at_ms)
    stage.say("ana", wire.Seek())
    assert code_of(stage, "ana") == "not_now"

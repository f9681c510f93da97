"""When the ledger hears of who is in the room without a partner, and what such a member may ask."""

from __future__ import annotations

import pytest

from scheduler.bookings import State
from scheduler.events import Asked
from scheduler.presence import PresenceEvent, Seen
from scheduler.standby import Outcome
from signalling import wire
from signalling.commands import AnswerAsk, Gone, Here, Seek, StopSeeking
from tests.signalling.stage import DOORS_CLOSE, MINUTE, SECOND, E, Stage, T, booking

WAITING = booking(state=State.WAITING)
BOTH_WERE_HERE = [
    PresenceEvent(id=f"old:{member}", member=member, seen=Seen.JOIN, at_ms=T)
    for member in ("m_ana", "m_ben")
]


def heard(stage: Stage) -> list[str]:
    """The bookings told to be here since the last look."""
    return [here.booking for here in stage.see(Here)]


def waiting(now_ms: int = T - MINUTE) -> Stage:
    return Stage(now_ms=now_ms).hello("ana", "m_ana").enter("ana", WAITING, alone=True)


def seeking() -> Stage:
    stage = Stage(now_ms=T + 3 * MINUTE).ana_enters().at(T + 5 * MINUTE)
    stage.say("ana", wire.Seek()).searched("ana", Outcome.NOBODY)
    stage.told()
    return stage


def test_who_is_alone_is_said_to_be_here_at_once_and_every_five_seconds() -> None:
    stage = waiting()
    assert heard(stage) == ["b1"]
    stage.after(5 * SECOND - 1)
    assert heard(stage) == []
    stage.after(1)
    assert heard(stage) == ["b1"]
    stage.after(20 * SECOND)
    assert heard(stage) == ["b1"] * 4


def test_of_two_who_sit_together_nothing_is_said() -> None:
    stage = Stage(now_ms=T).both_enter().after(MINUTE)
    assert heard(stage) == []


def test_when_one_is_lost_the_ledger_hears_when_they_were_last_here_and_then_of_the_other() -> None:
    stage = Stage(now_ms=T).both_connected().after(MINUTE)
    stage.lose("ben")
    assert heard(stage) == ["b2"]
    stage.after(5 * SECOND)
    assert heard(stage) == ["b1"]


def test_who_leaves_is_gone_at_once() -> None:
    stage = Stage(now_ms=T).both_connected()
    stage.say("ben", wire.Leave())
    assert stage.see(Gone) == [Gone("b2")]
    stage.after(5 * SECOND)
    assert heard(stage) == ["b1"]


def test_a_lost_page_is_not_said_to_be_here_nor_gone() -> None:
    stage = waiting()
    stage.lose("ana").after(MINUTE)
    assert heard(stage) == ["b1"]
    assert stage.see(Gone) == []


def test_after_the_end_nobody_needs_to_know() -> None:
    stage = waiting(E - 3 * SECOND)
    assert heard(stage) == ["b1"]
    stage.at(DOORS_CLOSE)
    assert heard(stage) == []


def test_a_search_survives_a_reload() -> None:
    stage = seeking()
    stage.lose("ana").after(SECOND).ana_enters("ana2", tab="tab-ana")
    assert stage.told("ana2", wire.Search) == [wire.Search(outcome="nobody")]


def test_leaving_ends_a_search() -> None:
    stage = seeking()
    stage.say("ana", wire.Leave()).ana_enters("ana2")
    assert stage.told("ana2", wire.Search) == []


def test_a_partner_who_comes_ends_search_and_question_of_the_other() -> None:
    stage = seeking()
    asked = {"booking": "b1", "member": "m_ana", "newcomer": True}
    stage.tell(Asked(at_ms=stage.now_ms, by="m_dov", until_ms=stage.now_ms + 15_000, **asked))
    stage.told()
    stage.ben_enters()
    assert [type(want) for want in stage.wanted[-2:]] == [StopSeeking, AnswerAsk]
    said = stage.told("ana")
    assert wire.AskOver() in said
    assert [m.code for m in said if isinstance(m, wire.Refused)] == ["partner_here"]


def test_after_a_crash_the_ledger_hears_of_who_was_there_before_it_hears_of_who_is_back() -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE).ana_enters()
    said = [(here.booking, here.lost) for here in stage.see(Here)]
    assert said == [("b2", True), ("b1", False)]
    stage.ben_enters().after(MINUTE)
    assert heard(stage) == []


def test_after_a_crash_nobody_is_said_to_have_been_there_who_had_gone() -> None:
    gone = PresenceEvent(id="old:3", member="m_ben", seen=Seen.DROP, at_ms=T + 5 * MINUTE)
    stage = Stage(now_ms=T + 10 * MINUTE, log=[*BOTH_WERE_HERE, gone]).ana_enters()
    assert heard(stage) == ["b1"]


@pytest.mark.parametrize("accept", [True, False])
def test_nobody_agrees_to_another_while_the_partners_seat_is_held(accept: bool) -> None:
    stage = Stage(now_ms=T + 10 * MINUTE, log=BOTH_WERE_HERE).ana_enters()
    asked = {"booking": "b1", "member": "m_ana", "newcomer": False}
    stage.tell(Asked(at_ms=stage.now_ms, by="m_dov", until_ms=stage.now_ms + 15_000, **asked))
    stage.told()
    stage.say("ana", wire.Answer(accept=accept))
    assert [m.code for m in stage.told("ana", wire.Refused)] == ["partner_here"] * accept
    assert [type(want) for want in stage.wanted] == ([] if accept else [AnswerAsk])


def test_each_search_is_a_request_of_its_own() -> None:
    stage = seeking()
    stage.say("ana", wire.Seek(newcomers=True))
    first, second = [want for want in stage.wanted if isinstance(want, Seek)]
    assert first.request != second.request
    assert (second.member, second.booking, second.newcomers) == ("m_ana", "b1", True)


def test_whose_line_is_lost_for_a_moment_is_here_still() -> None:
    stage = Stage(now_ms=T + 20 * MINUTE).both_connected()
    stage.lose("ben").after(10 * SECOND).say("ana", wire.Seek())
    assert [m.code for m in stage.told("ana", wire.Refused)] == ["partner_here"]
    stage.after(90 * SECOND).say("ana", wire.Seek())
    assert isinstance(stage.wanted[-1], Seek)

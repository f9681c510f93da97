"""What the ledger says to one who looks or is asked reaches the page that is meant, or nobody."""

from __future__ import annotations

import pytest

from scheduler.events import Asked, AskOver, NobodyFree
from scheduler.standby import Outcome
from signalling import wire
from signalling.commands import LookUp, Seek
from signalling.events import Answered, Sought, StandbyFailed
from tests.signalling.stage import MINUTE, SECOND, Search, Stage, T, booking

UNTIL = T + 5 * MINUTE + 15 * SECOND


def seeking() -> Stage:
    stage = Stage(now_ms=T + 5 * MINUTE).ana_enters()
    stage.say("ana", wire.Seek())
    stage.told()
    return stage


def asked() -> Stage:
    stage = Stage(now_ms=T + 5 * MINUTE).ana_enters()
    stage.tell(question())
    stage.told()
    return stage


def question(newcomer: bool = False) -> Asked:
    return Asked(
        at_ms=T, booking="b1", member="m_ana", by="m_dov", newcomer=newcomer, until_ms=UNTIL
    )


def test_whoever_was_found_is_looked_up_at_once() -> None:
    stage = seeking().searched("ana", Outcome.FOUND)
    assert [ask.booking for ask in stage.see(LookUp)] == ["b1"]


def test_an_answer_for_a_page_that_is_gone_is_for_nobody() -> None:
    stage = seeking()
    stage.lose("ana").searched("ana", Outcome.ASKING)
    stage.refused("ana", "seek", "not_yet").feed(Answered("ana", "r1"))
    assert stage.told() == []


def test_an_answer_to_what_was_not_asked_is_for_nobody() -> None:
    stage = Stage(now_ms=T + 5 * MINUTE).ana_enters()
    stage.told()
    found = Search(outcome=Outcome.ASKING, booking=booking(), until_ms=UNTIL)
    stage.feed(Sought("ana", "r0", found), StandbyFailed("ana", "r0", "seek", "not_yet"))
    assert stage.told() == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("partner_here", "partner_here"),
        ("needs_rematch", "locked_in"),
        ("already_over", "not_now"),
        ("unavailable", "unavailable"),
        ("not_found", "not_now"),
    ],
)
def test_each_refusal_of_the_ledger_has_a_word(code: str, told: str) -> None:
    (refused,) = seeking().refused("ana", "seek", code).told("ana")
    assert (refused.code, refused.ref) == (told, "seek")


def test_too_early_says_from_when() -> None:
    stage = seeking().refused("ana", "seek", "not_yet", from_ms=UNTIL)
    (refused,) = stage.told("ana")
    assert (refused.code, refused.data) == ("not_yet", {"change_from_ms": UNTIL})


def test_an_answer_that_the_ledger_does_not_take_ends_the_question() -> None:
    stage = asked().say("ana", wire.Answer(accept=True))
    assert stage.refused("ana", "answer", "taken").told("ana") == [wire.AskOver()]


def test_an_answer_that_was_not_heard_may_be_given_again() -> None:
    stage = asked().say("ana", wire.Answer(accept=True)).refused("ana", "answer", "unavailable")
    assert [m.code for m in stage.told("ana")] == ["unavailable"]
    stage.say("ana", wire.Answer(accept=True))
    assert len(stage.wanted) == 2


def test_stopping_that_was_not_heard_is_told_and_one_that_was_too_late_is_not() -> None:
    stage = seeking().say("ana", wire.StopSeeking())
    assert [m.code for m in stage.refused("ana", "stop_seeking", "unavailable").told("ana")] == [
        "unavailable"
    ]
    assert stage.refused("ana", "stop_seeking", "not_found").told("ana") == []


def test_an_answer_that_was_taken_is_looked_up_at_once() -> None:
    stage = asked().say("ana", wire.Answer(accept=True))
    stage.feed(Answered("ana", stage.wanted[-1].request))
    assert [ask.booking for ask in stage.see(LookUp)] == ["b1"]


def test_what_is_told_of_bookings_that_sit_elsewhere_is_for_nobody() -> None:
    stage = Stage(now_ms=T).hello("ana", "m_ana")
    stage.told()
    stage.tell(
        question(),
        AskOver(at_ms=T, booking="b1", member="m_ana"),
        NobodyFree(at_ms=T, booking="b1", member="m_ana"),
    )
    assert stage.told() == []


def test_a_question_that_is_over_is_told_once() -> None:
    stage = asked()
    over = AskOver(at_ms=T, booking="b1", member="m_ana")
    assert stage.tell(over, over).told("ana") == [wire.AskOver()]


def test_who_does_not_look_does_not_hear_of_looking() -> None:
    stage = Stage(now_ms=T + 5 * MINUTE).ana_enters()
    stage.told()
    stage.tell(NobodyFree(at_ms=T, booking="b1", member="m_ana"))
    assert stage.told() == []
    assert not [want for want in stage.wanted if isinstance(want, Seek)]

"""What a page was told of its search and of being asked, and which answers still count."""

from __future__ import annotations

import pytest

from signalling import wire
from signalling.errors import NotAsked
from signalling.standby import BEAT_MS, Standby

ASKING = wire.Search(outcome="asking", until_ms=15_000)
NOBODY = wire.Search(outcome="nobody")
ASKED = wire.Asked(newcomer=False, until_ms=15_000)


def seeking() -> Standby:
    standby = Standby()
    standby.seek("r1")
    return standby


def asked() -> Standby:
    standby = Standby()
    standby.ask(ASKED)
    return standby


def test_being_here_is_said_at_once_and_every_five_seconds() -> None:
    standby = Standby()
    assert standby.beat_due() == 0
    standby.said(1_000)
    assert standby.beat_due() == 1_000 + BEAT_MS


def test_a_page_that_comes_back_hears_how_far_its_search_is() -> None:
    standby = seeking()
    assert standby.seeking
    assert standby.so_far(0) == []
    assert standby.sought("r1", ASKING)
    assert standby.so_far(0) == [ASKING]
    assert standby.progress(NOBODY)
    assert standby.so_far(0) == [NOBODY]


def test_an_answer_to_an_earlier_search_does_not_count() -> None:
    standby = seeking()
    standby.seek("r2")
    assert not standby.sought("r1", ASKING)
    assert not standby.failed("r1", away=False)
    assert standby.sought("r2", ASKING)


def test_a_search_that_was_stopped_is_over() -> None:
    standby = seeking()
    assert standby.stop()
    assert not standby.stop()
    assert not standby.sought("r1", ASKING)
    assert not standby.progress(NOBODY)


def test_a_search_that_the_ledger_refused_is_over() -> None:
    standby = seeking()
    assert standby.failed("r1", away=False)
    assert not standby.seeking


def test_a_question_is_told_again_until_it_is_answered_or_too_late() -> None:
    standby = asked()
    assert standby.so_far(14_999) == [ASKED]
    assert standby.so_far(15_000) == []
    standby.answer("r1", 14_999)
    assert standby.so_far(14_999) == []


def test_a_question_is_answered_once() -> None:
    standby = asked()
    standby.answer("r1", 0)
    with pytest.raises(NotAsked):
        standby.answer("r2", 0)


@pytest.mark.parametrize("standby", [Standby(), asked()], ids=["not_asked", "too_late"])
def test_nobody_answers_what_is_not_asked(standby: Standby) -> None:
    with pytest.raises(NotAsked):
        standby.answer("r1", 15_000)


def test_an_answer_that_a_store_which_is_away_did_not_take_may_be_given_again() -> None:
    standby = asked()
    standby.answer("r1", 0)
    assert standby.failed("r1", away=True)
    standby.answer("r2", 1)


def test_an_answer_that_the_ledger_refused_ends_the_question() -> None:
    standby = asked()
    standby.answer("r1", 0)
    assert standby.failed("r1", away=False)
    assert not standby.ask_over()

"""Two agree to work without pictures, where the instance allows it, and one of them ends it."""

from __future__ import annotations

import msgspec
import pytest

from scheduler.rules import DEFAULT, Rules
from signalling import wire
from signalling.cameras_off import ASK_AGAIN_MS
from tests.signalling.stage import DOORS_CLOSE, MINUTE, SECOND, E, Stage, T

ALLOWED = msgspec.structs.replace(DEFAULT, cameras_off_agreed=True)
ASK, STOP = wire.CamerasOff(on=True), wire.CamerasOff(on=False)
OFF = wire.Media(camera=False, mic=True)


def working(rules: Rules = ALLOWED, now_ms: int = T + MINUTE) -> Stage:
    stage = Stage(now_ms=now_ms, rules=rules).both_connected()
    stage.told()
    return stage


def wishes(stage: Stage, conn: str) -> tuple[bool, bool]:
    newest = stage.told(conn, wire.Seats)[-1]
    return newest.you.wants_off, newest.them.wants_off


def test_a_wish_shows_and_agrees_to_nothing() -> None:
    stage = working().say("ana", ASK, ASK)
    assert wishes(stage, "ben") == (False, True)
    assert "off_agreed" not in stage.seen()


def test_both_together_is_an_agreement_recorded_for_each() -> None:
    stage = working().say("ana", ASK).say("ben", ASK, ASK)
    assert wishes(stage, "ana") == (True, True)
    assert stage.seen()[-1] == stage.seen("m_ben")[-1] == "off_agreed"
    assert stage.seen().count("off_agreed") == 1


def test_while_it_holds_nobody_hears_of_a_missing_picture() -> None:
    stage = working().say("ana", ASK).say("ben", ASK, OFF)
    stage.told()
    stage.at(E - 1)
    assert stage.told() == []


def test_either_takes_it_back_for_both_and_the_other_hears_of_it() -> None:
    stage = working().say("ana", ASK).say("ben", ASK, OFF).after(MINUTE)
    stage.told()
    stage.say("ana", STOP)
    assert wire.Nudge(kind="cameras_count") in stage.told("ben")
    assert stage.seen("m_ben")[-1] == "off_over"
    stage.after(30_000)
    assert wire.Nudge(kind="camera_off") in stage.told("ben", wire.Nudge), "counted from then"


def test_a_wish_can_be_withdrawn_and_declined() -> None:
    for who in ("ana", "ben"):
        stage = working().say("ana", ASK).say(who, STOP)
        assert wishes(stage, "ben") == (False, False)
        assert "off_over" not in stage.seen()


@pytest.mark.parametrize("now_ms", [T - MINUTE, E + MINUTE])
def test_it_is_for_the_time_of_the_session(now_ms: int) -> None:
    stage = working(now_ms=now_ms).say("ana", ASK)
    assert [refused.code for refused in stage.told("ana", wire.Refused)] == ["not_now"]


def test_by_default_there_is_no_such_agreement() -> None:
    stage = working(DEFAULT).say("ana", ASK)
    assert [refused.code for refused in stage.told("ana", wire.Refused)] == ["not_now"]


def test_a_hub_that_begins_anew_knows_it() -> None:
    before = working().say("ana", ASK).say("ben", ASK).recorded
    later = Stage(now_ms=T + 5 * MINUTE, rules=ALLOWED, log=before).ana_enters().ben_enters()
    assert later.told("ben", wire.Room)[0].you.wants_off
    later.say("ben", OFF)
    later.told()
    later.at(E - 1)
    assert later.told(kind=wire.Nudge) == []
    later.at(DOORS_CLOSE)


def refusals(stage: Stage, conn: str) -> list[str]:
    return [refused.code for refused in stage.told(conn, wire.Refused)]


def test_nobody_agrees_with_who_has_left() -> None:
    stage = working().say("ana", ASK, wire.Leave())
    assert wishes(stage, "ben") == (False, False)
    stage.say("ben", ASK)
    assert refusals(stage, "ben") == ["not_now"]
    assert "off_agreed" not in stage.seen("m_ben")


def test_nobody_agrees_with_who_is_lost_for_long_and_the_wish_is_there_when_they_are_back() -> None:
    stage = working().say("ana", ASK).lose("ana").awake_for(3 * MINUTE, "ben")
    stage.say("ben", ASK)
    assert refusals(stage, "ben") == ["not_now"]
    stage.ana_enters("ana2").say("ben", ASK)
    assert stage.seen()[-1] == stage.seen("m_ben")[-1] == "off_agreed"


def test_an_agreement_outlives_a_leave_and_shows_so() -> None:
    stage = working().say("ana", ASK).say("ben", ASK).say("ana", wire.Leave())
    assert wishes(stage, "ben") == (True, True)


def test_an_agreement_is_taken_back_also_where_none_is_made_any_more() -> None:
    before = working().say("ana", ASK).say("ben", ASK).recorded
    later = Stage(now_ms=T + 5 * MINUTE, rules=DEFAULT, log=before).ana_enters().ben_enters()
    later.say("ben", STOP)
    assert wishes(later, "ana") == (False, False)
    later.say("ben", ASK)
    assert refusals(later, "ben") == ["not_now"]


def test_who_was_declined_asks_again_after_some_minutes_and_the_other_may_at_once() -> None:
    stage = working().say("ana", ASK).say("ben", STOP).awake_for(ASK_AGAIN_MS - SECOND, "ana")
    stage.say("ana", ASK)
    assert refusals(stage, "ana") == ["not_yet"]
    stage.after(SECOND).say("ana", ASK)
    assert refusals(stage, "ana") == []
    stage.say("ben", STOP, ASK)
    assert wishes(stage, "ana") == (False, True)
    stage.say("ana", ASK)
    assert stage.seen()[-1] == "off_agreed", "an answer is no question"


def test_a_wish_that_one_withdrew_may_be_asked_again() -> None:
    stage = working().say("ana", ASK, STOP, ASK)
    assert wishes(stage, "ben") == (False, True)

"""A log is read the same in any order, and doubt speaks for the member."""

from __future__ import annotations

from scheduler.presence import Seen, Witness
from scheduler.rules import DEFAULT
from scheduler.spans import Span
from scheduler.timeline import RANK, Story, in_order, story_of
from tests.scheduler.sessions import ANA, E, Log, T, a_pair, at, both_there

SFU = Witness.SFU


def story(log: Log) -> Story:
    return story_of(a_pair(), ANA, log.events, DEFAULT)


def test_every_kind_of_event_has_its_place() -> None:
    assert set(RANK) == set(Seen)


def test_a_repeated_event_is_read_once() -> None:
    log = both_there()
    assert in_order(log.events + log.events) == log.events


def test_nobody_came() -> None:
    assert story(Log()) == Story(
        joined_ms=None,
        left_ms=None,
        here=[],
        lost=[],
        breaks=[],
        off=[],
        faults=[],
        free=[],
        agreed_ms=None,
    )


def test_presence_is_cut_by_losses_and_goodbyes() -> None:
    log = both_there().ana("drop", "T+5:00").ana("rejoin", "T+6:00").ana("leave", "T+9:00")
    told = story(log)
    assert told.here == [Span(at("T-1:00"), at("T+5:00")), Span(at("T+6:00"), at("T+9:00"))]
    assert told.lost == [Span(at("T+5:00"), at("T+6:00"))]
    assert told.left_ms == at("T+9:00")
    assert told.is_here(T)
    assert not told.is_here(at("T+5:00"))


def test_of_events_in_one_millisecond_being_here_comes_last() -> None:
    for order in (("rejoin", "leave"), ("leave", "rejoin")):
        log = both_there()
        for seen in order:
            log.ana(seen, "T+5:00")
        assert story(log).left_ms is None


def test_of_events_in_one_millisecond_having_a_picture_comes_last() -> None:
    log = both_there().ana("camera_on", "T+5:00").ana("camera_off", "T+5:00")
    assert story(log).off == []


def test_a_loss_and_a_goodbye_in_one_millisecond_are_a_goodbye() -> None:
    log = both_there().ana("drop", "T+5:00").ana("leave", "T+5:00")
    assert story(log).left_ms == at("T+5:00")


def test_the_partners_events_are_not_mine() -> None:
    assert story(both_there().ben("leave", "T+5:00")).here == [Span(at("T-1:00"), E)]


def test_a_return_without_a_recorded_join_is_a_join() -> None:
    assert story(Log().ana("rejoin", "T+1:00")).joined_ms == at("T+1:00")


def test_breaks_overlap_without_counting_twice() -> None:
    log = both_there().ana("break", "T+5:00", minutes=4).ana("break", "T+7:00", minutes=4)
    assert story(log).breaks == [Span(at("T+5:00"), at("T+11:00"))]


def test_a_break_without_a_length_is_the_longest_one() -> None:
    log = both_there().ana("break", "T+5:00")
    assert story(log).breaks == [Span(at("T+5:00"), at("T+10:00"))]


def test_two_witnesses_of_one_absence_make_one_stretch() -> None:
    log = both_there().ana("camera_off", "T+5:00").ana("camera_off", "T+5:02", witness=SFU)
    log.ana("camera_on", "T+6:00").ana("camera_on", "T+6:01", witness=SFU)
    assert story(log).off == [Span(at("T+5:00"), at("T+6:01"))]
    log.ana("camera_off", "T+8:00", witness=SFU)
    assert story(log).off[1:] == [Span(at("T+8:00"), E)]


def test_a_fault_lasts_until_there_is_a_picture_or_a_choice() -> None:
    log = both_there().ana("camera_off", "T+5:00", cause="busy").ana("camera_on", "T+6:00")
    log.ana("camera_off", "T+8:00", cause="weak").ana("camera_off", "T+9:00")
    told = story(log.ana("camera_on", "T+10:00").ana("camera_off", "T+20:00", cause="denied"))
    assert told.faults == [
        Span(at("T+5:00"), at("T+6:00")),
        Span(at("T+8:00"), at("T+9:00")),
        Span(at("T+20:00"), E),
    ]
    assert told.off[1] == Span(at("T+8:00"), at("T+10:00"))


def test_cameras_may_be_off_from_an_agreement_until_it_is_taken_back() -> None:
    log = both_there().ana("off_agreed", "T+5:00").ana("off_over", "T+6:00")
    assert story(log).free == [Span(at("T+5:00"), at("T+6:00"))]
    assert story(log.ana("off_agreed", "T+8:00")).free[1:] == [Span(at("T+8:00"), E)]


def test_taken_back_and_agreed_anew_in_one_millisecond_is_agreed() -> None:
    log = both_there().ana("off_agreed", "T+5:00").ana("off_agreed", "T+6:00")
    assert story(log.ana("off_over", "T+6:00")).free == [Span(at("T+5:00"), E)]


def test_a_choice_and_a_fault_in_one_millisecond_are_a_fault() -> None:
    log = both_there().ana("camera_off", "T+5:00", cause="busy")
    log.ana("camera_off", "T+5:00").ana("camera_off", "T+5:00", witness=SFU)
    assert story(log).faults == [Span(at("T+5:00"), E)]

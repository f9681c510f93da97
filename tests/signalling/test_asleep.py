"""A page that is silent while its packets are missing was put to sleep, for a minute."""

from __future__ import annotations

from signalling.asleep import SILENT_MS, Sleep
from tests.signalling.stage import MINUTE, SECOND, T


def heard_at(at_ms: int) -> Sleep:
    sleep = Sleep(MINUTE)
    sleep.heard(at_ms)
    return sleep


def test_a_page_with_a_picture_may_be_silent() -> None:
    assert heard_at(T).next_deadline(None) is None
    assert not heard_at(T).woke(None, T + MINUTE)


def test_it_sleeps_once_it_has_been_silent_for_long_and_since_the_packets_ceased() -> None:
    page = heard_at(T)
    assert page.next_deadline(T + SECOND) == T + SILENT_MS
    assert not page.woke(T + SECOND, T + SILENT_MS - 1)
    assert page.woke(T + SECOND, T + SILENT_MS)
    assert page.sleeps
    assert page.turned_ms == T + SECOND


def test_what_was_missing_while_it_spoke_is_not_excused() -> None:
    page = heard_at(T + 50 * SECOND)
    assert page.woke(T, T + 50 * SECOND + SILENT_MS)
    assert page.turned_ms == T + 50 * SECOND


def test_the_excuse_lasts_a_minute_and_there_is_no_other_until_it_speaks() -> None:
    page = heard_at(T)
    page.woke(T, T + SILENT_MS)
    assert page.next_deadline(T) == T + MINUTE
    assert page.woke(T, T + MINUTE + SECOND)
    assert not page.sleeps
    assert page.turned_ms == T + MINUTE
    assert page.next_deadline(T) is None
    assert not page.heard(T + 2 * MINUTE)
    assert page.next_deadline(T) == T + 2 * MINUTE + SILENT_MS


def test_a_word_wakes_it() -> None:
    page = heard_at(T)
    page.woke(T, T + SILENT_MS)
    assert page.heard(T + 40 * SECOND)
    assert not page.sleeps


def test_packets_that_come_again_begin_anew() -> None:
    page = heard_at(T)
    page.woke(T, T + SILENT_MS)
    page.stirred()
    assert not page.sleeps
    assert page.next_deadline(T + 5 * MINUTE) == T + 5 * MINUTE

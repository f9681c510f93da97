"""ICE restarts: how often, whose, and when one is over."""

from __future__ import annotations

import pytest

from signalling.restart import EVERY_MS, MINUTE_MAX, MINUTE_MS, Restarts, Spacing


def test_one_in_five_seconds() -> None:
    spacing = Spacing(EVERY_MS, MINUTE_MAX)
    assert spacing.take(1_000)
    assert not spacing.take(1_000 + EVERY_MS - 1)
    assert spacing.take(1_000 + EVERY_MS)


def test_five_a_minute() -> None:
    spacing = Spacing(EVERY_MS, MINUTE_MAX)
    taken = [at for at in range(0, 2 * MINUTE_MS, 1_000) if spacing.take(at)]
    assert taken == [0, 5_000, 10_000, 15_000, 20_000] + [
        MINUTE_MS + at for at in (0, 5_000, 10_000, 15_000, 20_000)
    ]


def test_it_says_from_when_on_the_next_one_may_be() -> None:
    spacing = Spacing(EVERY_MS, 2)
    assert spacing.free_ms() == 0
    spacing.take(0)
    assert spacing.free_ms() == EVERY_MS
    spacing.take(EVERY_MS)
    assert spacing.free_ms() == MINUTE_MS


def begun(*sides: int) -> Restarts:
    restarts = Restarts()
    assert restarts.take(sides, 0, gives_way=True)
    return restarts


def test_a_round_is_done_when_all_its_pages_are_back() -> None:
    both = begun(0, 1)
    assert both.back(0)
    assert not both.back(0), "said twice is said once"
    assert not both.done
    assert both.back(1)
    assert both.done


def test_a_leg_s_round_waits_for_its_page_alone() -> None:
    one = begun(1)
    assert not one.back(0)
    assert not one.done
    assert one.back(1)
    assert one.done


def test_rounds_count_up_within_a_generation_and_begin_anew_with_it() -> None:
    restarts = begun(0, 1)
    restarts.again()
    assert restarts.round == 2
    restarts.anew()
    assert restarts.round == 0


def test_who_was_back_before_a_round_was_told_again_has_to_come_back_again() -> None:
    restarts = begun(0, 1)
    restarts.back(0)
    restarts.again()
    restarts.back(1)
    assert not restarts.done


@pytest.mark.parametrize(("described", "answerable"), [((), False), ((1,), True), ((0,), False)])
def test_a_page_is_answered_from_what_its_partner_s_page_said(
    described: tuple[int, ...], answerable: bool
) -> None:
    restarts = Restarts()
    for side in described:
        restarts.described(side)
    assert restarts.answerable((0,)) is answerable
    restarts.anew()
    assert not restarts.answerable((0,))


def test_what_may_not_be_now_is_accounted_for_as_soon_as_it_may() -> None:
    spacing = Spacing(5_000, 2)
    assert [spacing.reserve(1_000) for _ in range(3)] == [0, 5_000, 60_000]


def test_a_restart_begins_anew_twice_and_no_oftener() -> None:
    restarts = Restarts()
    restarts.take((0,), 0, gives_way=True)
    assert [restarts.again() for _ in range(3)] == [True, True, False]
    assert restarts.round == 4

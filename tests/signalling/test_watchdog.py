"""Witnesses: what one is good for, and what two."""

from __future__ import annotations

from signalling.watchdog import ALONE_MS, MOVE_EVERY_MS, NOTHING, Verdict, Watchdog

T = 1_000_000
MOVE = "move"


def on_relay(watchdog: Watchdog, now_ms: int = T, *, can_move: bool = True) -> Verdict | str:
    return MOVE if watchdog.moves(now_ms, possible=can_move) else watchdog.on_relay()


def test_nobody_s_word_is_nothing() -> None:
    assert on_relay(Watchdog()) == Watchdog().on_direct() == NOTHING


def test_on_the_direct_path_one_page_is_enough_for_a_restart_of_both() -> None:
    dog = Watchdog()
    dog.page(1, True)
    assert dog.on_direct() == Verdict((0, 1))


def test_a_testimony_is_acted_upon_once_and_counts_again_after_it_was_taken_back() -> None:
    dog = Watchdog()
    dog.page(0, True)
    assert dog.on_direct() != NOTHING
    dog.page(0, True)
    assert dog.on_direct() == NOTHING
    dog.page(0, False)
    dog.page(0, True)
    assert dog.on_direct() != NOTHING


def test_on_the_relay_both_pages_move_the_pair() -> None:
    dog = Watchdog()
    dog.page(0, True)
    dog.page(1, True)
    assert on_relay(dog) == MOVE


def test_one_page_alone_restarts_its_own_leg_and_never_moves_the_pair() -> None:
    dog = Watchdog()
    dog.page(0, True)
    assert on_relay(dog) == Verdict((0,), gives_way=False)
    assert on_relay(dog, T + 60_000) == NOTHING


def test_one_page_and_a_worker_that_does_not_beat_are_two() -> None:
    dog = Watchdog()
    dog.worker(missing=True, now_ms=T)
    assert on_relay(dog) == NOTHING
    dog.page(1, True)
    assert on_relay(dog) == MOVE


def test_a_worker_that_does_not_beat_is_left_a_while_later_even_if_no_page_can_speak() -> None:
    dog = Watchdog()
    dog.worker(missing=True, now_ms=T)
    assert dog.move_ms() == T + ALONE_MS
    assert on_relay(dog, T + ALONE_MS - 1) == NOTHING
    assert on_relay(dog, T + ALONE_MS) == MOVE


def test_a_worker_that_beats_again_is_forgiven() -> None:
    dog = Watchdog()
    dog.worker(missing=True, now_ms=T)
    dog.worker(missing=False, now_ms=T + 500)
    assert on_relay(dog, T + 10_000) == NOTHING


def test_nobody_moves_where_there_is_nowhere_to_go_until_there_is() -> None:
    dog = Watchdog()
    dog.page(0, True)
    dog.page(1, True)
    assert on_relay(dog, can_move=False) == NOTHING
    assert on_relay(dog) == MOVE


def test_pairs_move_by_testimony_once_in_five_seconds() -> None:
    dog = Watchdog()
    for at in (T, T + 1_000):
        dog.page(0, True)
        dog.page(1, True)
        assert (on_relay(dog, at) == MOVE) is (at == T)
        if at == T:
            dog.anew()
    assert dog.move_ms() == T + MOVE_EVERY_MS
    assert on_relay(dog, T + MOVE_EVERY_MS) == MOVE


def test_a_leg_that_nothing_comes_from_is_restarted() -> None:
    dog = Watchdog()
    dog.leg(1, True)
    assert on_relay(dog) == Verdict((1,))
    dog.leg(1, False)
    assert on_relay(dog) == NOTHING


def test_two_such_legs_are_not_the_pages_fault() -> None:
    dog = Watchdog()
    dog.leg(0, True)
    dog.leg(1, True)
    assert on_relay(dog) == NOTHING


def test_another_generation_begins_without_witnesses() -> None:
    dog = Watchdog()
    dog.page(0, True)
    dog.page(1, True)
    dog.worker(missing=True, now_ms=T)
    dog.anew()
    assert dog.move_ms() is None

"""The partner may tell a member whose picture is missing, once in a stretch."""

from __future__ import annotations

from signalling.unseen import Unseen
from tests.signalling.stage import MINUTE, T


def test_it_opens_after_a_while() -> None:
    unseen = Unseen(MINUTE)
    assert unseen.next_deadline(T) == T + MINUTE
    unseen.woke(T, T + MINUTE - 1)
    assert not unseen.open(T)
    unseen.woke(T, T + MINUTE)
    assert unseen.open(T)
    assert unseen.next_deadline(T) is None


def test_what_was_said_is_said() -> None:
    unseen = Unseen(MINUTE)
    assert not unseen.told(T)
    unseen.woke(T, T + MINUTE)
    assert unseen.told(T)
    assert not unseen.open(T)
    assert not unseen.told(T)


def test_another_stretch_is_another_matter() -> None:
    unseen = Unseen(MINUTE)
    unseen.woke(T, T + MINUTE)
    unseen.told(T)
    later = T + 10 * MINUTE
    assert unseen.next_deadline(later) == later + MINUTE
    unseen.woke(later, later + MINUTE)
    assert unseen.open(later)


def test_a_picture_that_is_there_is_not_missing() -> None:
    unseen = Unseen(MINUTE)
    assert unseen.next_deadline(None) is None
    unseen.woke(None, T + MINUTE)
    assert not unseen.open(None)

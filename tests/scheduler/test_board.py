"""A slot is read as the rules of matching say, and only what may change is on the board."""

from __future__ import annotations

import pytest

from scheduler.board import Board
from scheduler.bookings import Gender
from tests.scheduler.slots import claim, paired, slot


def test_members_stand_in_the_order_of_booking() -> None:
    board = Board(slot([claim(9, created_ms=3), claim(10, created_ms=1), claim(2, created_ms=1)]))
    assert [seat.claim.booking for seat in board.seats] == ["b2", "b10", "b9"]


def test_pairs_and_who_waits() -> None:
    board = Board(paired(slot([claim(0), claim(1), claim(2)]), (0, 2), messaged=True))
    assert (board.pairs(), board.waiting()) == ([(0, 2)], [1])
    assert board.messaged(0)
    assert not board.messaged(1)


def test_a_locked_pair_is_not_on_the_board() -> None:
    board = Board(paired(slot([claim(0), claim(1), claim(2)]), (0, 1), locked=True))
    assert [seat.claim.booking for seat in board.seats] == ["b2"]


@pytest.mark.parametrize("elsewhere", ["b77", "b1"])
def test_whose_partner_is_not_here_or_sees_it_otherwise_is_left_alone(elsewhere: str) -> None:
    board = Board(slot([claim(0, partner_booking=elsewhere), claim(1)]))
    assert [seat.claim.booking for seat in board.seats] == ["b1"]


def test_avoiding_holds_in_both_directions() -> None:
    board = Board(slot([claim(0, avoided=["m1"]), claim(1), claim(2)]))
    assert not board.may_meet(0, 1)
    assert not board.may_meet(1, 0)
    assert board.may_meet(0, 2)


def test_the_hard_rules_hold() -> None:
    board = Board(
        slot([claim(0, only_gender=Gender.WOMAN), claim(1), claim(2, gender=Gender.WOMAN)])
    )
    assert not board.may_meet(0, 1)
    assert board.may_meet(0, 2)
    assert not board.may_meet(0, 0)


@pytest.mark.parametrize(
    ("mine", "theirs", "more"),
    [
        ({}, {}, 0),
        ({"favourites": ["m1"]}, {}, 150),
        ({"favourites": ["m1"]}, {"favourites": ["m0"]}, 300),
        ({"friends": ["m1"]}, {"friends": ["m0"]}, 300),
        ({"friends": ["m1"], "prefer_favourites": False}, {"friends": ["m0"]}, 150),
        ({"met": ["m1"]}, {}, -200),
        ({"met": ["m1"], "favourites": ["m1"]}, {}, 150),
    ],
)
def test_what_a_pair_is_worth(
    mine: dict[str, object], theirs: dict[str, object], more: int
) -> None:
    plain = Board(slot([claim(0), claim(1)])).worth(0, 1)
    board = Board(slot([claim(0, **mine), claim(1, **theirs)]))
    assert (board.worth(0, 1), board.worth(1, 0)) == (plain + more, plain + more)


def test_likings_that_could_meet() -> None:
    board = Board(
        slot(
            [
                claim(0, favourites=["m1", "m2", "m9"]),
                claim(1, friends=["m0"]),
                claim(2, avoided=["m0"]),
                claim(3, favourites=["m1"], prefer_favourites=False),
            ]
        )
    )
    assert board.fond() == [(0, 1)]

"""Who may meet whom, and who is the better partner."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.bookings import Gender, Profile, Task
from scheduler.matching import Candidate, Weights, compatible, likes, score, suits, tasks_agree

WOMAN, MAN, UNSAID = Gender.WOMAN, Gender.MAN, Gender.UNSAID

CANDIDATES = st.builds(
    Candidate,
    member=st.sampled_from(["ana", "ben"]),
    profile=st.builds(Profile),
    quiet=st.booleans(),
    task=st.sampled_from(Task),
    sessions_kept=st.integers(0, 2),
)


def candidate(member: str = "ana", **wish: object) -> Candidate:
    profile = Profile(**{name: wish.pop(name) for name in [*wish] if name in PROFILE})  # type: ignore[arg-type]
    return Candidate(member=member, profile=profile, **wish)  # type: ignore[arg-type]


PROFILE = {"gender", "only_gender", "accepts_quiet"}


def test_two_who_ask_for_nothing_may_meet() -> None:
    assert compatible(candidate("ana"), candidate("ben"))


def test_nobody_meets_themselves() -> None:
    assert not compatible(candidate("ana"), candidate("ana"))


@given(CANDIDATES, CANDIDATES, st.booleans())
def test_neither_side_sees_it_differently(a: Candidate, b: Candidate, met: bool) -> None:
    assert compatible(a, b) == compatible(b, a)
    assert score(a, b, met_lately=met) == score(b, a, met_lately=met)


@pytest.mark.parametrize(
    ("only", "gender", "fits"),
    [
        (None, UNSAID, True),
        (None, MAN, True),
        (WOMAN, WOMAN, True),
        (WOMAN, MAN, False),
        (WOMAN, UNSAID, False),
        (UNSAID, UNSAID, False),
    ],
)
def test_a_gender_asked_for_is_one_that_was_said(
    only: Gender | None, gender: Gender, fits: bool
) -> None:
    assert suits(only, gender) is fits


def test_a_preference_of_either_side_is_enough_to_keep_two_apart() -> None:
    asks = candidate("ana", gender=WOMAN, only_gender=WOMAN)
    assert not compatible(asks, candidate("ben", gender=MAN))
    assert compatible(asks, candidate("dia", gender=WOMAN))
    assert not compatible(asks, candidate("dia", gender=WOMAN, only_gender=MAN))


def test_quiet_is_only_for_who_accepts_it() -> None:
    quiet = candidate("ana", quiet=True)
    assert compatible(quiet, candidate("ben"))
    assert not compatible(quiet, candidate("ben", accepts_quiet=False))
    assert compatible(quiet, candidate("ben", accepts_quiet=False, quiet=True))


def test_anything_goes_with_all_tasks_and_the_others_with_their_own() -> None:
    agreeing = {(a, b) for a, b in product(Task, repeat=2) if tasks_agree(a, b)}
    assert {(a, b) for a in Task for b in Task} - agreeing == {
        (Task.DESK, Task.MOVING),
        (Task.MOVING, Task.DESK),
    }


# The better partner


@pytest.mark.parametrize(
    ("one", "other", "met", "expected"),
    [
        ({"sessions_kept": 1}, {}, False, 0),
        ({}, {}, False, -100),
        ({"sessions_kept": 1}, {"sessions_kept": 9}, True, -200),
        ({"sessions_kept": 1, "quiet": True}, {"quiet": True}, False, 30),
        ({"sessions_kept": 1, "quiet": True}, {}, False, 0),
        ({"sessions_kept": 1, "task": Task.DESK}, {"task": Task.DESK}, False, 20),
        ({"sessions_kept": 1, "task": Task.DESK}, {"task": Task.ANYTHING}, False, 0),
        ({"sessions_kept": 1}, {"task": Task.ANYTHING}, False, 0),
    ],
)
def test_what_counts_for_and_against_a_pair(
    one: dict[str, object], other: dict[str, object], met: bool, expected: int
) -> None:
    one, other = {"reliability": 0, **one}, {"reliability": 0, **other}
    assert score(candidate("ana", **one), candidate("ben", **other), met_lately=met) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(1000, 1000, 200), (900, 850, 153), (880, 880, 154), (1000, 0, 0)],
)
def test_two_who_come_are_better_than_one(one: int, other: int, expected: int) -> None:
    ana, ben = candidate("ana", reliability=one, sessions_kept=1), candidate(reliability=other)
    assert score(ana, ben, met_lately=False) == expected


@pytest.mark.parametrize(
    ("liked", "met", "expected"),
    [(2, False, 300), (1, False, 150), (2, True, 300), (1, True, 150), (0, True, -200)],
)
def test_who_likes_whom_outweighs_having_met(liked: int, met: bool, expected: int) -> None:
    ana = candidate("ana", reliability=0, sessions_kept=1)
    assert score(ana, candidate("ben"), met_lately=met, liked=liked) == expected


@pytest.mark.parametrize("prefers", [True, False])
def test_liking_counts_for_who_prefers_favourites(prefers: bool) -> None:
    ana = candidate("ana", prefer_favourites=prefers)
    assert likes(ana, favourite=True, friend=False) is prefers
    assert likes(ana, favourite=False, friend=True) is prefers
    assert not likes(ana, favourite=False, friend=False)


def test_weights_can_be_others() -> None:
    nobody_is_new = Weights(both_new=0, reliable=0)
    assert score(candidate("ana"), candidate("ben"), met_lately=False, weights=nobody_is_new) == 0

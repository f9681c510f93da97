"""Tokens come back with time; patience ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signalling.rate_limit import Allowances, Patience, TokenBucket, Verdict


def test_a_burst_then_the_rate() -> None:
    bucket = TokenBucket(10, 3, 0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(99)
    assert bucket.take(200)


def test_costly_things_take_more() -> None:
    bucket = TokenBucket(1, 5, 0)
    assert bucket.take(0, 5)
    assert not bucket.take(0)


@given(st.lists(st.integers(0, 2_000), max_size=60))
def test_never_more_than_burst_and_rate(gaps: list[int]) -> None:
    bucket, now, taken = TokenBucket(5, 4, 0), 0, 0
    for gap in gaps:
        now += gap
        taken += bucket.take(now)
    assert taken <= 4 + 5 * now / 1000 + 1e-6


def test_time_that_steps_back_gives_nothing() -> None:
    bucket = TokenBucket(10, 1, 1_000)
    assert bucket.take(1_000)
    assert not bucket.take(0)
    assert not bucket.take(1_000)


def test_patience_tells_once_a_second_and_then_ends() -> None:
    patience = Patience(TokenBucket(0, 1, 0), excess_max=5)
    verdicts = [patience.judge(now) for now in (0, 1, 2, 1_001, 1_002, 1_003, 1_004)]
    assert verdicts == [
        Verdict.PASS,
        Verdict.REFUSE,
        Verdict.DROP,
        Verdict.REFUSE,
        Verdict.DROP,
        Verdict.DROP,
        Verdict.CLOSE,
    ]


def test_behaving_again_restores_patience() -> None:
    patience = Patience(TokenBucket(1, 1, 0), excess_max=2)
    for second in range(100):
        assert patience.judge(second * 1_000) is Verdict.PASS
        assert patience.judge(second * 1_000) is not Verdict.CLOSE


def test_each_has_an_allowance_of_their_own() -> None:
    allowances = Allowances(2)
    assert [allowances.take("ana", 0) for _ in range(3)] == [True, True, False]
    assert allowances.take("ben", 0)
    assert not allowances.take("ana", 29_999)
    assert allowances.take("ana", 30_000)


def test_whoever_took_nothing_for_a_minute_is_forgotten() -> None:
    allowances = Allowances(1)
    for number in range(1_000):
        allowances.take(f"m{number}", number * 1_000)
    assert len(allowances) == 60

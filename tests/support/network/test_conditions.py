"""A line loses what its conditions say, and the same again with the same seed."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.support.network.conditions import PERFECT, Conditions, Line

N = 50_000


def lost(conditions: Conditions, seed: object = 1) -> list[bool]:
    line = Line(conditions, seed)
    return [line.out_at(n / 100, 1000) is None for n in range(N)]


def test_a_perfect_line_changes_nothing() -> None:
    line = Line(PERFECT, 1)
    assert [line.out_at(n, 1500) for n in range(9)] == list(range(9))


@pytest.mark.parametrize("loss", [0.01, 0.05, 0.1])
def test_it_loses_the_share_it_should(loss: float) -> None:
    assert sum(lost(Conditions(loss=loss))) / N == pytest.approx(loss, rel=0.15)


def test_bursts_have_their_length_and_their_share() -> None:
    found = lost(Conditions(loss=0.03, burst=5))
    runs = [len(list(run)) for gone, run in groupby(found) if gone]
    assert sum(runs) / N == pytest.approx(0.03, rel=0.2)
    assert sum(runs) / len(runs) == pytest.approx(5, rel=0.2)


def test_a_seed_says_which_packets() -> None:
    rough = Conditions(loss=0.1, burst=3)
    assert lost(rough, "a") == lost(rough, "a") != lost(rough, "b")


def test_delay_varies_within_its_bounds() -> None:
    line = Line(Conditions(delay_ms=80, jitter_ms=30), 1)
    delays = [line.out_at(0, 100) or 0 for _ in range(1000)]
    assert 0.050 <= min(delays) < 0.055
    assert 0.105 < max(delays) <= 0.110


def test_a_rate_makes_packets_wait_and_then_drops_them() -> None:
    line = Line(Conditions(rate_kbps=100), 1)
    out = [line.out_at(0, 1250) for _ in range(8)]
    assert out == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, None, None, None])
    assert line.out_at(1.0, 1250) == pytest.approx(1.1)

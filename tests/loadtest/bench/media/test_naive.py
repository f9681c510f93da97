"""Pairs a core of the naive relay."""

from __future__ import annotations

import pytest

from loadtest.bench.media.naive import CHUNKS_A_SECOND, PAIRS, room_of
from loadtest.bench.store.servers import NotHere

ALL = 2 * PAIRS * CHUNKS_A_SECOND


def test_pairs_a_core_are_pairs_over_the_share_they_took() -> None:
    assert room_of(0, 0.8, ALL).pairs == pytest.approx(PAIRS / 0.8)


def test_what_did_not_arrive_was_not_carried() -> None:
    assert room_of(0, 1.0, ALL / 2).pairs == pytest.approx(PAIRS / 2)


def test_a_relay_that_carries_nothing_is_no_figure() -> None:
    with pytest.raises(NotHere, match="0% of the sound"):
        room_of(0, 0.5, 0.0)

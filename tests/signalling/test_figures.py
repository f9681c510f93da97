"""Figures of a call that went badly."""

from __future__ import annotations

import pytest

from signalling.errors import Throttled
from signalling.figures import SESSION_MAX, VALUE_MAX, Reports


def test_names_we_know_are_taken_and_no_others() -> None:
    sent = {"rtt_ms": 41, "address": 3232235777, "fps": 12}
    assert Reports().take(sent) == {"rtt_ms": 41, "fps": 12}


def test_numbers_are_kept_within_reason() -> None:
    sent = {"rtt_ms": 10**15, "fps": -(10**9)}
    assert Reports().take(sent) == {"rtt_ms": VALUE_MAX, "fps": -1}


def test_a_few_a_session() -> None:
    reports = Reports()
    for _ in range(SESSION_MAX):
        reports.take({})
    with pytest.raises(Throttled):
        reports.take({})

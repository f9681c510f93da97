"""From when another partner may be asked for."""

from __future__ import annotations

from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.standby import change_from_ms


def test_the_page_can_tell_beforehand_from_when() -> None:
    t = 1_000_000_000
    assert change_from_ms(DEFAULT, t, joined_ms=t - MINUTE_MS) == t + 2 * MINUTE_MS
    assert change_from_ms(DEFAULT, t, joined_ms=t, zero_gap=True) == t + 3 * MINUTE_MS
    assert change_from_ms(DEFAULT, t, joined_ms=t + 3 * MINUTE_MS) == t + 4 * MINUTE_MS
    assert change_from_ms(DEFAULT, t, joined_ms=t + 4 * MINUTE_MS + 30_000) == t + 5 * MINUTE_MS
    went_ms = t + 10 * MINUTE_MS
    assert change_from_ms(DEFAULT, t, joined_ms=t, went_ms=went_ms) == went_ms + MINUTE_MS

"""The numbers of an instance, and what follows from them."""

from __future__ import annotations

import pytest

from scheduler.rules import DEFAULT, DEMO, MINUTE_MS, Rules


def test_a_session_ends_its_length_after_its_start() -> None:
    assert DEFAULT.end_ms(5, 25) == 5 + 25 * MINUTE_MS


@pytest.mark.parametrize(("length", "minutes"), [(25, 3), (50, 5), (75, 7)])
def test_lost_connections_are_excused_for_longer_in_longer_sessions(
    length: int, minutes: int
) -> None:
    assert DEFAULT.excused_drops_ms(length) == minutes * MINUTE_MS


@pytest.mark.parametrize("rules", [DEFAULT, DEMO])
def test_the_moments_of_a_session_come_in_order(rules: Rules) -> None:
    assert rules.on_time_ms < rules.late_ms < rules.no_show_ms
    assert rules.camera_nudge_ms < rules.camera_off_ms
    assert rules.cancel_regret_ms < rules.late_cancel_ms
    assert rules.horizon_ms % rules.grid_ms == 0


@pytest.mark.parametrize("rules", [DEFAULT, DEMO])
def test_doors_are_closed_when_the_next_ones_would_be_too_early(rules: Rules) -> None:
    assert rules.doors_open_ms > 0 < rules.doors_close_ms
    assert rules.doors_close_ms < rules.lengths_min[0] * MINUTE_MS

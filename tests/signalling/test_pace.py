"""How soon the next generation may follow."""

from __future__ import annotations

from signalling.pace import COMINGS_MAX, PROVEN_MS, RETRY_MS, Pace
from signalling.restart import EVERY_MS, MINUTE_MS

T = 100_000


def test_each_failure_in_a_row_waits_longer() -> None:
    pace = Pace()
    assert [pace.failed(T, asked=False) for _ in range(7)] == [*RETRY_MS, RETRY_MS[-1]]


def test_what_one_page_asks_for_is_spaced_too() -> None:
    pace = Pace()
    assert [pace.failed(T, asked=True) for _ in range(2)] == [0, EVERY_MS]


def test_a_connection_that_one_page_ends_at_once_is_one_failure_more() -> None:
    pace = Pace()
    pace.failed(T, asked=True)
    pace.settled(T)
    pace.ended(T + PROVEN_MS - 1, asked=True)
    assert pace.failures == 1
    pace.ended(T + PROVEN_MS, asked=True)
    assert pace.failures == 0


def test_one_that_no_page_alone_ended_is_the_end_of_a_row() -> None:
    pace = Pace()
    pace.failed(T, asked=False)
    pace.ended(T, asked=False)
    assert pace.failures == 0


def test_a_page_that_comes_too_often_waits_once() -> None:
    pace = Pace()
    assert [pace.came(T, waits=False) for _ in range(COMINGS_MAX)] == [0] * COMINGS_MAX
    assert pace.came(T, waits=False) == MINUTE_MS
    assert pace.came(T + 1, waits=True) is None
    assert pace.came(T + 2 * MINUTE_MS, waits=True) == 0

from __future__ import annotations

from scheduler.store.backoff import Backoff


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_limit() -> None:
    backoff = Backoff()
    assert [backoff.failed() for _ in range(6)] == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0]


def test_success_begins_anew() -> None:
    backoff = Backoff()
    backoff.failed()
    backoff.worked()
    assert backoff.failed() == 0.1

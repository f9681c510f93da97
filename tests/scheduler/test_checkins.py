"""A check-in names tasks no longer than tasks are."""

from __future__ import annotations

import pytest

from scheduler.checkins import Checkin, Outcome, TaskOutcome, checked
from scheduler.errors import BadField
from scheduler.rules import DEFAULT


def of(length: int) -> Checkin:
    return Checkin(outcomes=[TaskOutcome(task="x" * length, outcome=Outcome.DONE)])


def test_a_task_may_be_as_long_as_tasks_are() -> None:
    assert checked(of(DEFAULT.task_max), DEFAULT) == of(DEFAULT.task_max)
    assert checked(Checkin(), DEFAULT) == Checkin()


def test_a_longer_one_is_refused() -> None:
    with pytest.raises(BadField) as refusal:
        checked(of(DEFAULT.task_max + 1), DEFAULT)
    assert refusal.value.field == "task"

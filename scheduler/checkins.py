"""How a session went, in its owner's words; nobody else ever reads it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from scheduler.errors import BadField
from scheduler.rules import Rules

OUTCOMES_MAX = 50
"""Tasks one check-in may name."""


class Outcome(StrEnum):
    """What became of a task."""

    DONE = "done"
    PARTLY = "partly"
    NOT_TODAY = "not_today"


class TaskOutcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One task and its outcome."""

    task: str
    outcome: Outcome


class Checkin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answers at the end of a session."""

    outcomes: Annotated[list[TaskOutcome], msgspec.Meta(max_length=OUTCOMES_MAX)] = []
    again: bool | None = None
    """Whether the member would work with this partner again; None for no answer."""


def checked(checkin: Checkin, rules: Rules) -> Checkin:
    """The check-in, or `BadField` if a task is longer than tasks are."""
    if any(len(outcome.task) > rules.task_max for outcome in checkin.outcomes):
        raise BadField(field="task", most=rules.task_max)
    return checkin

"""What the optimiser sees of a slot, and what it asks the ledger to change there."""

from __future__ import annotations

from typing import Literal

import msgspec

from scheduler.bookings import Gender, Task

Stage = Literal["pass", "reveal"]
"""Which of the two passes over a slot (`optimiser`)."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One live booking of a slot, as the optimiser sees it."""

    booking: str
    version: int
    member: str
    partner_booking: str | None
    locked: bool
    messaged: bool
    """Wrote with the present partner."""
    gender: Gender
    only_gender: Gender | None
    quiet: bool
    takes_quiet: bool
    task: Task
    prefer_favourites: bool
    reliability: int
    """Permille; 880 for who has no history."""
    sessions_kept: int
    created_ms: int
    avoided: list[str]
    """Of the others in this slot."""
    favourites: list[str]
    friends: list[str]
    met: list[str]
    """Of the others in this slot, within the time that counts as a repeat."""


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """All live bookings of one start and length."""

    start_ms: int
    length_min: int
    claims: list[Claim]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs to make out of a closed set of bookings, all or nothing: every booking whose partner changes
    is in it, with the version that was seen."""

    versions: dict[str, int]
    pairs: list[tuple[str, str]]

"""Look through a live ledger for what must not be, and leave out what was only movement.

The store goes on while it is read, so what is found is read again with its surroundings, twice: only what
is still wrong then, in the same way, is a violation.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from redis.asyncio import Redis

from scheduler.invariants import STATE, TOLD, UP_TO_DATE, Finding, Violation, examine
from scheduler.snapshot import Thing
from scheduler.store.snapshot import Reader

AGAIN = 2
MOST = 500
"""Violations of one kind that are read again; of a store with more of them these tell enough."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant, and what came of it."""

    number: int
    invariant: str
    checked: int
    violations: list[str]

    def __str__(self) -> str:
        name = self.invariant.replace("_", " ")
        head = f"{self.number:>2} {name}: checked {self.checked}, violations {len(self.violations)}"
        return "\n".join([head, *(f"     {each}" for each in self.violations)])


async def verify(redis: Redis, tag: str, *, rest: float = 1.0) -> list[Line]:
    """Every invariant on what lies under the tag. Nothing is written."""
    reader = Reader(redis, tag, rest=rest)
    found = examine(await reader.everything(), (*STATE, *TOLD, *UP_TO_DATE))
    for _ in range(AGAIN):
        suspects = [finding for finding in found if finding.violations]
        if suspects:
            still = await _still_wrong(reader, suspects)
            found = [_only(finding, still) for finding in found]
    return [_line(finding) for finding in found]


async def _still_wrong(reader: Reader, suspects: list[Finding]) -> set[Violation]:
    things = {thing for finding in suspects for each in _some(finding) for thing in _about(each)}
    now = examine(await reader.around(things), [finding.invariant for finding in suspects])
    return {each for finding in now for each in finding.violations}


def _some(finding: Finding) -> Iterable[Violation]:
    return finding.violations[:MOST]


def _about(violation: Violation) -> tuple[Thing, ...]:
    return (violation.thing, *violation.also)


def _only(finding: Finding, still: set[Violation]) -> Finding:
    same = {(each.invariant, each.thing) for each in still}
    left = [each for each in _some(finding) if (each.invariant, each.thing) in same]
    return msgspec.structs.replace(finding, violations=left)


def _line(finding: Finding) -> Line:
    return Line(
        number=finding.invariant.number,
        invariant=finding.invariant.name,
        checked=finding.checked,
        violations=[f"{each.thing} {each.wrong}" for each in finding.violations],
    )

"""Who had told the partner that they come late."""

from __future__ import annotations

import msgspec
import pytest

from scheduler.announcing import announced
from scheduler.people import Line
from scheduler.rules import DEFAULT
from tests.scheduler.sessions import ANA, BEN, Log, a_pair, at, faults
from tests.scheduler.sessions import flags as verdict


def line(by: str, clock: str) -> Line:
    return Line(id="l1", by=by, at_ms=at(clock), text="Running late.")


@pytest.mark.parametrize(
    ("clock", "counts"),
    [
        ("T-30:00.001", False),
        ("T-30:00", True),
        ("T-0:00.001", True),
        ("T+0:00", False),
    ],
)
def test_a_line_counts_within_the_half_hour_before_t(clock: str, counts: bool) -> None:
    assert announced(a_pair(), [line(ANA, clock)], DEFAULT) == ({ANA} if counts else set())


def test_each_speaks_for_themselves() -> None:
    assert announced(a_pair(), [line(BEN, "T-3:00"), line(BEN, "T-2:00")], DEFAULT) == {BEN}
    assert announced(a_pair(), [], DEFAULT) == frozenset()


def test_only_lateness_is_announced_and_it_stays_lateness() -> None:
    late = Log().ana("join", "T+3:00").ben("join", "T-1:00")
    assert faults(late) == {ANA: "late"}
    [flag] = verdict(late, announced={ANA})
    assert flag == msgspec.structs.replace(verdict(late)[0], announced=True)
    absent = Log().ben("join", "T-1:00")
    assert [flag.announced for flag in verdict(absent, announced={ANA})] == [False]
    assert [flag.announced for flag in verdict(late, announced={BEN})] == [False]

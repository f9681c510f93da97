"""The bench as a whole: a real run against our own worker, short."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtest.bench.media import bench
from loadtest.bench.media.bench import NAIVE, Notes, Plan, cost_of, found, measure, plan_of
from loadtest.bench.media.traffic import Counted
from loadtest.bench.store.servers import NotHere


def asked(*words: str) -> Plan:
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    for flag in ("--json", "--quick"):
        parser.add_argument(flag, action="store_true")
    return plan_of(parser.parse_args(words))


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The bench pins its process; other tests want all cores back."""
    before = os.sched_getaffinity(0)
    monkeypatch.setattr(bench, "cores_of", lambda allowed: (min(allowed), max(allowed)))
    yield
    os.sched_setaffinity(0, before)


def test_what_is_asked_for_is_what_is_planned() -> None:
    plan = asked("--against", "pion, c,pion", "--rates", "60000,2200")
    assert (plan.against, plan.rates) == (("pion", "c"), (2_200, 60_000))
    assert asked().rates == (25_000, 60_000)
    assert asked().repeats >= 3


def test_nobody_unknown_is_compared_with() -> None:
    with pytest.raises(SystemExit, match="jitsi"):
        asked("--against", "janus,jitsi")


def test_a_server_that_delivers_something_else_has_no_cost() -> None:
    with pytest.raises(NotHere, match="3 wrong packets"):
        cost_of("pion", 0, 1_000, Counted(sent=9, got=9, verified=2, wrong=3, took_s=1.0), 1.0)


@pytest.mark.usefixtures("cores")
async def test_our_worker_carries_what_it_is_sent(tmp_path: Path) -> None:
    plan = Plan(
        against=(),
        rates=(1_000,),
        seconds=0.4,
        repeats=1,
        burst=2,
        pairs=1,
        delays=False,
        quiet=True,
    )
    notes = await measure(plan, tmp_path)
    assert notes.missing == {}
    told = {figure.figure: figure.value for figure in found(notes)}
    assert told["delivery"] == 1
    assert told["verified"] == 400 // 16
    assert (told["cpu_us_per_packet"] or 0) > 0


@pytest.mark.usefixtures("cores")
async def test_what_cannot_run_is_a_figure_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object) -> object:
        raise NotHere("not on this machine")

    monkeypatch.setitem(bench.SERVERS, "ours", nowhere)
    monkeypatch.setitem(bench.SERVERS, "janus", nowhere)
    monkeypatch.setattr(bench, "naive_rooms", nowhere)
    plan = Plan(
        against=("janus", NAIVE),
        rates=(1_000,),
        seconds=0.1,
        repeats=2,
        burst=1,
        pairs=1,
        delays=False,
        quiet=True,
    )
    notes: Notes = await measure(plan, tmp_path)
    figures = list(found(notes))
    assert {figure.why for figure in figures} == {"not on this machine"}
    assert {figure.subject for figure in figures} >= {"ours", "janus", "janus/ours", "ours/naive"}

"""Server processes: pinned, talked to, ended."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from loadtest.bench.media.process import (
    Wanted,
    cores_of,
    cpu_s,
    hear,
    last_words,
    own_address,
    running,
    say,
)
from loadtest.bench.store.servers import NotHere

ECHO = (
    "import os, sys; print(os.sched_getaffinity(0), flush=True); "
    "print(input()[::-1], flush=True); input()"
)
"""It stays until it is ended: of a process that is gone the kernel tells no CPU."""


@pytest.fixture
def cores() -> object:
    before = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, before)


def wanted(place: Path) -> Wanted:
    core = min(os.sched_getaffinity(0))
    return Wanted(pairs=1, host="127.0.0.1", cores=(core, core), cache=place)


def test_load_and_server_have_a_core_each() -> None:
    assert cores_of({3, 1, 2}) == (1, 2)
    with pytest.raises(NotHere, match="two cores"):
        cores_of({0})


@pytest.mark.usefixtures("cores")
async def test_a_server_is_pinned_and_talked_to_by_lines(tmp_path: Path) -> None:
    asked, log = wanted(tmp_path), tmp_path / "log"
    async with running([sys.executable, "-c", ECHO], asked, log) as process:
        assert await hear(process, log) == str({asked.server_core})
        await say(process, "abc")
        assert await hear(process, log) == "cba"
        async with asyncio.timeout(10):
            while cpu_s(process.pid) == 0:  # noqa: ASYNC110 — the kernel tells nobody when it has counted
                await asyncio.sleep(0)
    assert process.returncode is not None
    assert cpu_s(process.pid) == 0


@pytest.mark.usefixtures("cores")
async def test_a_server_that_ends_is_quoted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(NotHere, match="out of luck"):
        async with running(["sh", "-c", "echo out of luck >&2"], wanted(tmp_path), log) as process:
            await hear(process, log)
    with pytest.raises(NotHere, match="no-such-server"):
        async with running(["no-such-server"], wanted(tmp_path), log):
            raise AssertionError("it must not get here")


def test_a_log_that_says_nothing_is_said_to(tmp_path: Path) -> None:
    assert last_words(tmp_path / "none") == "it ended without a word"


def test_an_own_address_is_one_that_can_be_bound_to() -> None:
    assert own_address().count(".") == 3

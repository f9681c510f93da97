"""The journal: on the disk before the answer, one flush for all who wait, forgotten after an hour."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scheduler import errors
from scheduler.journal import KEPT_MS
from scheduler.store import metrics
from scheduler.store.journal import FILE_MS, Journal, JournalTaken
from scheduler.store.ledger import Ledger
from tests.scheduler.store.town import Town


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1_000_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def journal(tmp_path: Path, clock: Clock) -> AsyncIterator[Journal]:
    journal = Journal(tmp_path / "journal", ledger="epoch", now_ms=clock)
    journal.open()
    yield journal
    await journal.close()


def files(journal: Journal) -> list[Path]:
    return journal._files()


async def ops(journal: Journal) -> list[str]:
    return [entry.op for entry in await journal.entries()]


async def test_what_was_kept_is_read_by_a_successor(
    journal: Journal, tmp_path: Path, clock: Clock
) -> None:
    await journal.mark("history")
    await journal.keep("book", ("r", "ana", b"\x01", 7), b"answer")
    await journal.close()
    successor = Journal(tmp_path / "journal", ledger="epoch", now_ms=clock)
    successor.open()
    [_, entry] = await successor.entries()
    assert entry.args == (b"r", b"ana", b"\x01", b"7")
    assert (entry.answer, entry.history, successor.history) == (b"answer", "history", "history")
    await successor.keep("cancel", ("r2", "ana"))
    assert await ops(successor) == ["", "book", "cancel"]
    await successor.close()


async def test_nobody_but_the_process_reads_it(journal: Journal) -> None:
    await journal.keep("book", ("r", "ana"))
    [file] = files(journal)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_two_processes_do_not_share_a_folder(
    journal: Journal, tmp_path: Path, clock: Clock
) -> None:
    with pytest.raises(JournalTaken):
        Journal(tmp_path / "journal", ledger="epoch", now_ms=clock).open()


async def test_another_ledger_has_a_folder_of_its_own(
    journal: Journal, tmp_path: Path, clock: Clock
) -> None:
    await journal.keep("book", ("r", "ana"))
    await journal.close()
    other = Journal(tmp_path / "journal", ledger="of a demo", now_ms=clock)
    other.open()
    assert await other.entries() == []
    await other.close()


async def test_who_waits_at_the_same_time_shares_a_flush(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: flushed.append(file) or fsync(file))
    await asyncio.gather(*(journal.keep("book", (f"r{n}", "ana")) for n in range(200)))
    assert len(await journal.entries()) == 200
    assert len(flushed) <= 4  # the folder once, and what came while a flush was under way


async def test_the_loop_goes_on_while_a_disk_is_slow(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, write = os.pipe()
    monkeypatch.setattr(os, "fsync", lambda file: os.read(read, 1))  # returns when the test says so
    keeping = asyncio.create_task(journal.keep("book", ("r", "ana")))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not keeping.done()
    os.write(write, b"..")
    await keeping
    os.close(read)
    os.close(write)


async def test_who_does_not_wait_any_more_stops_nobody(journal: Journal) -> None:
    impatient = asyncio.create_task(journal.keep("book", ("r", "ana")))
    await asyncio.sleep(0)
    impatient.cancel()
    await journal.keep("cancel", ("r2", "ana"))
    assert await ops(journal) == ["book", "cancel"]


# Disks that fail


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """Files of this process cannot grow beyond this: the write takes a part, and then fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_on_a_full_disk_nothing_is_promised_and_nothing_is_spoilt(journal: Journal) -> None:
    await journal.keep("book", ("r1", "ana"))
    size = files(journal)[0].stat().st_size
    failed = metrics.journal_writes.labels("failed")._value.get()
    with disk_full_at(size + 10):
        for _ in range(5):
            with pytest.raises(errors.Unavailable):
                await journal.keep("book", ("r2", "ben", "x" * 200))
    assert metrics.journal_writes.labels("failed")._value.get() == failed + 5
    await journal.keep("book", ("r3", "cem"))
    assert [entry.args[0] for entry in await journal.entries()] == [b"r1", b"r3"]
    assert len(files(journal)) == 2  # the tries left none behind


async def test_a_flush_that_fails_promises_nothing_to_any_who_waited(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.keep("book", ("r0", "ana"))

    def broken(file: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        kept = [journal.keep("book", (f"r{n}", "ana")) for n in range(1, 5)]
        answers = await asyncio.gather(*kept, return_exceptions=True)
    assert [type(answer) for answer in answers] == [errors.Unavailable] * 4
    await journal.keep("book", ("r5", "ana"))
    assert [entry.args[0] for entry in await journal.entries()] == [b"r0", b"r5"]
    assert len(files(journal)) == 2  # whoever failed once is not trusted again


# Files


async def test_files_follow_each_other_and_are_dropped_after_an_hour(
    journal: Journal, clock: Clock
) -> None:
    for hour_part in range(14):
        await journal.keep(f"op{hour_part}", ())
        clock.now_ms += FILE_MS
    await journal.forget()
    assert len(files(journal)) == 13
    assert (await ops(journal))[0] == "op1"
    clock.now_ms += KEPT_MS
    await journal.forget()
    assert await ops(journal) == ["op13"]
    clock.now_ms += 2 * FILE_MS
    await journal.forget()
    assert files(journal) == []
    await journal.keep("book", ())
    assert await ops(journal) == ["book"]


async def test_a_torn_file_hides_none_after_it(journal: Journal, clock: Clock) -> None:
    await journal.keep("book", ("r1", "ana"))
    await journal.keep("book", ("r2", "ana"))
    [first] = files(journal)
    os.truncate(first, first.stat().st_size - 3)
    clock.now_ms += FILE_MS
    await journal.keep("book", ("r3", "ana"))
    assert [entry.args[0] for entry in await journal.entries()] == [b"r1", b"r3"]


# Before the answer


async def test_an_answer_goes_out_after_its_record_and_a_refusal_leaves_none(
    town: Town, journal: Journal
) -> None:
    town.ledger.calls.write_down(journal)
    booking = await town.ledger.book("r", "ana", town.wish())
    with pytest.raises(errors.Overlap):
        await town.ledger.book("r2", "ana", town.wish())
    await town.ledger.now_ms()
    await town.ledger.tick()
    assert await ops(journal) == ["book"]
    await town.standby.stop("ana", booking.id)
    assert await ops(journal) == ["book", "stop_seeking"]


async def test_what_could_not_be_written_down_is_not_promised_and_asked_again_it_is(
    town: Town, journal: Journal
) -> None:
    town.ledger.calls.write_down(journal)
    with disk_full_at(0), pytest.raises(errors.Unavailable):
        await town.ledger.book("r", "ana", town.wish())
    booking = await town.ledger.book("r", "ana", town.wish())
    assert await ops(journal) == ["book"]
    assert await Ledger(town.redis).booking(booking.id) == booking

"""Who is here is said to the ledger: the newest word counts, and none of it is owed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from signalling.web import attendance as module
from signalling.web.attendance import Attendance
from tests.signalling.web.border import HandLedger, HandStandby, until


@contextlib.asynccontextmanager
async def saying(attendance: Attendance) -> AsyncIterator[None]:
    task = asyncio.create_task(attendance.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_what_is_said_of_a_booking_reaches_the_ledger() -> None:
    standby = HandStandby(HandLedger())
    attendance = Attendance(standby)
    attendance.here("m_ana", "b1")
    attendance.gone("b2")
    attendance.here("m_cem", "b3", lost=True)
    async with saying(attendance):
        await until(lambda: len(standby.said) == 3)
    assert set(standby.said) == {("here", "m_ana", "b1"), ("gone", "b2"), ("lost", "m_cem", "b3")}


async def test_only_the_newest_word_about_a_booking_is_said() -> None:
    standby = HandStandby(HandLedger())
    attendance = Attendance(standby)
    attendance.here("m_ana", "b1")
    attendance.gone("b1")
    async with saying(attendance):
        await until(lambda: standby.said)
    assert standby.said == [("gone", "b1")]


async def test_words_that_a_store_which_is_away_did_not_hear_are_dropped() -> None:
    ledger = HandLedger()
    standby = HandStandby(ledger)
    attendance = Attendance(standby)
    ledger.away = True
    before = module.metrics.UNSAID._value.get()
    async with saying(attendance):
        attendance.here("m_ana", "b1")
        await until(lambda: module.metrics.UNSAID._value.get() == before + 1)
        ledger.away = False
        attendance.here("m_ana", "b2")
        await until(lambda: standby.said)
    assert standby.said == [("here", "m_ana", "b2")]


async def test_a_queue_never_grows_beyond_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 2)
    standby = HandStandby(HandLedger())
    attendance = Attendance(standby)
    for number in range(5):
        attendance.here("m_ana", f"b{number}")
    attendance.gone("b0")
    async with saying(attendance):
        await until(lambda: len(standby.said) == 2)
    assert standby.said == [("gone", "b0"), ("here", "m_ana", "b1")]

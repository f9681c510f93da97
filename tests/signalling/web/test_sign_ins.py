"""What is remembered of sign-ins, and for how long."""

from __future__ import annotations

import pytest

from scheduler.errors import Unavailable
from signalling.ports import SignedIn
from signalling.web import sign_ins as module
from signalling.web.sign_ins import REMEMBERED_MS, SignIns
from tests.signalling.web.border import HandAccounts, HandClock

ANA = SignedIn(member="m_ana", session="session-of-m_ana")


@pytest.fixture
def accounts() -> HandAccounts:
    return HandAccounts()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(0)


@pytest.fixture
async def known(accounts: HandAccounts, clock: HandClock) -> SignIns:
    """Ana was looked up; then the store went away."""
    sign_ins = SignIns(accounts, clock.now_ms)
    assert await sign_ins.look_up("m_ana") == ANA
    accounts.away = True
    return sign_ins


async def test_who_was_good_is_good_while_the_store_is_away(known: SignIns) -> None:
    assert await known.look_up("m_ana") == ANA
    with pytest.raises(Unavailable):
        await known.look_up("m_ben")


async def test_not_for_ever(known: SignIns, clock: HandClock) -> None:
    clock.at_ms = REMEMBERED_MS + 1
    with pytest.raises(Unavailable):
        await known.look_up("m_ana")


@pytest.mark.parametrize("session", [None, ANA.session])
async def test_not_after_signing_out(known: SignIns, session: str | None) -> None:
    known.forget("m_ana", session)
    with pytest.raises(Unavailable):
        await known.look_up("m_ana")


async def test_another_sign_in_s_end_is_not_this_one_s(known: SignIns) -> None:
    known.forget("m_ana", "elsewhere")
    known.forget("m_ben", None)
    assert await known.look_up("m_ana") == ANA


async def test_a_store_that_says_no_is_believed(known: SignIns, accounts: HandAccounts) -> None:
    accounts.away = False
    accounts.ended.add("m_ana")
    assert await known.look_up("m_ana") is None
    accounts.away = True
    with pytest.raises(Unavailable):
        await known.look_up("m_ana")


async def test_only_so_many_are_remembered(
    accounts: HandAccounts, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED_MAX", 1)
    sign_ins = SignIns(accounts, clock.now_ms)
    await sign_ins.look_up("m_ana")
    await sign_ins.look_up("m_ben")
    accounts.away = True
    with pytest.raises(Unavailable):
        await sign_ins.look_up("m_ana")

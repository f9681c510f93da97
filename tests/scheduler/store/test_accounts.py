"""Accounts in the store: one a mail address, changed whole, links spent once, sessions ended for good."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from redis.asyncio import Redis

from scheduler.accounts import Account, SignedIn
from scheduler.errors import NotFound
from scheduler.rules import DAY_MS, MINUTE_MS
from scheduler.signin import hash_of
from scheduler.store import keys
from scheduler.store.accounts import AccountStore
from scheduler.store.replicas import Replicas

NOW = 1_800_000_000_000


class Hand:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def now_ms(self) -> int:
        return self.now


def alone(redis: Redis, tag: str = "a") -> Replicas:
    """A store without any copy."""
    return Replicas(redis, tag=tag, least=0)


@pytest.fixture
async def clock() -> Hand:
    return Hand()


@pytest.fixture
async def store(redis_client: Redis, clock: Hand) -> AccountStore:
    return AccountStore(redis_client, tag="a", clock=clock, replicas=alone(redis_client))


def fresh(id: str, mail: str = "ana@example.org") -> Account:
    return Account(id=id, mail=mail, created_ms=NOW)


async def test_the_first_sign_up_of_an_address_makes_its_account(store: AccountStore) -> None:
    assert (await store.sign_up("hash", fresh("m_1"))).id == "m_1"
    assert (await store.sign_up("hash", fresh("m_2"))).id == "m_1"
    assert await store.known("hash") == "m_1"
    assert await store.known("other") is None
    with pytest.raises(NotFound):
        await store.account("m_2")


async def test_sign_ups_at_once_make_one_account(store: AccountStore) -> None:
    made = await asyncio.gather(*(store.sign_up("hash", fresh(f"m_{n}")) for n in range(20)))
    assert len({account.id for account in made}) == 1


async def test_unknown_members_are_absent(store: AccountStore) -> None:
    await store.sign_up("hash", fresh("m_1"))
    assert set(await store.accounts(["m_1", "m_1", "m_9"])) == {"m_1"}
    assert await store.accounts([]) == {}


async def test_changes_at_once_are_all_made(store: AccountStore) -> None:
    await store.sign_up("hash", fresh("m_1"))

    def raised(account: Account) -> Account:
        return msgspec.structs.replace(account, version=account.version + 1)

    await asyncio.gather(*(store.change("m_1", raised) for _ in range(5)))
    assert (await store.account("m_1")).version == 6


async def test_a_change_that_is_refused_changes_nothing(store: AccountStore) -> None:
    await store.sign_up("hash", fresh("m_1"))

    def refuse(account: Account) -> Account:
        raise NotFound

    with pytest.raises(NotFound):
        await store.change("m_1", refuse)
    assert await store.account("m_1") == fresh("m_1")


async def test_a_link_is_worth_its_address_once(store: AccountStore) -> None:
    await store.keep_link("token", "ana@example.org")
    spent = await asyncio.gather(*(store.spend_link("token") for _ in range(10)))
    assert [link.mail for link in spent if link] == ["ana@example.org"]


async def test_a_link_ends_by_the_ledgers_clock_and_by_the_stores(
    store: AccountStore, clock: Hand, redis_client: Redis
) -> None:
    await store.keep_link("token", "ana@example.org")
    left_ms = await redis_client.pttl(keys.link("a", hash_of("token")))
    assert 14 * MINUTE_MS < left_ms <= 15 * MINUTE_MS
    clock.now += 15 * MINUTE_MS + 1
    assert await store.spend_link("token") is None


async def test_a_cookie_is_its_member_until_signed_out(store: AccountStore) -> None:
    who = await store.open_session("cookie", "m_1")
    assert who == SignedIn(member="m_1", session=hash_of("cookie"))
    assert await store.signed_in("cookie") == who
    assert await store.signed_in("other") is None
    assert await store.signed_in("") is None
    await store.sign_out(who)
    assert await store.signed_in("cookie") is None


async def test_use_keeps_a_session_alive_but_not_for_ever(store: AccountStore, clock: Hand) -> None:
    await store.open_session("cookie", "m_1")
    for _ in range(9):
        clock.now += 10 * DAY_MS
        assert await store.signed_in("cookie")
    clock.now += 1
    assert await store.signed_in("cookie") is None


async def test_a_session_signed_out_meanwhile_is_not_revived_by_its_use(
    store: AccountStore, clock: Hand, redis_client: Redis
) -> None:
    who = await store.open_session("cookie", "m_1")
    session = await store._session(who.session)
    assert session
    await store.sign_out(who)
    clock.now += 2 * 60 * MINUTE_MS
    await store._touch(who.session, session)
    assert await redis_client.exists(keys.session("a", who.session)) == 0


async def test_signing_out_everywhere_spares_later_sign_ins(store: AccountStore) -> None:
    await store.open_session("one", "m_1")
    await store.open_session("two", "m_1")
    await store.open_session("else", "m_2")
    await store.sign_out_everywhere("m_1")
    await store.open_session("three", "m_1")
    found = [bool(await store.signed_in(each)) for each in ("one", "two", "else", "three")]
    assert found == [False, False, True, True]


async def test_a_checkin_is_kept_for_a_while(store: AccountStore, redis_client: Redis) -> None:
    assert await store.checkin("b1") is None
    await store.keep_checkin("b1", b"{}")
    assert await store.checkin("b1") == b"{}"
    assert await redis_client.pttl(keys.checkin("a", "b1")) > 89 * DAY_MS


async def test_tags_keep_instances_apart(redis_client: Redis, clock: Hand) -> None:
    here = AccountStore(redis_client, tag="a", clock=clock, replicas=alone(redis_client))
    there = AccountStore(redis_client, tag="b", clock=clock, replicas=alone(redis_client, "b"))
    await here.open_session("cookie", "m_1")
    assert await there.signed_in("cookie") is None

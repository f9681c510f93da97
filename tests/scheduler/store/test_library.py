"""The library the store is given."""

from __future__ import annotations

import re

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Gender, Task
from scheduler.rules import DEFAULT, DEMO, Rules
from scheduler.store import library
from scheduler.store.ledger import Ledger
from scheduler.store.library import FUNCTIONS
from tests.scheduler.store.town import Town


async def test_every_function_file_is_in_it(town: Town) -> None:
    [loaded] = await town.redis.execute_command("FUNCTION", "LIST", "LIBRARYNAME", library.NAME)
    fields = (
        loaded if isinstance(loaded, dict) else dict(zip(loaded[::2], loaded[1::2], strict=True))
    )
    assert len(fields[b"functions"]) == 1 + sum(
        len(
            re.findall(
                r"^(?:command|change|change_many|query|register)\(", path.read_text(), re.MULTILINE
            )
        )
        for path in FUNCTIONS.glob("*.lua")
    )


async def test_a_store_with_another_version_is_not_ready(town: Town) -> None:
    assert await town.ledger.ready()
    other = library.source().replace(library.digest(), "another")
    await town.redis.execute_command("FUNCTION", "LOAD", "REPLACE", other)
    assert not await town.ledger.ready()
    await town.ledger.load_functions()
    assert await town.ledger.ready()


async def test_a_store_without_rules_is_not_ready(town: Town) -> None:
    await town.redis.flushall()
    assert not await town.ledger.ready()


@pytest.mark.parametrize(("held", "wanted"), [(DEMO, DEFAULT), (DEFAULT, DEMO)])
async def test_a_store_serves_one_kind_of_instance(
    redis_client: Redis, held: Rules, wanted: Rules
) -> None:
    await Ledger(redis_client, rules=held).load_functions()
    before = await redis_client.hgetall("{a}:meta")
    other = Ledger(redis_client, rules=wanted)
    with pytest.raises(errors.OtherKind) as refusal:
        await other.load_functions()
    assert str(refusal.value).startswith(f"This store holds a {held.kind} instance")
    assert not await other.ready()
    assert await redis_client.hgetall("{a}:meta") == before
    assert await Ledger(redis_client, rules=held).ready()


async def test_other_numbers_of_the_same_kind_are_welcome(redis_client: Redis) -> None:
    await Ledger(redis_client).load_functions()
    stricter = Ledger(redis_client, rules=Rules(version=2))
    await stricter.load_functions()
    assert await stricter.ready()


def test_functions_say_at_their_head_what_they_take() -> None:
    for path in FUNCTIONS.glob("*.lua"):
        head = path.read_text().split("\n\n")[0]
        assert head.startswith("-- ")
        assert "KEYS" in path.read_text()


def test_functions_write_no_key_but_through_the_key_functions() -> None:
    for path in FUNCTIONS.rglob("*.lua"):
        if path.name != "keys.lua":
            assert ".tag .." not in path.read_text(), path.name


def test_every_gender_and_task_has_a_letter() -> None:
    people = (FUNCTIONS / "shared" / "people.lua").read_text()
    for name in [*Gender, *Task]:
        assert f"{name} = " in people

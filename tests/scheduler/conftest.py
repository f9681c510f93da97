"""Fixtures for tests of the REST face."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from scheduler.mail.post import Mailer
from scheduler.rules import DEFAULT, Rules
from tests.scheduler.desk import Desk, OpenDesk, a_config


@pytest.fixture
async def open_desk(redis_client: Redis) -> AsyncIterator[OpenDesk]:
    """Opens instances with settings of the test's choice."""
    desks: list[Desk] = []

    async def make(
        rules: Rules = DEFAULT, mailer: Mailer | None = None, *, replicas: int = 0, **config: Any
    ) -> Desk:
        config_of = a_config(rules, **config)
        desks.append(await Desk(redis_client, config_of, mailer, replicas=replicas).open())
        return desks[-1]

    yield make
    for desk in desks:
        await desk.close()


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    """An instance of the demo's kind, with the real rules."""
    return await open_desk()

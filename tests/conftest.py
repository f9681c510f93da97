"""Fixtures every test may use, and the private network the whole run lives in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from tests.support.netns import NETWORK, isolate
from tests.support.store import running_store


def pytest_addoption(parser: pytest.Parser) -> None:
    """Pictures in the documents change only when somebody asks for it."""
    parser.addoption(
        "--update-pictures",
        action="store_true",
        help="let the browser tests write docs/pictures anew",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Before anything opens a socket: sockets stay in the network they were made in."""
    config.stash[NETWORK] = isolate()


def pytest_report_header(config: pytest.Config) -> str:
    return f"network: {config.stash[NETWORK]}"


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where this run's Valkey answers."""
    with running_store(tmp_path_factory.mktemp("store")) as url:
        yield url


@pytest.fixture
async def redis_client(store_url: str) -> AsyncIterator[Redis]:
    """A client of an empty store. Functions loaded earlier in the run are still there."""
    client = Redis.from_url(store_url)
    await client.flushall()
    yield client
    await client.aclose()

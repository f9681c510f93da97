"""Instances for attacks: real processes, on the loopback of this run's own network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.support.chromium import running_browsers


@pytest.fixture(scope="module")
async def browsers() -> AsyncIterator[list[Browser]]:
    """Two programs, so that nothing is shared but the instance."""
    async with running_browsers(2) as two:
        yield two


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need the whole system on two processes, and so run with the browser tests."""
    for item in items:
        if "tests/attacks" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)

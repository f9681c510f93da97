"""Instances for attacks: real processes, on the loopback of this run's own network."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need the whole system on two processes, and so run with the browser tests."""
    for item in items:
        if "tests/attacks" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)

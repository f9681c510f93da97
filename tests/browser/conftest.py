"""Browsers and instances for the journeys. Each module says what kind of instance it lives in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.support.chromium import running_browsers
from tests.support.people import Person, a_person, behaved, keep_evidence
from tests.support.portraits import write_portraits
from tests.support.system import System

FAILED = pytest.StashKey[bool]()

Enrol = Callable[..., Awaitable[Person]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder need a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember how a test went, for the fixtures that clean up after it."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
async def browsers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Browser]]:
    """Two separate Chromiums for the whole run, each with a drawn person before its camera."""
    films = write_portraits(tmp_path_factory.mktemp("cameras"))
    async with running_browsers(2, films) as two:
        yield two


@pytest.fixture
async def enrol(
    browsers: list[Browser], system: System, request: pytest.FixtureRequest
) -> AsyncIterator[Enrol]:
    """Make a person; the first sits at one browser, the second at the other, and so on.

    After the test their pages must have been well behaved; if it failed, they are kept as evidence.
    """
    async with AsyncExitStack() as stack:
        people: list[Person] = []

        async def one(name: str, where: System = system, **options: Any) -> Person:
            browser = browsers[len(people) % len(browsers)]
            person = await stack.enter_async_context(a_person(name, browser, where, **options))
            people.append(person)
            return person

        yield one
        if request.node.stash.get(FAILED, False):
            for person in people:
                await keep_evidence(person)
            return
        for person in people:
            await behaved(person)


@pytest.fixture
def update_pictures(request: pytest.FixtureRequest) -> bool:
    """Whether pictures go into the documents."""
    return bool(request.config.getoption("--update-pictures"))

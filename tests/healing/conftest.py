"""Networks with a browser in each, and instances that both reach."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.support.chromium import executable, running_browsers
from tests.support.couple import Couple, a_couple
from tests.support.network.coturn import SECRET, running_coturn
from tests.support.network.lab import Lab, running_lab
from tests.support.portraits import write_portraits
from tests.support.system import System, running_system

ROUNDS = int(os.environ.get("ALONGSIDE_TEST_ROUNDS", "1"))
"""How often each fault is made; `python -m tests.healing.figures` asks for more."""

Meet = Callable[[System], Awaitable[Couple]]
Tell = Callable[..., None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder need a browser."""
    for item in items:
        if "tests/healing" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def whole_lab() -> Iterator[Lab]:
    """Gone with the last test of this folder: there is one lab at a time."""
    with running_lab("ana", "ben") as lab:
        yield lab


@pytest.fixture
def lab(whole_lab: Lab) -> Iterator[Lab]:
    """The network between two browsers and the instance; whole again afterwards."""
    yield whole_lab
    whole_lab.mend()


@pytest.fixture(scope="package")
async def browsers(
    whole_lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Browser]]:
    """A Chromium in each network, with a drawn person before its camera."""
    directory = tmp_path_factory.mktemp("networks")
    programs = [whole_lab.wrapper(who, executable(), directory) for who in whole_lab.clients]
    async with running_browsers(2, write_portraits(directory), programs) as two:
        yield two


@pytest.fixture(scope="package")
async def direct(whole_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance where members connect directly if they can; one relay worker."""
    directory = tmp_path_factory.mktemp("direct")
    async with running_system(directory, media_host=whole_lab.server) as system:
        yield system


@pytest.fixture(scope="package")
async def relayed(
    whole_lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """An instance where everything goes through a relay; two workers."""
    directory = tmp_path_factory.mktemp("relayed")
    async with running_system(
        directory, direct="nobody", workers=2, media_host=whole_lab.server
    ) as system:
        yield system


@pytest.fixture(scope="module")
async def with_turn(
    whole_lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """An instance with TURN as the composition has it, by TCP."""
    directory = tmp_path_factory.mktemp("turn")
    with running_coturn(directory, whole_lab.server) as turn:
        async with running_system(
            directory, media_host=whole_lab.server, turn_urls=turn.url("tcp"), turn_secret=SECRET
        ) as system:
            yield system


@pytest.fixture
async def meet(browsers: list[Browser], lab: Lab) -> AsyncIterator[Meet]:
    """Bring two new members into a call."""
    async with AsyncExitStack() as stack:

        async def one(system: System) -> Couple:
            return await stack.enter_async_context(a_couple(browsers, system))

        yield one
        lab.mend()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Tell:
    """Print a figure, a JSON line, whatever becomes of the rest of the output."""

    def line(figure: str, **said: Any) -> None:
        rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in said.items()}
        with capsys.disabled():
            print(json.dumps({"figure": figure, **rounded}), flush=True)  # noqa: T201

    return line

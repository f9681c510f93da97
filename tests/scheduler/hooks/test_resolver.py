"""Slow names hold up nothing but their own calls."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from scheduler.hooks.resolver import Resolver
from scheduler.hooks.sender import HookSender


class Names:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[str] = set()
        self.answers = threading.Event()

    def lookup(self, host: str, port: int, *rest: int) -> list[Any]:
        self.asked.append(host)
        self.threads.add(threading.current_thread().name)
        self.answers.wait()
        if host.startswith("nobody"):
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.fixture
def names() -> Iterator[Names]:
    known = Names()
    yield known
    known.answers.set()


async def test_a_name_leads_to_its_addresses(names: Names) -> None:
    names.answers.set()
    resolver = Resolver(names.lookup)
    [found] = await resolver.resolve("here.example.org", 443)
    assert (found["hostname"], found["host"], found["port"]) == (
        "here.example.org",
        "127.0.0.1",
        443,
    )
    with pytest.raises(socket.gaierror):
        await resolver.resolve("nobody.example.org", 443)
    await resolver.close()


async def test_slow_names_hold_no_thread_that_others_use(names: Names) -> None:
    sender = HookSender(loopback=False, call_s=0.05, resolver=Resolver(names.lookup))
    calls = [sender.post(f"https://h{number}.example.org/", b"{}", {}) for number in range(40)]
    assert set(await asyncio.gather(*calls)) == {None}
    assert not names.answers.is_set()
    await asyncio.to_thread(lambda: None)  # the threads that everybody shares are free
    assert {name.rpartition("_")[0] for name in names.threads} == {"webhook-names"}
    await sender.close()


async def test_a_name_is_not_looked_up_again_while_it_is_looked_up(names: Names) -> None:
    resolver = Resolver(names.lookup)
    first, second = (asyncio.create_task(resolver.resolve("h.example.org", 443)) for _ in "ab")
    await asyncio.sleep(0)
    first.cancel()
    names.answers.set()
    assert [found["host"] for found in await second] == ["127.0.0.1"]
    assert names.asked == ["h.example.org"]
    await resolver.close()

"""The post carries from its own task, refuses what it has no room for, and survives its carrier."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from scheduler.errors import Unavailable
from scheduler.mail.letters import Letter
from scheduler.mail.post import Courier, NotCarried, Post


def a_letter(to: str = "ana@example.org") -> Letter:
    return Letter(id="1", to=to, subject="s", text="t", html="h")


class Carrier:
    """Keeps what it is given, as long as it is let; some addresses it cannot reach."""

    def __init__(self) -> None:
        self.carried: list[str] = []
        self.let = asyncio.Event()
        self.let.set()

    async def send(self, letter: Letter) -> None:
        await self.let.wait()
        if letter.to.startswith("gone"):
            raise NotCarried from ConnectionRefusedError()
        if letter.to.startswith("bug"):
            raise KeyError(letter.to)
        self.carried.append(letter.to)


@contextlib.asynccontextmanager
async def running(post: Post) -> AsyncIterator[None]:
    task = asyncio.create_task(post.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_letters_are_carried_after_the_offer_was_answered() -> None:
    carrier = Carrier()
    post = Post(carrier)
    for number in range(10):
        post.offer(a_letter(f"m{number}@example.org"))
    assert carrier.carried == []
    async with running(post):
        await post.drained()
    assert sorted(carrier.carried) == [f"m{number}@example.org" for number in range(10)]


async def test_a_full_post_refuses() -> None:
    post = Post(Carrier(), room=2)
    post.offer(a_letter())
    post.offer(a_letter())
    with pytest.raises(Unavailable):
        post.offer(a_letter())


async def test_a_letter_that_cannot_be_carried_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    carrier = Carrier()
    post = Post(carrier)
    async with running(post):
        for to in ("gone@example.org", "bug@example.org", "ana@example.org"):
            post.offer(a_letter(to))
        await post.drained()
    assert carrier.carried == ["ana@example.org"]
    assert "ConnectionRefusedError" in caplog.text
    assert "example.org" not in caplog.text


async def test_a_slow_letter_holds_up_no_other() -> None:
    class OneSlow(Carrier):
        async def send(self, letter: Letter) -> None:
            if letter.to.startswith("slow"):
                await asyncio.Event().wait()
            await super().send(letter)

    done = asyncio.Event()

    class Watched(OneSlow):
        async def send(self, letter: Letter) -> None:
            await super().send(letter)
            done.set()

    post = Post(Watched())
    async with running(post):
        post.offer(a_letter("slow@example.org"))
        post.offer(a_letter("ana@example.org"))
        async with asyncio.timeout(5):
            await done.wait()


async def test_a_courier_says_whether_the_letter_was_taken() -> None:
    carrier = Carrier()
    courier = Courier(carrier)
    assert await courier.carry(a_letter())
    assert not await courier.carry(a_letter("gone@example.org"))
    assert carrier.carried == ["ana@example.org"]

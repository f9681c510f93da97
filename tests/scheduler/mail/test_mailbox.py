"""The mailbox of this machine keeps the newest hundred, for every process alike."""

from __future__ import annotations

from redis.asyncio import Redis

from scheduler.mail.letters import Letter
from scheduler.mail.mailbox import DevMailbox


class At:
    """A clock that stands still."""

    def __init__(self, now: int) -> None:
        self.now = now

    def now_ms(self) -> int:
        return self.now


def a_letter(number: int) -> Letter:
    return Letter(id=str(number), to="ana@example.org", subject="s", text="t", html="h")


async def test_letters_are_seen_by_another_process_newest_first(redis_client: Redis) -> None:
    writer = DevMailbox(redis_client, tag="a", clock=At(5))
    reader = DevMailbox(redis_client, tag="a", clock=At(9))
    await writer.send(a_letter(1))
    await writer.send(a_letter(2))
    assert [(kept.letter.id, kept.at_ms) for kept in await reader.mails()] == [("2", 5), ("1", 5)]
    assert await DevMailbox(redis_client, tag="b", clock=At(9)).mails() == []


async def test_a_hundred_are_kept(redis_client: Redis) -> None:
    mailbox = DevMailbox(redis_client, tag="a", clock=At(5))
    for number in range(103):
        await mailbox.send(a_letter(number))
    kept = await mailbox.mails()
    assert (len(kept), kept[0].letter.id, kept[-1].letter.id) == (100, "102", "3")

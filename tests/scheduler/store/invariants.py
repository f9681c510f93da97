"""Hold a ledger in the store against every invariant; a test fails with what is wrong."""

from __future__ import annotations

from redis.asyncio import Redis

from scheduler.invariants import STATE, TOLD, examine
from scheduler.snapshot import Snapshot
from scheduler.store.snapshot import Reader

__all__ = ["Snapshot", "check", "snapshot"]


async def snapshot(redis: Redis, tag: str, now_ms: int) -> Snapshot:
    """Everything under the tag, as at this time."""
    state = await Reader(redis, tag, rest=0).everything()
    state.now_ms = now_ms
    return state


def check(s: Snapshot) -> None:
    """Every invariant; an AssertionError names what does not hold."""
    found = [str(each) for one in examine(s, (*STATE, *TOLD)) for each in one.violations]
    assert not found, "\n".join(found)

"""Doing again what a store lost: under new ids, in the order of time, and what is refused is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import msgspec
import pytest

from scheduler.bookings import Booking
from scheduler.journal import Entry
from scheduler.people import InviteKind
from scheduler.replay import Conflict
from scheduler.store.calls import Caller
from scheduler.store.connection import ask
from scheduler.store.ledger import Ledger
from scheduler.store.replay import Replay, Replayed
from tests.scheduler.store.town import Town


class Notes:
    """Takes the place of a journal's files: what was acknowledged, in memory."""

    def __init__(self, calls: Caller) -> None:
        self.entries: list[Entry] = []
        calls.write_down(self)  # type: ignore[arg-type]

    async def keep(self, op: str, args: tuple[object, ...], answer: bytes) -> None:
        packed = tuple(arg if isinstance(arg, bytes) else str(arg).encode() for arg in args)
        at_ms = len(self.entries)
        self.entries.append(Entry(op=op, args=packed, at_ms=at_ms, history="old", answer=answer))


async def emptied(town: Town) -> None:
    """A store that has the bookings of nobody: as stale as can be."""
    now, epoch = await town.ledger.now_ms(), await town.ledger.epoch()
    await town.redis.flushdb()
    await town.ledger.load_functions()
    await town.redis.hset("{a}:meta", "epoch", epoch)
    await town.go_to(now)


async def again(town: Town, entries: Sequence[Entry], *, grace_s: float = 0) -> Replayed:
    replay = Replay(town.redis, Ledger(town.redis), "new", grace_s=grace_s)
    return await replay.run(list(entries))


async def conflicts(town: Town) -> list[Conflict]:
    lines = await ask(town.redis, "LRANGE", "{a}:conflicts", 0, -1)
    return [msgspec.json.decode(line, type=Conflict) for line in lines]


async def live(town: Town, member: str) -> list[Booking]:
    return await Ledger(town.redis).bookings_of(member, 0, 2 * town.noon)


async def test_what_the_store_has_is_left_alone(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    await town.pair_of("ana", "ben")
    await town.cancel("dia", await town.book("dia"))
    await town.news()
    assert await again(town, notes.entries) == Replayed(kept=4)
    assert await town.news() == []


async def test_what_it_lost_is_done_again_with_its_partner(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    await town.pair_of("ana", "ben")
    await emptied(town)
    assert await again(town, notes.entries) == Replayed(done=2)
    assert [booking.partner for booking in await live(town, "ana")] == ["ben"]
    assert await again(town, notes.entries) == Replayed(kept=2)


async def test_what_was_done_to_a_booking_finds_it_under_its_new_id(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    changed, cancelled = await town.book("ana"), await town.book("ben", quiet=True)
    await town.edit("ana", changed, title="draft")
    await town.cancel("ben", cancelled)
    await emptied(town)
    await town.book("zoe", town.noon + town.rules.grid_ms)
    of_today = notes.entries[:4]
    assert await again(town, of_today) == Replayed(done=4)
    assert [(one.id, one.title) for one in await live(town, "ana")] == [("b2", "draft")]
    assert await live(town, "ben") == []
    assert len(await live(town, "zoe")) == 1


async def test_an_id_that_somebody_else_has_now_leads_nobody_astray(town: Town) -> None:
    early, late = town.noon, town.noon + 4 * town.rules.grid_ms
    notes = Notes(town.ledger.calls)
    await town.book("ana", early)
    await town.cancel("ana", await town.book("ana", late))
    await emptied(town)
    town.ledger.calls.write_down(Notes(Caller(town.redis, tag="a", replicas=0, prepare=town.open)))  # type: ignore[arg-type]
    await town.book("ben", early)
    await town.book("ana", early)  # b2, which was promised for the late one
    assert await again(town, notes.entries) == Replayed(done=2, kept=1)
    assert [booking.start_ms for booking in await live(town, "ana")] == [early]


async def test_invites_are_followed_under_their_new_ids(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    await town.book("ben")
    invite = await town.invite("ben", InviteKind.PERSONAL, always=True)
    await town.ledger.hold(invite.id, "key", town.noon, 25)
    await town.lock("ana", "ben", invite=invite.id, holder_key="key")
    gone = await town.invite("cem", InviteKind.PERSONAL)
    await town.revoke("cem", gone)
    await emptied(town)
    await town.invite("zoe", InviteKind.PERSONAL)
    assert (await again(town, notes.entries[:6])).conflict == 0
    assert [booking.locked for booking in await live(town, "ana")] == [True]
    assert await town.invites.mine("cem") == []
    assert len(await town.invites.mine("zoe")) == 1


async def test_what_is_refused_now_is_told_by_code_and_kept_for_an_operator(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    notes = Notes(town.ledger.calls)
    booking = await town.book("ana")
    await town.book("ben", quiet=True)
    await emptied(town)
    await town.go_to(town.noon + 1)
    caplog.set_level(logging.WARNING)
    assert await again(town, notes.entries) == Replayed(conflict=2)
    second, first = await conflicts(town)
    assert (first.member, first.code, first.start_ms) == ("ana", "in_the_past", town.noon)
    assert second.member == "ben"
    assert "in_the_past" in caplog.text
    assert "ana" not in caplog.text
    assert booking.id not in caplog.text


async def test_a_conflict_is_listed_once_however_often_it_is_met(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    await town.book("ana")
    await emptied(town)
    await town.go_to(town.noon + 1)
    for _ in range(3):
        await again(town, notes.entries)
    assert len(await conflicts(town)) == 1


async def test_who_booked_anew_meanwhile_is_no_conflict(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    await town.book("ana")
    await emptied(town)
    await town.book("ana")
    assert await again(town, notes.entries[:1]) == Replayed(kept=1)
    assert await conflicts(town) == []
    assert len(await live(town, "ana")) == 1


async def test_processes_go_through_it_side_by_side_in_one_order(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    for _ in range(10):
        await town.cancel("ana", await town.book("ana"))
    await town.book("ana")
    await emptied(town)
    of_each = [notes.entries[number:21:3] for number in range(3)]
    found = await asyncio.gather(*(again(town, part, grace_s=0.2) for part in of_each))
    assert sum(each.conflict for each in found) == 0
    assert sum(each.done for each in found) == 21
    assert len(await live(town, "ana")) == 1


async def test_more_than_one_call_holds_is_looked_for(town: Town) -> None:
    notes = Notes(town.ledger.calls)
    for number in range(620):
        await town.favour(f"m{number}", "ana")
    assert await again(town, notes.entries) == Replayed(kept=620)

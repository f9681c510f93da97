"""What may be done with bookings: one method a function of the store.

Every change is one call of one function, which checks everything first and writes last; a member's
command carries a request id, so that asking again after a lost answer changes nothing. Refusals
come as `scheduler.errors`, an unreachable store as `Unavailable`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Booking, Edit, Pair, Profile, WaitingSlot, Wish
from scheduler.flags import Fault, Flag
from scheduler.matching import POLICY, Policy
from scheduler.outcomes import Outcome
from scheduler.presence import PresenceEvent
from scheduler.rules import DEFAULT, Rules
from scheduler.store import keys, library, metrics, outbox
from scheduler.store.calls import Caller, unpack, watched
from scheduler.store.connection import BLOCK_MS, ask

STARTS_A_CALL = 100
"""Starts looked at in one call of `waiting`: the store answers nobody else meanwhile."""
BOOKINGS_A_CALL = 100
"""Bookings read in one call of `bookings_of`, for the same reason."""
EVENTS_A_CALL = 500
"""Lines of a log written in one call of `record`, for the same reason."""


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """What one round of timers did."""

    fired: int
    next_due_ms: int | None = None
    pending: int
    lateness_ms: list[int]
    kinds: list[str] = []
    """Of the timers that fired, in the order of `lateness_ms`."""
    now_ms: int


class _Waiting(msgspec.Struct, frozen=True):
    slots: list[WaitingSlot]
    next: int | None = None


_pack = msgspec.msgpack.Encoder().encode
_flags = msgspec.msgpack.Decoder(list[Flag])
_seen = msgspec.msgpack.Decoder(PresenceEvent)


def _count_verdict(faults: list[Fault]) -> None:
    heaviest = min(faults, key=list(Fault).index, default=None)
    metrics.sessions.labels(heaviest.value if heaviest else "kept").inc()
    for fault in faults:
        metrics.flags.labels(fault.value).inc()


class Ledger:
    """Bookings, pairs, waiting pools, blocks, timers and flags, under one hash tag of one store."""

    def __init__(
        self,
        redis: Redis,
        *,
        tag: str = "a",
        rules: Rules = DEFAULT,
        policy: Policy = POLICY,
        replicas: int = 0,
    ) -> None:
        self.tag = tag
        self.rules = rules
        self._policy = policy
        self._redis = redis
        self.calls = Caller(redis, tag=tag, replicas=replicas, prepare=self._load)

    # Being ready

    async def load_functions(self) -> None:
        """The release step: functions, rules and epoch. May be done again at any time.

        Raises `OtherKind` if the store belongs to a demo and we are none, or the other way round.
        """
        async with watched("load"):
            await self._load()

    async def _load(self) -> None:
        meta = keys.meta(self.tag)
        await self._same_kind(meta)
        longest = await self._longest_ever(meta)
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.execute_command("FUNCTION", "LOAD", "REPLACE", library.source())
            pipeline.hset(meta, "rules", _pack(self._rules_for_functions(longest)))
            pipeline.hset(meta, "longest_min", str(longest))
            pipeline.hsetnx(meta, "kind", self.rules.kind)
            pipeline.hsetnx(meta, "epoch", secrets.token_hex(8))
            await pipeline.execute()

    async def _same_kind(self, meta: str) -> None:
        """A demo moves time and signs anybody in: none of it may get among real members."""
        held = str(await ask(self._redis, "HGET", meta, "kind") or b"", "ascii")
        if held and held != self.rules.kind:
            raise errors.OtherKind(held=held, wanted=self.rules.kind)

    async def _longest_ever(self, meta: str) -> int:
        """Bookings of a length that is not offered any more still must not be overlapped."""
        before = await ask(self._redis, "HGET", meta, "longest_min")
        return max(int(before or 0), *self.rules.lengths_min)

    def _rules_for_functions(self, longest_min: int) -> dict[str, Any]:
        names = (
            *("grid_ms", "lengths_min", "horizon_ms", "late_ms", "no_show_ms", "doors_close_ms"),
            *("zero_gap_late_ms", "partner_gone_ms", "cross_lengths", "reveal_ms", "pass_ms"),
            *("ask_ms", "contact_ms", "lock_until_ms", "hold_ms", "invite_ms", "bookings_max"),
            "cancel_regret_ms",
        )
        return {
            **{name: getattr(self.rules, name) for name in names},
            "longest_min": longest_min,
            "matching": self._policy,
        }

    async def ready(self) -> bool:
        """The store answers, holds these functions and rules, and is of our kind."""
        try:
            async with watched("ready"):
                version = await ask(
                    self._redis, "FCALL_RO", f"library{library.SUFFIX}", 1, keys.root(self.tag)
                )
                kind = await ask(self._redis, "HGET", keys.meta(self.tag), "kind")
        except errors.Unavailable:
            return False
        return bool(kind == self.rules.kind.encode() and version == library.digest().encode())

    # Time

    async def now_ms(self) -> int:
        """The ledger's time: the store's, plus what `move_clock` added."""
        return unpack(await self.calls.read("now"), int)

    async def move_clock(self, advance_ms: int) -> int:
        """Set the ledger's time forward, for tests and the demo; gives the new time."""
        return unpack(await self.calls.write("move_clock", advance_ms), int)

    # Reachability

    async def beat(self) -> None:
        """Members can reach us now. Whoever serves them says so every two seconds or so: a silence of
        over ten seconds was an outage, and is held against nobody."""
        await self.calls.write("beat")

    async def outages(self, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """When members could not reach us between these two, by start; up to now if they cannot now."""
        return unpack(await self.calls.read("outages", from_ms, to_ms), list[tuple[int, int]])

    # Commands of members

    async def set_profile(
        self, request_id: str, member: str, profile: Profile, *, version: int | None = None
    ) -> None:
        """What matching needs to know of a member; lines and coming matches follow.

        With a `version`, a profile older than the one the ledger has changes nothing.
        """
        newness = () if version is None else (version,)
        await self.calls.command("set_profile", request_id, member, _pack(profile), *newness)

    async def book(self, request_id: str, member: str, wish: Wish, *, asked: str = "") -> Booking:
        """Claim a slot; matched at once if somebody compatible waits there.

        `asked` is what the member asked for, if the wish was worked out from it: a repeat of the
        request may then come with another wish.
        """
        self._check_title(wish.title)
        question = (asked,) if asked else ()
        answer = await self.calls.command("book", request_id, member, _pack(wish), *question)
        return unpack(answer, Booking)

    def _check_title(self, title: str) -> None:
        if len(title) > self.rules.title_max:
            raise errors.BadField(field="title", limit=self.rules.title_max)

    async def lock_in(
        self,
        request_id: str,
        member: str,
        other: str,
        wish: Wish,
        *,
        invite: str = "",
        replace: Sequence[str] = (),
        holder_key: str = "",
    ) -> Booking:
        """Take a place beside another member's booking for good; whom chance had paired there looks anew.

        An own booking of the slot is used with its own settings; `replace` names other own bookings in the way,
        which are cancelled. Everything about the other that is against it is `NotAvailable`.
        """
        self._check_title(wish.title)
        how = {"invite": invite, "replace": list(replace), "holder": holder_key}
        answer = await self.calls.command(
            "lock_in", request_id, member, other, _pack(wish), _pack(how)
        )
        return unpack(answer, Booking)

    async def hold(self, invite: str, holder_key: str, start_ms: int, length_min: int) -> int:
        """Keep others from locking in there while somebody signs up; gives until when.

        `lock_in` with the same key passes it. The same key may renew it.
        """
        answer = await self.calls.write("hold", invite, holder_key, start_ms, length_min)
        return unpack(answer, int)

    async def edit(
        self, request_id: str, member: str, booking: str, edit: Edit, *, rematch: bool = False
    ) -> Booking:
        """Change an own booking's settings; `NeedsRematch` if the partner does not go with that, unless
        `rematch` says to part from them."""
        if edit.title is not msgspec.UNSET:
            self._check_title(edit.title)
        answer = await self.calls.command(
            "edit", request_id, member, booking, _pack(edit), str(int(rematch))
        )
        return unpack(answer, Booking)

    async def cancel(self, request_id: str, member: str, booking: str) -> Booking:
        """Give up an own booking before T; the partner is matched anew if somebody waits."""
        return unpack(await self.calls.command("cancel", request_id, member, booking), Booking)

    async def block(self, request_id: str, member: str, other: str) -> None:
        """The two are never matched from now on; coming matches of them are dissolved."""
        await self.calls.command("block", request_id, member, other)

    async def unblock(self, request_id: str, member: str, other: str) -> None:
        """Lift this member's block; a block the other way stays."""
        await self.calls.command("unblock", request_id, member, other)

    # Pausing a member

    async def suspend(self, request_id: str, member: str, until_ms: int = 0) -> None:
        """Pause matching until then, 0 until `unsuspend`; coming bookings are cancelled, partners matched anew."""
        left, part = 1, 0
        while left:
            answer = await self.calls.command("suspend", f"{request_id}:{part}", member, until_ms)
            left, part = unpack(answer, int), part + 1

    async def unsuspend(self, request_id: str, member: str) -> None:
        """Let matching go on; what was cancelled stays so."""
        await self.calls.command("unsuspend", request_id, member)

    async def suspended_until(self, member: str) -> int | None:
        """Until when matching is paused, 0 until a person has looked; None if it is not."""
        answer = await self.calls.read("suspended_until", member)
        return next(iter(unpack(answer, list[int])), None)

    # Sessions

    async def tick(self, limit: int = 100) -> Tick:
        """Let the timers that are due fire, at most `limit` of them."""
        return unpack(await self.calls.write("tick", limit), Tick)

    async def record(self, pair: str, events: list[PresenceEvent]) -> None:
        """Append to a session's event log; events already there are ignored.

        New ones after the verdict reopen it: the session is told as closed once more.
        """
        for part in range(0, len(events), EVENTS_A_CALL):
            lines = map(_pack, events[part : part + EVENTS_A_CALL])
            await self.calls.write("record", pair, *lines)

    async def settle(self, pair: str, flags: list[Flag], *, lines: int | None = None) -> None:
        """Write down the verdict on a session that is over, once a version of the rules.

        `lines` is how long the log was that was judged: if it has grown since, nothing is written and
        the session is told as closed again.
        """
        known = -1 if lines is None else lines
        answer = await self.calls.write(
            "settle", pair, self.rules.version, known, *map(_pack, flags)
        )
        if unpack(answer, bool):
            _count_verdict([flag.fault for flag in flags])

    async def keep_outcomes(self, pair: str, outcomes: list[Outcome]) -> None:
        """Write what came of a session on its bookings, for their owners."""
        told = [(each.booking, each.came.value, each.together_min) for each in outcomes]
        await self.calls.write("keep_outcomes", pair, *(part for each in told for part in each))

    async def flag_late_cancel(self, flag: Flag) -> None:
        """Write down a late cancellation, once a booking."""
        answer = await self.calls.write("flag_late_cancel", flag.booking, flag.member, _pack(flag))
        if unpack(answer, bool):
            metrics.flags.labels(flag.fault.value).inc()

    # Reading

    async def booking(self, booking: str) -> Booking:
        """One booking, or `NotFound`."""
        return unpack(await self.calls.read("booking", booking), Booking)

    async def pair(self, pair: str) -> Pair:
        """One pair, or `NotFound`."""
        return unpack(await self.calls.read("pair", pair), Pair)

    async def bookings_of(self, member: str, from_ms: int, to_ms: int) -> list[Booking]:
        """A member's waiting, matched and done bookings that start in [from, to), by start."""
        found: list[Booking] = []
        while True:
            answer = await self.calls.read("bookings", member, from_ms, to_ms, BOOKINGS_A_CALL)
            part = unpack(answer, list[Booking])
            found += part
            if len(part) < BOOKINGS_A_CALL:
                return found
            from_ms = part[-1].start_ms + 1  # no two of one member start together

    async def waiting(
        self,
        member: str,
        from_ms: int,
        to_ms: int,
        length_min: int,
        *,
        also_shorter: bool = False,
    ) -> list[WaitingSlot]:
        """Coming starts in [from, to) where somebody waits whom this member may meet, by start; where
        lengths cross, one for each length a session there would have, the longest first."""
        slots: list[WaitingSlot] = []
        start: int | None = from_ms
        while start is not None:
            answer = await self.calls.read(
                "waiting", member, start, to_ms, length_min, int(also_shorter), STARTS_A_CALL
            )
            part = unpack(answer, _Waiting)
            slots += part.slots
            start = part.next
        return slots

    async def soonest(self, member: str, wish: Wish) -> int:
        """Where "as soon as possible" would be: beside somebody within a quarter of an hour who goes
        with this wish, else the next free slot on the grid."""
        return unpack(await self.calls.read("soonest", member, _pack(wish)), int)

    async def log_of(self, pair: str) -> list[PresenceEvent]:
        """A session's event log so far, in order of recording."""
        async with watched("log_of"):
            lines = await ask(self._redis, "LRANGE", keys.log(self.tag, pair), 0, -1)
        return [_seen.decode(line) for line in lines]

    async def flags_of(self, member: str) -> list[Flag]:
        """A member's flags, the newest first."""
        async with watched("flags_of"):
            groups = await ask(self._redis, "HVALS", keys.flags(self.tag, member))
        flags = [flag for group in groups for flag in _flags.decode(group)]
        return sorted(flags, key=lambda flag: flag.at_ms, reverse=True)

    async def kept_of(self, members: list[str]) -> dict[str, int]:
        """How many sessions each member has kept so far."""
        if not members:
            return {}
        async with watched("kept_of"):
            counts = await ask(self._redis, "HMGET", keys.kept(self.tag), *members)
        return {member: int(count or 0) for member, count in zip(members, counts, strict=True)}

    # Outbox

    async def epoch(self) -> str:
        """Changes whenever the outbox began anew, so that old offsets mean nothing."""
        async with watched("epoch"):
            epoch = await ask(self._redis, "HGET", keys.meta(self.tag), "epoch")
            if epoch is None:
                await self._load()
                epoch = await ask(self._redis, "HGET", keys.meta(self.tag), "epoch")
        return str(epoch, "ascii")

    async def last_offset(self) -> str:
        """The newest outbox offset; `0-0` in an empty one."""
        async with watched("last_offset"):
            return await outbox.last(self._redis, self.tag)

    async def outbox_begins(self) -> str:
        """The oldest offset still held; `0-0` in an empty one."""
        async with watched("outbox_begins"):
            return await outbox.first(self._redis, self.tag)

    async def outbox_after(
        self, offset: str, *, count: int = 500, block_ms: int = 0
    ) -> list[outbox.Entry]:
        """Outbox entries after `offset`, waiting up to `block_ms` for the first."""
        deadline = asyncio.get_running_loop().time() + block_ms / 1_000
        while True:
            left_ms = int((deadline - asyncio.get_running_loop().time()) * 1_000)
            async with watched("outbox_after"):
                found = await outbox.after(
                    self._redis, self.tag, offset, count=count, block_ms=min(left_ms, BLOCK_MS)
                )
            if found or left_ms <= BLOCK_MS:
                return found

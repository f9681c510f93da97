"""Read a ledger as it lies in the store, without writing anything and without holding anybody up.

Keys are found by SCAN, large collections read in parts, and between two parts the store is left alone for
as long as the last one took. What is read is not of one moment: `around` reads again what a violation is
about, so that one that was only movement shows as such.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.events import AnyEvent
from scheduler.flags import Flag
from scheduler.rules import DEFAULT, Rules
from scheduler.snapshot import Record, Snapshot, Thing, profile_of, slot_of, slot_thing
from scheduler.store import keys, outbox
from scheduler.store.calls import watched
from scheduler.store.connection import ask

PART = 500
"""Keys, entries or events in one go."""
ROUNDS = 2
"""How far from a thing its surroundings are read: a booking, its pair, the partner's booking and member."""

_flags = msgspec.msgpack.Decoder(list[Flag])


def _text(fields: dict[bytes, bytes]) -> Record:
    return {field.decode(): value.decode(errors="replace") for field, value in fields.items()}


def _numbers(fields: dict[bytes, bytes]) -> dict[str, int]:
    return {name: int(value) for name, value in _text(fields).items()}


def _names(members: Iterable[bytes]) -> set[str]:
    return {member.decode() for member in members}


def _scores(pairs: Iterable[tuple[bytes, float]]) -> dict[str, float]:
    return {member.decode(): score for member, score in pairs}


def _verdicts(fields: dict[bytes, bytes]) -> dict[str, list[Flag]]:
    return {name.decode(): _flags.decode(flags) for name, flags in fields.items()}


def _itself(name: str) -> str:
    return name


def _place(name: str) -> tuple[int, int]:
    start, length = name.split(":")
    return int(start), int(length)


def _pool(name: str) -> tuple[int, int, str]:
    start, length, kind = name.split(":")
    return int(start), int(length), kind


class Kind(msgspec.Struct, frozen=True):
    """How keys of one first word are read, and where they go."""

    field: str
    scan: str
    value: Callable[[Any], Any]
    name: Callable[[str], Any] = _itself


KINDS = {
    "b": Kind("bookings", "HSCAN", _text),
    "p": Kind("pairs", "HSCAN", _text),
    "m": Kind("profiles", "HSCAN", lambda fields: profile_of(_text(fields))),
    "w": Kind("pools", "ZSCAN", _scores, _pool),
    "wc": Kind("classes", "SSCAN", _names, _place),
    "starts": Kind("starts", "ZSCAN", _scores, int),
    "sl": Kind("slots", "SSCAN", _names, _place),
    "cal": Kind("calendars", "ZSCAN", _scores),
    "past": Kind("past", "ZSCAN", _scores),
    "block": Kind("blocked", "SSCAN", _names),
    "snooze": Kind("snoozed", "ZSCAN", _scores),
    "avoid": Kind("avoided", "SSCAN", _names),
    "fav": Kind("favourites", "SSCAN", _names),
    "fans": Kind("fans", "SSCAN", _names),
    "friend": Kind("friends", "SSCAN", _names),
    "ask": Kind("asks", "SSCAN", _names),
    "askedby": Kind("asked_by", "SSCAN", _names),
    "flags": Kind("flags", "HSCAN", _verdicts),
}
WHOLE = {
    "timers": Kind("timers", "ZSCAN", _scores),
    "suspended": Kind("suspended", "HSCAN", _numbers),
    "kept": Kind("kept", "HSCAN", _numbers),
}
"""One key each."""

OF_MEMBER = ("m", "cal", "past", "block", "snooze", "avoid", "fav", "fans", "friend", "ask")
FLAGGED = {"session": "pair", "cancel": "booking"}
WORD = {"booking": "b", "pair": "p", "pool": "w"}
TIMERS_OF = {
    "booking": ("end", "late", "noshow", "remind10", "remind1"),
    "pair": ("close",),
    "slot": ("plan",),
}


class Reader:
    """Reads under one tag. `rest`: for how many times as long as a part took the store is left alone."""

    def __init__(self, redis: Redis, tag: str, *, rest: float = 1.0) -> None:
        self._redis = redis
        self._root = keys.root(tag) + ":"
        self._tag = tag
        self._rest = rest
        self._news: list[AnyEvent] = []
        self._offset = "-"

    async def everything(self) -> Snapshot:
        """All that the invariants look at."""
        s = await self._begin()
        cursor = None
        while cursor != 0:
            cursor, names = await self._ask(
                "SCAN", cursor or 0, "MATCH", self._root + "*", "COUNT", PART
            )
            await self._take(s, [name.decode().removeprefix(self._root) for name in names])
        for name, kind in WHOLE.items():
            setattr(s, kind.field, await self._whole(name, kind))
        return await self._end(s)

    async def around(self, things: Iterable[Thing]) -> Snapshot:
        """These and what they are bound to, as they are now; with everything the outbox told by now."""
        s = await self._begin()
        seen: set[Thing] = set()
        ahead = set(things)
        for _ in range(ROUNDS + 1):
            await self._take(s, sorted({name for thing in ahead for name in self._names(s, thing)}))
            seen |= ahead
            ahead = {near for thing in ahead for near in _neighbours(s, thing)} - seen
        await self._few(s, seen)
        return await self._end(s)

    # What is read first, and last

    async def _begin(self) -> Snapshot:
        meta = await self._ask("HGETALL", self._root + "meta")
        fields = _pairs(meta)
        counters = {name: int(fields.get(name.encode(), 0)) for name in ("bookings", "pairs")}
        return Snapshot(
            now_ms=await self._now(fields), counters=counters, rules=_rules(fields.get(b"rules"))
        )

    async def _now(self, meta: dict[bytes, bytes]) -> int:
        """The ledger's time, worked out as its functions do: this must not depend on them."""
        seconds, micros = await self._ask("TIME")
        now = int(seconds) * 1_000 + int(micros) // 1_000 + int(meta.get(b"offset", 0))
        return max(now, int(meta.get(b"last", 0)))

    async def _end(self, s: Snapshot) -> Snapshot:
        """The outbox last: what was read before it must not be newer than what it tells."""
        while found := await self._events():
            for offset, fields in found:
                self._offset = f"({offset.decode()}"
                if (entry := outbox.readable(offset, fields)) is not None:
                    self._news.append(entry[1])
        s.news = list(self._news)
        s.all_news = await self._begins_at_the_beginning()
        return s

    async def _events(self) -> list[outbox.Raw]:
        name = self._root + "out"
        found = await self._ask("XRANGE", name, self._offset, "+", "COUNT", PART)
        return list(found or [])

    async def _begins_at_the_beginning(self) -> bool:
        name = self._root + "out"
        if not await self._ask("EXISTS", name):
            return True
        async with watched("snapshot"):
            about = await self._redis.xinfo_stream(name)
        return bool(about["entries-added"] == about["length"])

    # Keys

    async def _take(self, s: Snapshot, names: list[str]) -> None:
        """Read these keys, as far as they are of a kind that is looked at."""
        wanted = [name for name in names if name.partition(":")[0] in KINDS and ":" in name]
        for begin in range(0, len(wanted), PART):
            await self._take_part(s, wanted[begin : begin + PART])

    async def _take_part(self, s: Snapshot, names: list[str]) -> None:
        async with watched("snapshot"), self._redis.pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.execute_command(_kind(name).scan, self._root + name, 0, "COUNT", PART)
            began = time.perf_counter()
            answers = await pipeline.execute()
        await self._leave_alone(began)
        for name, answer in zip(names, answers, strict=True):
            kind = _kind(name)
            found = await self._rest_of(name, kind, answer)
            if found:
                getattr(s, kind.field)[kind.name(name.partition(":")[2])] = kind.value(found)

    async def _whole(self, name: str, kind: Kind) -> Any:
        answer = await self._ask(kind.scan, self._root + name, 0, "COUNT", PART)
        return kind.value(await self._rest_of(name, kind, answer))

    async def _rest_of(self, name: str, kind: Kind, answer: Any) -> Any:
        """A collection that did not come in one part."""
        cursor, found = answer
        parts = [found]
        while int(cursor):
            cursor, found = await self._ask(
                kind.scan, self._root + name, int(cursor), "COUNT", PART
            )
            parts.append(found)
        if kind.scan == "HSCAN":
            return {field: value for part in parts for field, value in _pairs(part).items()}
        return [entry for part in parts for entry in part]

    def _names(self, s: Snapshot, thing: Thing) -> list[str]:
        """The keys that hold a thing."""
        kind, id = thing
        if kind == "slot":
            return [f"sl:{id}", f"wc:{id}"]
        if kind == "member":
            return [f"{word}:{id}" for word in (*OF_MEMBER, "askedby", "flags")]
        return [f"{WORD[kind]}:{id}"] if kind in WORD else []

    async def _few(self, s: Snapshot, things: set[Thing]) -> None:
        """Of what lies in one large key, the entries of these things."""
        members = sorted(thing.id for thing in things if thing.kind == "member")
        for name in ("suspended", "kept"):
            values = await self._ask("HMGET", self._root + name, *members) if members else []
            found = zip(members, values, strict=True)
            setattr(s, WHOLE[name].field, {who: int(value) for who, value in found if value})
        names = sorted(_timers(s, things))
        scores = await self._ask("ZMSCORE", self._root + "timers", *names) if names else []
        s.timers = {
            name: score for name, score in zip(names, scores, strict=True) if score is not None
        }
        for length in {_place(thing.id)[1] for thing in things if thing.kind == "slot"}:
            s.starts[length] = await self._whole(f"starts:{length}", KINDS["starts"])

    # The store

    async def _ask(self, *command: Any) -> Any:
        began = time.perf_counter()
        async with watched("snapshot"):
            answer = await ask(self._redis, *command)
        await self._leave_alone(began)
        return answer

    async def _leave_alone(self, began: float) -> None:
        if self._rest:
            await asyncio.sleep((time.perf_counter() - began) * self._rest)


def _kind(name: str) -> Kind:
    return KINDS[name.partition(":")[0]]


def _pairs(flat: Any) -> dict[bytes, bytes]:
    """A hash, in whichever form the protocol gave it."""
    return dict(flat) if isinstance(flat, dict) else dict(zip(flat[::2], flat[1::2], strict=True))


def _rules(packed: bytes | None) -> Rules:
    """The numbers the functions go by; what they are not told stays as it is by default."""
    if packed is None:
        return DEFAULT
    told = msgspec.msgpack.decode(packed)
    known = {name: told[name] for name in Rules.__struct_fields__ if name in told}
    return msgspec.convert(known, Rules)


def _classes(s: Snapshot, slot: str) -> set[str]:
    """What a slot's pools are known by now: by the bookings met, and by its own list, once read."""
    place = _place(slot)
    of_bookings = {b.get("class", "") for b in s.waiting() if slot_of(b) == place}
    return (of_bookings | s.classes.get(place, set())) - {""}


def _neighbours(s: Snapshot, thing: Thing) -> set[Thing]:
    """What must be known to judge a thing, as far as is known by now."""
    return _NEAR[thing.kind](s, thing.id) if thing.kind in _NEAR else set()


def _of_booking(s: Snapshot, id: str) -> set[Thing]:
    booking = s.bookings.get(id)
    if booking is None:
        return set()
    links = {
        "booking": [booking["partner_booking"]],
        "pair": [booking["pair"], booking.get("missed", "")],
        "member": [booking["member"], booking["partner"]],
    }
    found = {Thing(kind, each) for kind, ids in links.items() for each in ids if each}
    return found | {slot_thing(slot_of(booking))}


def _of_pair(s: Snapshot, id: str) -> set[Thing]:
    pair = s.pairs.get(id, {})
    bookings = {Thing("booking", pair[side]) for side in ("booking_a", "booking_b") if side in pair}
    return bookings | {
        Thing("member", pair[side]) for side in ("member_a", "member_b") if side in pair
    }


def _of_member(s: Snapshot, id: str) -> set[Thing]:
    entries = [*s.calendars.get(id, {}), *s.past.get(id, {})]
    bookings = {Thing("booking", entry.partition(":")[0]) for entry in entries}
    groups = [name.partition(":") for name in s.flags.get(id, {})]
    return bookings | {Thing(FLAGGED[kind], each) for kind, _, each in groups}


def _of_slot(s: Snapshot, id: str) -> set[Thing]:
    place = _place(id)
    bookings = {Thing("booking", each) for each in s.slots.get(place, ())}
    # Its classes are known by now, and so the pools that can be read.
    return bookings | {Thing("pool", f"{id}:{each}") for each in _classes(s, id)}


_NEAR = {"booking": _of_booking, "pair": _of_pair, "member": _of_member, "slot": _of_slot}


def _timers(s: Snapshot, things: set[Thing]) -> set[str]:
    """Names of all timers these things may have."""
    names = {f"{kind}:{thing.id}" for thing in things for kind in TIMERS_OF.get(thing.kind, ())}
    plans = {f"{name}:{stage}" for name in names for stage in ("reveal", "pass")}
    snoozes = {f"unsnooze:{one}|{other}" for one, all_ in s.snoozed.items() for other in all_}
    return names | plans | snoozes | {thing.id for thing in things if thing.kind == "timer"}

"""What must hold of a ledger at every moment, read from the store as it lies there.

Independent of the functions: it reads every key under the tag, and knows only docs/ledger.md.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler import events
from scheduler.bookings import Gender, Profile, Task
from scheduler.matching import Candidate, compatible, genders_agree
from scheduler.rules import MINUTE_MS
from scheduler.store import outbox

LIVE = ("waiting", "matched")


class Snapshot(msgspec.Struct, kw_only=True):
    """A ledger as it lies in the store, read in one transaction."""

    now_ms: int
    counters: dict[str, int]
    bookings: dict[str, dict[str, str]]
    pairs: dict[str, dict[str, str]]
    profiles: dict[str, Profile]
    pools: dict[tuple[int, int, str], dict[str, float]]
    classes: dict[tuple[int, int], set[str]]
    starts: dict[int, dict[str, float]]
    slots: dict[tuple[int, int], set[str]]
    calendars: dict[str, dict[str, float]]
    past: dict[str, dict[str, float]]
    blocked: dict[str, set[str]]
    snoozed: dict[str, dict[str, float]]
    avoided: dict[str, set[str]]
    timers: dict[str, float]
    kept: dict[str, int]
    news: list[events.AnyEvent]

    def live(self) -> list[dict[str, str]]:
        return [each for each in self.bookings.values() if each["state"] in LIVE]

    def waiting(self) -> list[dict[str, str]]:
        return [each for each in self.bookings.values() if each["state"] == "waiting"]

    def avoid(self, one: str, other: str) -> bool:
        return self.keeps_away(one, other) or self.keeps_away(other, one)

    def keeps_away(self, one: str, other: str) -> bool:
        return other in self.blocked.get(one, set()) or other in self.snoozed.get(one, {})

    def candidate(self, booking: dict[str, str]) -> Candidate:
        member = booking["member"]
        return Candidate(
            member=member,
            profile=self.profiles.get(member, Profile()),
            quiet=booking["quiet"] == "1",
            task=Task(booking["task"]),
        )


# Reading

READ = {b"hash": "HGETALL", b"zset": "ZRANGE", b"set": "SMEMBERS", b"stream": "XRANGE"}
ENDS = {b"zset": ("0", "-1", "WITHSCORES"), b"stream": ("-", "+")}


async def snapshot(redis: Redis, tag: str, now_ms: int) -> Snapshot:
    """Read everything under the tag."""
    raw = await read_all(redis, "{" + tag + "}:")
    only = {kind: under(raw, kind) for kind in KINDS}
    meta = text(raw.get("meta", {}))
    return Snapshot(
        now_ms=now_ms,
        counters={name: int(meta.get(name, 0)) for name in ("bookings", "pairs")},
        bookings={id: text(each) for id, each in only["b"].items()},
        pairs={id: text(each) for id, each in only["p"].items()},
        profiles={member: profile(text(each)) for member, each in only["m"].items()},
        pools={pool_key(name): each for name, each in only["w"].items()},
        classes={slot_key(name): each for name, each in only["wc"].items()},
        starts={int(length): each for length, each in only["starts"].items()},
        slots={slot_key(name): each for name, each in only["sl"].items()},
        calendars=only["cal"],
        past=only["past"],
        blocked=only["block"],
        snoozed=only["snooze"],
        avoided=only["avoid"],
        timers=raw.get("timers", {}),
        kept={member: int(n) for member, n in text(raw.get("kept", {})).items()},
        news=[outbox.decode(fields) for _, fields in raw.get("out", [])],
    )


KINDS = ("b", "p", "m", "w", "wc", "starts", "cal", "past", "block", "snooze", "avoid", "sl")


async def read_all(redis: Redis, prefix: str) -> dict[str, Any]:
    names = sorted(await redis.keys(prefix + "*"))
    async with redis.pipeline(transaction=True) as pipeline:
        for name in names:
            pipeline.type(name)
        types = await pipeline.execute()
    wanted = [(name, kind) for name, kind in zip(names, types, strict=True) if kind in READ]
    async with redis.pipeline(transaction=True) as pipeline:
        for name, kind in wanted:
            pipeline.execute_command(READ[kind], name, *ENDS.get(kind, ()))
        values = await pipeline.execute()
    named = zip(wanted, values, strict=True)
    return {name.decode()[len(prefix) :]: plain(value, kind) for (name, kind), value in named}


def plain(value: Any, kind: bytes) -> Any:
    if kind == b"zset":
        return {member.decode(): score for member, score in value}
    if kind == b"set":
        return {member.decode() for member in value}
    return value


def under(raw: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        name[len(kind) + 1 :]: each for name, each in raw.items() if name.startswith(kind + ":")
    }


def text(fields: dict[bytes, bytes]) -> dict[str, str]:
    return {field.decode(): value.decode(errors="replace") for field, value in fields.items()}


def profile(fields: dict[str, str]) -> Profile:
    only = fields["only_gender"]
    return Profile(
        gender=Gender(fields["gender"]),
        only_gender=Gender(only) if only else None,
        accepts_quiet=fields["accepts_quiet"] == "1",
    )


def pool_key(name: str) -> tuple[int, int, str]:
    start, length, kind = name.split(":")
    return int(start), int(length), kind


def slot_key(name: str) -> tuple[int, int]:
    start, length = name.split(":")
    return int(start), int(length)


def slot(booking: dict[str, str]) -> tuple[int, int]:
    return int(booking["start_ms"]), int(booking["length_min"])


def ends(booking: dict[str, str]) -> int:
    return int(booking["start_ms"]) + int(booking["length_min"]) * MINUTE_MS


# Checking


def check(s: Snapshot) -> None:
    """Every invariant; an AssertionError names the first that does not hold."""
    for invariant in INVARIANTS:
        invariant(s)


def every_booking_has_one_known_state_and_no_id_is_missing(s: Snapshot) -> None:
    states = Counter(each["state"] for each in s.bookings.values())
    assert set(states) <= {"waiting", "matched", "cancelled", "done"}
    assert set(s.bookings) == {f"b{n + 1}" for n in range(s.counters["bookings"])}
    assert set(s.pairs) == {f"p{n + 1}" for n in range(s.counters["pairs"])}


def partners_agree_about_each_other(s: Snapshot) -> None:
    for mine in s.bookings.values():
        if mine["state"] != "matched":
            continue
        theirs = s.bookings[mine["partner_booking"]]
        assert theirs["state"] == "matched"
        assert theirs["partner_booking"] == mine["id"] != theirs["id"]
        assert theirs["partner"] == mine["member"] != theirs["member"]
        assert theirs["pair"] == mine["pair"]
        assert slot(theirs) == slot(mine)


def a_pair_that_stands_is_that_of_its_two_bookings(s: Snapshot) -> None:
    for pair in s.pairs.values():
        two = [s.bookings[pair["booking_a"]], s.bookings[pair["booking_b"]]]
        stands = [each["pair"] == pair["id"] for each in two]
        assert stands == [pair["dissolved"] == "0" and "parted_ms" not in pair] * 2


def nobody_is_in_two_places(s: Snapshot) -> None:
    for one, other in combinations(s.live(), 2):
        if one["member"] == other["member"]:
            assert ends(one) <= int(other["start_ms"]) or ends(other) <= int(one["start_ms"])


def who_keeps_away_from_somebody_never_meets_them(s: Snapshot) -> None:
    for booking in s.bookings.values():
        if booking["state"] == "matched" and int(booking["start_ms"]) > s.now_ms:
            assert not s.avoid(booking["member"], booking["partner"])


def avoiding_is_blocking_or_snoozing_in_either_direction(s: Snapshot) -> None:
    derived = {(one, other) for one, all in s.blocked.items() for other in all}
    derived |= {(one, other) for one, all in s.snoozed.items() for other in all}
    derived |= {(other, one) for one, other in derived}
    assert {(one, other) for one, all in s.avoided.items() for other in all} == derived


def gender_preferences_hold_for_coming_matches(s: Snapshot) -> None:
    for booking in s.bookings.values():
        if booking["state"] == "matched" and int(booking["start_ms"]) > s.now_ms:
            mine, theirs = (
                s.profiles.get(booking[who], Profile()) for who in ("member", "partner")
            )
            assert genders_agree(mine, theirs)


def pools_hold_the_waiting_and_nobody_else(s: Snapshot) -> None:
    found = {(*key, entry, score) for key, all in s.pools.items() for entry, score in all.items()}
    assert found == {
        (*slot(each), each["class"], f"{each['id']}:{each['member']}", float(each["created_ms"]))
        for each in s.waiting()
    }
    assert {(*key, each) for key, all in s.classes.items() for each in all} == set(s.pools)
    assert {(int(start), length) for length, all in s.starts.items() for start in all} == {
        slot(each) for each in s.waiting()
    }


def calendars_hold_the_live_and_the_past_the_done(s: Snapshot) -> None:
    calendar = {(who, each.split(":")[0]) for who, all in s.calendars.items() for each in all}
    assert calendar == {(each["member"], each["id"]) for each in s.live()}
    past = {(who, each) for who, all in s.past.items() for each in all}
    done = {(b["member"], b["id"]) for b in s.bookings.values() if b["state"] == "done"}
    assert past == done


def every_live_booking_has_its_end_and_no_timer_is_left_over(s: Snapshot) -> None:
    live = {each["id"]: each for each in s.live()}
    ending = {f"end:{id}": float(ends(each)) for id, each in live.items()}
    found = {name: at for name, at in s.timers.items() if name.startswith("end:")}
    assert found == ending
    for name in s.timers:
        kind, _, id = name.partition(":")
        if kind in ("late", "noshow"):
            assert live[id]["state"] == "matched"
        if kind.startswith("remind"):
            assert id in live
        if kind == "close" and "parted_ms" not in s.pairs[id]:
            assert s.bookings[s.pairs[id]["booking_a"]]["state"] == "done"


def slots_hold_the_live(s: Snapshot) -> None:
    found = {(*key, id) for key, all in s.slots.items() for id in all}
    assert found == {(*slot(each), each["id"]) for each in s.live()}


def nobody_waits_beside_a_compatible_waiter(s: Snapshot) -> None:
    coming = [each for each in s.waiting() if int(each["start_ms"]) > s.now_ms]
    for one, other in combinations(coming, 2):
        if slot(one) == slot(other) and not s.avoid(one["member"], other["member"]):
            assert not compatible(s.candidate(one), s.candidate(other))


def the_outbox_tells_the_state_of_every_booking(s: Snapshot) -> None:
    told: dict[str, str] = {}
    for event in s.news:
        tell = TELLS.get(type(event))
        told |= tell(event) if tell else {}
    assert told == {id: each["state"] for id, each in s.bookings.items()}


TELLS: dict[type, Any] = {
    events.Booked: lambda event: {event.booking: "waiting"},
    events.Matched: lambda event: dict.fromkeys(event.bookings, "matched"),
    events.Unmatched: lambda event: {event.booking: "waiting"},
    events.Cancelled: lambda event: {event.booking: "cancelled"},
    events.Ended: lambda event: dict.fromkeys(event.bookings, "done"),
}

INVARIANTS = (
    every_booking_has_one_known_state_and_no_id_is_missing,
    partners_agree_about_each_other,
    a_pair_that_stands_is_that_of_its_two_bookings,
    nobody_is_in_two_places,
    who_keeps_away_from_somebody_never_meets_them,
    avoiding_is_blocking_or_snoozing_in_either_direction,
    gender_preferences_hold_for_coming_matches,
    pools_hold_the_waiting_and_nobody_else,
    calendars_hold_the_live_and_the_past_the_done,
    every_live_booking_has_its_end_and_no_timer_is_left_over,
    slots_hold_the_live,
    nobody_waits_beside_a_compatible_waiter,
    the_outbox_tells_the_state_of_every_booking,
)

"""A small language to write a session's event log in, for tests of the judge."""

from __future__ import annotations

from collections.abc import Collection

from scheduler.bookings import Pair
from scheduler.flags import Flag
from scheduler.judge import judge
from scheduler.presence import Cause, PresenceEvent, Seen, Witness
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS, Rules

T = 1_800_000_000_000
LENGTH_MIN = 50
E = T + LENGTH_MIN * MINUTE_MS
ANA, BEN = "m_ana", "m_ben"


def a_pair(length_min: int = LENGTH_MIN, *, dissolved: bool = False) -> Pair:
    return Pair(
        id="p1",
        start_ms=T,
        length_min=length_min,
        members=(ANA, BEN),
        bookings=("b1", "b2"),
        dissolved=dissolved,
    )


def ms(clock: str) -> int:
    """`2:00.001` as milliseconds; a leading minus counts back."""
    sign = -1 if clock.startswith("-") else 1
    minutes, seconds = clock.lstrip("-").split(":")
    return sign * (int(minutes) * MINUTE_MS + round(float(seconds) * SECOND_MS))


def at(clock: str) -> int:
    """`T+2:00.001` or `E-2:00` as an instant."""
    base, sign, rest = clock[0], clock[1:2], clock[2:]
    start = {"T": T, "E": E}[base]
    return start + (ms(rest) if sign == "+" else -ms(rest)) if rest else start


class Log:
    """Collects events; each call adds one and returns the log."""

    def __init__(self) -> None:
        self.events: list[PresenceEvent] = []

    def see(
        self,
        member: str,
        seen: str,
        clock: str | int,
        *,
        minutes: int = 0,
        witness: Witness = Witness.HUB,
        closed: bool = False,
        cause: Cause = "",
    ) -> Log:
        event = PresenceEvent(
            id=f"h:{len(self.events)}",
            member=member,
            seen=Seen(seen),
            at_ms=at(clock) if isinstance(clock, str) else clock,
            minutes=minutes,
            witness=witness,
            closed=closed,
            cause=cause,
        )
        self.events.append(event)
        return self

    def ana(self, seen: str, clock: str | int, **more: object) -> Log:
        return self.see(ANA, seen, clock, **more)  # type: ignore[arg-type]

    def ben(self, seen: str, clock: str | int, **more: object) -> Log:
        return self.see(BEN, seen, clock, **more)  # type: ignore[arg-type]


def both_there() -> Log:
    """Both came before T; add what happened then."""
    return Log().ana("join", "T-1:00").ben("join", "T-0:30")


def flags(
    log: Log,
    length_min: int = LENGTH_MIN,
    rules: Rules = DEFAULT,
    away: tuple[tuple[str, str], ...] = (),
    announced: Collection[str] = (),
) -> list[Flag]:
    """The verdict; `away` is when the platform was, `announced` who had written to the partner."""
    outages = [(at(begins), at(ends)) for begins, ends in away]
    return judge(a_pair(length_min), log.events, rules, outages, announced)


def faults(
    log: Log,
    length_min: int = LENGTH_MIN,
    rules: Rules = DEFAULT,
    away: tuple[tuple[str, str], ...] = (),
) -> dict[str, str]:
    """Who was flagged for what."""
    return {flag.member: flag.fault.value for flag in flags(log, length_min, rules, away)}

"""A small ledger that lies there as it should: a pair, one who waits, a session that is over."""

from __future__ import annotations

from scheduler import events
from scheduler.rules import MINUTE_MS
from scheduler.snapshot import Record, Snapshot

T = 1_800_000_000_000 - 1_800_000_000_000 % (15 * MINUTE_MS)
BEFORE = T - 120 * MINUTE_MS


def booking(id: str, member: str, start_ms: int = T, **more: str) -> Record:
    return {
        "id": id,
        "member": member,
        "start_ms": str(start_ms),
        "length_min": "25",
        "state": "waiting",
        "quiet": "0",
        "task": "anything",
        "created_ms": str(BEFORE),
        "pair": "",
        "partner": "",
        "partner_booking": "",
        "locked": "0",
        "class": "",
        **more,
    }


def matched(id: str, member: str, pair: str, other: str, partner: str, **more: str) -> Record:
    links = {"pair": pair, "partner": partner, "partner_booking": other}
    return booking(id, member, **{"state": "matched", **links, **more})  # type: ignore[arg-type]


def pair_of(id: str, one: Record, other: Record, **more: str) -> Record:
    return {
        "id": id,
        "start_ms": one["start_ms"],
        "length_min": "25",
        "locked": "0",
        "booking_a": one["id"],
        "member_a": one["member"],
        "dissolved": "0",
        "settled": "0",
        "booking_b": other["id"],
        "member_b": other["member"],
        **more,
    }


def whole() -> Snapshot:
    """ana and ben are matched, cem waits later, dia's session alone is over."""
    ana = matched("b1", "ana", "p1", "b2", "ben")
    ben = matched("b2", "ben", "p1", "b1", "ana")
    cem = booking("b3", "cem", T + 60 * MINUTE_MS, **{"class": "u*-aa-"})
    dia = booking("b4", "dia", T - 60 * MINUTE_MS, state="done")
    later = T + 60 * MINUTE_MS
    return Snapshot(
        now_ms=T - 30 * MINUTE_MS,
        counters={"bookings": 4, "pairs": 1},
        bookings={each["id"]: each for each in (ana, ben, cem, dia)},
        pairs={"p1": pair_of("p1", ana, ben)},
        pools={(later, 25, "u*-aa-"): {"b3:cem": float(BEFORE)}},
        classes={(later, 25): {"u*-aa-"}},
        starts={25: {str(later): float(later)}},
        slots={(T, 25): {"b1", "b2"}, (later, 25): {"b3"}},
        calendars={
            "ana": {"b1:25": float(T)},
            "ben": {"b2:25": float(T)},
            "cem": {"b3:25": float(later)},
        },
        past={"dia": {"b4": float(T - 60 * MINUTE_MS)}},
        timers=timers(T, later),
        news=history(T, later),
    )


def timers(start_ms: int, later_ms: int) -> dict[str, float]:
    due = {"end:b1": 25, "end:b2": 25, "late:b1": 2, "late:b2": 2}
    due |= {"remind10:b1": -10, "remind10:b2": -10, f"plan:{start_ms}:25:pass": -1}
    due |= {"end:b3": 85, "remind10:b3": 50, f"plan:{later_ms}:25:pass": 59}
    return {name: float(start_ms + minutes * MINUTE_MS) for name, minutes in due.items()}


def history(start_ms: int, later_ms: int) -> list[events.AnyEvent]:
    return [
        *(told(number, *what) for number, what in enumerate(_booked(start_ms, later_ms))),
        events.Matched(
            at_ms=BEFORE + 10,
            pair="p1",
            bookings=("b1", "b2"),
            members=("ana", "ben"),
            start_ms=start_ms,
            length_min=25,
        ),
        events.Ended(at_ms=T - 35 * MINUTE_MS, bookings=("b4",), members=("dia",)),
    ]


def _booked(start_ms: int, later_ms: int) -> list[tuple[str, str, int]]:
    hour = 60 * MINUTE_MS
    return [("b1", "ana", start_ms), ("b3", "cem", later_ms), ("b4", "dia", start_ms - hour)]


def told(number: int, id: str, member: str, start_ms: int) -> events.Booked:
    return events.Booked(
        at_ms=BEFORE + number, booking=id, member=member, start_ms=start_ms, length_min=25
    )

"""Slots as the optimiser sees them, made by hand or by Hypothesis."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from scheduler.board import Board
from scheduler.bookings import Gender, Task
from scheduler.plan import Claim, Slot, Step

START_MS = 1_900_000_000_000


def claim(number: int, **what: Any) -> Claim:
    """Member m<number> with booking b<number>, who asks for nothing."""
    plain: dict[str, Any] = {
        "booking": f"b{number}", "version": 1, "member": f"m{number}", "partner_booking": None,
        "locked": False, "messaged": False, "gender": Gender.UNSAID, "only_gender": None,
        "quiet": False, "takes_quiet": True, "task": Task.ANYTHING, "prefer_favourites": True,
        "reliability": 900, "sessions_kept": 5, "created_ms": number, "avoided": [],
        "favourites": [], "friends": [], "met": [],
    }  # fmt: skip
    return Claim(**{**plain, **what})


def slot(claims: list[Claim]) -> Slot:
    return Slot(start_ms=START_MS, length_min=50, claims=claims)


def paired(slot: Slot, *pairs: tuple[int, int], **what: Any) -> Slot:
    """The same slot with these members matched, numbered by their place in it."""
    claims = list(slot.claims)
    for one, other in [*pairs, *[(other, one) for one, other in pairs]]:
        claims[one] = msgspec.structs.replace(
            claims[one], partner_booking=claims[other].booking, **what
        )
    return msgspec.structs.replace(slot, claims=claims)


def matched(slot: Slot) -> dict[str, str]:
    """Who is with whom, by bookings."""
    return {one.booking: one.partner_booking for one in slot.claims if one.partner_booking}


def applied(slot: Slot, steps: list[Step]) -> dict[str, str]:
    """Who is with whom after these steps."""
    partners = matched(slot)
    for step in steps:
        for booking in step.versions:
            partners.pop(booking, None)
        for one, other in step.pairs:
            partners |= {one: other, other: one}
    return partners


def worth(slot: Slot, partners: dict[str, str]) -> int:
    """The sum of all pairs' scores."""
    board = Board(slot)
    numbers = board.numbers
    return sum(
        board.worth(numbers[one], numbers[other]) for one, other in partners.items() if one < other
    )


@st.composite
def slots(draw: st.DrawFn, *, most: int = 8) -> Slot:
    """Up to `most` members with all kinds of wishes; some are matched, as the ledger may match them."""
    size = draw(st.integers(0, most))
    members = [f"m{number}" for number in range(size)]
    some = st.lists(st.sampled_from(members), max_size=2, unique=True) if members else st.just([])
    claims = [
        claim(
            number,
            locked=draw(st.integers(0, 5)) == 0,
            messaged=draw(st.booleans()),
            gender=draw(st.sampled_from(Gender)),
            only_gender=draw(st.sampled_from([None, None, None, Gender.WOMAN, Gender.MAN])),
            quiet=draw(st.booleans()),
            takes_quiet=draw(st.integers(0, 3)) > 0,
            task=draw(st.sampled_from(Task)),
            prefer_favourites=draw(st.booleans()),
            reliability=draw(st.integers(0, 1000)),
            sessions_kept=draw(st.integers(0, 1)),
            created_ms=draw(st.integers(0, 3)),
            avoided=draw(some),
            favourites=draw(some),
            friends=draw(some),
            met=draw(some),
        )
        for number in range(size)
    ]
    loose = msgspec.structs.replace(slot(claims))
    return paired(loose, *draw(matchings(loose)))


@st.composite
def matchings(draw: st.DrawFn, slot: Slot) -> list[tuple[int, int]]:
    """Some pairs that may meet. Both of a pair are locked, or neither."""
    board = Board(msgspec.structs.replace(slot, claims=[unlocked(one) for one in slot.claims]))
    numbers = [board.numbers[one.booking] for one in slot.claims]
    free, found = list(range(len(numbers))), []
    for one in draw(st.permutations(free)):
        others = [
            other
            for other in free
            if other != one
            and board.may_meet(numbers[one], numbers[other])
            and slot.claims[one].locked == slot.claims[other].locked
        ]
        if one in free and others and draw(st.integers(0, 3)):
            other = draw(st.sampled_from(others))
            found.append((one, other))
            free = [number for number in free if number not in (one, other)]
    return found


def unlocked(claim: Claim) -> Claim:
    return msgspec.structs.replace(claim, locked=False)

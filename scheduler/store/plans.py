"""A slot as the optimiser sees it, and what it asks to be changed there.

A slot is read in several calls, so that none holds the store up; whatever changed meanwhile shows in
the versions, and the step that relied on it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scheduler import errors
from scheduler.plan import Claim, Slot, Step
from scheduler.store.calls import Caller, unpack

CLAIMS_A_CALL = 50
STEP_MAX = 150
"""Bookings one step may touch: the store answers nobody else meanwhile."""
MEMBERS_A_CALL = 100
"""Smaller steps go together up to this."""

_pack = msgspec.msgpack.Encoder().encode


class Plans:
    """Reads slots, and carries steps out."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls

    async def slot(self, start_ms: int, length_min: int) -> Slot:
        """All live bookings of one start and length, with what is known of their members."""
        answer = await self._calls.read("slot_bookings", start_ms, length_min)
        ids = sorted(unpack(answer, list[str]), key=lambda id: int(id[1:]))
        claims: list[Claim] = []
        for begin in range(0, len(ids), CLAIMS_A_CALL):
            part = await self._calls.read("claims", *ids[begin : begin + CLAIMS_A_CALL])
            claims += unpack(part, list[Claim])
        return Slot(start_ms=start_ms, length_min=length_min, claims=_among_themselves(claims))

    async def apply(self, steps: list[Step]) -> list[bool]:
        """Which of the steps were done; one that was overtaken changes nothing."""
        done: list[bool] = []
        for part in _parts(steps):
            done += unpack(await self._calls.write("apply_plan", *map(_pack, part)), list[bool])
        return done

    async def reveal(self, bookings: list[str]) -> int:
        """Tell the two of each pair among these their names, if it is time and they were not told yet;
        gives how many pairs that were."""
        told = 0
        for begin in range(0, len(bookings), CLAIMS_A_CALL):
            part = bookings[begin : begin + CLAIMS_A_CALL]
            told += unpack(await self._calls.write("reveal", *part), int)
        return told


def _among_themselves(claims: list[Claim]) -> list[Claim]:
    """People who are not in this slot are nothing to it."""
    here = {claim.member for claim in claims}
    return [
        msgspec.structs.replace(
            claim,
            avoided=[member for member in claim.avoided if member in here],
            favourites=[member for member in claim.favourites if member in here],
            friends=[member for member in claim.friends if member in here],
            met=[member for member in claim.met if member in here],
        )
        for claim in claims
    ]


def _parts(steps: list[Step]) -> Iterator[list[Step]]:
    """The steps in as few calls as may be."""
    part: list[Step] = []
    size = 0
    for step in steps:
        members = len(step.versions)
        if members > STEP_MAX:
            raise errors.BadField(field="steps", most=STEP_MAX)
        if part and size + members > MEMBERS_A_CALL:
            yield part
            part, size = [], 0
        part.append(step)
        size += members
    if part:
        yield part

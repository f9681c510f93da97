"""How long the optimiser takes for slots of some size. The only module here that looks at a clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

import msgspec

from loadtest.bench.figures import Figure
from scheduler.board import Board
from scheduler.bookings import Gender, Task
from scheduler.optimiser import improve
from scheduler.plan import Claim, Slot, Stage

SIZES = (200, 2_000, 10_000)
STAGES: tuple[Stage, ...] = ("pass", "reveal")
ALONE = 0.04
"""Share without a partner."""


def figures(*, quick: bool) -> Iterator[Figure]:
    """Milliseconds of CPU for a slot of each size, the quickest of three runs."""
    runs = 1 if quick else 3
    slots = {size: crowd(size) for size in (SIZES[:2] if quick else SIZES)}
    for stage in STAGES:
        for size, slot in slots.items():
            took = min(_cpu_ms(slot, stage) for _ in range(runs))
            yield Figure(
                bench="matching",
                figure=f"optimiser_{stage}_cpu",
                subject="ours",
                at=f"{size} members",
                value=round(took, 1),
                unit="ms",
                runs=runs,
            )


def _cpu_ms(slot: Slot, stage: Stage) -> float:
    begun = time.process_time()
    improve(slot, stage=stage, seed=1)
    return 1_000 * (time.process_time() - begun)


def crowd(size: int) -> Slot:
    """Many in one slot, matched as they came, but for some; each likes up to three others."""
    random = Random(size)
    claims = [_claim(number, size, random) for number in range(size)]
    board = Board(Slot(start_ms=0, length_min=50, claims=claims))
    partners = dict(_as_they_come(board, round(ALONE * size), size))
    matched = [
        msgspec.structs.replace(claim, partner_booking=partners.get(claim.booking))
        for claim in claims
    ]
    return Slot(start_ms=0, length_min=50, claims=matched)


def _as_they_come(board: Board, first: int, size: int) -> Iterator[tuple[str, str]]:
    free = list(range(first, size))
    while free:
        one = free.pop(0)
        other = next((number for number in free[:40] if board.may_meet(one, number)), None)
        if other is not None:
            free.remove(other)
            names = [board.seats[number].claim.booking for number in (one, other)]
            yield names[0], names[1]
            yield names[1], names[0]


def _claim(number: int, size: int, random: Random) -> Claim:
    gender = random.choice([Gender.WOMAN, Gender.MAN])
    return Claim(
        booking=f"b{number}",
        version=1,
        member=f"m{number}",
        partner_booking=None,
        locked=False,
        messaged=random.random() < 0.3,
        gender=gender,
        only_gender=gender if random.random() < 0.2 else None,
        quiet=random.random() < 0.15,
        takes_quiet=True,
        task=random.choice([Task.DESK, Task.ANYTHING]),
        prefer_favourites=True,
        reliability=random.choice([850, 900, 950]),
        sessions_kept=3,
        created_ms=number,
        avoided=[],
        favourites=[f"m{random.randrange(size)}" for _ in range(random.randrange(4))],
        friends=[],
        met=[],
    )

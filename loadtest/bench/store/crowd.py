"""The same members and the same bookings for every store that is compared."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduler.bookings import Gender, Profile, Task, Wish
from scheduler.rules import DEFAULT

STARTS = 14 * 96
"""Two weeks of quarter hours."""


@dataclass
class Crowd:
    """Members with all sorts of profiles who book all sorts of slots; the same for the same seed."""

    members: int
    now_ms: int
    seed: int = 7
    dice: random.Random = field(init=False)
    names: list[str] = field(init=False)
    asked: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.names = [f"m_{number:016x}" for number in range(self.members)]

    def profiles(self) -> Iterator[tuple[str, Profile]]:
        for name in self.names:
            gender = self.dice.choice(list(Gender))
            asks = gender is not Gender.UNSAID and self.dice.random() < 0.2
            yield (
                name,
                Profile(
                    gender=gender,
                    only_gender=gender if asks else None,
                    accepts_quiet=self.dice.random() < 0.8,
                ),
            )

    def request(self) -> str:
        self.asked += 1
        return f"request-{self.asked:08x}"

    def wish(self, starts: int = STARTS) -> Wish:
        first = self.now_ms - self.now_ms % DEFAULT.grid_ms + DEFAULT.grid_ms
        return Wish(
            start_ms=first + self.dice.randrange(starts) * DEFAULT.grid_ms,
            length_min=self.dice.choice(DEFAULT.lengths_min),
            quiet=self.dice.random() < 0.15,
            task=self.dice.choice([Task.ANYTHING, Task.DESK, Task.DESK, Task.MOVING]),
            title="Chapter three",
        )

    def bookings(self, count: int) -> list[tuple[str, str, Wish]]:
        """So many requests: request id, member, wish."""
        return [(self.request(), self.dice.choice(self.names), self.wish()) for _ in range(count)]

"""Two members in a call, each in a network of their own, and what has to hold when it is over."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Sequence

from playwright.async_api import Browser

from scheduler.presence import PresenceEvent
from tests.support.gaps import Said, frames, longest_gap, metered
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE, Person, a_person, keep_evidence
from tests.support.system import Server, System, eventually

LENGTH_MIN = 50
STEADY_S = 2.0
"""Frames come for so long before anything is done to a call, so that its start is not measured."""

PRIVATE = (
    "candidate:",
    "typ host",
    "a=fingerprint",
    "a=ice-",
    "ice-pwd",
    "11.77.1.",
    "11.77.2.",
    "11.78.",
)
"""Parts of descriptions, and the addresses of browsers in a lab."""

_numbers = itertools.count(1)


class Couple:
    """Ana and Ben, at work."""

    def __init__(self, system: System, people: tuple[Person, Person]) -> None:
        self.system = system
        self.people = people
        self.said = tuple(Said(person) for person in people)
        self.noise_s = 0.0
        """The longest hole between frames before anything was done: what this machine adds now."""
        self.start_ms = 0
        self.bookings: list[str] = []

    async def sit_down(self) -> None:
        """From nothing to a session under way."""
        ana, ben = self.people
        self.start_ms, self.bookings = await in_the_room(
            self.system, ana, ben, length_min=LENGTH_MIN
        )
        await self.system.move_to(self.start_ms + MINUTE)
        began = time.time()
        await asyncio.sleep(STEADY_S)
        now = time.time()
        seen = [await frames(person) for person in self.people]
        self.noise_s = max(longest_gap(each, began, now) for each in seen)

    async def recorded(self) -> list[PresenceEvent]:
        """What the store holds of this session: who was seen to come and go, and of their cameras."""
        (room, *_) = self.said[0].heard("room")[-1:]
        return await self.system.ledger.log_of(room["pair"])

    async def path(self) -> list[str]:
        asked = "document.documentElement.dataset.callPath"
        return [str(await person.page.evaluate(asked)) for person in self.people]

    async def generation(self) -> list[int]:
        asked = "document.documentElement.dataset.callGen"
        return [int(await person.page.evaluate(asked)) for person in self.people]

    async def carrier(self) -> Server:
        """The worker that carries them, by the port their browsers talk to."""
        (port, *_) = (await self.people[0].page.evaluate("probe.remotePorts()"))[-1:]
        return next(worker for worker in self.system.workers if worker.media_port == port)

    async def gaps(self, since: float, *, back_s: float = 1.0, within_s: float = 30) -> list[float]:
        """How long each saw nothing since then, once both have seen frames for a while again."""

        async def steady() -> bool:
            seen = await asyncio.gather(*map(frames, self.people))
            return all(_steady(each, since, back_s) for each in seen)

        await eventually(steady, within_s=within_s, every_s=0.2)
        until = time.time()
        return [longest_gap(await frames(each), since, until) for each in self.people]

    async def in_their_seats(self, since: float, within_s: float = 20) -> list[float]:
        """How long after that each page was told of its room again, by whichever hub."""

        async def both() -> bool:
            return None not in [said.heard_at("room", since) for said in self.said]

        await eventually(both, within_s=within_s, every_s=0.02)
        return [(said.heard_at("room", since) or 0.0) - since for said in self.said]

    async def hear_each_other(self, word: str) -> None:
        """A line each way arrives."""
        one, other = self.people
        for writer, reader in ((one, other), (other, one)):
            await writer.write(reader.name, f"{word} from {writer.name}")
            await reader.sees(f"{word} from {writer.name}")

    async def unharmed(self) -> None:
        """The session ends and is judged: it counts for both, and nobody is flagged."""
        end_ms = self.start_ms + LENGTH_MIN * MINUTE
        await self.system.move_to(end_ms)
        await self.system.move_to(end_ms + 5 * MINUTE + 1_000)
        await self.people[0].settled(self.bookings[0])
        for person, booking in zip(self.people, self.bookings, strict=True):
            assert await person.flags() == []
            assert (await person.call("GET", f"/bookings/{booking}"))["state"] == "done"
        self.nothing_private_is_logged()

    def nothing_private_is_logged(self) -> None:
        """What the processes wrote holds nothing of a description, and nobody's address or mail."""
        mails = [f"{person.name.lower()}@example.org" for person in self.people]
        found = [
            (server.roles, each)
            for server in self.system.servers
            for each in (*PRIVATE, *mails)
            if each in server.log
        ]
        assert found == []


class Charges:
    """What is told or recorded of two who do nothing but sit there: from here on, it is all unjust."""

    def __init__(self, couple: Couple, recorded: int, stalled: float) -> None:
        self._couple = couple
        self._since = time.time()
        self._recorded = recorded
        self._stalled = stalled

    @classmethod
    async def begin(cls, couple: Couple) -> Charges:
        return cls(couple, len(await couple.recorded()), await _stalled(couple.system))

    async def found(self) -> list[str]:
        """By the store's log, by the workers' own count, by what both pages were told."""
        recorded = (await self._couple.recorded())[self._recorded :]
        workers = await _stalled(self._couple.system) - self._stalled
        return [
            *(f"recorded {line.seen} by {line.witness}" for line in recorded),
            *(["a worker told of a leg that stalled"] if workers else []),
            *(f"told {what}" for said in self._couple.said for what in self._told(said)),
        ]

    def _told(self, said: Said) -> list[str]:
        told = said.heard("seats", self._since) + said.heard("room", self._since)
        seats = [seat for message in told for seat in (message["you"], message["them"])]
        faults = {
            "stalled": any(seat["stalled"] for seat in seats),
            "camera off": not all(seat["camera"] for seat in seats),
            "gone": not all(seat["here"] for seat in seats),
        }
        hints = [f"a hint: {hint['kind']}" for hint in said.heard("nudge", self._since)]
        return [*(name for name, so in faults.items() if so), *hints]


async def _stalled(system: System) -> float:
    """How often workers have told hubs of a leg that is silent."""
    told = [await worker.metrics() for worker in system.workers]
    return sum(each.get('cw_sfu_leg_states_total{state="stalled"}', 0.0) for each in told)


def _steady(instants: Sequence[float], since: float, back_s: float) -> bool:
    """Frames for so long up to now, without a hole that could be part of the gap."""
    now = time.time()
    if now - since < back_s:
        return False
    return longest_gap(instants, now - back_s, now) < back_s / 2


@contextlib.asynccontextmanager
async def a_couple(browsers: list[Browser], system: System) -> AsyncIterator[Couple]:
    """Two members of this instance in a running session."""
    number = next(_numbers)
    async with contextlib.AsyncExitStack() as stack:
        people = [
            await metered(await stack.enter_async_context(a_person(f"{name}{number}", at, system)))
            for name, at in zip(("Ana", "Ben"), browsers, strict=True)
        ]
        couple = Couple(system, (people[0], people[1]))
        try:
            await couple.sit_down()
            yield couple
        except BaseException:
            for person in people:
                await keep_evidence(person)
            raise

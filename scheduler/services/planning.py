"""The matching pass: when one is due, a slot is read, improved, and what came of it asked of the ledger.
Where names are told later, the pass at that moment tells them.

The ledger checks every step against what holds then, so a plan that was overtaken changes nothing. A
repeated event finds a slot that is as good as it can be.
"""

from __future__ import annotations

from scheduler.events import AnyEvent, PlanDue
from scheduler.plan import Slot, Stage
from scheduler.ports import Planner, Plans
from scheduler.rules import MINUTE_MS

TRIES = 2
"""A slot in which somebody booked or cancelled meanwhile is read once more."""


class Planning:
    """Reads the outbox, and improves the slots whose time has come."""

    def __init__(self, plans: Plans, planner: Planner) -> None:
        self._plans = plans
        self._planner = planner

    async def on_event(self, offset: str, event: AnyEvent) -> None:
        """Improve the slot of a pass that is due; leave the rest alone."""
        if not isinstance(event, PlanDue):
            return
        for _ in range(TRIES):
            slot = await self._plans.slot(event.start_ms, event.length_min)
            if await self._improved(slot, event.stage):
                break
        if event.stage == "reveal":
            # Whoever is matched from now on is told the name with the match.
            await self._plans.reveal([claim.booking for claim in slot.claims])

    async def _improved(self, slot: Slot, stage: Stage) -> bool:
        """Whether nothing is left to do: no step was refused."""
        steps = await self._planner.improve(slot, stage=stage, seed=seed_of(slot))
        done = await self._plans.apply(steps) if steps else []
        self._planner.count(stage, steps, done)
        return all(done)


def seed_of(slot: Slot) -> int:
    """Chance is the same whoever does the pass, and however often."""
    return slot.start_ms // MINUTE_MS * 1_000 + slot.length_min

"""The robots of a demo, together: they keep lights on the calendar and join whoever waits alone."""

from __future__ import annotations

import asyncio
import logging

import aiohttp

from loadtest.planner import Board, Cancel, Held, View, plan
from loadtest.web.api import Refusal
from loadtest.web.robot import Robot

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 10.0
"""How long without news until the robots look at the calendar anyway."""
BREATH_S = 2.0
"""The least time between two looks: a robot stays far below the limit of calls."""


class Robots:
    """The company of a demo. Needs a demo instance and its secret; touches nothing but its doors."""

    def __init__(
        self, base_url: str, secret: str, *, count: int = 3, loopback: bool = True
    ) -> None:
        self._news = asyncio.Event()
        self._robots = [
            Robot(base_url, secret, number, self._news, loopback=loopback)
            for number in range(count)
        ]
        self._yielded: set[int] = set()

    async def run(self) -> None:
        """Keep company until cancelled."""
        async with asyncio.TaskGroup() as group:
            for robot in self._robots:
                group.create_task(robot.run(), name=f"robot-{robot.number}")
            group.create_task(self._plan_for_ever(), name="robots-plan")

    async def _plan_for_ever(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            try:
                await self._plan_once()
            except (aiohttp.ClientError, TimeoutError, Refusal) as error:
                log.info("robots could not plan: %s", type(error).__name__)
            await asyncio.sleep(BREATH_S)

    async def _plan_once(self) -> None:
        robots = {robot.number: robot for robot in self._robots if robot.online}
        if not robots:
            return
        first = next(iter(robots.values()))
        assert first.instance is not None
        views = tuple([await robot.view() for robot in robots.values()])
        moves = plan(
            Board(
                now_ms=first.clock.now_ms(),
                grid_ms=first.instance.grid_ms,
                length_ms=first.instance.length_ms,
                views=views,
                yielded=frozenset(self._yielded),
            )
        )
        for move in moves:
            if isinstance(move, Cancel):
                self._remember(views, move)
            await robots[move.number].do(move)
        if moves:
            self._news.set()

    def _remember(self, views: tuple[View, ...], move: Cancel) -> None:
        """A start at which a robot gave way is not given away a second time."""
        held: list[Held] = [h for view in views for h in view.held if h.id == move.booking]
        self._yielded |= {h.start_ms for h in held if h.matched}

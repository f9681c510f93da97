"""Puts a hub into an aiohttp application."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator

from aiohttp import web

from scheduler.rules import Rules
from signalling.config import HubConfig
from signalling.ports import Accounts, Clock, Ledger, People, Standby
from signalling.web.checks import CheckDoor
from signalling.web.runner import Runner
from signalling.web.socket import Door


def add_hub(
    app: web.Application,
    *,
    rules: Rules,
    config: HubConfig,
    ledger: Ledger,
    accounts: Accounts,
    people: People,
    standby: Standby,
    clock: Clock,
) -> Runner:
    """Add GET /ws and POST /probe; the hub begins and ends with the application.

    `Runner.ready` is for /readyz, and the process has to end when `Runner.ended` raises.
    """
    runner = Runner(
        name=secrets.token_hex(8),
        rules=rules,
        config=config,
        ledger=ledger,
        accounts=accounts,
        people=people,
        standby=standby,
        clock=clock,
    )
    door = Door(runner, config)
    app.router.add_get("/ws", door.handle)
    checks = CheckDoor(rules, config, accounts, runner.sign_ins, runner.prober, clock)
    app.router.add_post("/probe", checks.handle)

    async def living(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(runner.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def drain(app: web.Application) -> None:
        await runner.drain()

    app.cleanup_ctx.append(living)
    app.on_shutdown.append(drain)
    return runner

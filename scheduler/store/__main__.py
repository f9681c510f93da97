"""What operators do to a store by hand: `python -m scheduler.store verify`, `members`.

`alongside.py` calls this with the address of its instance's store in REDIS_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Awaitable, Callable

import msgspec
from redis.asyncio import Redis

from scheduler import errors
from scheduler.rules import MINUTE_MS
from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.connection import ask, connect
from scheduler.store.ledger import Ledger
from scheduler.store.verify import Line, verify

TAG = os.environ.get("ALONGSIDE_TAG", "a")
HOUR_MS = 60 * MINUTE_MS

WELL, WRONG, IMPOSSIBLE = 0, 1, 2
"""Exit codes: nothing wrong, or done; violations; not possible."""


class Impossible(Exception):
    """What the operator asked for cannot be done; the text says why."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


async def check(redis: Redis, options: argparse.Namespace) -> int:
    """Print a line for each invariant, or one JSON object."""
    lines = await verify(redis, TAG)
    bad = sum(len(line.violations) for line in lines)
    if options.json:
        say(msgspec.json.encode({"violations": bad, "invariants": lines}).decode())
        return WRONG if bad else WELL
    for line in lines:
        say(str(line))
    say(_sum(lines, bad))
    return WRONG if bad else WELL


def _sum(lines: list[Line], bad: int) -> str:
    return f"checked {sum(line.checked for line in lines)} in {len(lines)} ways, violations {bad}"


async def suspend(redis: Redis, options: argparse.Namespace) -> int:
    """Pause matching for a member; coming sessions are cancelled, partners matched anew."""
    ledger = await _ledger(redis, options.member)
    until_ms = 0
    if options.hours is not None:
        until_ms = await ledger.now_ms() + round(options.hours * HOUR_MS)
    await ledger.suspend(f"operator:{secrets.token_hex(8)}", options.member, until_ms)
    until = f"for {options.hours:g} hours" if options.hours is not None else "until resumed"
    say(f"{options.member}: matching is paused {until}, coming sessions are cancelled")
    return WELL


async def resume(redis: Redis, options: argparse.Namespace) -> int:
    """Let matching go on for a member."""
    ledger = await _ledger(redis, options.member)
    await ledger.unsuspend(f"operator:{secrets.token_hex(8)}", options.member)
    say(f"{options.member}: matching goes on")
    return WELL


async def _ledger(redis: Redis, member: str) -> Ledger:
    """The ledger, as far as it knows the member."""
    async with watched("operator"):
        known = await ask(redis, "EXISTS", keys.account(TAG, member))
    if not known:
        raise Impossible(f"There is no member {member} here.")
    return Ledger(redis, tag=TAG)


async def _prepared(redis: Redis) -> None:
    """An empty store would be given default rules by the first call: it is none of ours."""
    async with watched("operator"):
        ours = await ask(redis, "HEXISTS", keys.meta(TAG), "rules")
    if not ours:
        raise Impossible("This store holds no instance of Alongside.")


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="alongside.py")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    verify_ = commands.add_parser("verify", help="look through the store for what must not be")
    verify_.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    verify_.set_defaults(run=check)
    members = commands.add_parser("members", help="pause matching for a member")
    acts = members.add_subparsers(metavar="ACT", required=True)
    pause = acts.add_parser("suspend", help="pause matching, and cancel coming sessions")
    pause.add_argument("member", metavar="MEMBER", help="the member's id")
    pause.add_argument("--hours", type=_hours, help="for so long; without, until resumed")
    pause.set_defaults(run=suspend)
    go_on = acts.add_parser("resume", help="let matching go on")
    go_on.add_argument("member", metavar="MEMBER", help="the member's id")
    go_on.set_defaults(run=resume)
    return parser.parse_args(arguments)


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours < 24 * 366 * 10:
        raise argparse.ArgumentTypeError("above 0, and ten years at most")
    return hours


async def run(url: str, options: argparse.Namespace) -> int:
    act: Callable[[Redis, argparse.Namespace], Awaitable[int]] = options.run
    redis = connect(url)
    try:
        await _prepared(redis)
        return await act(redis, options)
    finally:
        await redis.aclose()


def main(arguments: list[str], url: str) -> int:
    """Run one command on the store at this address."""
    options = read_arguments(arguments)
    try:
        return asyncio.run(run(url, options))
    except Impossible as problem:
        sys.stderr.write(f"{problem}\n")
    except (errors.SchedulerError, OSError) as problem:
        sys.stderr.write(f"The store did not do it: {problem}\n")
    return IMPOSSIBLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")))

"""Puts the Lua files together into the one library the store is given.

Shared files come first, in the order they build on each other; then every function file, each in a
block of its own, so that its helpers stay its own.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

NAME = "alongside_v1"
"""Raised, with the functions' suffix, when a change cannot serve processes of the release before."""
SUFFIX = "_v1"

FUNCTIONS = Path(__file__).parent / "functions"
SHARED = (
    *("keys", "call", "records", "people", "agenda", "pool", "matching", "swap"),
    *("presence", "asking", "company", "meeting"),
    *("apart", "refresh", "claims", "locking"),
)


@cache
def source() -> str:
    """The library as the store loads it. It ends in a function that tells its digest."""
    return f"#!lua name={NAME}\n{body()}\n{version_function(digest())}"


@cache
def digest() -> str:
    """What the loaded library answers when it is this one."""
    return hashlib.sha256(body().encode()).hexdigest()


@cache
def body() -> str:
    blocks = map(block, sorted(FUNCTIONS.glob("*.lua")))
    return "\n".join([*map(shared, SHARED), *blocks])


def shared(name: str) -> str:
    return (FUNCTIONS / "shared" / f"{name}.lua").read_text()


def block(path: Path) -> str:
    return f"do\n{path.read_text()}\nend"


def version_function(digest: str) -> str:
    return (
        f"redis.register_function{{ function_name = 'library{SUFFIX}', flags = {{ 'no-writes' }},"
        f" callback = function() return '{digest}' end }}"
    )

"""The keys that Python touches itself. The functions' own are in `functions/shared/keys.lua`.

All share one hash tag, so that one call may touch any of them, in a cluster too. The tag is what
tells two ledgers in one store apart.
"""

from __future__ import annotations


def root(tag: str) -> str:
    """What every key begins with, and the one key a function is given."""
    return "{" + tag + "}"


def meta(tag: str) -> str:
    """Hash: rules, clock offset, latest time told, counters, epoch."""
    return f"{root(tag)}:meta"


def outbox(tag: str) -> str:
    """Stream of events."""
    return f"{root(tag)}:out"


def dead_letters(tag: str) -> str:
    """Stream of events whose handler failed for good."""
    return f"{root(tag)}:dead"


def log(tag: str, pair: str) -> str:
    """List: a session's event log."""
    return f"{root(tag)}:log:{pair}"


def flags(tag: str, member: str) -> str:
    """Hash: `session:<pair>` or `cancel:<booking>` to flags."""
    return f"{root(tag)}:flags:{member}"


def kept(tag: str) -> str:
    """Hash: member to sessions kept."""
    return f"{root(tag)}:kept"

"""The words of a pair's negotiation: its phases, what pages are told, and why a picture stood still."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import msgspec

from signalling.commands import AnyCommand
from signalling.wire import Path

Cause = Literal["sfu_fail", "ice_restart", "drain", "network"]
"""Why a connection was replaced or restarted, as `cw_media_gap_seconds` has it."""


class Phase(Enum):
    IDLE = "idle"
    """Nothing to do until both pages are here."""
    WAITING = "waiting"
    """A pause before the next try, or no path to try."""
    CLAIMING = "claiming"
    """Both pages hold a relayed connection that an earlier hub made: whose is it?"""
    OPENING = "opening"
    """A worker makes the legs."""
    RUNNING = "running"
    """Both pages build this generation."""
    SETTLED = "settled"
    """Both pages have the partner's media."""
    RESTARTING = "restarting"
    """They had it; this generation's ICE begins anew."""


LASTING = (Phase.SETTLED, Phase.RESTARTING, Phase.CLAIMING)
"""Pages have this generation, and it is to be kept if it can be."""
HELD = (Phase.RUNNING, *LASTING)
"""Pages have this generation, or are building it."""


class Announce(msgspec.Struct, frozen=True):
    """Tell both pages to build this generation; or, with a `round`, to restart its ICE."""

    gen: int
    path: Path
    relay_only: bool = False
    round: int = 0
    side: int | None = None
    """The only page that is told, and offers."""
    blind: bool = False


Step = list[Announce | AnyCommand]

SHOWN_MAX_MS = 60_000
"""No page is believed to have waited longer."""


def shown_s(shown_ms: int) -> float:
    """How long a page says that it took, in seconds; within reason."""
    return min(max(shown_ms, 0), SHOWN_MAX_MS) / 1000

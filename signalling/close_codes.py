"""The WebSocket close codes of the hub, and what a page does about each.

The range says it, so that a page need not know every code: 40xx come back at once, with jitter;
41xx come back after ten seconds or more; 42xx do not come back unasked. Any other code (1001, 1006,
1011 …) counts as 40xx.
"""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """Why the hub closed a socket."""

    GOING_AWAY = 4000
    """The hub restarts."""
    SLOW = 4001
    """The page did not read fast enough; what it missed is told on resume."""
    RESYNC = 4002
    """The hub lost its own place in the outbox; the next welcome says what that means."""
    LATE_HELLO = 4100
    """No hello within five seconds."""
    FLOODING = 4101
    """Far more messages than a page sends."""
    BAD_FRAME = 4200
    """A frame that is no message; a `refused` with the exact code comes before it."""
    BAD_VERSION = 4201
    """The protocol's version differs: reload the page."""
    SIGNED_OUT = 4202
    """The sign-in ended, or there was none."""
    REPLACED = 4203
    """The same tab opened a newer socket."""
    TOO_MANY_TABS = 4204
    """The member opened more sockets than allowed; the oldest one goes."""

"""What a member sends of the call's figures when it goes badly: numbers under names we know, no more."""

from __future__ import annotations

from collections.abc import Mapping

from signalling.errors import Throttled

NAMES = frozenset(
    {"rtt_ms", "jitter_ms", "loss_per_mille", "fps", "width", "height", "in_kbps", "out_kbps"}
    | {"loss_out_per_mille", "fps_out"}
    | {"freezes", "frozen_ms", "gap_ms", "restarts", "moves", "silences", "first_frame_ms"}
    | {"relayed", "turn", "blind", "cpu_limited", "bandwidth_limited"}
)
VALUE_MAX = 10_000_000
SESSION_MAX = 3
"""So many a member and session."""


class Reports:
    """One member's, in one session."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self, figures: Mapping[str, int]) -> dict[str, int]:
        """What is to be logged, or `Throttled`."""
        if self._taken >= SESSION_MAX:
            raise Throttled
        self._taken += 1
        return {name: min(max(figures[name], -1), VALUE_MAX) for name in NAMES & figures.keys()}

"""What an instance may do to bring people together: ours as its rules say, and others to compare."""

from __future__ import annotations

import msgspec

from scheduler.rules import MINUTE_MS, Rules, of


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """When who is matched, named, and changed."""

    scored: bool = True
    """The best of those who wait, instead of the one who waits longest."""
    swaps: bool = True
    """Who finds nobody may take one of a pair whose other finds somebody who waits: while names are
    not known, and again from the pass on."""
    reveal_ms: int | None = None
    """How long before T names are told; None is at once."""
    pass_ms: int | None = None
    """How long before T the pass runs that matches more; None is never."""
    lock_until_ms: int
    """Until how long before T a lock-in may break a match."""

    def hidden(self, now_ms: int) -> bool:
        """Whether a pair made by chance does not know its names yet."""
        return self.reveal_ms is not None and now_ms < -self.reveal_ms

    def may_swap(self, now_ms: int) -> bool:
        near = self.pass_ms is not None and now_ms >= -self.pass_ms
        return self.swaps and (near or self.hidden(now_ms))


def policy(rules: Rules) -> Policy:
    """What an instance with these rules does."""
    return Policy(
        reveal_ms=rules.reveal_ms, pass_ms=rules.pass_ms, lock_until_ms=rules.lock_until_ms
    )


SHIPPED = policy(of())
HOUR_MS = 60 * MINUTE_MS

POLICIES: dict[str, Policy] = {
    "first-come": Policy(scored=False, swaps=False, lock_until_ms=SHIPPED.lock_until_ms),
    "greedy": Policy(swaps=False, lock_until_ms=SHIPPED.lock_until_ms),
    "ours": SHIPPED,
    "ours-names-t60": msgspec.structs.replace(SHIPPED, reveal_ms=HOUR_MS),
    "ours-locks-t60": msgspec.structs.replace(SHIPPED, lock_until_ms=HOUR_MS),
    "ours-preset-t60": policy(of(reveal="t60")),
    "ours-preset-t2": policy(of(reveal="t2")),
}

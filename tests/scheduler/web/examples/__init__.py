"""One example of each call, as `docs/api.md` shows it and `tests/golden/api` keeps it.

Made by the same views as real answers, from a small invented world: one module a topic.
"""

from __future__ import annotations

from typing import Any

from tests.scheduler.web.examples import (
    account,
    bookings,
    dev,
    invites,
    messages,
    people,
    repeats,
    tools,
)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    **account.EXAMPLES,
    **bookings.EXAMPLES,
    **people.EXAMPLES,
    **invites.EXAMPLES,
    **repeats.EXAMPLES,
    **messages.EXAMPLES,
    **tools.EXAMPLES,
    **dev.EXAMPLES,
}
"""Request and answer, by route; routes without either have none."""

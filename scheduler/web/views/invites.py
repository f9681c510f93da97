"""How invites look on the wire."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.people import Held, Invite
from scheduler.web.schemas import Named, instant
from scheduler.web.schemas.invites import HeldTime, InviteView


def invite(found: Invite, names: Mapping[str, str]) -> InviteView:
    """An invite to whoever may see it; `names` are those of the two."""
    return InviteView(
        id=found.id,
        kind=found.kind,
        by=_named(found.by, names),
        to=_named(found.to, names) if found.to else None,
        always=found.always,
        start=instant(found.start_ms) if found.start_ms else None,
        length_min=found.length_min,
        created=instant(found.created_ms),
        expires=instant(found.expires_ms),
        uses=found.uses,
    )


def held(found: Held) -> HeldTime:
    return HeldTime(
        start=instant(found.start_ms),
        length_min=found.length_min,
        until=instant(found.until_ms),
    )


def _named(member: str, names: Mapping[str, str]) -> Named:
    return Named(id=member, name=names.get(member, ""))

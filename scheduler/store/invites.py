"""Invites: ways past a member's availability setting, and past nothing else.

A link is known here by its hash alone. `Ledger.lock_in` checks an invite and counts its use in the call that
locks in; `Ledger.hold` keeps a slot for who comes by a link and signs up.
"""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.people import FreeTime, Invite, InviteKind
from scheduler.store.calls import Caller, unpack

TIMES_MOST = 200
"""Bookings looked at for the times of an invite."""

_pack = msgspec.msgpack.Encoder().encode


class InviteStore:
    """Making, turning off and reading invites."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls

    async def create(
        self,
        request_id: str,
        member: str,
        kind: InviteKind,
        *,
        to: str | None = None,
        start_ms: int = 0,
        length_min: int = 0,
        always: bool = False,
        token_hash: str = "",
    ) -> Invite:
        """Make one. A new personal link turns the one before off; one for a member needs their id and a slot."""
        asked: dict[str, Any] = {
            "kind": kind,
            "to": to or "",
            "start_ms": start_ms,
            "length_min": length_min,
            "always": always,
            "token": token_hash,
        }
        answer = await self._calls.command("invite", request_id, member, _pack(asked))
        return unpack(answer, Invite)

    async def revoke(self, request_id: str, member: str, invite: str) -> Invite:
        """Turn an own invite off, or decline one that is for this member."""
        return unpack(
            await self._calls.command("revoke_invite", request_id, member, invite), Invite
        )

    async def mine(self, member: str) -> list[Invite]:
        """The own ones that were not turned off and have not expired, the first to expire first."""
        return unpack(await self._calls.read("invites", member), list[Invite])

    async def by_token(self, token_hash: str) -> Invite:
        """The invite of a link; `NotFound` alike if there is none, or it is off, expired or used up."""
        return unpack(await self._calls.read("invite_by_token", token_hash), Invite)

    async def spent(self, token_hash: str) -> Invite:
        """The invite of a link for one use that was used; `NotFound` for every other."""
        return unpack(await self._calls.read("invite_spent", token_hash), Invite)

    async def for_me(self, member: str) -> list[Invite]:
        """What others invite this member to, as far as it can be followed now."""
        return unpack(await self._calls.read("invites_for", member), list[Invite])

    async def times(
        self, invite: str, viewer: str | None, from_ms: int, to_ms: int, *, holder: str = ""
    ) -> list[FreeTime]:
        """What the invite offers; to nobody who has signed in when `viewer` is None. `NotFound` if it is off.
        With what is held by the key of the hash `holder`."""
        answer = await self._calls.read(
            "invite_times", invite, viewer or "", from_ms, to_ms, TIMES_MOST, holder
        )
        return unpack(answer, list[FreeTime])

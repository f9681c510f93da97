"""Accounts, sign-in links and sign-in sessions in the store.

Tokens and cookies are known here by their hashes only. A link is spent by reading it, in one step,
so that of two who follow it at once one gets in. Signing out appends its event to the outbox in the
same transaction that ends the session: hubs close its sockets.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.accounts import Account, Member, SignedIn
from scheduler.errors import NotFound, Unavailable
from scheduler.events import SignedOut
from scheduler.ports import Clock
from scheduler.rules import DAY_MS
from scheduler.signin import (
    LINK_MS,
    TOUCH_MS,
    Link,
    Session,
    hash_of,
    link_lives,
    session_left_ms,
    session_lives,
)
from scheduler.store import keys, outbox
from scheduler.store.calls import watched
from scheduler.store.replicas import Command, Replicas

SCRIPTS = Path(__file__).parent / "scripts"
SWAPS = 8
"""How often a change of an account is tried anew because another came between."""
CHECKIN_MS = 90 * DAY_MS
"""How long a check-in is kept."""

_accounts = msgspec.json.Decoder(Account)
_links = msgspec.json.Decoder(Link)
_sessions = msgspec.json.Decoder(Session)


class AccountStore:
    """Everything about members that is not the ledger's."""

    def __init__(self, redis: Redis, *, tag: str, clock: Clock, replicas: Replicas) -> None:
        self._redis = redis
        self._tag = tag
        self._replicas = replicas
        self._clock = clock
        self._sign_up: Any = redis.register_script((SCRIPTS / "sign_up.lua").read_text())
        self._swap: Any = redis.register_script((SCRIPTS / "swap.lua").read_text())

    # Accounts.

    async def account(self, member: str) -> Account:
        """One account, or `NotFound`."""
        async with watched("account"):
            raw = await self._redis.get(keys.account(self._tag, member))
        if raw is None:
            raise NotFound(field="member")
        return _accounts.decode(raw)

    async def accounts(self, members: Iterable[str]) -> dict[str, Account]:
        """These accounts by member; who is unknown is absent."""
        wanted = sorted(set(members))
        if not wanted:
            return {}
        async with watched("accounts"):
            found = await self._redis.mget([keys.account(self._tag, each) for each in wanted])
        return {each: _accounts.decode(raw) for each, raw in zip(wanted, found, strict=True) if raw}

    async def sign_up(self, mail_hash: str, fresh: Account) -> Account:
        """The account of a mail address; `fresh` if the address is new here."""
        places = [keys.mail(self._tag, mail_hash), keys.account(self._tag, fresh.id)]
        async with watched("sign_up"):
            member = await self._sign_up(keys=places, args=[fresh.id, msgspec.json.encode(fresh)])
        return fresh if member.decode() == fresh.id else await self.account(member.decode())

    async def known(self, mail_hash: str) -> str | None:
        """The member of a mail address."""
        async with watched("known"):
            member: Any = await self._redis.get(keys.mail(self._tag, mail_hash))
        return member.decode() if member else None

    async def change(self, member: str, edit: Callable[[Account], Account]) -> Account:
        """Apply a pure edit to an account; what `edit` raises changes nothing."""
        place = keys.account(self._tag, member)
        for _ in range(SWAPS):
            async with watched("account"):
                raw = await self._redis.get(place)
            if raw is None:
                raise NotFound(field="member")
            changed = edit(_accounts.decode(raw))
            async with watched("swap"):
                if await self._swap(keys=[place], args=[raw, msgspec.json.encode(changed)]):
                    return changed
        raise Unavailable

    async def member(self, member: str) -> Member:
        """A member as others may know them, or `NotFound`."""
        account = await self.account(member)
        async with watched("kept"):
            kept = await self._redis.hget(keys.kept(self._tag), member)
        return Member(
            id=account.id,
            name=account.name,
            zone=account.zone,
            sessions=int(kept or 0),
            hide_address=account.hide_address,
            private_calls=account.private_calls,
        )

    # Links.

    async def keep_link(self, token: str, mail: str, *, hold: str = "") -> None:
        """Remember what a token is worth."""
        link = Link(mail=mail, made_ms=self._clock.now_ms(), hold=hold)
        place = keys.link(self._tag, hash_of(token))
        async with watched("keep_link"):
            await self._redis.set(place, msgspec.json.encode(link), px=LINK_MS)

    async def spend_link(self, token: str) -> Link | None:
        """What a token is worth, once; None if it is unknown, used or too old."""
        async with watched("spend_link"):
            raw = await self._redis.getdel(keys.link(self._tag, hash_of(token)))
        link = _links.decode(raw) if raw else None
        return link if link and link_lives(link, self._clock.now_ms()) else None

    # Sessions.

    async def open_session(self, cookie: str, member: str) -> SignedIn:
        """Sign a browser in."""
        now_ms, hashed = self._clock.now_ms(), hash_of(cookie)
        async with watched("open_session"):
            era = int(await self._redis.get(keys.era(self._tag, member)) or 0)
            session = Session(member=member, made_ms=now_ms, used_ms=now_ms, era=era)
            await self._write(hashed, session, now_ms)
        return SignedIn(member=member, session=hashed)

    async def signed_in(self, cookie: str) -> SignedIn | None:
        """Whose sign-in cookie this is."""
        if not cookie:
            return None
        hashed = hash_of(cookie)
        session = await self._session(hashed)
        if session is None:
            return None
        await self._touch(hashed, session)
        return SignedIn(member=session.member, session=hashed)

    async def _session(self, hashed: str) -> Session | None:
        async with watched("signed_in"):
            raw = await self._redis.get(keys.session(self._tag, hashed))
            if raw is None:
                return None
            session = _sessions.decode(raw)
            era = int(await self._redis.get(keys.era(self._tag, session.member)) or 0)
        lives = session.era == era and session_lives(session, self._clock.now_ms())
        return session if lives else None

    async def _touch(self, hashed: str, session: Session) -> None:
        now_ms = self._clock.now_ms()
        if now_ms - session.used_ms > TOUCH_MS:
            async with watched("touch"):
                used = msgspec.structs.replace(session, used_ms=now_ms)
                await self._write(hashed, used, now_ms, again=True)

    async def _write(
        self, hashed: str, session: Session, now_ms: int, *, again: bool = False
    ) -> None:
        # `again` writes over an existing session only: one signed out meanwhile must stay out.
        await self._redis.set(
            keys.session(self._tag, hashed),
            msgspec.json.encode(session),
            px=session_left_ms(session, now_ms),
            xx=again,
        )

    async def sign_out(self, who: SignedIn) -> None:
        """End one session."""
        told = SignedOut(at_ms=self._clock.now_ms(), member=who.member, session=who.session)
        async with watched("sign_out"):
            await self._replicas.step(
                ("DEL", keys.session(self._tag, who.session)), self._telling(told)
            )

    async def sign_out_everywhere(self, member: str) -> None:
        """End all sessions of a member."""
        told = SignedOut(at_ms=self._clock.now_ms(), member=member)
        async with watched("sign_out"):
            await self._replicas.step(("INCR", keys.era(self._tag, member)), self._telling(told))

    def _telling(self, event: SignedOut) -> Command:
        fields = itertools.chain.from_iterable(outbox.encode(event).items())
        return ("XADD", keys.outbox(self._tag), "MAXLEN", "~", outbox.MAXLEN, "*", *fields)

    # Check-ins.

    async def keep_checkin(self, booking: str, packed: bytes) -> None:
        """How a session went, in the owner's words."""
        async with watched("checkin"):
            await self._redis.set(keys.checkin(self._tag, booking), packed, px=CHECKIN_MS)

    async def checkin(self, booking: str) -> bytes | None:
        """What `keep_checkin` kept."""
        async with watched("checkin"):
            packed: Any = await self._redis.get(keys.checkin(self._tag, booking))
        return None if packed is None else bytes(packed)

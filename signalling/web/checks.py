"""POST /probe: by which servers and to which worker a device check may send packets of its own."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from media import control
from scheduler.rules import Rules
from signalling import ice
from signalling.config import HubConfig, IceConfig
from signalling.ports import Accounts, Clock, Member
from signalling.web.prober import Prober
from signalling.web.sign_ins import SignIns
from signalling.wire import IceServer

CREDENTIALS_MS = 60_000
"""How long those of a check may be used to begin with: it takes seconds."""

Relayed = Literal["", "hidden", "all"]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a page may try."""

    ice_servers: list[IceServer]
    leg: control.Leg | None
    """A worker's end that answers connectivity checks, and nothing else, for some seconds. None: no
    worker has room for that now."""
    relayed: Relayed
    """Why no call of this member goes from page to page, if that is so: they hide their address, or
    nobody's does here."""


class CheckDoor:
    """Lets signed-in members of our own pages try their line."""

    def __init__(
        self,
        rules: Rules,
        config: HubConfig,
        accounts: Accounts,
        sign_ins: SignIns,
        prober: Prober,
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._config = config
        self._accounts = accounts
        self._sign_ins = sign_ins
        self._prober = prober
        self._clock = clock

    async def handle(self, request: web.Request) -> web.Response:
        """The aiohttp handler."""
        # As with the socket: a foreign page's script has the cookie, but not our origin.
        if request.headers.get("Origin") not in self._config.origins:
            raise web.HTTPForbidden(text="foreign_origin")
        member = await self._member(request.cookies.get(self._config.cookie, ""))
        leg = await self._prober.leg(member.id)
        body = msgspec.json.encode(self._offer(member, leg))
        return web.Response(
            body=body, content_type="application/json", headers={"Cache-Control": "no-store"}
        )

    async def _member(self, cookie: str) -> Member:
        try:
            signed_in = await self._sign_ins.look_up(cookie) if cookie else None
            member = await self._accounts.member(signed_in.member) if signed_in else None
        except Exception:  # Whatever ails the store; what it was is in the log.
            raise web.HTTPServiceUnavailable(text="unavailable") from None
        if member is None:
            raise web.HTTPUnauthorized(text="signed_out")
        return member

    def _offer(self, member: Member, leg: control.Leg | None) -> Offer:
        relayed = self._relayed(member)
        servers = ice.servers(_for_a_check(self._config.ice, relayed), member.id, self._now_ms())
        return Offer(ice_servers=servers, leg=leg, relayed=relayed)

    def _relayed(self, member: Member) -> Relayed:
        if member.hide_address:
            return "hidden"
        return "all" if self._rules.media_direct == "nobody" else ""

    def _now_ms(self) -> int:
        return self._clock.now_ms()


def _for_a_check(config: IceConfig, relayed: Relayed) -> IceConfig:
    """Whoever is never connected directly need not find out how the world sees their address."""
    kept = () if relayed else config.stun_urls
    return msgspec.structs.replace(config, stun_urls=kept, turn_ttl_ms=CREDENTIALS_MS)

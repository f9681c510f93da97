"""POST /probe: by which servers and to which worker a device check may send packets of its own."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from media import control
from scheduler.accounts import welcomed
from scheduler.rules import Rules
from signalling import ice
from signalling.config import HubConfig, IceConfig
from signalling.ports import Account, Accounts, Clock
from signalling.rate_limit import Allowances
from signalling.web.addresses import origin_of
from signalling.web.prober import Prober
from signalling.web.sign_ins import SignIns
from signalling.wire import IceServer

CREDENTIALS_MS = 60_000
"""How long those of a check may be used to begin with: it takes seconds."""

PER_MEMBER = 6
"""Checks a minute: somebody who tries again and again, in a few tabs."""
PER_ADDRESS = 60
"""Checks a minute from one place, before anybody is asked whose they are."""

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
    """Lets welcomed members, on our own pages, try their line a few times a minute."""

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
        self._members = Allowances(PER_MEMBER)
        self._places = Allowances(PER_ADDRESS)

    async def handle(self, request: web.Request) -> web.Response:
        """The aiohttp handler."""
        # As with the socket: a foreign page's script has the cookie, but not our origin.
        if request.headers.get("Origin") not in self._config.origins:
            raise web.HTTPForbidden(text="foreign_origin")
        self._take(self._places, origin_of(request, self._config.proxies))
        account = await self._account(request.cookies.get(self._config.cookie, ""))
        if not welcomed(account, self._rules):
            raise web.HTTPForbidden(text="not_welcomed")
        leg = await self._prober.leg(account.id)
        body = msgspec.json.encode(self._offer(account, leg))
        return web.Response(
            body=body, content_type="application/json", headers={"Cache-Control": "no-store"}
        )

    def _take(self, allowances: Allowances, who: str) -> None:
        if not allowances.take(who, self._now_ms()):
            raise web.HTTPTooManyRequests(text="too_many")

    async def _account(self, cookie: str) -> Account:
        try:
            signed_in = await self._sign_ins.look_up(cookie) if cookie else None
            if signed_in is None:
                raise web.HTTPUnauthorized(text="signed_out")
            self._take(self._members, signed_in.member)
            return await self._accounts.account(signed_in.member)
        except web.HTTPException:
            raise
        except Exception:  # Whatever ails the store; what it was is in the log.
            raise web.HTTPServiceUnavailable(text="unavailable") from None

    def _offer(self, account: Account, leg: control.Leg | None) -> Offer:
        relayed = self._relayed(account)
        servers = ice.servers(_for_a_check(self._config.ice, relayed), account.id, self._now_ms())
        return Offer(ice_servers=servers, leg=leg, relayed=relayed)

    def _relayed(self, account: Account) -> Relayed:
        if account.hide_address:
            return "hidden"
        return "all" if self._rules.media_direct == "nobody" else ""

    def _now_ms(self) -> int:
        return self._clock.now_ms()


def _for_a_check(config: IceConfig, relayed: Relayed) -> IceConfig:
    """Whoever is never connected directly need not find out how the world sees their address."""
    kept = () if relayed else config.stun_urls
    return msgspec.structs.replace(config, stun_urls=kept, turn_ttl_ms=CREDENTIALS_MS)

"""Signing in and out; and the demo's doors, where one is somebody by one click."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from scheduler.accounts import Account, SignedIn, welcomed
from scheduler.config import Config
from scheduler.demo import demo_person
from scheduler.errors import BadToken, NotFound
from scheduler.ports import Accounts, Clock, Holds, Ledger, SignInMail
from scheduler.services.members import Members
from scheduler.signin import TOKEN_BYTES, hash_of, keyed_hash, member_id, token_of

ID_BYTES = 9


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that succeeded: the cookie for the browser, and who it is."""

    cookie: str
    who: SignedIn
    account: Account


class SignIns:
    """Who may come in, and who they are from then on."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        accounts: Accounts,
        holds: Holds,
        members: Members,
        mail: SignInMail,
        clock: Clock,
        config: Config,
        random: Callable[[int], bytes],
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._holds = holds
        self._members = members
        self._mail = mail
        self._clock = clock
        self._config = config
        self._random = random

    async def request_link(self, mail: str, next_path: str, hold: str = "") -> None:
        """Send a sign-in link. Known or not, an address gets the same letter by the same work.

        `hold` is the key to a slot that whoever asks holds through an invite's link. The letter says which comes
        along, and the page asks for one press there: anybody may ask for a link to anybody's address.
        """
        token = token_of(self._random(TOKEN_BYTES))
        held = await self._holds.by_key(hash_of(hold)) if hold else None
        await self._accounts.keep_link(token, mail, hold=held.holder if held else "")
        self._mail.send_link(mail=mail, token=token, next_path=next_path, held=held)

    async def sign_in(self, token: str) -> Entry:
        """Spend a link's token; the first sign-in of an address makes its account."""
        link = await self._accounts.spend_link(token)
        if link is None:
            raise BadToken
        account = await self._sign_up(link.mail)
        await self._hand_over(account.id, link.hold)
        return await self._enter(account)

    async def _hand_over(self, member: str, holder: str) -> None:
        """A slot that was held in another browser is the member's from now on."""
        held = await self._holds.by_key(holder) if holder else None
        if held:
            await self._holds.give(member, held)

    async def _sign_up(self, mail: str) -> Account:
        fresh = Account(
            id=member_id(self._random(ID_BYTES)), mail=mail, created_ms=self._clock.now_ms()
        )
        return await self._accounts.sign_up(self._mail_hash(mail), fresh)

    def _mail_hash(self, mail: str) -> str:
        return keyed_hash(self._config.secret, "mail", mail)

    async def _enter(self, account: Account) -> Entry:
        cookie = token_of(self._random(TOKEN_BYTES))
        who = await self._accounts.open_session(cookie, account.id)
        return Entry(cookie=cookie, who=who, account=account)

    async def signed_in(self, cookie: str) -> SignedIn | None:
        """Whose cookie this is."""
        return await self._accounts.signed_in(cookie)

    async def sign_out(self, who: SignedIn) -> None:
        """End this sign-in; its sockets close."""
        await self._accounts.sign_out(who)

    async def sign_out_everywhere(self, member: str) -> None:
        """End all sign-ins of a member."""
        await self._accounts.sign_out_everywhere(member)

    # The demo.

    async def sign_in_as(self, who: str, number: int) -> Entry:
        """One-click sign-in of a demo person; robots keep out of each other's way."""
        self._demo_only()
        person = demo_person(who, number, self._config.rules)
        account = await self._sign_up(person.mail)
        if not welcomed(account, self._config.rules):
            account = await self._members.change(account.id, person.welcome)
        for other in person.avoids:
            known = await self._accounts.known(self._mail_hash(other))
            if known:
                await self._ledger.block(f"robots:{known}", account.id, known)
        return await self._enter(account)

    async def move_clock(self, advance_s: int) -> int:
        """Travel forward in time; gives the new time."""
        self._demo_only()
        now_ms = await self._ledger.move_clock(advance_s * 1_000)
        await self._clock.sync()
        return now_ms

    def _demo_only(self) -> None:
        if not self._config.demo:
            raise NotFound

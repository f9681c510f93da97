"""The use cases of members: sign in, complete the account, book, look, check in; and the judging of sessions.

Each awaits the stores it was handed and nothing else; what is decided, is decided in the pure
modules. Everything may be asked again without harm: sign-ups and sign-outs by their nature,
bookings by their request id, verdicts because the ledger writes each once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import msgspec

from scheduler import accounts as rules_of
from scheduler.accounts import Account, Changes, Member, SignedIn
from scheduler.bookings import Booking, State, WaitingSlot, Wish
from scheduler.checkins import Checkin, checked
from scheduler.config import Config
from scheduler.demo import demo_person
from scheduler.errors import AlreadyOver, BadToken, InThePast, NotFound, Overlap, SchedulerError
from scheduler.events import AnyEvent, Cancelled, Closed
from scheduler.flags import Flag
from scheduler.judge import judge, judge_cancel
from scheduler.ports import Accounts, Clock, Ledger, SignInMail
from scheduler.presence import PresenceEvent
from scheduler.rules import Rules
from scheduler.signin import TOKEN_BYTES, keyed_hash, member_id, token_of
from scheduler.timeline import in_order

SOON_TRIES = 5
"""How often "as soon as possible" looks again because the slot it found was taken meanwhile."""
ID_BYTES = 9


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that succeeded: the cookie for the browser, and who it is."""

    cookie: str
    who: SignedIn
    account: Account


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A flag, and what was seen of both in that session."""

    flag: Flag
    log: list[PresenceEvent]


class Judging:
    """Reads the outbox, and judges what ended. A repeated event changes nothing."""

    def __init__(self, ledger: Ledger, rules: Rules) -> None:
        self._ledger = ledger
        self._rules = rules

    async def on_event(self, offset: str, event: AnyEvent) -> None:
        """Judge a session that closed, or a booking that was cancelled; leave the rest alone."""
        match event:
            case Closed():
                await self._judge(event.pair)
            case Cancelled():
                await self._judge_cancel(event)

    async def _judge(self, id: str) -> None:
        pair = await self._ledger.pair(id)
        if not pair.dissolved:
            log = await self._ledger.log_of(id)
            outages = await self._ledger.outages(
                pair.start_ms - self._rules.doors_open_ms, pair.end_ms + self._rules.doors_close_ms
            )
            flags = judge(pair, log, self._rules, outages)
            await self._ledger.settle(id, flags, lines=len(log))

    async def _judge_cancel(self, event: Cancelled) -> None:
        flag = judge_cancel(event, self._rules)
        if flag:
            await self._ledger.flag_late_cancel(flag)


class Service:
    """What members can do. One of these serves a process."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        accounts: Accounts,
        mail: SignInMail,
        clock: Clock,
        config: Config,
        random: Callable[[int], bytes],
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._mail = mail
        self._clock = clock
        self._config = config
        self._random = random
        self._judging = Judging(ledger, config.rules)

    # Signing in.

    async def request_link(self, mail: str, next_path: str) -> None:
        """Send a sign-in link. Known or not, an address gets the same letter by the same work."""
        token = token_of(self._random(TOKEN_BYTES))
        await self._accounts.keep_link(token, mail)
        self._mail.send_link(mail=mail, token=token, next_path=next_path)

    async def sign_in(self, token: str) -> Entry:
        """Spend a link's token; the first sign-in of an address makes its account."""
        link = await self._accounts.spend_link(token)
        if link is None:
            raise BadToken
        return await self._enter(await self._sign_up(link.mail))

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

    # Accounts.

    async def account(self, member: str) -> Account:
        return await self._accounts.account(member)

    async def change(self, member: str, changes: Changes) -> Account:
        """Change the own account; matching follows."""
        edit = functools.partial(rules_of.change, changes=changes, rules=self._config.rules)
        changed = await self._accounts.change(member, edit)
        # Told even if nothing of it changed, so that trying again mends a call that was cut off.
        await self._ledger.set_profile(
            f"v{changed.version}", member, changed.profile, version=changed.version
        )
        return changed

    async def people(self, members: Iterable[str]) -> dict[str, Member]:
        """These members as others may know them."""
        found = await self._accounts.accounts(members)
        kept = await self._ledger.kept_of(list(found))
        return {
            id: Member(
                id=id,
                name=account.name,
                zone=account.zone,
                sessions=kept.get(id, 0),
                hide_address=account.hide_address,
            )
            for id, account in found.items()
        }

    async def kept(self, member: str) -> int:
        """Sessions this member kept so far."""
        return (await self._ledger.kept_of([member])).get(member, 0)

    # Bookings.

    async def book_all(
        self, request_id: str, member: str, wishes: list[Wish]
    ) -> list[Booking | SchedulerError]:
        """Book each wish by itself: one outcome each, in order."""
        return [
            await self._book_one(f"{request_id}:{number}", member, wish)
            for number, wish in enumerate(wishes)
        ]

    async def _book_one(self, request_id: str, member: str, wish: Wish) -> Booking | SchedulerError:
        try:
            return await self._ledger.book(request_id, member, wish)
        except SchedulerError as refusal:
            return refusal

    async def book_soon(self, request_id: str, member: str, length_min: int) -> Booking:
        """Book the soonest start, beside somebody who waits if there is one."""
        for _ in range(SOON_TRIES - 1):
            try:
                return await self._book_soonest(request_id, member, length_min)
            except (InThePast, Overlap):
                continue
        return await self._book_soonest(request_id, member, length_min)

    async def _book_soonest(self, request_id: str, member: str, length_min: int) -> Booking:
        # One request id for all tries: the ledger remembers the one that worked and answers a repeat with it.
        start_ms = await self._ledger.soonest(member, length_min)
        wish = Wish(start_ms=start_ms, length_min=length_min)
        asked = f"soon:{length_min}"
        return await self._ledger.book(f"{request_id}:soon", member, wish, asked=asked)

    async def cancel(self, request_id: str, member: str, booking: str) -> Booking:
        return await self._ledger.cancel(request_id, member, booking)

    async def booking(self, member: str, booking: str) -> Booking:
        """One own booking; somebody else's is `NotFound` like one that never was."""
        found = await self._ledger.booking(booking)
        if found.member != member:
            raise NotFound(field="booking")
        return found

    async def bookings(self, member: str, from_ms: int, to_ms: int) -> list[Booking]:
        return await self._ledger.bookings_of(member, from_ms, to_ms)

    async def slots(
        self, member: str, from_ms: int, to_ms: int, length_min: int
    ) -> list[WaitingSlot]:
        """Where somebody waits whom this member may meet."""
        return await self._ledger.waiting(member, from_ms, to_ms, length_min)

    async def keep_checkin(self, member: str, booking: str, checkin: Checkin) -> None:
        """Keep how an own session went."""
        own = await self.booking(member, booking)
        if own.state is State.CANCELLED:
            raise AlreadyOver(field="booking", state=own.state.value)
        packed = msgspec.json.encode(checked(checkin, self._config.rules))
        await self._accounts.keep_checkin(booking, packed)

    async def checkin(self, member: str, booking: str) -> Checkin:
        """What was kept of an own session; empty if nothing was."""
        await self.booking(member, booking)
        packed = await self._accounts.checkin(booking)
        return msgspec.json.decode(packed, type=Checkin) if packed else Checkin()

    # Flags.

    async def flags(self, member: str) -> list[Evidence]:
        """A member's flags with their evidence, the newest first."""
        return [
            Evidence(flag=flag, log=in_order(await self._ledger.log_of(flag.pair)))
            for flag in await self._ledger.flags_of(member)
        ]

    async def on_event(self, offset: str, event: AnyEvent) -> None:
        """What the outbox tells, for the judge."""
        await self._judging.on_event(offset, event)

    # The demo.

    async def sign_in_as(self, who: str, number: int) -> Entry:
        """One-click sign-in of a demo person; robots keep out of each other's way."""
        self._demo_only()
        person = demo_person(who, number, self._config.rules)
        account = await self._sign_up(person.mail)
        if not rules_of.welcomed(account, self._config.rules):
            account = await self.change(account.id, person.welcome)
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

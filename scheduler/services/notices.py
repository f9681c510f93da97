"""Notices: events become mails, each thing once, when the dust has settled.

A consumer of the outbox puts notices into a queue; a worker sends what is due. A letter's id is made from
what it says, so that one sent twice, because a process died in between, is recognised as the same.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from scheduler.accounts import Account
from scheduler.bookings import Booking, State
from scheduler.calendars import Method, Place, mailed
from scheduler.cancelling import late_cancel_from_ms, release_until_ms
from scheduler.errors import NotFound
from scheduler.events import AnyEvent
from scheduler.mail.letters import Letter, notice_letter
from scheduler.notices import (
    OF_BOOKINGS,
    OF_TIME,
    OLD_MS,
    Kind,
    Mailed,
    Notice,
    Other,
    Told,
    Words,
    booking_words,
    news,
    notices_of,
    outlived,
    people_words,
    reminder_words,
    told_of,
    unasked,
    wanted,
)
from scheduler.ports import Accounts, Clock, Ledger, Threads
from scheduler.rules import MINUTE_MS, Rules
from scheduler.timeline import story_of
from scheduler.work import Later, Piece

PAUSES_MS = tuple(minutes * MINUTE_MS for minutes in (1, 5, 30, 120, 360))
"""Before each further try of a letter that the mail server would not take."""


class Store(Protocol):
    """`scheduler.store.notices.NoticeStore`."""

    async def put(self, key: str, packed: bytes, due_ms: int) -> None: ...
    async def told(self, booking: str) -> Told | None: ...
    async def tell(self, booking: str, told: Told) -> None: ...
    async def begin(self, key: str, fresh: Mailed) -> bool: ...
    async def sent(self, key: str, done: Mailed) -> None: ...


class Carrier(Protocol):
    """`scheduler.mail.post.Courier`."""

    async def carry(self, letter: Letter) -> bool: ...


LIVE = frozenset({State.WAITING, State.MATCHED})

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Notice).decode


class Notifier:
    """Tells members by mail what happened while they were not looking."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        accounts: Accounts,
        threads: Threads,
        store: Store,
        carrier: Carrier,
        clock: Clock,
        place: Place,
        rules: Rules,
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._threads = threads
        self._store = store
        self._carrier = carrier
        self._clock = clock
        self._place = place
        self._rules = rules

    async def on_event(self, offset: str, event: AnyEvent) -> None:
        """Queue what this event gives to tell."""
        for notice in notices_of(event):
            if await self._is_fresh(notice):
                await self._store.put(notice.key, _pack(notice), notice.due_ms)

    async def _is_fresh(self, notice: Notice) -> bool:
        """Whoever reads the outbox from its beginning mails nobody their history. A calendar that knows a
        booking is put right however late."""
        if self._clock.now_ms() - notice.at_ms <= OLD_MS:
            return True
        return notice.kind in OF_BOOKINGS and await self._store.told(notice.booking) is not None

    async def send(self, piece: Piece) -> Later | None:
        """Send one notice if there is still something to tell; later if the mail server is away."""
        notice = _unpack(piece.what)
        if outlived(notice, self._clock.now_ms()):
            return None
        if notice.kind in OF_BOOKINGS:
            done = await self._send_news(notice)
        elif notice.kind in OF_TIME:
            done = await self._send_reminder(notice)
        else:
            done = await self._send_of_people(notice)
        return None if done else self._again(notice)

    def _again(self, notice: Notice) -> Later | None:
        if notice.tries >= len(PAUSES_MS):
            return None
        due_ms = self._clock.now_ms() + PAUSES_MS[notice.tries]
        return Later(due_ms, _pack(msgspec.structs.replace(notice, tries=notice.tries + 1)))

    async def _send_news(self, notice: Notice) -> bool:
        """What is new of a booking since its owner was told last, with the entry for their calendar."""
        booking = await self._booking(notice)
        told = await self._store.told(notice.booking)
        kind = news(told, booking) if booking else None
        account = await self._reader(notice, kind) if kind else None
        if booking is None or kind is None or account is None:
            return True
        other = await self._other(booking.partner)
        release_ms = self._release_ms(booking)
        words = booking_words(kind, booking, other, account.zone, release_ms=release_ms)
        words = words if account.mail_changes else unasked(words)
        method = Method.CANCEL if kind is Kind.CANCELLED else Method.REQUEST
        letter = self._letter(f"booking-{booking.id}-{booking.version}", account, words)
        entry = mailed(
            booking,
            other.name,
            self._place,
            method=method,
            to=account.mail,
            name=account.name,
            at_ms=notice.at_ms,
        )
        letter = msgspec.structs.replace(letter, calendar=entry, method=method.value)
        if not await self._carrier.carry(letter):
            return False
        await self._store.tell(booking.id, told_of(booking))
        return True

    def _release_ms(self, booking: Booking) -> int:
        """Until when its member may yet be released, if they are asked; 0 if not, or not any more."""
        asked = (release_until_ms(booking, self._rules) or 0) > self._clock.now_ms()
        return (late_cancel_from_ms(booking, self._rules) or 0) if asked else 0

    async def _send_reminder(self, notice: Notice) -> bool:
        booking = await self._booking(notice)
        account = await self._reader(notice, notice.kind)
        if booking is None or booking.state not in LIVE or account is None:
            return True
        if notice.kind is Kind.AWAITED and not await self._still_awaited(booking):
            return True
        other = await self._other(booking.partner)
        words = reminder_words(notice, booking, other, account.zone)
        id = f"{notice.kind}-{booking.id}-{notice.minutes}"
        return await self._carrier.carry(self._letter(id, account, words))

    async def _still_awaited(self, booking: Booking) -> bool:
        """Whether the partner is in the room and the booking's member is not, as far as the log tells."""
        if booking.pair is None or booking.partner is None:
            return False
        pair, log = await self._ledger.pair(booking.pair), await self._ledger.log_of(booking.pair)
        now_ms = self._clock.now_ms()
        theirs, own = (
            story_of(pair, member, log, self._rules).is_here(now_ms)
            for member in (booking.partner, booking.member)
        )
        return theirs and not own

    async def _send_of_people(self, notice: Notice) -> bool:
        account = await self._reader(notice, notice.kind)
        other = await self._other(notice.other)
        unread = await self._unread(notice)
        if account is None or not other.id or unread is None:
            return True
        id = f"{notice.kind}-{notice.member}-{notice.at_ms}"
        mail = Mailed(letter=id, at_ms=self._clock.now_ms(), since=unread)
        cause = f"{notice.kind}:{notice.other}:{notice.member}"
        if not await self._store.begin(cause, mail):
            return True
        words = people_words(notice, other, account.zone)
        if not await self._carrier.carry(self._letter(id, account, words)):
            return False
        await self._store.sent(cause, mail)
        return True

    async def _unread(self, notice: Notice) -> str | None:
        """Of a notice about messages the first line that was not read; None if all were."""
        if notice.kind is not Kind.WRITTEN:
            return ""
        thread = await self._threads.thread(notice.member, notice.other)
        theirs = [line.id for line in thread.lines if line.by == notice.other]
        return theirs[-thread.unread :][0] if theirs and thread.unread else None

    async def _booking(self, notice: Notice) -> Booking | None:
        try:
            return await self._ledger.booking(notice.booking)
        except NotFound:
            return None

    async def _reader(self, notice: Notice, kind: Kind) -> Account | None:
        """The account to write to, if its owner gets mails of this kind."""
        account = (await self._accounts.accounts([notice.member])).get(notice.member)
        if account is None:
            return None
        likes = wanted(kind, changes=account.mail_changes, reminders=account.mail_reminders)
        return account if likes else None

    async def _other(self, member: str | None) -> Other:
        if not member:
            return Other()
        account = (await self._accounts.accounts([member])).get(member)
        kept = await self._ledger.kept_of([member])
        if account is None:
            return Other()
        return Other(id=member, name=account.name, zone=account.zone, sessions=kept.get(member, 0))

    def _letter(self, id: str, account: Account, words: Words) -> Letter:
        return notice_letter(id=id, to=account.mail, words=words, place=self._place)

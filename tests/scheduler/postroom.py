"""The scheduler's hands beside a desk: they send notices and call webhooks, one turn at a time."""

from __future__ import annotations

from typing import Any

from scheduler.calendars import Place
from scheduler.mail.post import Courier, Mailer
from scheduler.notices import WINDOW_MS
from scheduler.services.notices import Notifier
from scheduler.services.webhooks import HookTeller, Sender
from scheduler.store.messages import MessageStore
from scheduler.store.notices import NoticeStore
from scheduler.store.outbox import Consumer
from scheduler.store.queue import Worker
from scheduler.store.webhooks import WebhookStore
from tests.scheduler.desk import Browser, Desk

PLACE = Place(origin="http://desk.example:8080", name="Desk", sender="desk@example.org")


class Postroom:
    """Notices of a desk, sent into its mailbox or by another mailer."""

    def __init__(self, desk: Desk, mailer: Mailer | None = None) -> None:
        self.desk = desk
        self.mailbox = desk.parts.api.mailbox
        carrier = mailer or self.mailbox
        assert carrier is not None
        store = NoticeStore(desk.redis, tag="a")
        self.notifier = Notifier(
            ledger=desk.ledger,
            accounts=desk.parts.accounts,
            threads=MessageStore(desk.ledger.calls),
            store=store,
            carrier=Courier(carrier),
            clock=desk.clock,
            place=PLACE,
            rules=desk.config.rules,
        )
        self.consumer = Consumer(
            desk.redis, tag="a", group="notices", handler=self.notifier.on_event, idle_ms=0
        )
        self.worker = Worker(store.queue, clock=desk.clock, handler=self.notifier.send)

    async def hear(self) -> None:
        """Read the outbox to its end."""
        while await self.consumer.turn(block_ms=0):
            pass

    async def turn(self, later_ms: int = WINDOW_MS) -> list[Any]:
        """Hear, wait until the dust has settled, send; gives the letters sent, oldest first."""
        await self.hear()
        if later_ms:
            await self.desk.later(later_ms)
        before = {kept.letter.id: kept.letter for kept in await self._mails()}
        while await self.worker.turn():
            pass
        return [
            kept.letter
            for kept in reversed(await self._mails())
            if before.get(kept.letter.id) != kept.letter
        ]

    async def _mails(self) -> list[Any]:
        assert self.mailbox is not None
        return await self.mailbox.mails()


class Switchboard:
    """Webhooks of a desk, called by a sender."""

    def __init__(self, desk: Desk, sender: Sender) -> None:
        self.desk = desk
        store = WebhookStore(desk.redis, tag="a", replicas=desk.ledger.calls.replicas)
        teller = HookTeller(
            ledger=desk.ledger,
            accounts=desk.parts.accounts,
            store=store,
            sender=sender,
            clock=desk.clock,
            config=desk.config,
        )
        self.consumer = Consumer(
            desk.redis, tag="a", group="webhooks", handler=teller.on_event, idle_ms=0
        )
        self.worker = Worker(store.queue, clock=desk.clock, handler=teller.call, lanes=teller.lanes)

    async def turn(self, later_ms: int = 0) -> int:
        """Hear, and make the calls that are due; gives how many that were."""
        while await self.consumer.turn(block_ms=0):
            pass
        if later_ms:
            await self.desk.later(later_ms)
        made = 0
        while now := await self.worker.turn():
            made += now
        return made


def to(letters: list[Any], browser: Browser) -> list[Any]:
    """Those of these letters that went to this member."""
    return [letter for letter in letters if letter.to == browser.me["mail"]]

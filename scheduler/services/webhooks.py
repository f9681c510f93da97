"""Webhooks: made, listed, given up, tested; and events told to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from scheduler.bookings import Booking
from scheduler.config import Config
from scheduler.errors import BadField, Full, NotFound, OtherRequest
from scheduler.events import AnyEvent
from scheduler.ports import Accounts, Clock, Ledger
from scheduler.signin import keyed_hash
from scheduler.webhooks import (
    PAUSES_MS,
    SIGNATURE,
    WEBHOOKS_MAX,
    Delivery,
    Health,
    Last,
    Occasion,
    Topic,
    Webhook,
    after_call,
    body_of,
    clean_url,
    host_of,
    is_news,
    occasions_of,
    secret_of,
    signature,
    with_flag,
)
from scheduler.work import Lane, Later, Piece

ID_BYTES = 9
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHOICES = frozenset(Topic) - {Topic.TEST}

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Delivery).decode


class Store(Protocol):
    """`scheduler.store.webhooks.WebhookStore`."""

    async def keep(self, hook: Webhook) -> None: ...
    async def of(self, member: str) -> list[Webhook]: ...
    async def one(self, member: str, id: str) -> Webhook | None: ...
    async def drop(self, member: str, id: str) -> bool: ...
    async def health(self, id: str) -> Health: ...
    async def note(self, id: str, health: Health) -> None: ...
    async def put(self, hook: str, key: str, packed: bytes, due_ms: int) -> None: ...
    async def made(self, hook: str, key: str) -> None: ...


class Sender(Protocol):
    """`scheduler.hooks.sender.HookSender`."""

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        """The status of the answer, None if there was none."""


class Webhooks:
    """What members do with their webhooks."""

    def __init__(
        self, *, store: Store, clock: Clock, config: Config, random: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._clock = clock
        self._config = config
        self._random = random

    async def make(
        self, member: str, url: str, topics: list[Topic], *, request_id: str | None = None
    ) -> tuple[str, Webhook]:
        """A new webhook and the secret its calls are signed with, said this once. Asked again by a request
        with the same id, it is the same one."""
        wanted = tuple(sorted(set(topics)))
        if not wanted or not CHOICES.issuperset(wanted):
            raise BadField(field="events")
        where = clean_url(url, loopback=self._config.loopback)
        id = f"w_{self._id(member, request_id)}"
        mine = {each.id: each for each in await self._store.of(member)}
        if id in mine:
            return secret_of(self._config.secret, id), _the_same(mine[id], where, wanted)
        if len(mine) >= WEBHOOKS_MAX:
            raise Full(limit=WEBHOOKS_MAX)
        hook = Webhook(
            id=id,
            member=member,
            url=where,
            topics=wanted,
            created_ms=self._clock.now_ms(),
        )
        await self._store.keep(hook)
        return secret_of(self._config.secret, hook.id), hook

    def _id(self, member: str, request_id: str | None) -> str:
        if request_id is None:
            return self._random(ID_BYTES).hex()
        asked = f"{member}\0{request_id}"
        return keyed_hash(self._config.secret, "webhook-id", asked)[: 2 * ID_BYTES]

    async def mine(self, member: str) -> list[tuple[Webhook, Health]]:
        return [(hook, await self._store.health(hook.id)) for hook in await self._store.of(member)]

    async def drop(self, member: str, id: str) -> None:
        """Nothing is sent there any more."""
        if not await self._store.drop(member, id):
            raise NotFound(field="webhook")

    async def test(self, member: str, id: str) -> None:
        """Send something now. If it arrives, a webhook that was given up is taken up again."""
        hook = await self._store.one(member, id)
        if hook is None:
            raise NotFound(field="webhook")
        now_ms = self._clock.now_ms()
        call = f"test-{self._random(ID_BYTES).hex()}"
        body = body_of(call, Topic.TEST, _written(now_ms))
        waiting = _delivery(call, hook, Topic.TEST, body)
        await self._store.put(id, waiting.key, _pack(waiting), now_ms)


class HookTeller:
    """Tells webhooks what happened: a consumer queues calls, a worker makes them."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        accounts: Accounts,
        store: Store,
        sender: Sender,
        clock: Clock,
        config: Config,
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._store = store
        self._sender = sender
        self._clock = clock
        self._config = config

    async def on_event(self, offset: str, event: AnyEvent) -> None:
        """Queue a call for each webhook that wants to hear of this."""
        for occasion in occasions_of(event):
            for hook in await self._store.of(occasion.member):
                wanted = occasion.topic in hook.topics
                if wanted and is_news(event.at_ms, hook, self._clock.now_ms()):
                    await self._queue(hook, occasion, offset, event.at_ms)

    async def _queue(self, hook: Webhook, occasion: Occasion, offset: str, at_ms: int) -> None:
        # The same event gives the same id, so that a repeat replaces what waits; receivers know it too.
        id = f"{offset}-{occasion.booking or occasion.pair}"
        body = await self._body(id, await self._whole(occasion), at_ms)
        waiting = _delivery(id, hook, occasion.topic, body)
        await self._store.put(hook.id, waiting.key, _pack(waiting), self._clock.now_ms())

    async def _whole(self, occasion: Occasion) -> Occasion:
        if occasion.topic is not Topic.FLAGGED:
            return occasion
        return with_flag(occasion, await self._ledger.flags_of(occasion.member))

    async def _body(self, id: str, occasion: Occasion, at_ms: int) -> str:
        booking = await self._ledger.booking(occasion.booking) if occasion.booking else None
        times, name = {}, ""
        if booking:
            times = {"start": _written(booking.start_ms), "end": _written(booking.end_ms)}
            name = await self._name(booking)
        return body_of(
            id,
            occasion.topic,
            _written(at_ms),
            pair=occasion.pair,
            booking=booking,
            times=times,
            name=name,
        )

    async def _name(self, booking: Booking) -> str:
        found = await self._accounts.accounts([booking.partner] if booking.partner else [])
        return next((account.name for account in found.values()), "")

    def lanes(self, piece: Piece) -> Sequence[Lane]:
        """Whose way a call may be in."""
        return _unpack(piece.what).lanes

    async def call(self, piece: Piece) -> Later | None:
        """Make one call; later again if it did not arrive, five times at most."""
        waiting = _unpack(piece.what)
        again = await self._call(waiting)
        if again is None:
            await self._store.made(waiting.hook, waiting.key)
        return again

    async def _call(self, waiting: Delivery) -> Later | None:
        hook = await self._store.one(waiting.member, waiting.hook)
        health = await self._store.health(waiting.hook)
        tested = waiting.topic is Topic.TEST
        if hook is None or (health.disabled and not tested):
            return None
        last = await self._post(hook, waiting)
        await self._store.note(hook.id, after_call(health, last))
        if last.ok or tested or waiting.tries >= len(PAUSES_MS):
            return None
        again = msgspec.structs.replace(waiting, tries=waiting.tries + 1)
        return Later(self._clock.now_ms() + PAUSES_MS[waiting.tries], _pack(again))

    async def _post(self, hook: Webhook, waiting: Delivery) -> Last:
        now_ms = self._clock.now_ms()
        secret = secret_of(self._config.secret, hook.id)
        headers = {
            "Content-Type": "application/json",
            "Alongside-Event": waiting.topic.value,
            "Alongside-Delivery": waiting.id,
            SIGNATURE: signature(secret, now_ms // 1_000, waiting.body),
        }
        status = await self._sender.post(hook.url, waiting.body.encode(), headers)
        return Last(at_ms=now_ms, status=status, ok=status is not None and 200 <= status < 300)


def _the_same(made: Webhook, url: str, topics: tuple[Topic, ...]) -> Webhook:
    """The webhook of a request that comes again, if it asks for the same."""
    if (made.url, made.topics) != (url, topics):
        raise OtherRequest(field="request_id")
    return made


def _delivery(id: str, hook: Webhook, topic: Topic, body: str) -> Delivery:
    return Delivery(
        id=id, hook=hook.id, member=hook.member, topic=topic, body=body, host=host_of(hook.url)
    )


def _written(at_ms: int) -> str:
    return (EPOCH + timedelta(milliseconds=at_ms)).isoformat().replace("+00:00", "Z")

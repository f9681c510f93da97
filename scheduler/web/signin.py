"""Signing in and out."""

from __future__ import annotations

import contextlib

from scheduler.accounts import clean_mail
from scheduler.errors import BadToken
from scheduler.rules import MINUTE_MS, SECOND_MS
from scheduler.services.sign_ins import Entry
from scheduler.signin import cookie_in, keyed_hash, local_path
from scheduler.store.limits import Limit
from scheduler.store.replicas import NotDurable
from scheduler.web import metrics, views
from scheduler.web.endpoint import Call
from scheduler.web.schemas import Nothing
from scheduler.web.schemas.account import LinkIn, MeOut, TokenIn

LINKS_TO = Limit(name="link_to", burst=5, every_ms=3 * MINUTE_MS)
"""Letters one address may be sent, whoever asks: nobody's mailbox is flooded through us."""
LINKS_FROM = Limit(name="link_from", burst=30, every_ms=10 * SECOND_MS)
"""Links one network may ask for."""
TOKENS_FROM = Limit(name="token_from", burst=60, every_ms=SECOND_MS)
"""Tokens one network may try."""


async def send_link(call: Call) -> Nothing:
    """The same answer and the same work whether or not the address is known."""
    asked: LinkIn = call.body
    mail = clean_mail(asked.mail)
    await call.api.limiter.take(LINKS_TO, keyed_hash(call.api.config.secret, "link", mail))
    await call.api.service.sign_ins.request_link(mail, local_path(asked.next), asked.hold)
    metrics.auth.labels("link").inc()
    return Nothing()


async def sign_in(call: Call) -> MeOut:
    shown: TokenIn = call.body
    try:
        entry = await call.api.service.sign_ins.sign_in(shown.token)
    except BadToken:
        metrics.auth.labels("refused").inc()
        raise
    metrics.auth.labels("ok").inc()
    return await welcome(call, entry)


async def welcome(call: Call, entry: Entry) -> MeOut:
    """Answer a sign-in: a new cookie, and whatever sign-in this browser had before is over."""
    service, config = call.api.service, call.api.config
    before = await service.sign_ins.signed_in(cookie_in(call.request.cookies, config.origin))
    if before:
        # The link is spent: who comes by it is let in, even while no replica knows that the one before ended.
        with contextlib.suppress(NotDurable):
            await service.sign_ins.sign_out(before)
    call.cookie = entry.cookie
    kept = await service.members.kept(entry.account.id)
    return views.me(entry.account, entry.who.session, kept, config)


async def sign_out(call: Call) -> None:
    await call.api.service.sign_ins.sign_out(call.who)
    metrics.auth.labels("out").inc()
    call.cookie = ""


async def sign_out_everywhere(call: Call) -> None:
    await call.api.service.sign_ins.sign_out_everywhere(call.who.member)
    metrics.auth.labels("out").inc()
    call.cookie = ""

"""The interface put together: letters get a name of their own, and the post ends with the application."""

from __future__ import annotations

import asyncio

import pytest

from scheduler.accounts import SignedIn
from scheduler.store.ledger import Ledger
from scheduler.store.replicas import NotDurable
from scheduler.web.app import assemble
from tests.scheduler.desk import Desk, OpenDesk


async def test_the_same_token_makes_the_same_letter_id(desk: Desk) -> None:
    mail = desk.parts.service.sign_ins._mail
    for token in ("one", "one", "two"):
        mail.send_link(mail="ana@example.org", token=token, next_path="", held=None)
    ids = {letter.id for letter in await desk.mails()}
    assert len(ids) == 2
    assert not [id for id in ids if "one" in id or "two" in id]


async def test_no_task_outlives_the_application(open_desk: OpenDesk) -> None:
    before = asyncio.all_tasks()
    desk = await open_desk()
    await desk.link_token("ana@example.org")
    await desk.close()
    left = {task for task in asyncio.all_tasks() - before if "_carry" in repr(task)}
    assert left == set()


async def test_what_is_revoked_waits_for_the_replicas_that_bookings_wait_for(desk: Desk) -> None:
    ledger = Ledger(desk.redis, replicas=1)
    careful = assemble(desk.redis, tag="a", ledger=ledger, clock=desk.clock, config=desk.config)
    tools, sign_ins = careful.api.tools, careful.service.sign_ins
    for shut in (
        lambda: tools.tokens.revoke("m_ana", "t_1"),
        lambda: tools.webhooks.drop("m_ana", "w_1"),
        lambda: tools.feeds.drop("m_ana"),
        lambda: tools.feeds.make("m_ana"),
        lambda: sign_ins.sign_out(SignedIn(member="m_ana", session="x")),
        lambda: sign_ins.sign_out_everywhere("m_ana"),
    ):
        with pytest.raises(NotDurable):
            await shut()

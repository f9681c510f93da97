"""The interface put together: letters get a name of their own, and the post ends with the application."""

from __future__ import annotations

import asyncio

from tests.scheduler.desk import Desk, OpenDesk


async def test_the_same_token_makes_the_same_letter_id(desk: Desk) -> None:
    mail = desk.parts.service.sign_ins._mail
    for token in ("one", "one", "two"):
        mail.send_link(mail="ana@example.org", token=token, next_path="")
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

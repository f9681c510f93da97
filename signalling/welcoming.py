"""The answer to a page's hello: who it is, the time, and what it missed."""

from __future__ import annotations

from signalling import wire
from signalling.backlog import Backlog
from signalling.commands import AnyCommand, Count, Send
from signalling.connection import Connection
from signalling.notices import notices


def welcome(
    connection: Connection, hello: wire.Hello, backlog: Backlog, now_ms: int
) -> list[AnyCommand]:
    """Every notice since the page's place, or the word that it has to load everything anew."""
    missed = backlog.after(hello.epoch, hello.offset) if hello.epoch else None
    result = "first" if not hello.epoch else "full" if missed is None else "recovered"
    greeting = wire.Welcome(
        v=wire.PROTOCOL,
        member=connection.member,
        server_ms=now_ms,
        epoch=backlog.epoch,
        offset=backlog.offset,
        resumed=missed is not None,
    )
    replay = [
        Send(connection.conn, notice.message)
        for offset, event in missed or []
        for notice in notices(offset, event)
        if notice.to in (None, connection.member)
    ]
    return [Count("resume", (result,)), Send(connection.conn, greeting), *replay]

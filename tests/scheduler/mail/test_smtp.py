"""Carrying by SMTP, against a small server that says yes, not now, or no."""

from __future__ import annotations

import asyncio

import pytest

from scheduler.mail.letters import Letter
from scheduler.mail.post import NotCarried
from scheduler.mail.smtp import SmtpMailer, SmtpSettings, smtp_settings

LETTER = Letter(
    id="signin-1",
    to="ana@example.org",
    subject="Sign in",
    text="Hello\n.\nthere\n",
    html="<p>Hello",
)


class MailServer:
    """Speaks enough SMTP; `says` is what it answers to each RCPT, in order, then yes."""

    def __init__(self, *says: str) -> None:
        self.says = list(says)
        self.received: list[str] = []
        self.recipients: list[str] = []
        self.port = 0

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            writer.write(f"{await self._answer(line, reader, writer)}\r\n".encode())
            if line.upper() == "QUIT":
                break
        writer.close()

    async def _answer(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        verb = line.upper().partition(" ")[0]
        if verb == "RCPT":
            self.recipients.append(line)
            return self.says.pop(0) if self.says else "250 yes"
        if verb == "DATA":
            writer.write(b"354 go on\r\n")
            self.received.append((await reader.readuntil(b"\r\n.\r\n")).decode())
        return "221 bye" if verb == "QUIT" else "250 yes"


@pytest.fixture
async def pauses() -> list[float]:
    return []


async def carry(server: MailServer, pauses: list[float]) -> None:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    listening = await server.open()
    settings = smtp_settings(f"smtp://127.0.0.1:{server.port}", sender="desk@example.org")
    try:
        await SmtpMailer(settings, pause=pause).send(LETTER)
    finally:
        listening.close()


async def test_a_letter_arrives_whole(pauses: list[float]) -> None:
    server = MailServer()
    await carry(server, pauses)
    [raw] = server.received
    assert "Message-ID: <signin-1@example.org>" in raw
    assert "Hello\r\n..\r\nthere" in raw
    assert server.recipients == ["RCPT TO:<ana@example.org>"]
    assert pauses == []


async def test_not_now_is_tried_again(pauses: list[float]) -> None:
    server = MailServer("450 not now", "451 not now")
    await carry(server, pauses)
    assert len(server.received) == 1
    assert pauses == [1.0, 5.0]


async def test_not_now_three_times_is_given_up(pauses: list[float]) -> None:
    with pytest.raises(NotCarried):
        await carry(MailServer(*["450 not now"] * 3), pauses)
    assert pauses == [1.0, 5.0]


async def test_a_final_no_is_not_tried_again(pauses: list[float]) -> None:
    with pytest.raises(NotCarried):
        await carry(MailServer("550 nobody here"), pauses)
    assert pauses == []


async def test_a_server_that_is_not_there_is_given_up(pauses: list[float]) -> None:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    settings = smtp_settings("smtp://127.0.0.1:1", sender="desk@example.org")
    with pytest.raises(NotCarried):
        await SmtpMailer(settings, pause=pause).send(LETTER)
    assert pauses == [1.0, 5.0]


def test_an_address_of_a_server_is_read() -> None:
    assert smtp_settings("smtp://us%40er:p%2Fw@mail.example", sender="a@b.example") == SmtpSettings(
        host="mail.example", port=587, tls=False, user="us@er", password="p/w", sender="a@b.example"
    )
    secure = smtp_settings("smtps://mail.example", sender="a@b.example")
    assert (secure.port, secure.tls, secure.user) == (465, True, None)


@pytest.mark.parametrize("url", ["", "http://mail.example", "mail.example:25", "smtp://"])
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        smtp_settings(url, sender="a@b.example")

"""Carries letters by SMTP, with a deadline for each attempt and a bounded number of attempts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec

from scheduler.mail.letters import Letter, as_message
from scheduler.mail.post import NotCarried

PORTS = {"smtp": 587, "smtps": 465}
PAUSES_S = (1.0, 5.0)
"""Before the second and the third attempt."""
PERMANENT = range(500, 600)


class SmtpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how to hand mail over."""

    host: str
    port: int
    tls: bool
    """TLS from the first byte; otherwise STARTTLS where the server offers it."""
    user: str | None = None
    password: str | None = None
    sender: str
    timeout_s: float = 10.0


def smtp_settings(url: str, *, sender: str) -> SmtpSettings:
    """Read `smtp://user:password@host:587` or `smtps://…`; `ValueError` if it is neither."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("a mail server's address begins with smtp:// or smtps:// and names a host")
    return SmtpSettings(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        sender=sender,
    )


class SmtpMailer:
    """Hands each letter to one mail server."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._pause = pause

    async def send(self, letter: Letter) -> None:
        """Try up to three times; a server's final no is not tried again."""
        for pause_s in (*PAUSES_S, None):
            try:
                return await self._attempt(letter)
            except (aiosmtplib.SMTPException, OSError, ValueError) as failure:
                if pause_s is None or _is_final(failure):
                    raise NotCarried from failure
                await self._pause(pause_s)
        return None

    async def _attempt(self, letter: Letter) -> None:
        use = self._settings
        host = use.sender.rpartition("@")[2]
        await aiosmtplib.send(
            as_message(letter, sender=use.sender, host=host),
            hostname=use.host,
            port=use.port,
            use_tls=use.tls,
            username=use.user,
            password=use.password,
            timeout=use.timeout_s,
        )


def _is_final(failure: Exception) -> bool:
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        return all(refusal.code in PERMANENT for refusal in failure.recipients)
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        return failure.code in PERMANENT
    return isinstance(failure, ValueError)

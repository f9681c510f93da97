"""What an instance is: read once by `serve.py`, handed to the use cases and to the REST face."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from scheduler.rules import DEFAULT, Rules


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """One instance's settings as the scheduler's faces need them."""

    origin: str
    """Scheme, host and port as browsers send them in `Origin`; without a slash at the end."""
    secret: str
    """Signs and names what must not be guessed; at least 32 characters."""
    name: str = "Alongside"
    """The instance's name, as pages and mails show it."""
    contact: str = ""
    """Whom members tell of a problem: a mail address or an https link; nobody if empty."""
    build: str = "dev"
    """Names the running version to pages, so that they can tell when to load anew."""
    rules: Rules = DEFAULT
    demo: bool = False
    """One-click sign-in and travel in time exist."""
    loopback: bool = False
    """Only this machine can reach the instance: mails can be read at /dev/mail."""
    proxies: tuple[str, ...] = ()
    """Addresses whose `X-Forwarded-For` is believed."""
    calls_per_min: int = 100
    """REST calls that a member's pages may make in a minute, and each of their personal tokens besides."""
    programs_per_min: int = 300
    """REST calls that all tokens of a member may make together. What pages may make stays theirs: a program
    that runs away locks its owner out of nothing."""

    @property
    def https(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def host(self) -> str:
        """Host and port of the origin, as a `Host` header names them."""
        return urlsplit(self.origin).netloc

    @property
    def socket_origin(self) -> str:
        """Where pages open their WebSocket."""
        return "ws" + self.origin.removeprefix("http")

"""What an operator can set: every variable an instance reads, with its default and its meaning.

Read once, by `serve.py`, from a mapping such as `os.environ`; docs/configuration.md lists the same,
which a test keeps true.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

Text = msgspec.Meta

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Names by which a machine reaches itself and nobody else does."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an operator can set. A field `name` is the variable `ALONGSIDE_NAME`."""

    redis_url: Annotated[
        str,
        Text(
            description="The store: Valkey or Redis 7.0 or newer, or the Sentinels that know it. `REDIS_URL` works too."
        ),
    ] = "redis://127.0.0.1:6379/0"
    tag: Annotated[str, Text(description="Hash tag of all ledger keys; one per community.")] = "a"
    replicas: Annotated[
        int,
        Text(
            description="Replicas that must have a booking, or what is revoked, before it is acknowledged."
        ),
    ] = 0
    journal: Annotated[
        str,
        Text(
            description="A hub's own folder for what it acknowledged, to do it again after a failover; empty: none."
        ),
    ] = ""
    secret: Annotated[
        str, Text(description="At least 32 characters; signs and authenticates. Required.")
    ] = ""
    name: Annotated[str, Text(description="The instance's name, as mails show it.")] = "Alongside"
    contact: Annotated[
        str,
        Text(
            description="Whom members tell of a problem: a mail address, or a link that begins with https://."
        ),
    ] = ""
    origin: Annotated[
        str, Text(description="The address members open, scheme included. Default: host and port.")
    ] = ""
    host: Annotated[str, Text(description="Where the hub listens.")] = "127.0.0.1"
    port: Annotated[int, Text(description="The hub's public port.")] = 8080
    ops_host: Annotated[
        str, Text(description="Where /livez, /readyz and /metrics listen; keep it private.")
    ] = "127.0.0.1"
    ops_port: Annotated[int, Text(description="Port of these; 0 takes any free one.")] = 0
    demo: Annotated[
        bool, Text(description="Short sessions, one-click sign-in, robots. Loopback only.")
    ] = False
    community: Annotated[
        Literal["small", "medium", "large"],
        Text(
            description="How many people there are; the fewer, the fewer starts, so that they meet."
        ),
    ] = "large"
    reveal: Annotated[
        Literal["at_once", "t60", "t2"],
        Text(
            description="When partners learn each other's names: at once, or that many minutes before."
        ),
    ] = "at_once"
    sfu_urls: Annotated[
        str, Text(description="Private addresses of the SFU workers, separated by commas.")
    ] = ""
    sfu_host: Annotated[str, Text(description="Where a worker's private HTTP port listens.")] = (
        "127.0.0.1"
    )
    sfu_port: Annotated[int, Text(description="A worker's private HTTP port.")] = 9100
    media_bind: Annotated[str, Text(description="Address a worker's UDP port binds to.")] = ""
    media_host: Annotated[str, Text(description="Address of a worker that browsers are told.")] = (
        "127.0.0.1"
    )
    media_port: Annotated[int, Text(description="A worker's one UDP port; 0 takes any.")] = 0
    media_bind6: Annotated[str, Text(description="The same for IPv6, beside the other.")] = ""
    media_host6: Annotated[
        str, Text(description="IPv6 address of a worker that browsers are told too; empty: none.")
    ] = ""
    media_pairs: Annotated[
        int,
        Text(
            ge=1,
            description="How many calls a worker carries at most; nearing it, it gets blind ones.",
        ),
    ] = 200
    sfu_workers: Annotated[
        int,
        Text(description="Relay workers that `up` starts; 0: one a core, at most 8."),
    ] = 0
    drain_s: Annotated[
        float,
        Text(
            description="How long a worker that is told to stop waits for hubs to move its pairs."
        ),
    ] = 20.0
    media_direct: Annotated[
        str, Text(description="Who may connect directly: everyone, friends or nobody.")
    ] = "everyone"
    cameras_off: Annotated[
        bool, Text(description="Two may agree to work with their cameras off.")
    ] = False
    camera_samples: Annotated[
        bool,
        Text(
            description="Workers look at single pictures of cameras for black, covered and frozen ones; see operations."
        ),
    ] = False
    stun_urls: Annotated[
        str, Text(description="STUN servers pages may ask, separated by commas.")
    ] = ""
    turn_urls: Annotated[
        str, Text(description="TURN servers for networks that block UDP, separated by commas.")
    ] = ""
    turn_addresses: Annotated[
        str,
        Text(
            description="Addresses the TURN servers relay from, separated by commas: whoever hides theirs is told of no other."
        ),
    ] = ""
    turn_secret: Annotated[
        str, Text(description="coturn's static-auth-secret; credentials are made per session.")
    ] = ""
    smtp_url: Annotated[
        str,
        Text(
            description="smtp://user:password@host:587 or smtps://…; empty on loopback only: /dev/mail."
        ),
    ] = ""
    mail_from: Annotated[str, Text(description="Sender of all mails.")] = "alongside@localhost"
    proxies: Annotated[
        str, Text(description="Addresses whose X-Forwarded-For is believed, separated by commas.")
    ] = ""
    log_level: Annotated[str, Text(description="debug, info, warning or error.")] = "info"

    @property
    def public_origin(self) -> str:
        """Scheme, host and port as browsers send them in `Origin`."""
        return self.origin.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether the instance is this machine's alone: it listens here and is opened here.

        Listening here is not enough, because a proxy on this machine leads strangers in.
        """
        return self.host in LOOPBACK and urlsplit(self.public_origin).hostname in LOOPBACK


PREFIX = "ALONGSIDE_"

FOR_TESTS = ("ALONGSIDE_TEST_", "ALONGSIDE_CHROMIUM")
"""Variables of the test suite, which a server may inherit and does not read."""


CONTACT = re.compile(r"""[^\s@<>"'?&#%/:]+@[^\s@<>"'?&#%/:]+|https://[^\s<>"'/?#@][^\s<>"']*""")
"""What pages can make a link of: a mail address, or an address of the web."""


class BadSettings(Exception):
    """A variable is missing or has a value that cannot be used; the text says which and why."""


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read the settings from a mapping such as `os.environ`; unknown ALONGSIDE_ names are errors."""
    named = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(PREFIX) and not key.startswith(FOR_TESTS)
    }
    if "REDIS_URL" in environ:
        named.setdefault("redis_url", environ["REDIS_URL"])
    try:
        settings = msgspec.convert(named, Settings, strict=False)
    except msgspec.ValidationError as problem:
        raise BadSettings(f"{problem} (a variable named {PREFIX}…)") from problem
    if len(settings.secret) < 32:
        raise BadSettings(f"{PREFIX}SECRET must be set, to at least 32 characters")
    if settings.contact and not CONTACT.fullmatch(settings.contact):
        raise BadSettings(
            f"{PREFIX}CONTACT must be a mail address, or a link that begins with https://"
        )
    for address in settings.turn_addresses.replace(",", " ").split():
        if not _is_address(address):
            raise BadSettings(f"{PREFIX}TURN_ADDRESSES must be IP addresses, not {address}")
    if settings.demo and not settings.loopback:
        raise BadSettings(
            f"{PREFIX}DEMO lets anybody in as anybody, so it works on loopback only: "
            f"{PREFIX}HOST and {PREFIX}ORIGIN must both be this machine's own, such as 127.0.0.1"
        )
    return settings


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

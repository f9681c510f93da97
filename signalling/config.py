"""What an operator or a test can set about a hub."""

from __future__ import annotations

import msgspec


class IceConfig(msgspec.Struct, frozen=True, kw_only=True):
    """The STUN and TURN servers pages are told of."""

    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    """coturn's `static-auth-secret`; without it no TURN server is told."""
    turn_addresses: tuple[str, ...] = ()
    """The TURN servers' relayed addresses. If they are named here, or by `turn_urls`, whoever hides the
    address is told of no other candidate; otherwise of any that calls itself relayed."""
    turn_ttl_ms: int = 300_000
    """How long credentials may be used to begin an allocation; a running one outlives them."""


class WorkerAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where one SFU worker takes control connections: its private `ws://host:port/control`."""

    name: str
    url: str


class HubConfig(msgspec.Struct, frozen=True, kw_only=True):
    """One hub process."""

    origins: tuple[str, ...]
    """The origins whose pages may connect, exactly as browsers send them."""
    cookie: str = "alongside"
    """Name of the sign-in cookie."""
    proxies: tuple[str, ...] = ()
    """Addresses whose `X-Forwarded-For` is believed."""

    hello_ms: int = 5_000
    """A socket without `hello` for this long is closed."""
    heartbeat_s: float = 8.0
    """WebSocket pings; a page silent for one and a half of these is gone."""
    measure_s: float = 60.0
    """How often an open socket's round trip is measured."""
    recheck_s: float = 300.0
    """How often an open socket's sign-in is looked up again."""
    queue_max_bytes: int = 256 * 1024
    queue_max_age_s: float = 5.0
    """What may wait for one slow page before its socket is closed."""
    sockets_per_member: int = 5
    sockets_per_address: int = 50
    """Per IPv4 address or IPv6 /64."""

    messages_per_s: float = 20.0
    messages_burst: float = 60.0
    """What one page may say; more is dropped and refused."""
    flood_excess: int = 240
    """So many dropped messages close the socket."""

    drop_after_ms: int = 3_000
    """A lost connection is recorded when the page is not back by then: a reload is no drop."""
    rebuilt_drop_after_ms: int = 15_000
    """The same for pages that a new hub has not seen yet: all of them reconnect at once."""

    backlog_ms: int = 600_000
    backlog_max: int = 5_000
    """How far back, in time and events, a page can resume."""

    ice: IceConfig = IceConfig()
    workers: tuple[WorkerAddress, ...] = ()
    worker_secret: str = ""

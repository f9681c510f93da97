"""The ICE servers a page is told, TURN with credentials that expire.

coturn's REST scheme: the user name begins with the second at which it expires, the password is its
HMAC under a secret that only we and the TURN server know.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress

from signalling.config import IceConfig
from signalling.wire import IceServer


def servers(config: IceConfig, who: str, now_ms: int) -> list[IceServer]:
    """STUN for all; TURN for `who`, whom the TURN server knows by a hash only."""
    found = []
    if config.stun_urls:
        found.append(IceServer(urls=list(config.stun_urls)))
    if has_turn(config):
        found.append(_turn(config, who, now_ms))
    return found


def has_turn(config: IceConfig) -> bool:
    """Whether a page can be reached through a TURN server."""
    return bool(config.turn_urls and config.turn_secret)


def relayed_from(config: IceConfig) -> tuple[str, ...]:
    """The only addresses that relayed candidates have; empty if we cannot know: behind a name there
    may be any."""
    if config.turn_addresses:
        return tuple(address.lower() for address in config.turn_addresses)
    hosts = [_host(url) for url in config.turn_urls]
    return tuple(hosts) if all(map(_is_address, hosts)) else ()


def _host(url: str) -> str:
    """The host of `turn:host:port?transport=…`, an IPv6 address without its brackets."""
    place = url.partition(":")[2].partition("?")[0].lower()
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place.partition(":")[0]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _turn(config: IceConfig, who: str, now_ms: int) -> IceServer:
    expiry_s = (now_ms + config.turn_ttl_ms) // 1000
    username = f"{expiry_s}:{_alias(config, who)}"
    return IceServer(
        urls=list(config.turn_urls),
        username=username,
        credential=password(config.turn_secret, username),
    )


def password(secret: str, username: str) -> str:
    """What the TURN server expects for this user name."""
    mac = hmac.digest(secret.encode(), username.encode(), hashlib.sha1)
    return base64.b64encode(mac).decode()


def _alias(config: IceConfig, who: str) -> str:
    """One name a member, so that quotas count; not to be turned back into the member."""
    return hmac.digest(config.turn_secret.encode(), b"alias:" + who.encode(), "sha256").hex()[:16]

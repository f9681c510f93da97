"""What a worker is told at its start. Defaults are the ones an operator should not need to touch."""

from __future__ import annotations

import ipaddress

import msgspec

from media.errors import BadConfig


class MediaConfig(msgspec.Struct, frozen=True, kw_only=True):
    """One SFU worker's settings."""

    secret: str
    """Shared with the hubs; the control link refuses everybody else."""
    host: str = "127.0.0.1"
    """The address the UDP socket is bound to."""
    port: int = 0
    """The one UDP port; 0 lets the system choose."""
    public_host: str = ""
    """The address browsers are told; empty means `host`."""
    max_pairs: int = 200
    """More are refused as `full`."""
    packets_per_s: int = 600
    """What one browser may send on average; two seconds' worth at once."""
    bytes_per_s: int = 375_000
    """The same in bytes: 3 Mbit/s."""
    handshakes_per_s: int = 40
    """DTLS handshakes begun a second; a client that has to wait simply asks again."""
    strangers_per_s: int = 20
    """STUN requests looked at from one network address that is not a leg's yet."""
    freeze: bool = False
    """Exempt what exists at start from garbage collection. For a process that is nothing else."""

    @property
    def candidate_host(self) -> str:
        """The address in the candidates, which has to be one that can be reached."""
        return self.public_host or self.host

    def check(self) -> None:
        """Raise `BadConfig` for settings that could not work."""
        if len(self.secret) < 16:
            raise BadConfig("the secret of the control link needs 16 characters or more")
        for host in (self.host, self.candidate_host):
            if not _is_address(host):
                raise BadConfig("host and public_host are IP addresses, not names")
        if ipaddress.ip_address(self.candidate_host).is_unspecified:
            raise BadConfig("bound to every address, public_host must say which one browsers use")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

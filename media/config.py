"""What a worker is told at its start. Defaults are the ones an operator should not need to touch."""

from __future__ import annotations

import ipaddress

import msgspec

from media.errors import BadConfig
from media.reach import is_public


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
    host6: str = ""
    """The IPv6 address a second UDP socket is bound to, under the same port; empty: none."""
    public_host6: str = ""
    """The IPv6 address browsers are told beside the other; empty means `host6`."""
    max_pairs: int = 200
    """More are refused as `full`."""
    worker_packets_per_s: int = 80_000
    """What one core carries with room to spare; nearing it, a worker says so."""
    packets_per_s: int = 600
    """What one browser may send on average; two seconds' worth at once."""
    bytes_per_s: int = 375_000
    """The same in bytes: 3 Mbit/s."""
    handshakes_per_s: int = 200
    """DTLS handshakes begun a second, about half of a core's time; more wait their turn. Under strain
    it is a fifth."""
    strangers_per_s: int = 20
    """STUN requests looked at from one network address that is not a leg's yet."""
    private_sources: bool | None = None
    """Whether callers may be at private addresses; None: unless the worker itself is bound to a
    public one. Behind a router or in a container they may be the router's or the TURN server's."""
    fast: bool = True
    """Carry packets in batches where that works; False is for comparing."""
    camera_samples: bool = False
    """Look at single key frames of cameras, in a process of their own."""
    freeze: bool = False
    """Exempt what exists at start from garbage collection. For a process that is nothing else."""
    weigh_cpu: bool = False
    """Take the process' CPU time for the worker's load. For a process that is nothing else."""

    @property
    def candidate_host(self) -> str:
        """The address in the candidates, which has to be one that can be reached."""
        return self.public_host or self.host

    @property
    def candidate_hosts(self) -> tuple[str, ...]:
        """One address for each socket."""
        return (self.candidate_host, *([self.public_host6 or self.host6] if self.host6 else []))

    @property
    def takes_private(self) -> bool:
        """Whether loopback, private and link-local addresses may be callers."""
        if self.private_sources is not None:
            return self.private_sources
        bound = (self.host, *([self.host6] if self.host6 else []))
        return not all(is_public(host) for host in (*bound, *self.candidate_hosts))

    def check(self) -> None:
        """Raise `BadConfig` for settings that could not work."""
        if len(self.secret) < 16:
            raise BadConfig("the secret of the control link needs 16 characters or more")
        for host in (self.host, *self.candidate_hosts):
            if not _is_address(host):
                raise BadConfig("host and public_host are IP addresses, not names")
        if any(ipaddress.ip_address(host).is_unspecified for host in self.candidate_hosts):
            raise BadConfig("bound to every address, public_host must say which one browsers use")
        if self.public_host6 and not self.host6:
            raise BadConfig("public_host6 needs host6, which says what to bind")
        if self.host6 and [_family(host) for host in (self.host, self.host6)] != [4, 6]:
            raise BadConfig("with host6 given, host is an IPv4 address and host6 an IPv6 one")


def _is_address(host: str) -> bool:
    """Not one that means nothing without its link: browsers are not on it."""
    if "%" in host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _family(host: str) -> int:
    return ipaddress.ip_address(host).version if _is_address(host) else 0

"""A network of the test run's own: nothing in it but the loopback.

Whatever a test sends, by mistake or on purpose, it cannot leave this machine. Needs root on Linux;
elsewhere the run goes on in the machine's own network and says so.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys

import pytest

NETWORK = pytest.StashKey[str]()
"""In which network a run is, as `isolate` tells it."""
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
IFREQ = "16sh14x"


def isolate() -> str:
    """Move this process into a network of its own, and tell what came of it."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "the machine's own (a private one needs root on Linux)"
    if os.environ.get("ALONGSIDE_TEST_NETNS") == "0":
        return "the machine's own (ALONGSIDE_TEST_NETNS=0)"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        return f"the machine's own ({os.strerror(ctypes.get_errno())})"
    bring_up(b"lo")
    return "private, loopback only"


def bring_up(interface: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack(IFREQ, interface, 0)
        _, flags = struct.unpack(IFREQ, fcntl.ioctl(sock, SIOCGIFFLAGS, request))
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack(IFREQ, interface, flags | IFF_UP))

"""Namespaces and TUN devices by system calls alone: no tool has to be installed."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x1, 0x1000
SIOCADDRT, SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFTXQLEN = (
    0x890B, 0x8914, 0x8916, 0x891C, 0x8943,
)  # fmt: skip
IFF_UP, RTF_UP = 0x1, 0x1
LIBC = ctypes.CDLL(None, use_errno=True)


class Sockaddr(ctypes.Structure):
    """`struct sockaddr`."""

    _fields_ = [("raw", ctypes.c_ubyte * 16)]


class Route(ctypes.Structure):
    """`struct rtentry` of linux/route.h."""

    _fields_ = [
        ("pad1", ctypes.c_ulong),
        ("dst", Sockaddr),
        ("gateway", Sockaddr),
        ("genmask", Sockaddr),
        ("flags", ctypes.c_ushort),
        ("pad2", ctypes.c_short),
        ("pad3", ctypes.c_ulong),
        ("pad4", ctypes.c_void_p),
        ("metric", ctypes.c_short),
        ("dev", ctypes.c_char_p),
        ("mtu", ctypes.c_ulong),
        ("window", ctypes.c_ulong),
        ("irtt", ctypes.c_ushort),
    ]


def new_namespace() -> int:
    """Move this thread into a new network namespace; a descriptor that keeps it."""
    if LIBC.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace")
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def enter(namespace: int) -> None:
    """Move this thread into a namespace; sockets it has stay where they were made."""
    if LIBC.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter the network namespace")


def open_tun(name: str, address: str) -> int:
    """A device of this name in the present namespace, up, with this address of a network of /8."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    _write(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "1")
    set_address(name, address, "255.0.0.0")
    set_up(name)
    # Members' pages are served at 127.0.0.1, which browsers trust with a camera; here, and only
    # here, it is reached over a network.
    _write(f"/proc/sys/net/ipv4/conf/{name}/route_localnet", "1")
    return tun


def set_address(name: str, address: str, netmask: str = "") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFADDR, struct.pack("16s16s8x", name.encode(), _raw(address)))
        if netmask:
            fcntl.ioctl(sock, SIOCSIFNETMASK, struct.pack("16s16s8x", name.encode(), _raw(netmask)))


def set_up(name: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), IFF_UP))
        with contextlib.suppress(OSError):
            fcntl.ioctl(sock, SIOCSIFTXQLEN, struct.pack("16si20x", name.encode(), 2000))


def add_route(name: str, network: str, netmask: str) -> None:
    """Everything to this network goes out by this device."""
    route = Route(flags=RTF_UP, dev=name.encode())
    for field, value in (("dst", network), ("gateway", "0.0.0.0"), ("genmask", netmask)):
        setattr(route, field, Sockaddr.from_buffer_copy(_raw(value)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCADDRT, bytes(route))


def without_loopback_address() -> None:
    """A loopback that is up, as programs expect it, and does not answer for 127.0.0.1."""
    set_up("lo")
    with contextlib.suppress(OSError):
        set_address("lo", "0.0.0.0")


def _raw(address: str) -> bytes:
    return struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))


def _write(path: str, value: str) -> None:
    Path(path).write_text(value)

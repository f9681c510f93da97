"""How long packets take through a worker, measured on a few: from the kernel's stamp until they left."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
import time
from collections.abc import Callable

from media.udp.metrics import FORWARD

SAMPLE_EVERY = 64
"""Wake-ups from one that is measured to the next."""

_SIOCGSTAMPNS = 0x8907
_STAMP = struct.Struct("@ll")


def sampled(step: Callable[[], None], opened: socket.socket) -> Callable[[], None]:
    """The same step, which tells of every so many-th wake-up how long its last packet took."""
    if not _stamps(opened):
        return step
    left = SAMPLE_EVERY

    def step_and_tell() -> None:
        nonlocal left
        step()
        left -= 1
        if left <= 0:
            left = SAMPLE_EVERY
            with contextlib.suppress(OSError):
                FORWARD.observe(max(0.0, time.time() - arrived(opened)))

    return step_and_tell


def arrived(opened: socket.socket) -> float:
    """When the datagram that was read last came to this machine, as a time of day."""
    buffer = bytearray(_STAMP.size)
    fcntl.ioctl(opened.fileno(), _SIOCGSTAMPNS, buffer)
    seconds, nanoseconds = _STAMP.unpack(buffer)
    return float(seconds) + float(nanoseconds) / 1e9


def _stamps(opened: socket.socket) -> bool:
    """Have datagrams stamped from now on; False where that is not to be had."""
    try:
        arrived(opened)
    except FileNotFoundError:  # nothing has come yet
        return True
    except OSError:
        return False
    return True

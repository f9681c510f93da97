"""No server at all: what the load and the kernel take by themselves."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from pylibsrtp import Policy, Session

from loadtest.bench.media.caller import Line, open_socket
from loadtest.bench.media.process import Served, Wanted

KEY = 28
"""Bytes of an AES-GCM-128 key and its salt."""


@contextlib.asynccontextmanager
async def direct(wanted: Wanted, place: Path) -> AsyncIterator[Served]:
    lines = [line for n in range(wanted.pairs) for line in facing(wanted.host, n)]
    yield Served(0, lines, "")


def facing(host: str, n: int) -> list[Line]:
    """Two lines that end in each other."""
    socks, keys = [open_socket(host), open_socket(host)], [os.urandom(KEY), os.urandom(KEY)]
    for own, other in (socks, reversed(socks)):
        own.connect(other.getsockname())
    return [
        Line(socks[k], sending(keys[k]), receiving(keys[1 - k]), ssrc=2 * n + k + 1) for k in (0, 1)
    ]


def sending(key: bytes) -> Session:
    return Session(policy(key, Policy.SSRC_ANY_OUTBOUND))


def receiving(key: bytes) -> Session:
    return Session(policy(key, Policy.SSRC_ANY_INBOUND))


def policy(key: bytes, direction: int) -> Policy:
    made = Policy(key=key, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    made.window_size = 1024
    return made

"""A loop in C that only decrypts, encrypts and sends: the least such a relay can cost.

Compiled when the bench runs, with the same libsrtp that `janus-openssl` gets. It knows no ICE and no
DTLS; keys are handed to it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from loadtest.bench.media.caller import Line, open_socket
from loadtest.bench.media.debian import run, srtp_with_openssl
from loadtest.bench.media.direct import KEY, receiving, sending
from loadtest.bench.media.process import Served, Wanted, hear, running, say
from loadtest.bench.store.servers import NotHere

SOURCE = Path(__file__).with_name("loop.c")


@contextlib.asynccontextmanager
async def limit(wanted: Wanted, place: Path) -> AsyncIterator[Served]:
    srtp, log = srtp_with_openssl(wanted.cache), place / "c.log"
    program = compiled(place, srtp)
    socks = [open_socket(wanted.host) for _ in range(2 * wanted.pairs)]
    keys = [(os.urandom(KEY), os.urandom(KEY)) for _ in socks]
    env = {"LD_LIBRARY_PATH": str(srtp)}
    async with running([str(program), wanted.host], wanted, log, env=env) as process:
        await say(process, str(len(socks)))
        for sock, (sends, receives) in zip(socks, keys, strict=True):
            await say(process, f"{sock.getsockname()[1]} {sends.hex()} {receives.hex()}")
        version, _, port = (await hear(process, log)).rpartition(" ")
        lines = []
        for n, (sock, (sends, receives)) in enumerate(zip(socks, keys, strict=True)):
            sock.connect((wanted.host, int(port)))
            lines.append(Line(sock, sending(sends), receiving(receives), ssrc=n + 1))
        yield Served(process.pid, lines, f"{version} with OpenSSL")


def compiled(place: Path, srtp: Path) -> Path:
    """The program, with the headers and the library of that folder."""
    if not shutil.which("gcc"):
        raise NotHere("there is no gcc")
    program = place / "loop"
    run([
        "gcc", "-O3", "-march=native", f"-I{headers(srtp, place)}", str(SOURCE),
        "-o", str(program), f"-L{srtp}", "-l:libsrtp2.so.1",
    ])  # fmt: skip
    return program


def headers(srtp: Path, place: Path) -> Path:
    """A folder with `srtp2/srtp.h` and what that includes."""
    folder = place / "include" / "srtp2"
    folder.mkdir(parents=True, exist_ok=True)
    for header in [*srtp.glob("include/*.h"), *srtp.glob("crypto/include/*.h")]:
        shutil.copy(header, folder)
    return folder.parent

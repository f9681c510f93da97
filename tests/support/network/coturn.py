"""coturn as the composition starts it: our own file, with the ports and the secret of a test."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.support.store import die_with_parent, free_port

SHIPPED = Path(__file__).resolve().parents[3] / "ops/coturn/turnserver.conf"
SECRET = "a secret that only this test's TURN server knows"
REALM = "alongside.test"
INSTALL = (
    "Tests of TURN need coturn: install it (Debian: apt-get install coturn), or leave them out "
    "with -m 'not browser'."
)
START_S = 10.0

ELSEWHERE = ("listening-port=", "min-port=", "max-port=", "pidfile=", "userdb=", "log-file=")
"""Lines of the file that name a place on the machine; each test has its own."""
GUARDS = ("denied-peer-ip=", "no-multicast-peers", "no-tcp-relay")
"""Lines without which it would be a proxy into the network it stands in."""


class Coturn:
    """A running TURN server."""

    def __init__(self, host: str, port: int, log: Path) -> None:
        self.host = host
        self.port = port
        self.log = log

    def url(self, transport: str) -> str:
        return f"turn:{self.host}:{self.port}?transport={transport}"


def executable() -> str:
    """Where coturn is, or a failure that says how to get it."""
    found = shutil.which("turnserver")
    if found is None:
        pytest.fail(INSTALL, pytrace=False)
    return found


@contextlib.contextmanager
def running_coturn(
    directory: Path, host: str, *, also: str = "", secure: bool = True
) -> Iterator[Coturn]:
    """Our shipped configuration, but for places; or the same without what makes it safe. `also` is a
    second address to relay from."""
    path, port = executable(), free_port()
    log = directory / "turn.log"
    lines = [
        line
        for line in SHIPPED.read_text().splitlines()
        if not line.startswith((*ELSEWHERE, "no-stdout-log")) and (secure or not _guards(line))
    ]
    lines += [
        f"listening-ip={host}",
        f"relay-ip={host}",
        f"listening-port={port}",
        "min-port=50000",
        "max-port=50999",
        f"realm={REALM}",
        f"static-auth-secret={SECRET}",
        f"pidfile={directory / 'turn.pid'}",
        f"userdb={directory / 'turn.db'}",
        "log-file=stdout",
        *([] if secure else ["allow-loopback-peers", "cli-password=none"]),
        *([f"relay-ip={also}"] if also else []),
    ]
    conf = directory / "turnserver.conf"
    conf.write_text("\n".join(lines) + "\n")
    with log.open("ab") as out:
        process = subprocess.Popen(
            [path, "-c", str(conf)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=die_with_parent,
        )
    try:
        _wait(process, host, port, log)
        yield Coturn(host, port, log)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _guards(line: str) -> bool:
    return line.startswith(GUARDS)


def _wait(process: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    deadline = monotonic() + START_S
    while monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            return
        sleep(0.05)
    pytest.fail(f"coturn did not come up:\n{log.read_text(errors='replace')[-2000:]}")

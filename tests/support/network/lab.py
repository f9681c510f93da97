"""The network of a test: who is in it, and what happens to it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.support.network import wiring
from tests.support.network.bridge import SERVER, SERVER_ADDRESS
from tests.support.network.conditions import Conditions
from tests.support.store import die_with_parent

ROOT = Path(__file__).resolve().parents[3]
NEEDED = (
    "Tests that cut and bend networks need Linux, root and /dev/net/tun (in a container: "
    "--cap-add NET_ADMIN --cap-add SYS_ADMIN --device /dev/net/tun). Leave them out with -m 'not browser'."
)


class LabFailed(RuntimeError):
    """The bridge did not come up, or is gone."""


class Lab:
    """A server's side, which is this process's own network, and clients by name."""

    server = SERVER_ADDRESS

    def __init__(self, process: subprocess.Popen[str], seed: str) -> None:
        self._process = process
        self._moves = 0
        self.seed = seed
        self.places: dict[str, tuple[str, str]] = self.ask("places")

    @property
    def clients(self) -> list[str]:
        return [name for name in self.places if name != SERVER]

    def address(self, who: str) -> str:
        return self.places[who][0]

    # What happens to it.

    def shape(self, conditions: Conditions, *ways: tuple[str, str]) -> None:
        """From now on, in these directions; without any, between each client and all others."""
        for source, target in ways or self._all_ways():
            said = asdict(conditions)
            self.ask("shape", source=source, target=target, seed=self.seed, **said)

    def cut(self, one: str, other: str, protocol: str = "all") -> float:
        """Nothing passes between these two any more, or nothing of udp; the instant of it."""
        self.ask("cut", source=one, target=other, protocol=protocol)
        at = self._said_at
        self.ask("cut", source=other, target=one, protocol=protocol)
        return at

    def block_udp(self, who: str) -> None:
        """A network that lets nothing but TCP through."""
        for other in self.places:
            if other != who:
                self.cut(who, other, "udp")

    def rebind(self, who: str) -> float:
        """The client's UDP comes from another address and other ports; the instant of it."""
        self._moves += 1
        self.ask("rebind", who=who, outside=f"11.78.{self._moves}.1")
        return self._said_at

    def mend(self) -> None:
        """All lines are whole and fast again; translated addresses stay."""
        self.ask("mend")

    def counts(self) -> dict[str, int]:
        return dict(self.ask("counts"))

    def record(self, on: bool) -> dict[str, list[tuple[float, str]]]:
        """Note when UDP packets come out of the lines, or end it: instants and kinds by who gets them."""
        return self.ask("record", on=on) or {}

    # What lives in it.

    def wrapper(self, who: str, program: str, directory: Path) -> Path:
        """An executable that is this program in this client's network."""
        path = directory / f"{who}-{Path(program).name}"
        path.write_text(f'#!/bin/sh\nexec nsenter --net={self.places[who][1]} {program} "$@"\n')
        path.chmod(0o755)
        return path

    @contextlib.contextmanager
    def inside(self, who: str) -> Iterator[None]:
        """Sockets made in here live in this client's network, for good. Nothing may be awaited."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        there = os.open(self.places[who][1], os.O_RDONLY | os.O_CLOEXEC)
        try:
            wiring.enter(there)
            yield
        finally:
            wiring.enter(home)
            os.close(there)
            os.close(home)

    def udp(self, who: str) -> socket.socket:
        """A UDP socket of this client."""
        with self.inside(who):
            opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            opened.bind((self.address(who), 0))
        return opened

    def ask(self, do: str, **said: Any) -> Any:
        """One command to the bridge, done when this returns."""
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({"do": do, **said}) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise LabFailed("the bridge between the namespaces is gone")
        answer = json.loads(line)
        self._said_at: float = answer["at"]
        return answer["answer"]

    def _all_ways(self) -> list[tuple[str, str]]:
        return [(a, b) for a in self.places for b in self.places if a != b]


@contextlib.contextmanager
def running_lab(*clients: str, seed: str = "1") -> Iterator[Lab]:
    """A network with these clients; gone afterwards, with all that still lives in it unreachable."""
    why = _missing()
    if why:
        pytest.fail(f"{why} {NEEDED}", pytrace=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.network.bridge", *clients],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    try:
        yield Lab(process, seed)
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.communicate(timeout=5)
        process.kill()
        process.wait()


def _missing() -> str:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "This is not root on Linux."
    if not Path("/dev/net/tun").exists():
        return "There is no /dev/net/tun."
    return ""

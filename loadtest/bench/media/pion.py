"""Pion: a small relay in Go on the distribution's library, built when the bench runs.

One UDP port, both ends terminated, one OS thread for Go code (`GOMAXPROCS=1`), no interceptors.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from loadtest.bench.media import debian
from loadtest.bench.media.caller import Caller
from loadtest.bench.media.descriptions import server_end
from loadtest.bench.media.process import Served, Wanted, hear, running, say

LIBRARY = "golang-github-pion-webrtc.v3-dev"
PACKAGES = ("golang-go", LIBRARY)
SOURCE = Path(__file__).parent / "pion" / "main.go"
LIBRARIES = Path("/usr/share/gocode")
MODULE = "module relay\n\ngo 1.19\n"
"""Only so that Go takes `/v3` in an import for a version instead of a folder."""


class Question(msgspec.Struct, frozen=True):
    offers: tuple[str, str]


class Answer(msgspec.Struct, frozen=True):
    answers: tuple[str, str]


@contextlib.asynccontextmanager
async def pion(wanted: Wanted, place: Path) -> AsyncIterator[Served]:
    debian.install(*PACKAGES)
    program, log = built(wanted.cache), place / "pion.log"
    env = {"GOMAXPROCS": "1"}
    async with running([str(program), wanted.host], wanted, log, env=env) as process:
        lines: list[Caller] = []
        for n in range(wanted.pairs):
            first, second = (Caller(wanted.host, 2 * n + k) for k in (1, 2))
            asked = Question((first.describe(), second.describe()))
            await say(process, msgspec.json.encode(asked).decode())
            answers = msgspec.json.decode(await hear(process, log), type=Answer).answers
            one, other = (server_end(answer, wanted.host) for answer in answers)
            await asyncio.gather(first.connect(one), second.connect(other))
            lines += [first, second]
        version = debian.version_of(LIBRARY)
        yield Served(process.pid, lines, f"Pion's own, on Go's AES-GCM; webrtc {version}")


def built(cache: Path) -> Path:
    """The program, built anew only when its source is newer."""
    program = cache / "pion" / "relay"
    if not program.exists() or program.stat().st_mtime < SOURCE.stat().st_mtime:
        build(cache / "pion", program)
    return program


def build(place: Path, program: Path) -> None:
    """In a GOPATH of its own before the distribution's, without modules and so without a network."""
    folder = place / "src" / "relay"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE, folder / "main.go")
    (folder / "go.mod").write_text(MODULE)
    env = {
        "GO111MODULE": "off",
        "GOPATH": f"{place}:{LIBRARIES}",
        "GOCACHE": str(place / "cache"),
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
    }
    debian.run(["go", "build", "-o", str(program), "relay"], place=folder, env=env)

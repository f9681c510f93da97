"""What is fetched for a comparison only: packages, and a libsrtp built as its users build it.

Everything comes by the machine's own apt, from where that takes its packages already; what is built
lies in the user's cache directory and is built once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from loadtest.bench.store.servers import NotHere

SRTP = "libsrtp2"
SRTP_PACKAGE = "libsrtp2-1"
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
"""No questions, and no service of the package is started."""
PATIENCE_S = 600.0


def cache_place() -> Path:
    """The bench's folder in the user's cache directory."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    place = Path(home) / "alongside" / "bench"
    place.mkdir(parents=True, exist_ok=True)
    return place


def install(*packages: str) -> None:
    """Have these packages. `NotHere` where that cannot be."""
    wanting = [name for name in packages if not installed(name)]
    if not wanting:
        return
    if not shutil.which("apt-get"):
        raise NotHere(f"{', '.join(wanting)}: this system has no apt")
    if os.getuid():
        raise NotHere(f"{', '.join(wanting)}: only root may install packages")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *wanting]
    try:
        run(command, env=QUIET)
    except NotHere:
        run(["apt-get", "update"], env=QUIET)
        run(command, env=QUIET)


def installed(package: str) -> bool:
    if not shutil.which("dpkg-query"):
        return False
    asked = ["dpkg-query", "-W", "-f", "${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, check=False).stdout == b"installed"


def version_of(package: str) -> str:
    """Of an installed package."""
    asked = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(asked, capture_output=True, check=False).stdout.decode()


def srtp_with_openssl(cache: Path) -> Path:
    """The folder of a `libsrtp2.so.1` that uses OpenSSL, built from the distribution's source."""
    place = cache / "libsrtp-openssl"
    if not (place / "libsrtp2.so.1").exists():
        build_srtp(place)
    return place


def build_srtp(place: Path) -> None:
    for tool in ("gcc", "make", "apt-get", "dpkg-source"):
        if not shutil.which(tool):
            raise NotHere(f"an OpenSSL libsrtp cannot be built here: no {tool}")
    if not Path("/usr/include/openssl/evp.h").exists():
        install("libssl-dev")
    work = place.with_name("libsrtp-work")
    shutil.rmtree(work, ignore_errors=True)
    source = fetch_source(work)
    run(["./configure", "--enable-openssl"], place=source)
    run(["make", "shared_library", "CFLAGS=-O3 -fPIC"], place=source)
    shutil.rmtree(place, ignore_errors=True)
    source.rename(place)
    shutil.rmtree(work, ignore_errors=True)


def fetch_source(work: Path) -> Path:
    """The unpacked source, by lists of its own: the machine's are not touched."""
    lists, sources = work / "lists", work / "source.list"
    (lists / "partial").mkdir(parents=True)
    sources.write_text(source_line(run(["apt-cache", "policy", SRTP_PACKAGE])))
    apt = [
        "apt-get", "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null",
        "-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User=",
    ]  # fmt: skip
    run([*apt, "update"], place=work)
    run([*apt, "source", "--only-source", SRTP], place=work)
    return next(folder for folder in work.glob(f"{SRTP}-*") if folder.is_dir())


def source_line(policy: str) -> str:
    """A line for sources, of the same place the package itself comes from."""
    found = re.search(r"^\s+\d+ (\w+://\S+) (\S+)/(\S+) \S+ Packages$", policy, re.MULTILINE)
    if not found:
        raise NotHere(f"apt does not know where {SRTP_PACKAGE} comes from")
    address, suite, component = found.groups()
    return f"deb-src {address} {suite} {component}\n"


def crypto_of(library: Path) -> str:
    """Which library does the cryptography of a libsrtp."""
    linked = run(["ldd", str(library)])
    return next((name for name in ("libcrypto", "libnss3") if name in linked), "its own code")


def system_srtp() -> Path:
    """Where the distribution's libsrtp is."""
    listed = run(["dpkg", "-L", SRTP_PACKAGE]).split()
    return Path(next(path for path in listed if path.endswith("libsrtp2.so.1")))


def run(
    command: Sequence[str], *, place: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Run a tool and give what it said; `NotHere` with its last words if it fails."""
    whole = {**os.environ, "LC_ALL": "C", **(env or {})}
    try:
        done = subprocess.run(
            command, cwd=place, env=whole, capture_output=True, check=True, timeout=PATIENCE_S
        )
    except subprocess.CalledProcessError as failure:
        words = " ".join(failure.stderr.decode(errors="replace").split())
        raise NotHere(f"{command[0]} {command[1]}: {words[-200:]}") from failure
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise NotHere(f"{command[0]}: {type(failure).__name__}") from failure
    return done.stdout.decode(errors="replace")

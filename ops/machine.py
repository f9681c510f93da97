"""An instance on one machine: its ports, its secret, its logs, and the processes it is made of.

Standard library alone: `alongside.py` uses it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

from ops.supervisor import Child

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "127.0.0.1"
WORKERS_MAX = 8
"""Relay workers unless more are asked for: by then something else is in short supply."""
SCHEDULES = hasattr(os, "sched_getaffinity")

ALLOCATOR = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000"}
"""How the embedded store allocates. It uses the C library's `malloc`, whose caches of seven blocks a size every
call of ours overflows; these save about a sixth of the store's CPU (docs/ledger.md)."""


def environment(data: Path, port: int, store_url: str, *, demo: bool) -> dict[str, str]:
    """What all roles are told. What the operator set already counts, but for our own ports."""
    ports = free_ports(worker_count(os.environ))
    return {
        "REDIS_URL": store_url,
        "ALONGSIDE_HOST": LOCAL,
        "ALONGSIDE_ORIGIN": f"http://{LOCAL}:{port}",
        "ALONGSIDE_MEDIA_HOST": LOCAL,
        **os.environ,
        "ALONGSIDE_PORT": str(port),
        "ALONGSIDE_SECRET": secret_of(data),
        "ALONGSIDE_SFU_URLS": ",".join(f"http://{LOCAL}:{each}" for each in ports),
        "ALONGSIDE_DEMO": str(int(demo)),
    }


def worker_count(environ: Mapping[str, str]) -> int:
    """How many relay workers there are: as many as were asked for, or one a core."""
    with contextlib.suppress(ValueError):
        if (asked := int(environ.get("ALONGSIDE_SFU_WORKERS") or 0)) > 0:
            return asked
    return min(len(os.sched_getaffinity(0)) if SCHEDULES else os.cpu_count() or 1, WORKERS_MAX)


def roles(data: Path, env: dict[str, str], python: Path) -> list[Child]:
    """Every role in a process of its own, but those that a small instance puts into one."""
    table = {"hub": (["release", "hub", "scheduler"], env), **workers(env)}
    if env["ALONGSIDE_DEMO"] == "1":
        table["robots"] = (["robots"], env)
    ports = free_ports(len(table))
    made = [
        role(data, told, name, port, [str(python), "serve.py", *names])
        for (name, (names, told)), port in zip(table.items(), ports, strict=True)
    ]
    for child in made:
        child.later = child.name.startswith("sfu") and child.name != "sfu1"
    return made


def workers(env: dict[str, str]) -> dict[str, tuple[list[str], dict[str, str]]]:
    """The relay workers by the names that hubs give them, each with ports of its own: UDP ports one
    after another from the one that was chosen, or any."""
    urls = env["ALONGSIDE_SFU_URLS"].split(",")
    chosen = int(env.get("ALONGSIDE_MEDIA_PORT") or 0)
    media = (
        range(chosen, chosen + len(urls)) if chosen else free_ports(len(urls), socket.SOCK_DGRAM)
    )
    return {
        f"sfu{number}": (
            ["sfu"],
            {
                **env,
                "ALONGSIDE_SFU_PORT": url.rpartition(":")[2],
                "ALONGSIDE_MEDIA_PORT": str(port),
            },
        )
        for number, (url, port) in enumerate(zip(urls, media, strict=True), start=1)
    }


def role(data: Path, env: dict[str, str], name: str, ops_port: int, command: list[str]) -> Child:
    return Child(
        name,
        command,
        env={**env, "ALONGSIDE_OPS_PORT": str(ops_port)},
        cwd=ROOT,
        log=fresh_log(data, name),
        is_ready=lambda: answers_ready(ops_port),
    )


def store(data: Path, port: int, password: str, binary: Path) -> Child:
    """The embedded store. Its settings go by a file, because anybody on the machine may read a command line."""
    folder = data / "store"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = private_file(
        folder / "valkey.conf",
        f'bind {LOCAL}\nport {port}\nrequirepass {password}\ndir "{folder}"\nsave ""\n'
        "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\n",
    )
    return Child(
        "store",
        [str(binary), str(settings)],
        env={**ALLOCATOR, **os.environ},
        cwd=folder,
        log=fresh_log(data, "store"),
        is_ready=lambda: answers_ping(port, password),
    )


def store_url(data: Path) -> str | None:
    """Where the embedded store of the instance that runs on this data answers; None if none does."""
    try:
        settings = (data / "store/valkey.conf").read_text()
    except FileNotFoundError:
        return None
    told = dict(line.split(" ", 1) for line in settings.splitlines())
    port, password = int(told["port"]), told["requirepass"]
    return f"redis://:{password}@{LOCAL}:{port}/0" if answers_ping(port, password) else None


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


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket(type=kind)) for _ in range(count)]
        for probe in probes:
            probe.bind((LOCAL, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


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

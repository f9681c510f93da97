"""A whole instance, started as a person would start it, and a member who speaks to it by REST."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.store import free_port

ROOT = Path(__file__).parents[2]

Json = dict[str, Any]


class Instance:
    """`alongside.py up` on a data directory; its lines are read one by one."""

    def __init__(self, data: Path, port: int, *flags: str) -> None:
        self.data, self.port = data, port
        self.process = subprocess.Popen(
            command(data, port, *flags),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def says(self, wanted: str) -> str:
        """Read on until a line matches; raises with all that was said if none does."""
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if re.search(wanted, line):
                return line.rstrip("\n")
        raise AssertionError("".join(said))

    def facts(self) -> dict[str, Json]:
        return dict(json.loads((self.data / "run.json").read_text()))

    def end(self, number: int = signal.SIGTERM, within_s: float = 5) -> int:
        self.process.send_signal(number)
        return self.process.wait(within_s)

    def left_behind(self) -> list[str]:
        """Processes that were given this instance's port and still run."""
        mark = f"ALONGSIDE_PORT={self.port}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append((process / "cmdline").read_text().replace("\0", " "))
        return found


def command(data: Path, port: int, *flags: str) -> list[str]:
    base = [sys.executable, str(ROOT / "alongside.py"), "up"]
    return [*base, "--data", str(data), "--port", str(port), *flags]


@contextlib.contextmanager
def running(data: Path, *flags: str) -> Iterator[Instance]:
    """An instance that is ready; ended, by force if it must be, when the block is left."""
    instance = Instance(data, free_port(), *flags)
    try:
        instance.says("^ready ")
        yield instance
    finally:
        instance.process.terminate()
        try:
            instance.process.wait(10)
        except subprocess.TimeoutExpired:
            instance.process.kill()
            instance.process.wait()


class Member:
    """Signs in by the mail that lies at /dev/mail, and calls the interface as the page does."""

    def __init__(self, port: int, mail: str) -> None:
        self.port = port
        self.headers = {
            "Origin": f"http://127.0.0.1:{port}",
            "Content-Type": "application/json",
        }
        self.sign_in(mail)

    def sign_in(self, mail: str) -> None:
        self.ask("POST", "/auth/link", {"mail": mail})
        letters = self.ask("GET", "/dev/mail")["mails"]
        letter = next(letter for letter in letters if letter["to"] == mail)
        found = re.search(r"token=([\w.~-]+)", letter["text"])
        assert found, letter["text"]
        me = self.ask("POST", "/auth/session", {"token": found[1]})
        self.headers["X-CSRF-Token"] = me["csrf"]
        if not me["welcomed"]:
            self.introduce()

    def introduce(self) -> None:
        rules = self.ask("GET", "/instance")["rules"]
        self.ask(
            "PATCH",
            "/me",
            {"name": "Mo", "zone": "UTC", "adult": True, "rules_accepted": rules["version"]},
        )

    def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """The answer's body, or `Refused`."""
        status, answer = self.exchange(method, path, body)
        if status >= 400:
            raise Refused(status, answer)
        return answer

    def exchange(self, method: str, path: str, body: Json | None) -> tuple[int, Json]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        with contextlib.closing(link):
            sent = None if body is None else json.dumps(body)
            link.request(method, f"/api/v1{path}", sent, self.headers)
            answer = link.getresponse()
            if cookie := answer.headers.get("Set-Cookie"):
                self.headers["Cookie"] = cookie.partition(";")[0]
            return answer.status, json.loads(answer.read() or b"{}")


class Refused(Exception):
    """An answer of 400 and above."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status

"""Keeps the processes of one machine running. Standard library alone: `alongside.py` uses it.

All start at once and wait for the store by themselves; the store goes last. Before the first
readiness a death is a mistake to show; after it, an accident to mend: the process starts again after
a pause that grows with each death, unless it says itself that this would not help. When the
supervisor itself is killed, Linux ends what it started.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

READY_S = 60.0
TERM_S = 3.0
"""From the polite signal to the other one; a whole stop takes less than five seconds."""
BACKOFF_S = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0
"""A process that lived this long starts again after the shortest pause."""
POLL_S = 0.02
WATCH_S = 5.0
HOPELESS = 2
"""Exit code of a process that the same settings and data would only end again."""
LOG_BYTES = 10 * 2**20
"""A log that has grown beyond this is set aside; one older part is kept."""

PR_SET_PDEATHSIG = 1


class BadStart(Exception):
    """A process cannot start, or was not ready in time; the text holds its last words."""


@dataclass
class Child:
    """One process. What it says goes to its log."""

    name: str
    command: list[str]
    env: dict[str, str]
    cwd: Path
    log: Path
    is_ready: Callable[[], bool]
    later: bool = False
    """It starts once everything else is ready, so that nobody waits for it."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0
    """When to start it again."""

    def start(self) -> None:
        # A group of its own: the terminal's Ctrl-C reaches the supervisor alone.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self.started = time.monotonic()

    def died(self) -> int | None:
        """Its exit code, told once."""
        code = self.process.poll() if self.process else None
        if code is not None:
            self.process = None
        return code

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def is_gone(self, by: float) -> bool:
        """Wait for its end, at most until `by`."""
        try:
            if self.process is not None:
                self.process.wait(max(0.0, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def bound_log(self) -> None:
        """Set a long log aside by copying: the process holds it open and goes on at its new end."""
        if self.log.stat().st_size > LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)


def cannot_start(child: Child, code: int) -> BadStart:
    """With the one sentence of a process that knows why, or all that another said of late."""
    said = child.last_words(1 if code == HOPELESS else 25)
    return BadStart(f"{said}\n\n{child.name} ended ({code}) as it started; see {child.log}")


def end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Signals:
    """Signals as something to wait for, so that none cuts into anything half done."""

    ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.reader, self.writer = socket.socketpair()
        self.writer.setblocking(False)
        self.ending = False
        signal.set_wakeup_fd(self.writer.fileno(), warn_on_full_buffer=False)
        for number in (*self.ENDING, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)

    def wait(self, seconds: float) -> bool:
        """Until something happens, at most so long; whether it is time to end."""
        if not self.ending and select.select([self.reader], [], [], seconds)[0]:
            self.ending = any(number in self.ENDING for number in self.reader.recv(4096))
        return self.ending


class Supervisor:
    """Starts everything at once, tends it, and stops it with the store last."""

    def __init__(
        self,
        store: list[Child],
        others: list[Child],
        signals: Signals,
        *,
        say: Callable[[str], None],
        note: Callable[[list[Child]], object],
    ) -> None:
        """`say` is for the person at the terminal; `note` is told whenever a process is new."""
        self.batches = (store, others)
        self.children = [*store, *others]
        self.signals = signals
        self.say, self.note = say, note

    def start(self) -> bool:
        """False when asked to end before everything was ready."""
        at_once = [child for child in self.children if not child.later]
        for child in at_once:
            child.start()
        waiting, deadline = at_once, time.monotonic() + READY_S
        while waiting := [child for child in waiting if not child.is_ready()]:
            if self.signals.wait(POLL_S):
                return False
            self.refuse_bad_start(waiting[0], deadline)
        self.note(self.children)
        return True

    def refuse_bad_start(self, late: Child, deadline: float) -> None:
        for child in self.children:
            if (code := child.died()) is not None:
                raise cannot_start(child, code)
        if time.monotonic() > deadline:
            raise BadStart(f"{late.last_words()}\n\n{late.name} was not ready in {READY_S:.0f} s.")

    def watch(self) -> None:
        """Until asked to end."""
        while not self.signals.wait(self.pause()):
            for child in self.children:
                self.tend(child, time.monotonic())
                child.bound_log()

    def pause(self) -> float:
        dues = [child.due for child in self.children if child.process is None]
        return max(0.0, min(dues) - time.monotonic()) if dues else WATCH_S

    def tend(self, child: Child, now: float) -> None:
        if (code := child.died()) == HOPELESS:
            raise cannot_start(child, code)
        if code is not None:
            child.deaths = child.deaths + 1 if now - child.started < STEADY_S else 1
            pause = BACKOFF_S[min(child.deaths, len(BACKOFF_S)) - 1]
            child.due = now + pause
            self.say(f"{child.name} ended ({code}), starts again in {pause:g} s; see {child.log}")
        elif child.process is None and now >= child.due:
            child.start()
            self.note(self.children)

    def stop(self) -> None:
        store, others = self.batches
        for batch, patience in ((others, TERM_S), (store, TERM_S / 2)):
            for child in batch:
                child.signal(signal.SIGTERM)
            by = time.monotonic() + patience
            for child in [child for child in batch if not child.is_gone(by)]:
                child.signal(signal.SIGKILL)
                child.is_gone(by + 1)

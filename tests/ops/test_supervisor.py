"""The supervisor: in order, with patience, and leaving nothing behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import supervisor
from ops.supervisor import BACKOFF_S, STEADY_S, BadStart, Child, Supervisor

FOREVER = ["sleep", "1000"]
STUBBORN = ["sh", "-c", "trap '' TERM; echo deaf; sleep 1000 & wait; wait"]


class Never:
    """Signals that do not come."""

    def wait(self, seconds: float) -> bool:
        return False


class Now(Never):
    """Asked to end already."""

    def wait(self, seconds: float) -> bool:
        return True


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(name: str, command: list[str], is_ready: Callable[[], bool] = lambda: True) -> Child:
        log = tmp_path / f"{name}.log"
        log.touch()
        made.append(Child(name, command, dict(os.environ), tmp_path, log, is_ready))
        return made[-1]

    yield make
    for each in made:
        each.signal(signal.SIGKILL)
        each.is_gone(by=float("inf") if each.process is None else each.started + 60)


def supervise(store: list[Child], others: list[Child], signals: object = None) -> Supervisor:
    return Supervisor(store, others, signals or Never(), say=print, note=print)  # type: ignore[arg-type]


def test_all_start_at_once_and_the_start_is_over_when_all_are_ready(
    child: Callable[..., Child],
) -> None:
    asked = []

    def ready_at_last() -> bool:
        asked.append([each.process is not None for each in (store, hub)])
        return len(asked) > 1

    store, hub = child("store", FOREVER, ready_at_last), child("hub", FOREVER)
    assert supervise([store], [hub]).start()
    assert asked == [[True, True], [True, True]]


def test_a_death_before_readiness_is_shown_with_its_last_words(
    child: Callable[..., Child],
) -> None:
    broken = child("hub", ["sh", "-c", "echo no such setting; exit 3"], lambda: False)
    with pytest.raises(BadStart, match=r"(?s)no such setting.*hub ended \(3\)"):
        supervise([], [broken]).start()


KNOWS_WHY = ["sh", "-c", 'echo \'{"event": "noise"}\'; echo no mail server; exit 2']


def test_a_process_that_knows_why_it_cannot_start_is_quoted_and_nothing_else(
    child: Callable[..., Child],
) -> None:
    with pytest.raises(BadStart, match=r"^no mail server\n\nhub ended \(2\)"):
        supervise([], [child("hub", KNOWS_WHY, lambda: False)]).start()


def test_what_the_same_settings_would_end_again_is_not_started_again(
    child: Callable[..., Child],
) -> None:
    hub = child("hub", KNOWS_WHY)
    now = start_and_end(hub)
    with pytest.raises(BadStart, match="no mail server"):
        supervise([], [hub]).tend(hub, now)


def test_a_log_stays_small_while_its_process_writes_on(
    child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES", 3)
    hub = child("hub", ["sh", "-c", "echo long; kill -STOP $$; echo on"])
    hub.start()
    assert hub.process is not None
    os.waitpid(hub.process.pid, os.WUNTRACED)
    hub.bound_log()
    hub.bound_log()
    hub.process.send_signal(signal.SIGCONT)
    hub.process.wait()
    assert hub.log.read_text() == "on\n"
    assert hub.log.with_suffix(".log.1").read_text() == "long\n"


def test_a_process_that_never_gets_ready_is_given_up(
    child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "READY_S", 0.0)
    with pytest.raises(BadStart, match="hub was not ready"):
        supervise([], [child("hub", FOREVER, lambda: False)]).start()


def test_asked_to_end_while_starting_it_does_not_wait(child: Callable[..., Child]) -> None:
    assert not supervise([], [child("hub", FOREVER, lambda: False)], Now()).start()


def test_what_dies_starts_again_after_growing_pauses(child: Callable[..., Child]) -> None:
    brief = child("hub", ["true"])
    tending = supervise([], [brief])
    for pause in BACKOFF_S:
        now = start_and_end(brief)
        tending.tend(brief, now)
        assert brief.due == now + pause
        tending.tend(brief, brief.due - 0.01)
        assert brief.process is None


def test_after_a_long_life_the_pause_is_short_again(child: Callable[..., Child]) -> None:
    brief = child("hub", ["true"])
    brief.deaths = len(BACKOFF_S)
    now = start_and_end(brief) + STEADY_S
    supervise([], [brief]).tend(brief, now)
    assert brief.due == now + BACKOFF_S[0]


def test_when_its_pause_is_over_it_starts(child: Callable[..., Child]) -> None:
    brief = child("hub", ["true"])
    brief.due = 100.0
    noted: list[list[Child]] = []
    tending = supervise([], [brief])
    tending.note = noted.append
    tending.tend(brief, 100.0)
    assert brief.process is not None
    assert noted == [[brief]]


def start_and_end(child: Child) -> float:
    child.start()
    assert child.process is not None
    child.process.wait()
    return child.started


def test_stopping_ends_the_store_last_and_leaves_nobody(child: Callable[..., Child]) -> None:
    store, hub = child("store", FOREVER), child("hub", FOREVER)
    running = supervise([store], [hub])
    running.start()
    running.stop()
    assert [each.process.returncode for each in (store, hub) if each.process] == [-15, -15]


def test_what_does_not_listen_is_killed_with_all_it_started(
    child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "TERM_S", 0.1)
    deaf = child("hub", STUBBORN)
    deaf.is_ready = lambda: "deaf" in deaf.log.read_text()
    running = supervise([], [deaf])
    running.start()
    assert deaf.process is not None
    group = deaf.process.pid
    running.stop()
    assert deaf.process.returncode == -signal.SIGKILL
    assert not living(group)


def living(group: int) -> list[str]:
    """Processes of a group that are not merely waiting to be reaped."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [stat for pgid, stat in pairs if int(pgid) == group and not stat.startswith("Z")]


SCRIPT = """
from ops.supervisor import Signals
signals = Signals()
print("waiting", flush=True)
while not signals.wait(60): pass
print("ending", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_an_answer_and_not_an_interruption(number: int) -> None:
    command = [sys.executable, "-c", SCRIPT]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(number)
        assert process.stdout.read() == "ending\n"
    assert process.returncode == 0


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    script = (
        "import sys, os; from pathlib import Path; from ops.supervisor import Child\n"
        f"c = Child('x', ['sleep', '1000'], dict(os.environ), Path({str(tmp_path)!r}),"
        f" Path({str(tmp_path / 'log')!r}), bool)\n"
        "c.start(); print(c.process.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    root = Path(__file__).parents[2]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        process.kill()
        process.wait()
    wait_until_gone(grandchild)


def wait_until_gone(pid: int) -> None:
    """The kernel's own word, so nothing is slept for: a handle that is readable once it ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([handle], [], [], 30)[0]
    finally:
        os.close(handle)


def test_what_may_come_later_is_not_waited_for_and_starts_when_the_rest_is_ready(
    child: Callable[..., Child],
) -> None:
    hub, second = child("hub", FOREVER), child("sfu2", FOREVER, lambda: False)
    second.later = True
    running = supervise([], [hub, second])
    assert running.start()
    assert (hub.process is not None, second.process) == (True, None)
    assert running.pause() == 0.0
    running.tend(second, 1.0)
    assert second.process is not None

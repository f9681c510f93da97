"""Set-up: nothing twice, nothing half, nothing that points at a registry."""

from __future__ import annotations

import fcntl
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import alongside
from alongside import ROOT, Failed, Step

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


# Steps


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Copies its source, and counts how often in a file beside it."""
    monkeypatch.setattr(alongside, "STAMPS", tmp_path / "stamps")
    source, made = tmp_path / "source", tmp_path / "made"
    source.write_text("one")

    def make() -> None:
        made.write_text(source.read_text())
        with (tmp_path / "count").open("a") as count:
            count.write("x")

    return Step("a step", made, lambda: [source], make)


def times_made(step: Step) -> int:
    return len(step.made.with_name("count").read_text())


def test_a_step_is_done_once(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    alongside.set_up([step])
    assert "a step: done" in capsys.readouterr().out
    alongside.set_up([step])
    assert times_made(step) == 1
    assert capsys.readouterr().out == ""


def test_a_step_is_done_again_when_its_source_changed(step: Step) -> None:
    alongside.set_up([step])
    step.made.with_name("source").write_text("two")
    alongside.set_up([step])
    assert (times_made(step), step.made.read_text()) == (2, "two")


def test_a_step_is_done_again_when_what_it_made_is_gone(step: Step) -> None:
    alongside.set_up([step])
    step.made.unlink()
    alongside.set_up([step])
    assert times_made(step) == 2


def test_a_step_that_failed_is_not_taken_for_done(tmp_path: Path, step: Step) -> None:
    def fail() -> None:
        step.made.write_text("half")
        raise Failed("no")

    broken = Step("a step", step.made, step.sources, fail)
    with pytest.raises(Failed):
        alongside.set_up([broken])
    assert not broken.is_made()


def test_a_failed_command_shows_its_end_and_what_to_do() -> None:
    with pytest.raises(Failed) as failure:
        alongside.run(["sh", "-c", "echo out of disk >&2; exit 1"], "Make room.")
    assert "out of disk" in str(failure.value)
    assert str(failure.value).endswith("Make room.")


def test_of_what_runs_aloud_the_lines_that_sum_it_up_are_kept(
    capfd: pytest.CaptureFixture[str],
) -> None:
    said = "dots ....\\nFAILED tests/x.py::test_y - no\\n== 1 failed, 3 passed in 2.0s ==\\n"
    code, summary = alongside.aloud(["sh", "-c", f"printf '{said}'; exit 1"], ROOT)
    assert code == 1
    assert summary.splitlines() == [
        "FAILED tests/x.py::test_y - no",
        "== 1 failed, 3 passed in 2.0s ==",
    ]
    assert "dots ...." in capfd.readouterr().out


# Node


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v18.19.0", False), ("v20.18.3", False), ("v20.19.0", True), ("v20.20.2", True),
        ("v21.7.0", False), ("v22.11.0", False), ("v22.12.0", True), ("v24.19.0", True), ("", False),
    ],
)  # fmt: skip
def test_which_node_will_do(version: str, fits: bool) -> None:
    assert alongside.node_fits(version) is fits


# Ports and locks


def test_a_taken_port_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Failed, match="--port"):
            alongside.refuse_taken("127.0.0.1", other.getsockname()[1])


def test_data_has_one_owner_at_a_time(tmp_path: Path) -> None:
    alone = fcntl.LOCK_EX | fcntl.LOCK_NB
    with (
        alongside.locked(tmp_path / "lock", alone),
        pytest.raises(BlockingIOError),
        alongside.locked(tmp_path / "lock", alone),
    ):
        pass
    with alongside.locked(tmp_path / "lock", alone):
        pass


# The command line


@pytest.mark.parametrize("command", ["up", "test", "check"])
def test_help_names_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        alongside.main(["--help"])
    assert re.search(rf"^ +{command} ", capsys.readouterr().out, re.MULTILINE)


def test_an_unknown_command_is_told_what_exists(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        alongside.main(["start"])
    said = capsys.readouterr().err
    assert all(command in said for command in ("up", "test", "check"))


def test_arguments_of_pytest_are_handed_on() -> None:
    options, own = alongside.read_arguments(["test", "--fast", "-k", "lock", "tests/x.py", "-x"])
    assert (options.fast, own) == (True, ["-k", "lock", "tests/x.py", "-x"])


def test_a_demo_keeps_its_people_and_its_clock_in_a_folder_of_its_own() -> None:
    folders = [
        alongside.data_of(alongside.read_arguments(["up", *flags])[0])
        for flags in ([], ["--demo"], ["--demo", "--data", "mine"])
    ]
    assert folders == [ROOT / ".alongside", ROOT / ".alongside/demo", Path("mine").resolve()]


def test_what_up_does_not_know_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        alongside.main(["up", "--prot", "80"])
    assert "--prot" in capsys.readouterr().err


def test_it_needs_no_package_at_all() -> None:
    command = [sys.executable, "-E", "-S", str(ROOT / "alongside.py"), "--help"]
    assert subprocess.run(command, capture_output=True).returncode == 0


# Locks


def pins(lock: str) -> dict[str, set[str]]:
    """Versions by name; a name may have several, for different Pythons."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.M):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_a_bench_is_told_is_the_benchs_own_affair() -> None:
    options, rest = alongside.read_arguments(["bench", "matching", "--quick", "--json"])
    assert options.run is alongside.bench
    assert rest == ["matching", "--quick", "--json"]


def test_the_development_lock_holds_all_of_the_other() -> None:
    development = pins("requirements-dev.lock")
    assert {name: development.get(name) for name in pins("requirements.lock")} == pins(
        "requirements.lock"
    )


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    asked = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": groups["dev"],
        "requirements-node.lock": groups["node"],
    }
    for lock, requirements in asked.items():
        names = {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}
        assert names - set(pins(lock)) == set()


@pytest.mark.parametrize("file", ["alongside.py", *LOCKS, "web_client/package-lock.json"])
def test_no_registry_is_named(file: str) -> None:
    text = (ROOT / file).read_text()
    assert [host for host in alongside.REGISTRIES if host in text] == []

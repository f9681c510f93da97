"""An instance on one machine: what is its own, and who may read it."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from ops import machine
from tests.support.store import binary


def test_free_ports_are_different_ones() -> None:
    assert len(set(machine.free_ports(5))) == 5


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    secret = machine.secret_of(tmp_path)
    assert len(secret) == 64
    assert machine.secret_of(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    machine.fresh_log(tmp_path, "hub").write_text("before")
    assert machine.fresh_log(tmp_path, "hub").read_text() == ""
    assert (tmp_path / "logs/hub.log.1").read_text() == "before"


def test_a_demo_has_robots_and_nothing_else_has(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    names = []
    for demo in (False, True):
        env = machine.environment(tmp_path, 8080, "redis://store", demo=demo)
        names.append([role.name for role in machine.roles(tmp_path, env, Path("python"))])
    assert names == [["hub", "sfu"], ["hub", "sfu", "robots"]]


def test_the_store_of_a_running_instance_is_found_by_its_own_settings(tmp_path: Path) -> None:
    assert machine.store_url(tmp_path) is None
    (tmp_path / "logs").mkdir()
    (port,) = machine.free_ports(1)
    child = machine.store(tmp_path, port, "a-password", binary())
    assert machine.store_url(tmp_path) is None, "nothing runs yet"
    with subprocess.Popen(child.command, stdout=subprocess.DEVNULL) as process:
        try:
            while not machine.answers_ping(port, "a-password"):
                assert process.poll() is None
            assert machine.store_url(tmp_path) == f"redis://:a-password@127.0.0.1:{port}/0"
        finally:
            process.terminate()


def test_the_store_allocates_as_measured_unless_the_operator_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    child = machine.store(tmp_path, 6390, "secret", binary())
    assert child.env["GLIBC_TUNABLES"] == machine.ALLOCATOR["GLIBC_TUNABLES"]
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=1")
    child = machine.store(tmp_path, 6390, "secret", binary())
    assert child.env["GLIBC_TUNABLES"] == "glibc.malloc.arena_max=1"

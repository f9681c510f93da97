"""An instance on one machine: what is its own, and who may read it."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from ops import machine
from ops.supervisor import Child
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


def children(folder: Path, *, demo: bool = False) -> list[Child]:
    (folder / "logs").mkdir(exist_ok=True)
    env = machine.environment(folder, 8080, "redis://store", demo=demo)
    return machine.roles(folder, env, Path("python"))


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_SFU_WORKERS", "2")
    monkeypatch.delenv("ALONGSIDE_MEDIA_PORT", raising=False)


@pytest.mark.usefixtures("two_workers")
def test_a_demo_has_robots_and_nothing_else_has(tmp_path: Path) -> None:
    assert [child.name for child in children(tmp_path)] == ["hub", "sfu1", "sfu2"]
    assert [child.name for child in children(tmp_path, demo=True)][-1] == "robots"


@pytest.mark.usefixtures("two_workers")
def test_nobody_waits_for_more_than_one_worker(tmp_path: Path) -> None:
    assert [child.later for child in children(tmp_path, demo=True)] == [False, False, True, False]


@pytest.mark.usefixtures("two_workers")
def test_every_worker_has_ports_of_its_own_and_the_hub_knows_them(tmp_path: Path) -> None:
    hub, *workers = children(tmp_path)
    private = [child.env["ALONGSIDE_SFU_PORT"] for child in workers]
    assert hub.env["ALONGSIDE_SFU_URLS"] == ",".join(f"http://127.0.0.1:{p}" for p in private)
    media = [child.env["ALONGSIDE_MEDIA_PORT"] for child in workers]
    assert len({*private, *media}) == 4


@pytest.mark.usefixtures("two_workers")
def test_udp_ports_follow_the_one_that_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_MEDIA_PORT", "9200")
    media = [child.env["ALONGSIDE_MEDIA_PORT"] for child in children(tmp_path)[1:]]
    assert media == ["9200", "9201"]


def test_without_a_word_there_is_a_worker_for_every_core_up_to_a_most() -> None:
    assert 1 <= machine.worker_count({}) <= machine.WORKERS_MAX
    for nothing in ("", "0", "-1", "many"):
        said = {"ALONGSIDE_SFU_WORKERS": nothing}
        assert machine.worker_count(said) == machine.worker_count({})
    assert machine.worker_count({"ALONGSIDE_SFU_WORKERS": "12"}) == 12


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

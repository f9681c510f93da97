"""What is fetched for a comparison, and what is said where it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtest.bench.media import debian
from loadtest.bench.store.servers import NotHere

POLICY = """libsrtp2-1:
  Installed: 2.5.0-3
  Candidate: 2.5.0-3
  Version table:
 *** 2.5.0-3 500
        500 http://mirror.example/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
"""


def test_sources_come_from_where_the_package_comes_from() -> None:
    assert debian.source_line(POLICY) == "deb-src http://mirror.example/debian bookworm main\n"
    with pytest.raises(NotHere, match="does not know"):
        debian.source_line("N: Unable to locate package\n")


def test_a_tool_that_fails_is_quoted() -> None:
    with pytest.raises(NotHere, match="no such thing"):
        debian.run(["sh", "-c", "echo no such thing >&2; exit 3"])
    with pytest.raises(NotHere, match="not-a-tool"):
        debian.run(["not-a-tool"])


def test_nobody_but_root_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "installed", lambda _: False)
    monkeypatch.setattr(debian.shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(NotHere, match="only root"):
        debian.install("janus")


def test_a_system_without_apt_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.shutil, "which", lambda _: None)
    with pytest.raises(NotHere, match="no apt"):
        debian.install("janus")


def test_things_lie_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert debian.cache_place() == tmp_path / "alongside" / "bench"
    assert debian.cache_place().is_dir()


def test_a_libsrtp_that_is_built_is_not_built_again(tmp_path: Path) -> None:
    place = tmp_path / "libsrtp-openssl"
    place.mkdir()
    (place / "libsrtp2.so.1").touch()
    assert debian.srtp_with_openssl(tmp_path) == place

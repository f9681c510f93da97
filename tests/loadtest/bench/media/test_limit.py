"""The loop in C."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtest.bench.media import limit
from loadtest.bench.store.servers import NotHere


def test_headers_lie_as_the_program_includes_them(tmp_path: Path) -> None:
    for name in ("include/srtp.h", "crypto/include/cipher.h"):
        (tmp_path / "srtp" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "srtp" / name).touch()
    folder = limit.headers(tmp_path / "srtp", tmp_path)
    assert sorted(path.name for path in (folder / "srtp2").iterdir()) == ["cipher.h", "srtp.h"]


def test_without_a_compiler_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit.shutil, "which", lambda _: None)
    with pytest.raises(NotHere, match="no gcc"):
        limit.compiled(tmp_path, tmp_path)

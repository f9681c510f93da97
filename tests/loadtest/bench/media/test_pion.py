"""The relay on Pion: what it is told, and when it is built."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from loadtest.bench.media import pion
from loadtest.bench.media.pion import SOURCE, Answer, Question


def test_a_pair_is_one_line_each_way() -> None:
    assert msgspec.json.encode(Question(("a\r\n", "b"))) == b'{"offers":["a\\r\\n","b"]}'
    assert msgspec.json.decode(b'{"answers":["c","d"]}', type=Answer).answers == ("c", "d")


def test_it_is_built_when_its_source_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []
    monkeypatch.setattr(pion, "build", lambda place, program: built.append(program))
    program = tmp_path / "pion" / "relay"
    assert pion.built(tmp_path) == program
    program.parent.mkdir()
    program.touch()
    pion.built(tmp_path)
    assert built == [program]
    os.utime(program, (0, 0))
    pion.built(tmp_path)
    assert built == [program, program]
    assert SOURCE.exists()

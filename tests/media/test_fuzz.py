"""Nonsense in great numbers, every way and through both loops; a million of each by
`python -m tests.media.fuzz`."""

from __future__ import annotations

import pytest

from tests.media.conftest import MakeBench
from tests.media.fuzz import CANARY, SETTINGS, STRIDE, WAYS, fuzz, guarded, intact


@pytest.mark.parametrize("way", WAYS)
async def test_eight_thousand_datagrams_of_nonsense(make_bench: MakeBench, way: str) -> None:
    seen = await fuzz(await make_bench(**SETTINGS[way]), count=8_000, seed=1, way=way)
    assert seen["packets_in"] > 8_000
    assert seen["parse"] > 400
    if way != "blind":
        assert seen["srtp"] > 400
        assert seen["pli"] > 100
        assert seen["ssrc"] > 100


async def test_a_byte_written_beside_a_buffer_would_be_seen(make_bench: MakeBench) -> None:
    bench = await make_bench()
    arena = guarded(bench)
    if arena is not None:
        assert intact(arena)
        arena[STRIDE - len(CANARY)] ^= 1
        assert not intact(arena)

"""Nonsense in great numbers, through both loops; a million of it by `python -m tests.media.fuzz`."""

from __future__ import annotations

from tests.media.conftest import MakeBench
from tests.media.fuzz import CANARY, PLENTY, STRIDE, fuzz, guarded, intact


async def test_twenty_thousand_datagrams_of_nonsense(make_bench: MakeBench) -> None:
    seen = await fuzz(await make_bench(**PLENTY), count=20_000, seed=1)
    assert seen["packets_in"] > 20_000
    assert seen["srtp"] > 1_000
    assert seen["parse"] > 1_000


async def test_a_byte_written_beside_a_buffer_would_be_seen(make_bench: MakeBench) -> None:
    bench = await make_bench()
    arena = guarded(bench)
    if arena is not None:
        assert intact(arena)
        arena[STRIDE - len(CANARY)] ^= 1
        assert not intact(arena)

"""The hum of a robot's microphone."""

from __future__ import annotations

from array import array

from loadtest.sound import CHUNK, EVERY_S, HISS, PEAK, Hum


def levels(hum: Hum, chunks: range) -> list[int]:
    return [max(map(abs, array("h", hum.chunk(n)))) for n in chunks]


def test_a_chunk_is_twenty_milliseconds_of_sixteen_bits() -> None:
    hum = Hum(0)
    assert {len(hum.chunk(n)) for n in range(EVERY_S * 50)} == {2 * CHUNK}


def test_it_is_nearly_silent_but_for_a_soft_note_now_and_then() -> None:
    loud = levels(Hum(0), range(EVERY_S * 50))
    assert max(loud) <= PEAK * 1.2
    assert sum(1 for level in loud if level > HISS) < len(loud) / 4
    assert sum(1 for level in loud if level > PEAK / 4) > 5


def test_it_is_never_dead() -> None:
    assert min(levels(Hum(2), range(100))) > 0


def test_robots_do_not_play_at_once() -> None:
    first = [n for n, level in enumerate(levels(Hum(0), range(450))) if level > PEAK / 2]
    second = [n for n, level in enumerate(levels(Hum(1), range(450))) if level > PEAK / 2]
    assert first
    assert second
    assert set(first) != set(second)

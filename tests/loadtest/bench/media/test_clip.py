"""Two seconds of real media."""

from __future__ import annotations

from loadtest.bench.media.clip import (
    CHUNKS_A_SECOND,
    FPS,
    SECONDS,
    Piece,
    Reel,
    pictures,
    sounds,
)
from loadtest.bench.media.descriptions import AUDIO_PT, VIDEO_PT


def test_pictures_weigh_what_a_webcams_do() -> None:
    made = list(pictures())
    assert len(made) == FPS * SECONDS
    octets = sum(len(payload) for piece in made for payload in piece.payloads)
    assert 200_000 < 8 * octets / SECONDS < 800_000


def test_sound_is_a_packet_every_20_ms() -> None:
    made = list(sounds())
    assert len(made) == CHUNKS_A_SECOND * SECONDS
    assert {len(piece.payloads) for piece in made} == {1}


def test_a_reel_runs_on_from_showing_to_showing() -> None:
    reel = Reel({VIDEO_PT: 7, AUDIO_PT: 8})
    piece = Piece(0.5, VIDEO_PT, (b"a", b"b"))
    first, second = list(reel.packets(piece, 0)), list(reel.packets(piece, 1))
    numbers = [int.from_bytes(packet[2:4], "big") for packet in (*first, *second)]
    assert numbers == [1, 2, 3, 4]
    stamps = [int.from_bytes(packet[4:8], "big") for packet in (first[0], second[0])]
    assert stamps == [45_000, 225_000]
    assert [packet[1] >> 7 for packet in first] == [0, 1], "the last of a frame is marked"

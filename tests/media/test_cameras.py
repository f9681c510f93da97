"""What Chromium sent while its camera was on, off, covered and still, against the thresholds of the watch."""

from __future__ import annotations

import pytest

from media.watch import (
    OFF_S,
    SUSPECT_BITS_A_SECOND,
    SUSPECT_PACKETS_A_FRAME,
    CameraSeen,
    Counts,
    Watch,
)
from tests.media.cameras import ACTIONS, STEP_S, Recording, recordings

RECORDED = recordings()
GONE = ("no_track", "stopped")
EMPTY = ("disabled", "black")
THERE = tuple(name for name in ACTIONS if name not in (*GONE, *EMPTY))


def states(recording: Recording) -> list[str]:
    """The states of the camera, one after the other, as the watch tells them."""
    watch, counts, now = Watch(0.0), Counts(), 0.0
    told: list[str] = []
    for step in range(len(recording.frames)):
        now += STEP_S
        counts = Counts(
            counts.video_packets + recording.video_packets[step],
            counts.video_bytes + recording.video_bytes[step],
            counts.frames + recording.frames[step],
            counts.others + recording.others[step],
        )
        told += [s.state for s in watch.look(counts, now) if isinstance(s, CameraSeen)]
    return told


def seconds(recording: Recording) -> list[tuple[float, float]]:
    """Packets a frame and bits of each second in which there were frames."""
    window = round(1 / STEP_S)
    return [
        (
            sum(recording.video_packets[at : at + window]) / frames,
            sum(recording.video_bytes[at : at + window]) * 8,
        )
        for at in range(0, len(recording.frames), window)
        if (frames := sum(recording.frames[at : at + window]))
    ]


def test_everything_a_page_can_do_was_recorded() -> None:
    assert list(RECORDED) == list(ACTIONS)


@pytest.mark.parametrize("name", GONE)
def test_a_camera_without_a_track_is_off_after_two_seconds(name: str) -> None:
    recording = RECORDED[name]
    assert sum(recording.video_packets) == 0
    assert states(recording) == ["off"]
    assert sum(recording.others) / len(recording.others) / STEP_S > 50, "sound goes on"


@pytest.mark.parametrize("name", EMPTY)
def test_a_black_picture_is_suspect_and_not_off(name: str) -> None:
    assert states(RECORDED[name]) == ["on", "suspect"]


@pytest.mark.parametrize("name", THERE)
def test_a_picture_is_on_whatever_it_shows_and_however_busy_the_machine(name: str) -> None:
    assert states(RECORDED[name]) == ["on"]


def test_the_thresholds_lie_between_the_samples() -> None:
    """Twice what an empty picture takes; a third of the least that a picture takes."""
    empty = [second for name in EMPTY for second in seconds(RECORDED[name])]
    assert max(packets for packets, _ in empty) <= SUSPECT_PACKETS_A_FRAME
    assert max(bits for _, bits in empty) < 0.75 * SUSPECT_BITS_A_SECOND
    still = [bits for _, bits in seconds(RECORDED["still"])]
    assert min(still) > 3 * SUSPECT_BITS_A_SECOND


def test_no_machine_however_busy_made_a_gap_as_long_as_an_off_camera() -> None:
    for name in THERE:
        silent = longest = 0.0
        for video, others in zip(RECORDED[name].video_packets, RECORDED[name].others, strict=True):
            silent = 0.0 if video or not others else silent + STEP_S
            longest = max(longest, silent)
        assert longest < OFF_S, name

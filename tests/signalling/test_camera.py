"""What a page claims, what packets show, and what is recorded of it."""

from __future__ import annotations

from scheduler.presence import Seen, Witness
from signalling.camera import Camera

NUDGE = 30_000


def camera(*, relayed: bool = False) -> Camera:
    found = Camera(NUDGE)
    found.travel(relayed, 0)
    return found


def test_on_the_direct_path_the_page_s_word_counts() -> None:
    seen = camera()
    assert [t.seen for t in seen.claim(False, 5)] == [Seen.CAMERA_OFF]
    assert not seen.shown
    assert [t.seen for t in seen.claim(True, 1_009)] == [Seen.CAMERA_ON]


def test_saying_the_same_again_is_no_transition() -> None:
    seen = camera()
    seen.claim(False, 5)
    assert seen.claim(False, 6) == []


def test_packets_are_not_asked_on_the_direct_path() -> None:
    assert camera().observe(False, 5) == []


def test_on_the_relay_packets_outweigh_the_page() -> None:
    seen = camera(relayed=True)
    (off,) = seen.observe(False, 5)
    assert (off.witness, off.at_ms) == (Witness.SFU, 5)
    assert seen.claim(True, 6) == []
    assert not seen.shown


def test_a_page_that_says_off_shows_off_even_before_packets_cease() -> None:
    seen = camera(relayed=True)
    seen.observe(True, 1)
    assert seen.claim(False, 5) == []
    assert not seen.shown


def test_until_packets_say_anything_the_page_is_believed() -> None:
    seen = camera(relayed=True)
    assert [t.witness for t in seen.claim(False, 5)] == [Witness.HUB]


def test_back_on_the_direct_path_the_page_s_word_counts_again() -> None:
    seen = camera(relayed=True)
    seen.observe(False, 5)
    assert [t.seen for t in seen.travel(False, 1_009)] == [Seen.CAMERA_ON]


def test_another_relay_does_not_wipe_out_what_packets_showed() -> None:
    seen = camera(relayed=True)
    seen.observe(False, 5)
    assert seen.travel(True, 9) == []
    assert not seen.shown


def test_transitions_never_step_back_in_time() -> None:
    seen = camera(relayed=True)
    seen.observe(False, 1_000)
    assert seen.observe(True, 500) == []
    (on,) = seen.woke(2_000)
    assert on.at_ms == 1_000


def test_of_quick_changes_only_the_outcome_is_recorded() -> None:
    seen = camera()
    told = [t for n in range(100) for t in seen.claim(n % 2 == 1, 10 * n)]
    assert [t.at_ms for t in told] == [0]
    assert not seen.claim(False, 995)
    assert seen.claim(True, 999) == []
    assert seen.shown
    assert seen.next_deadline() == 1_000
    (on,) = seen.woke(1_000)
    assert (on.seen, on.at_ms) == (Seen.CAMERA_ON, 999)
    assert seen.next_deadline() is None


def test_a_change_that_is_taken_back_at_once_leaves_no_second_trace() -> None:
    seen = camera()
    seen.claim(False, 0)
    seen.claim(True, 100)
    seen.claim(False, 200)
    assert seen.next_deadline() is None


def test_what_a_log_says_is_not_recorded_again() -> None:
    seen = camera()
    seen.replay(Seen.CAMERA_OFF, 0)
    seen.replay(Seen.CAMERA_ON, 900)
    assert seen.next_deadline() is None


def test_two_hints_a_stretch() -> None:
    seen = camera()
    seen.claim(False, 0)
    assert seen.nudge_due(0) == NUDGE
    assert seen.nudged(0) == 1
    assert seen.nudge_due(0) == 3 * NUDGE
    assert seen.nudged(0) == 2
    assert seen.nudge_due(0) is None
    seen.claim(True, 100_000)
    seen.claim(False, 200_000)
    assert seen.nudge_due(0) == 200_000 + NUDGE


def test_time_that_does_not_count_begins_the_stretch_anew() -> None:
    seen = camera()
    seen.claim(False, 0)
    seen.nudged(0)
    assert seen.nudge_due(50_000) == 50_000 + NUDGE


def test_a_camera_that_is_on_needs_no_hint() -> None:
    assert camera().nudge_due(0) is None

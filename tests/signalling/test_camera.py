"""What a page claims, what packets show, and what is recorded of it."""

from __future__ import annotations

from scheduler.presence import Seen, Witness
from signalling.camera import DISPUTE_MS, Camera

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


def test_a_page_that_says_off_is_believed_even_before_packets_cease() -> None:
    seen = camera(relayed=True)
    seen.observe(True, 1)
    assert [(t.seen, t.witness) for t in seen.claim(False, 5)] == [(Seen.CAMERA_OFF, Witness.HUB)]
    assert not seen.shown
    assert seen.observe(False, 9) == []
    assert seen.claim(True, 2_000) == []
    assert [t.witness for t in seen.observe(True, 3_000)] == [Witness.SFU]


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


# Faults.


def test_a_fault_is_recorded_with_its_cause() -> None:
    (off,) = camera().claim(False, 5, "unplugged")
    assert (off.seen, off.cause) == (Seen.CAMERA_OFF, "unplugged")


def test_another_cause_of_the_same_fault_is_no_transition() -> None:
    seen = camera()
    seen.claim(False, 5, "unplugged")
    assert seen.claim(False, 2_000, "busy") == []
    assert seen.trouble == "busy"


def test_from_fault_to_choice_and_back_is_recorded() -> None:
    seen = camera()
    told = seen.claim(False, 0) + seen.claim(False, 2_000, "denied") + seen.claim(False, 4_000, "")
    assert [t.cause for t in told] == ["", "denied", ""]
    assert seen.nudge_due(0) == 4_000 + NUDGE


def test_the_cause_may_come_after_the_packets_ceased() -> None:
    seen = camera(relayed=True)
    seen.observe(False, 0)
    assert [t.cause for t in seen.claim(False, 1_500, "busy")] == ["busy"]


def test_packets_that_cease_after_the_page_told_why_add_nothing() -> None:
    seen = camera(relayed=True)
    seen.observe(True, 0)
    assert [t.cause for t in seen.claim(False, 1_500, "busy")] == ["busy"]
    assert seen.observe(False, 3_000) == []


def test_nobody_is_hinted_at_a_camera_that_broke() -> None:
    seen = camera()
    seen.claim(False, 0, "unplugged")
    assert seen.nudge_due(0) is None


def test_a_camera_that_works_has_no_trouble() -> None:
    seen = camera()
    seen.claim(False, 0, "busy")
    seen.claim(True, 2_000)
    assert (seen.trouble, seen.shown) == ("", True)


def test_a_device_that_is_gone_is_off_whatever_the_switch_says() -> None:
    seen = camera()
    assert [t.cause for t in seen.claim(True, 0, "unplugged")] == ["unplugged"]
    assert not seen.shown


def test_a_weak_line_may_still_carry_a_picture() -> None:
    seen = camera()
    assert seen.claim(True, 0, "weak") == []
    assert seen.shown


def test_a_page_that_comes_back_without_a_picture_is_as_broken_as_before() -> None:
    seen = camera()
    seen.claim(False, 0, "busy")
    assert seen.claim(False, 2_000) == []
    assert seen.trouble == "busy"


def test_a_fault_is_read_back_from_the_log() -> None:
    seen = camera()
    seen.replay(Seen.CAMERA_OFF, 0, "unplugged")
    assert seen.trouble == "unplugged"
    assert seen.nudge_due(0) is None
    assert [t.seen for t in seen.claim(True, 5_000, "")] == [Seen.CAMERA_ON]


# The partner's page.


def test_a_contradiction_is_a_dispute_after_five_seconds() -> None:
    seen = camera()
    seen.reported("off", 1_000)
    seen.reported("suspect", 3_000)
    assert seen.dispute_due() == 6_000
    seen.reported("on", 4_000)
    assert seen.dispute_due() is None


def test_what_the_partner_s_page_says_is_no_transition() -> None:
    seen = camera()
    seen.reported("off", 0)
    assert seen.woke(60_000) == []
    assert seen.shown


def test_nobody_contradicts_a_page_that_says_off() -> None:
    seen = camera()
    seen.reported("off", 0)
    seen.claim(False, 10)
    assert seen.dispute_due() is None
    seen.claim(True, 60_000)
    assert seen.dispute_due() == 60_000 + DISPUTE_MS, "there is time for a picture to come"


def test_on_the_relay_the_partner_s_page_is_not_asked() -> None:
    seen = camera(relayed=True)
    seen.reported("off", 0)
    assert seen.dispute_due() is None


def test_another_connection_forgets_what_was_said_of_the_last_one() -> None:
    seen = camera()
    seen.reported("off", 0)
    seen.connects_anew()
    assert seen.dispute_due() is None


# A picture that shows nothing.


def test_an_empty_picture_is_mentioned_now_and_then() -> None:
    seen = camera(relayed=True)
    assert seen.hint(0)
    assert not seen.hint(299_999)
    assert seen.hint(300_000)


def test_a_camera_that_is_off_shows_nothing_anyway() -> None:
    seen = camera(relayed=True)
    seen.claim(False, 0)
    assert not seen.hint(0)


def test_a_camera_that_is_said_to_be_on_has_no_trouble_to_excuse_what_packets_show() -> None:
    seen = camera(relayed=True)
    seen.claim(True, 5, "weak")
    (off,) = seen.observe(False, 2_000)
    assert (off.seen, off.cause) == (Seen.CAMERA_OFF, "")


def test_nor_does_it_keep_two_pages_from_contradicting_each_other() -> None:
    seen = camera()
    seen.claim(True, 5, "weak")
    seen.reported("off", 1_000)
    assert seen.dispute_due() == 1_000 + DISPUTE_MS


def test_turning_off_and_on_is_no_way_out_of_a_contradiction() -> None:
    """The partner's page says it on change, and nothing has changed for it."""
    seen = camera()
    seen.claim(False, 0)
    seen.reported("off", 2_000)
    seen.claim(True, 10_000)
    assert seen.dispute_due() == 10_000 + DISPUTE_MS
    seen.claim(False, 11_000)
    assert seen.dispute_due() is None
    seen.claim(True, 12_000)
    assert seen.dispute_due() == 12_000 + DISPUTE_MS
    seen.reported("on", 13_000)
    assert seen.dispute_due() is None


def test_of_another_connection_the_partner_s_page_has_said_nothing_yet() -> None:
    seen = camera()
    seen.reported("off", 2_000)
    seen.connects_anew()
    seen.claim(False, 3_000)
    seen.claim(True, 4_000)
    assert seen.dispute_due() is None

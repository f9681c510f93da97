"""A leg's packets, by a hand-turned clock: camera on, off and doubtful; a network that fails."""

from __future__ import annotations

import pytest

from media.picture import Verdict
from media.watch import CameraSeen, Counts, Flowing, Seen, Stalled, Watch, Woke

STEP_S = 0.25


class Leg:
    """A sender, four looks a second."""

    def __init__(self) -> None:
        self.now = 100.0
        self.counts = Counts()
        self.watch = Watch(self.now)

    def run(
        self,
        seconds: float,
        *,
        pictures: float = 0,
        a_frame: int = 2,
        octets: int = 700,
        others: float = 0,
    ) -> list[Seen]:
        """Let it send so many frames and other packets a second."""
        seen: list[Seen] = []
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            frames = self._whole(pictures)
            self.counts = Counts(
                self.counts.video_packets + frames * a_frame,
                self.counts.video_bytes + frames * a_frame * octets,
                self.counts.frames + frames,
                self.counts.others + self._whole(others),
            )
            seen += self.watch.look(self.counts, self.now)
        return seen

    def _whole(self, a_second: float) -> int:
        """How many of so many a second fall into this step."""
        return int(self.now * a_second) - int((self.now - STEP_S) * a_second)

    def usual(self, seconds: float) -> list[Seen]:
        return self.run(seconds, pictures=15, others=55)

    def off(self, seconds: float) -> list[Seen]:
        return self.run(seconds, others=55)

    def covered(self, seconds: float) -> list[Seen]:
        return self.run(seconds, pictures=15, a_frame=1, octets=90, others=55)


@pytest.fixture
def leg() -> Leg:
    return Leg()


@pytest.fixture
def seen_on(leg: Leg) -> Leg:
    assert leg.usual(8) == [CameraSeen("on", 1.0)]
    return leg


def test_a_second_of_picture_is_on(leg: Leg) -> None:
    assert leg.usual(0.75) == []
    assert leg.usual(0.25) == [CameraSeen("on", 1.0)]


def test_a_leg_without_any_picture_from_the_start_is_off(leg: Leg) -> None:
    assert leg.off(2) == []
    assert leg.off(0.25) == [CameraSeen("off", 2.25)]


def test_two_seconds_without_a_picture_are_not_off_yet(seen_on: Leg) -> None:
    assert seen_on.off(2) == []


def test_more_than_two_seconds_are_off_since_the_last_picture(seen_on: Leg) -> None:
    assert seen_on.off(2.25) == [CameraSeen("off", 2.25)]
    assert seen_on.off(60) == []


def test_on_again_after_one_second_of_flow(seen_on: Leg) -> None:
    seen_on.off(10)
    assert seen_on.usual(0.75) == []
    assert seen_on.usual(0.25) == [CameraSeen("on", 1.0)]


def test_a_single_stray_picture_does_not_make_it_on(seen_on: Leg) -> None:
    seen_on.off(10)
    assert seen_on.run(0.25, pictures=15, others=55) == []
    assert seen_on.off(1.75) == []


def test_five_seconds_of_hardly_anything_are_suspect(seen_on: Leg) -> None:
    assert seen_on.covered(5) == []
    [change] = seen_on.covered(1)
    assert isinstance(change, CameraSeen)
    assert change.state == "suspect"
    assert change.since_s > 5


def test_a_still_picture_of_some_detail_is_not_suspect(seen_on: Leg) -> None:
    assert seen_on.run(20, pictures=15, a_frame=1, octets=250, others=55) == []


def test_a_low_rate_in_several_packets_a_frame_is_not_suspect(seen_on: Leg) -> None:
    assert seen_on.run(20, pictures=5, a_frame=3, octets=200, others=55) == []


def test_suspect_ends_with_a_second_of_information(seen_on: Leg) -> None:
    seen_on.covered(10)
    [change] = seen_on.usual(2)
    assert isinstance(change, CameraSeen)
    assert change.state == "on"


def test_suspect_may_become_off(seen_on: Leg) -> None:
    seen_on.covered(10)
    assert seen_on.off(2.25) == [CameraSeen("off", 2.25)]


def test_nothing_at_all_never_makes_a_camera_off(seen_on: Leg) -> None:
    assert seen_on.run(4.75) == []
    assert seen_on.run(60) == [Stalled()]


def test_coming_back_from_an_outage_with_sound_first_is_not_off(seen_on: Leg) -> None:
    seen_on.run(4)
    assert seen_on.off(0.75) == [Woke()]
    assert seen_on.usual(3) == []


def test_sparse_checks_alone_count_as_little_of_the_silence(seen_on: Leg) -> None:
    before = seen_on.run(5, others=0.4)
    assert [change for change in before if isinstance(change, CameraSeen)] == []
    after = seen_on.run(5, others=0.4)
    assert [change.state for change in after if isinstance(change, CameraSeen)] == ["off"]


def test_stalled_after_five_seconds_and_told_once(seen_on: Leg) -> None:
    assert seen_on.run(4.75) == []
    assert seen_on.run(0.25) == [Stalled()]
    assert seen_on.run(30) == []


def test_the_first_packet_after_a_stall_is_flow_and_wakes(seen_on: Leg) -> None:
    seen_on.run(6)
    assert seen_on.usual(0.25) == [Woke(), Flowing()]


def test_a_second_of_silence_wakes_without_a_stall(seen_on: Leg) -> None:
    seen_on.run(0.75)
    assert seen_on.usual(0.5) == [Woke()]


def test_shorter_silence_does_not_wake(seen_on: Leg) -> None:
    seen_on.run(0.5)
    assert seen_on.usual(0.5) == []


def test_loss_of_half_the_packets_changes_nothing(seen_on: Leg) -> None:
    assert seen_on.run(30, pictures=7, a_frame=1, octets=700, others=20) == []


def test_a_covered_camera_after_an_off_one_is_on_before_it_is_suspect(seen_on: Leg) -> None:
    seen_on.off(10)
    changes = seen_on.covered(10)
    assert [change.state for change in changes if isinstance(change, CameraSeen)] == [
        "on",
        "suspect",
    ]


def test_time_in_which_nobody_looked_proves_nothing() -> None:
    watch = Watch(0.0)
    for quarter in range(1, 13):
        watch.look(Counts(quarter, quarter * 5000, quarter, quarter), quarter / 4)
    assert watch.camera == "on"
    watch.forgive(30.0)
    assert watch.look(Counts(12, 60_000, 12, 13), 33.25) == []
    assert watch.look(Counts(13, 65_000, 13, 14), 33.5) == []
    assert (watch.camera, watch.stalled) == ("on", False)


# What a key frame shows.


def test_a_picture_that_is_there_ends_the_suspicion_of_its_packets(seen_on: Leg) -> None:
    seen_on.covered(6)
    assert seen_on.watch.why == "thin"
    assert seen_on.watch.shown("ok", seen_on.now) == [CameraSeen("on", 0.0)]
    assert seen_on.covered(30) == []


@pytest.mark.parametrize("verdict", ["black", "covered", "frozen"])
def test_a_picture_that_shows_nothing_is_suspect_however_much_it_takes(
    seen_on: Leg, verdict: Verdict
) -> None:
    assert seen_on.watch.shown(verdict, seen_on.now) == [CameraSeen("suspect", 0.0, verdict)]
    assert seen_on.usual(30) == []
    assert seen_on.watch.shown("ok", seen_on.now) == [CameraSeen("on", 0.0)]


def test_when_the_packets_change_what_was_seen_is_void(seen_on: Leg) -> None:
    seen_on.covered(6)
    seen_on.watch.shown("black", seen_on.now)
    [change] = seen_on.usual(2)
    assert isinstance(change, CameraSeen)
    assert (change.state, change.why) == ("on", "")


def test_no_picture_at_all_shows_nothing(seen_on: Leg) -> None:
    seen_on.off(3)
    assert seen_on.watch.shown("ok", seen_on.now) == []
    assert seen_on.watch.camera == "off"


def test_the_key_frame_that_was_asked_for_is_no_information(seen_on: Leg) -> None:
    seen_on.covered(6)
    seen_on.watch.looked_at = True
    assert seen_on.run(1, pictures=4, a_frame=10, octets=1_100, others=55) == []
    seen_on.watch.looked_at = False
    assert seen_on.covered(20) == []
    assert seen_on.watch.camera == "suspect"


def test_what_was_poor_for_a_while_begins_anew_after_a_look(seen_on: Leg) -> None:
    seen_on.covered(4)
    seen_on.watch.looked_at = True
    seen_on.covered(2)
    seen_on.watch.looked_at = False
    assert seen_on.covered(5) == []
    assert [change.state for change in seen_on.covered(2)] == ["suspect"]  # type: ignore[union-attr]

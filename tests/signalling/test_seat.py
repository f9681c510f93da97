"""A seat puts presence, camera and breaks together."""

from __future__ import annotations

from scheduler.presence import Seen
from scheduler.rules import DEFAULT
from signalling.seat import NOBODY, Seat
from tests.signalling.stage import ANA, LENGTH_MIN, MINUTE, SECOND, E, T


def seat() -> Seat:
    return Seat(ANA, "b1", DEFAULT, start_ms=T, length_min=LENGTH_MIN)


def taken(now_ms: int = T, camera: bool = True) -> Seat:
    found = seat()
    found.enter("c1", "tab", camera, True, now_ms)
    return found


def test_an_empty_seat_shows_nothing() -> None:
    view = seat().view(T)
    assert view == NOBODY


def test_a_lost_seat_shows_its_camera_no_longer_than_its_grace() -> None:
    ana = taken()
    ana.lose(T, 3 * SECOND)
    assert ana.view(T).stalled
    ana.woke(T + 3 * SECOND)
    ana.woke(T + 90 * SECOND)
    assert not ana.view(T + 90 * SECOND).camera


def test_leaving_ends_a_break_and_withdraws_the_wish_to_end() -> None:
    ana = taken()
    ana.wants_end = True
    ana.breaks.start(5, T)
    assert [t.seen for t in ana.leave(T + MINUTE)] == [Seen.BACK, Seen.LEAVE]
    assert not ana.wants_end


def test_leaving_withdraws_the_wish_for_cameras_off_but_no_agreement() -> None:
    ana = taken()
    ana.wants_off = True
    ana.leave(T + MINUTE)
    assert not ana.wants_off
    ana.agree_off(T + 2 * MINUTE, on=True)
    ana.leave(T + 3 * MINUTE)
    assert ana.wants_off


def test_a_page_that_was_asleep_and_enters_anew_is_awake() -> None:
    ana = taken()
    ana.camera.travel(True, T)
    ana.observe(False, T + SECOND)
    ana.woke(T + 25 * SECOND)
    assert ana.view(T + 25 * SECOND).trouble != ""
    seen = ana.enter("c2", "tab", False, True, T + 30 * SECOND)
    assert [(t.seen, t.cause) for t in seen] == [(Seen.CAMERA_OFF, "")]
    assert ana.view(T + 30 * SECOND).trouble == ""


def test_hints_are_for_those_who_can_see_them() -> None:
    ana = taken(camera=False)
    ana.lose(T + SECOND, 3 * SECOND)
    assert ana.woke(T + 31 * SECOND)[1] == []


def test_no_hint_comes_after_the_end() -> None:
    ana = taken(E - 29 * SECOND, camera=False)
    assert ana.next_deadline() is None


def test_packets_count_while_only_the_socket_is_lost() -> None:
    ana = taken()
    ana.camera.travel(True, T)
    ana.lose(T, 3 * SECOND)
    assert [t.seen for t in ana.observe(False, T)] == [Seen.CAMERA_OFF]


def test_who_has_left_is_not_watched() -> None:
    ana = taken()
    ana.camera.travel(True, T)
    ana.leave(T)
    assert ana.observe(False, T) == []


def test_what_packets_showed_outlives_a_socket_whose_connection_is_kept() -> None:
    ana = taken()
    ana.camera.travel(True, T)
    ana.observe(False, T)
    ana.lose(T, 3 * SECOND)
    assert ana.enter("c2", "tab", True, True, T + SECOND, keeps=True) == []
    assert not ana.view(T + SECOND).camera


def test_a_reloaded_page_has_to_show_a_picture_before_its_camera_is_on() -> None:
    ana = taken()
    ana.camera.travel(True, T)
    ana.observe(False, T)
    ana.lose(T, 3 * SECOND)
    assert ana.enter("c2", "tab", True, True, T + SECOND) == []
    assert [t.seen for t in ana.observe(True, T + 2 * SECOND)] == [Seen.CAMERA_ON]


def test_a_reloaded_page_is_believed_that_its_camera_is_off() -> None:
    ana = taken()
    ana.camera.travel(True, T)
    ana.observe(True, T)
    ana.lose(T, 3 * SECOND)
    assert [t.seen for t in ana.enter("c2", "tab", False, True, T + SECOND)] == [Seen.CAMERA_OFF]

"""The judge flags what the rules say, to the millisecond, and never what nobody could help."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.bookings import Pair
from scheduler.events import Cancelled
from scheduler.flags import Fault
from scheduler.judge import judge, judge_cancel
from scheduler.presence import PresenceEvent, Seen, Witness
from scheduler.rules import DEFAULT, MINUTE_MS, SECOND_MS
from tests.scheduler.sessions import ANA, BEN, E, Log, T, a_pair, at, both_there, faults, flags, ms


def test_a_session_both_kept_has_no_flags() -> None:
    log = both_there().ana("leave", "E+0:30").ben("leave", "E+1:00")
    assert flags(log) == []


SFU = Witness.SFU

# Late and no-show.


@pytest.mark.parametrize(
    ("joined", "fault"),
    [
        ("T-10:00", None),
        ("T+0:00", None),
        ("T+2:00.000", None),
        ("T+2:00.001", "late"),
        ("T+5:00.000", "late"),
        ("T+5:00.001", "no_show"),
        ("T+7:00", "no_show"),
        ("E+0:01", "no_show"),
    ],
)
def test_the_first_join_decides_between_on_time_late_and_absent(
    joined: str, fault: str | None
) -> None:
    log = Log().ana("join", joined).ben("join", "T-1:00")
    assert faults(log) == ({ANA: fault} if fault else {})


def test_a_late_flag_carries_what_was_measured_and_the_limit() -> None:
    [flag] = flags(Log().ana("join", "T+3:00").ben("join", "T-1:00"))
    assert (flag.pair, flag.member, flag.booking) == ("p1", ANA, "b1")
    assert (flag.at_ms, flag.measured_ms, flag.limit_ms) == (at("T+3:00"), 180_000, 120_000)
    assert flag.rules_version == DEFAULT.version


def test_somebody_who_never_comes_is_flagged_at_t_with_the_whole_session() -> None:
    [flag] = flags(Log().ben("join", "T-1:00"))
    assert (flag.fault, flag.at_ms, flag.measured_ms) == (Fault.NO_SHOW, T, E - T)


def test_neither_came_flags_both() -> None:
    assert faults(Log()) == {ANA: "no_show", BEN: "no_show"}


def test_joining_before_t_and_returning_after_a_network_loss_is_on_time() -> None:
    log = both_there().ana("drop", "T-0:20").ana("rejoin", "T+4:00")
    assert faults(log) == {}


def test_a_dissolved_pair_is_not_judged() -> None:
    assert judge(a_pair(dissolved=True), [], DEFAULT) == []


# Early leave.


@pytest.mark.parametrize(
    ("left", "fault"),
    [("E-2:00.001", "early_leave"), ("E-2:00.000", None), ("E-1:59", None), ("E+1:00", None)],
)
def test_leaving_for_good_more_than_two_minutes_before_e_is_early(
    left: str, fault: str | None
) -> None:
    assert faults(both_there().ana("leave", left)) == ({ANA: fault} if fault else {})


def test_coming_back_before_e_undoes_a_leave() -> None:
    assert faults(both_there().ana("leave", "T+10:00").ana("rejoin", "T+12:00")) == {}


def test_coming_back_after_e_undoes_nothing() -> None:
    log = both_there().ana("leave", "T+10:00").ana("rejoin", "E+0:00")
    assert faults(log) == {ANA: "early_leave"}


def test_ending_together_frees_both() -> None:
    log = both_there().ana("end_agreed", "T+40:00").ben("end_agreed", "T+40:00")
    assert faults(log.ana("leave", "T+40:00").ben("leave", "T+40:10")) == {}


def test_asking_alone_does_not_free() -> None:
    log = both_there().ana("end_agreed", "T+40:00").ana("leave", "T+40:01")
    assert faults(log) == {ANA: "early_leave"}


def test_agreeing_after_the_leave_does_not_free() -> None:
    log = both_there().ana("leave", "T+20:00")
    log.ana("end_agreed", "T+21:00").ben("end_agreed", "T+21:00")
    assert faults(log) == {ANA: "early_leave"}


@pytest.mark.parametrize(("waited", "fault"), [("1:00.000", "early_leave"), ("1:00.001", None)])
def test_a_partner_lost_for_over_a_minute_frees(waited: str, fault: str | None) -> None:
    left = at("T+20:00") + ms(waited)
    log = both_there().ben("drop", "T+20:00").ana("leave", left).ben("rejoin", left + 1)
    assert faults(log) == ({ANA: fault} if fault else {})


@pytest.mark.parametrize(("waited", "fault"), [("1:00.000", "early_leave"), ("1:00.001", None)])
def test_a_partner_who_left_and_came_back_counts_from_the_leave(
    waited: str, fault: str | None
) -> None:
    left = at("T+20:00") + ms(waited)
    log = both_there().ben("leave", "T+20:00").ana("leave", left).ben("rejoin", left + 1)
    assert faults(log) == ({ANA: fault} if fault else {})


def test_whoever_leaves_after_the_partner_left_for_good_is_free_at_once() -> None:
    log = both_there().ben("leave", "T+20:00").ana("leave", "T+20:05")
    assert faults(log) == {BEN: "early_leave"}


@pytest.mark.parametrize(("waited", "fault"), [("1:00.000", "early_leave"), ("1:00.001", None)])
def test_a_late_partner_counts_as_gone_from_t(waited: str, fault: str | None) -> None:
    log = Log().ana("join", "T-1:00").ana("leave", T + ms(waited)).ben("join", "T+1:59")
    assert faults(log) == ({ANA: fault} if fault else {})


def test_a_partner_who_never_came_frees() -> None:
    log = Log().ana("join", "T-1:00").ana("leave", "T+0:20")
    assert faults(log) == {BEN: "no_show"}


# The network.


def test_a_connection_lost_for_good_is_no_misconduct() -> None:
    assert faults(both_there().ana("drop", "T+10:00")) == {}


@pytest.mark.parametrize(
    ("shut", "fault"),
    [("T+10:00", "early_leave"), ("E-2:00.001", "early_leave"), ("E-2:00.000", None)],
)
def test_a_page_closed_for_good_is_left_by_choice(shut: str, fault: str | None) -> None:
    assert faults(both_there().ana("drop", shut, closed=True)) == ({ANA: fault} if fault else {})


def test_a_page_closed_and_opened_again_is_no_leave_whatever_happens_then() -> None:
    log = both_there().ana("drop", "T+10:00", closed=True).ana("rejoin", "T+20:00")
    assert faults(log) == {}
    assert faults(log.ana("drop", "T+30:00")) == {}


def test_closing_the_page_is_excused_like_a_goodbye() -> None:
    agreed = both_there().ana("end_agreed", "T+40:00").ben("end_agreed", "T+40:00")
    assert faults(agreed.ana("drop", "T+40:01", closed=True)) == {}
    left = both_there().ben("drop", "T+20:00", closed=True).ana("drop", "T+20:05", closed=True)
    assert faults(left) == {BEN: "early_leave"}
    lost = both_there().ben("drop", "T+20:00").ana("drop", "T+21:00.001", closed=True)
    assert faults(lost) == {}


def test_a_line_lost_and_a_page_closed_at_once_is_a_lost_line() -> None:
    log = both_there().ana("drop", "T+10:00", closed=True).ana("drop", "T+10:00")
    assert faults(log) == {}


def test_a_closed_page_is_not_forgotten_over_a_goodbye_that_comes_too_late() -> None:
    log = both_there().ana("drop", "T+10:00", closed=True).ana("leave", "T+20:00")
    [flag] = flags(log)
    assert (flag.fault, flag.at_ms) == (Fault.EARLY_LEAVE, at("T+10:00"))


@pytest.mark.parametrize(("seen", "closed"), [("leave", False), ("drop", True)])
def test_who_went_before_t_is_measured_from_t(seen: str, closed: bool) -> None:
    log = Log().ana("join", "T-9:00").ana(seen, "T-8:00", closed=closed).ben("join", "T-1:00")
    [flag] = flags(log)
    assert (flag.fault, flag.at_ms, flag.measured_ms) == (Fault.EARLY_LEAVE, T, E - T)


def test_a_missing_goodbye_means_having_stayed() -> None:
    assert faults(both_there()) == {}


def test_leaving_and_then_losing_the_connection_is_leaving() -> None:
    log = both_there().ana("leave", "T+10:00").ana("drop", "T+10:00.010")
    assert faults(log) == {ANA: "early_leave"}


@pytest.mark.parametrize(("later", "fault"), [("1:30.000", "early_leave"), ("1:30.001", None)])
def test_a_goodbye_out_of_a_loss_counts_within_its_grace_only(
    later: str, fault: str | None
) -> None:
    log = both_there().ana("drop", "T+10:00").ana("leave", at("T+10:00") + ms(later))
    assert faults(log) == ({ANA: fault} if fault else {})


@pytest.mark.parametrize(
    ("length_min", "losses", "fault"),
    [(25, 1, "early_leave"), (25, 2, None), (50, 2, "early_leave"), (50, 4, None)],
)
def test_the_grace_of_all_losses_together_is_bounded(
    length_min: int, losses: int, fault: str | None
) -> None:
    log = both_there()
    for lost in range(losses):
        log.ana("drop", T + lost * 3 * MINUTE_MS).ana("rejoin", T + lost * 3 * MINUTE_MS + 90_000)
    log.ana("drop", "T+15:00").ana("leave", "T+16:20")
    assert faults(log, length_min) == ({ANA: fault} if fault else {})


# The platform away.


@pytest.mark.parametrize(
    ("joined", "fault"),
    [
        ("T+12:00.000", None),
        ("T+12:00.001", "late"),
        ("T+15:00.000", "late"),
        ("T+15:00.001", "no_show"),
    ],
)
def test_lateness_counts_while_the_door_was_open(joined: str, fault: str | None) -> None:
    log = Log().ana("join", joined).ben("join", "T-1:00")
    away = (("T+0:30", "T+10:30"),)
    assert faults(log, away=away) == ({ANA: fault} if fault else {})


def test_lateness_is_measured_without_the_outage() -> None:
    log = Log().ana("join", "T+13:00").ben("join", "T-1:00")
    [flag] = flags(log, away=(("T-5:00", "T+10:00"),))
    assert (flag.fault, flag.at_ms, flag.measured_ms) == (Fault.LATE, at("T+13:00"), 180_000)


@pytest.mark.parametrize(("open_again", "absent"), [("E-5:00.000", False), ("E-5:00.001", True)])
def test_who_never_came_is_absent_if_the_door_was_open_long_enough(
    open_again: str, absent: bool
) -> None:
    found = faults(Log().ben("join", open_again), away=(("T-1:00", open_again),))
    assert found == ({ANA: "no_show"} if absent else {})


def test_several_outages_count_once_where_they_overlap() -> None:
    away = (("T+0:00", "T+2:00"), ("T+1:00", "T+3:00"))
    log = Log().ana("join", "T+5:00.001").ben("join", "T-1:00")
    assert faults(log, away=away) == {ANA: "late"}


@pytest.mark.parametrize(
    ("seen", "left", "fault"),
    [
        ("leave", "T+9:59.999", "early_leave"),
        ("leave", "T+10:00", None),
        ("leave", "T+12:00", None),
        ("leave", "T+12:00.001", "early_leave"),
        ("drop", "T+8:29.999", "early_leave"),
        ("drop", "T+8:30", None),
        ("drop", "T+12:00", None),
        ("drop", "T+12:00.001", "early_leave"),
    ],
)
def test_who_goes_while_the_platform_is_away_or_cannot_come_back_leaves_nothing_early(
    seen: str, left: str, fault: str | None
) -> None:
    log = both_there().ana(seen, left, closed=seen == "drop")
    found = faults(log, away=(("T+10:00", "T+12:00"),))
    assert found == ({ANA: fault} if fault else {})


@pytest.mark.parametrize(("left", "fault"), [("T+25:00", "early_leave"), ("T+25:00.001", None)])
def test_a_partner_is_not_gone_for_as_long_as_nobody_could_be_seen(
    left: str, fault: str | None
) -> None:
    log = both_there().ben("drop", "T+20:00").ana("leave", left).ben("rejoin", "T+26:00")
    found = faults(log, away=(("T+20:10", "T+24:10"),))
    assert found == ({ANA: fault} if fault else {})


def test_no_picture_is_missed_while_the_platform_is_away() -> None:
    log = both_there().ana("camera_off", "T+10:00").ana("camera_on", "T+17:00")
    assert faults(log, away=(("T+11:30", "T+15:00"),)) == {}
    assert faults(log, away=(("T+12:00.001", "T+16:00"),)) == {ANA: "camera_off"}
    [flag] = flags(log, away=(("T+12:30", "T+16:00"),))
    assert (flag.measured_ms, flag.limit_ms) == (150_000, 120_000)


# The camera.


@pytest.mark.parametrize(("off", "fault"), [("2:00.000", None), ("2:00.001", "camera_off")])
def test_over_two_minutes_in_a_row_without_a_picture_is_flagged(
    off: str, fault: str | None
) -> None:
    log = both_there().ana("camera_off", "T+10:00").ana("camera_on", at("T+10:00") + ms(off))
    assert faults(log) == ({ANA: fault} if fault else {})


def off_for(log: Log, total_ms: int, *, start: str = "T+1:00") -> Log:
    """Ana's camera off for this long in all, never over 100 s in a row."""
    now = at(start)
    while total_ms > 0:
        part = min(total_ms, 100 * SECOND_MS)
        log.ana("camera_off", now).ana("camera_on", now + part)
        now, total_ms = now + part + SECOND_MS, total_ms - part
    return log


@pytest.mark.parametrize("length_min", [25, 50, 75])
def test_over_a_tenth_of_the_session_without_a_picture_is_flagged(length_min: int) -> None:
    tenth = length_min * MINUTE_MS // 10
    assert faults(off_for(both_there(), tenth), length_min) == {}
    [flag] = flags(off_for(both_there(), tenth + 1), length_min)
    assert (flag.fault, flag.measured_ms, flag.limit_ms) == (Fault.CAMERA_OFF, tenth + 1, tenth)
    assert flag.at_ms == at("T+1:00")


def test_the_camera_is_judged_from_t_on() -> None:
    log = both_there().ana("camera_off", "T-1:00").ana("camera_on", "T+2:00")
    assert faults(log) == {}


def test_the_camera_is_judged_until_e() -> None:
    assert faults(both_there().ana("camera_off", "E-2:00")) == {}
    assert faults(both_there().ana("camera_off", "E-2:00.001")) == {ANA: "camera_off"}


def test_whose_partner_never_came_needs_no_picture() -> None:
    alone = Log().ana("join", "T-1:00").ana("camera_off", "T+10:00")
    assert faults(alone) == {BEN: "no_show"}


def test_the_camera_is_judged_while_connected_only() -> None:
    log = both_there().ana("camera_off", "T+10:00").ana("drop", "T+11:00")
    assert faults(log.ana("rejoin", "T+14:00").ana("camera_on", "T+15:00")) == {}


def test_a_break_excuses_the_camera_for_as_long_as_declared() -> None:
    log = both_there().ana("break", "T+10:00", minutes=3).ana("camera_off", "T+10:00")
    assert faults(log.ana("camera_on", "T+15:00.000")) == {}
    log = both_there().ana("break", "T+10:00", minutes=3).ana("camera_off", "T+10:00")
    assert faults(log.ana("camera_on", "T+15:00.001")) == {ANA: "camera_off"}


def test_a_break_counts_five_minutes_at_most() -> None:
    log = both_there().ana("break", "T+10:00", minutes=30).ana("camera_off", "T+10:00")
    [flag] = flags(log.ana("camera_on", "T+17:00.001"))
    assert (flag.measured_ms, flag.limit_ms) == (120_001, 120_000)


def test_coming_back_ends_a_break() -> None:
    log = both_there().ana("break", "T+10:00", minutes=5).ana("camera_off", "T+10:00")
    log.ana("back", "T+11:00").ana("camera_on", "T+13:00.001")
    assert faults(log) == {ANA: "camera_off"}


def rests(*starts_min: int) -> Log:
    """Breaks of five minutes, the camera off in each."""
    log = both_there()
    for start in starts_min:
        begins = T + start * MINUTE_MS
        log.ana("break", begins, minutes=5).ana("camera_off", begins)
        log.ana("camera_on", begins + 5 * MINUTE_MS)
    return log


def test_breaks_excuse_a_fifth_of_the_session_in_all() -> None:
    assert faults(rests(5, 15, 25)) == {}
    log = rests(5, 15, 25).ana("camera_off", "T+40:00").ana("camera_on", "T+40:00.001")
    [flag] = flags(log)
    assert (flag.fault, flag.measured_ms, flag.limit_ms) == (Fault.CAMERA_OFF, 300_001, 300_000)


def test_a_break_beyond_that_fifth_excuses_no_more() -> None:
    [flag] = flags(rests(5, 15, 25, 35))
    assert (flag.at_ms, flag.limit_ms) == (at("T+35:00"), 120_000)


def test_a_break_with_the_camera_on_uses_nothing_up() -> None:
    log = both_there()
    for start in (5, 15, 25):
        log.ana("break", T + start * MINUTE_MS, minutes=5)
    log.ana("break", "T+35:00", minutes=5).ana("camera_off", "T+35:00").ana("camera_on", "T+40:00")
    assert faults(log) == {}


def test_the_relay_sees_through_a_client_that_says_its_camera_is_on() -> None:
    log = both_there().ana("camera_off", "T+10:00", witness=SFU)
    log.ana("camera_on", "T+10:30").ana("camera_on", "T+13:00", witness=SFU)
    assert faults(log) == {ANA: "camera_off"}


def test_the_own_client_may_admit_what_the_relay_did_not_say() -> None:
    log = both_there().ana("camera_on", "T+0:00", witness=SFU)
    assert faults(log.ana("camera_off", "T+10:00").ana("camera_on", "T+13:00")) == {
        ANA: "camera_off"
    }


def test_an_admission_outweighs_what_the_relay_saw_meanwhile() -> None:
    log = both_there().ana("camera_off", "T+10:00").ana("camera_off", "T+10:02", witness=SFU)
    log.ana("camera_on", "T+11:00", witness=SFU).ana("camera_on", "T+13:00")
    assert faults(log) == {ANA: "camera_off"}


@pytest.mark.parametrize(("first", "second"), [(Witness.HUB, SFU), (SFU, Witness.HUB)])
def test_where_the_hub_weighed_its_witnesses_a_picture_seen_by_either_is_one(
    first: Witness, second: Witness
) -> None:
    log = both_there().ana("camera_off", "T+10:00", witness=first)
    log.ana("camera_on", "T+11:00", witness=second)
    assert faults(log) == {}
    log.ana("camera_off", "T+20:00", witness=second).ana("camera_on", "T+21:00", witness=first)
    assert faults(log) == {}


@pytest.mark.parametrize("witness", Witness)
def test_reloading_the_page_is_no_picture(witness: Witness) -> None:
    log = both_there().ana("camera_off", "T+10:00", witness=witness).ana("drop", "T+10:30")
    assert faults(log.ana("rejoin", "T+10:31")) == {ANA: "camera_off"}


# A camera that broke.


def broken(log: Log, since: str = "T+10:00") -> Log:
    return log.ana("camera_off", since, cause="unplugged")


def test_a_camera_that_broke_is_no_misconduct_while_there_is_time_to_mend_it() -> None:
    assert faults(broken(both_there()).ana("camera_on", "T+15:00")) == {}
    assert faults(broken(both_there()).ana("camera_on", "T+17:00")) == {}


def test_what_a_page_calls_a_fault_counts_after_that_as_nobody_else_saw_it() -> None:
    [flag] = flags(broken(both_there()))
    assert (flag.fault, flag.at_ms) == (Fault.CAMERA_OFF, at("T+15:00"))
    assert flag.measured_ms == E - at("T+15:00")


def test_the_time_to_mend_is_one_for_the_session_however_often_something_broke() -> None:
    log = both_there()
    for minute in range(5, 25, 2):
        broken(log, f"T+{minute}:00").ana("camera_on", f"T+{minute + 1}:30")
    [flag] = flags(log)
    assert flag.measured_ms == 10 * ms("1:30") - ms("5:00")


def test_time_to_mend_passes_in_the_session_only_and_while_the_platform_is_there() -> None:
    log = broken(both_there(), "T-0:30").ana("camera_on", "T+6:59")
    assert faults(log) == {}
    log = broken(both_there()).ana("camera_on", "T+18:00")
    assert faults(log, away=(("T+11:00", "T+13:00"),)) == {}


def test_a_fault_counts_for_nothing_once_the_partner_has_gone_because_of_it() -> None:
    assert faults(broken(both_there()).ben("leave", "T+16:00")) == {}
    assert faults(broken(both_there()).ben("leave", "T+17:01")) == {ANA: "camera_off"}


def test_what_was_off_by_choice_before_and_after_counts() -> None:
    log = both_there().ana("camera_off", "T+8:00")
    assert faults(broken(log).ana("camera_on", "T+15:00")) == {}
    log = broken(both_there()).ana("camera_off", "T+14:00")
    assert faults(log.ana("camera_on", "T+16:00.000")) == {}
    [flag] = flags(broken(both_there()).ana("camera_off", "T+14:00").ana("camera_on", "T+17:00"))
    assert (flag.fault, flag.at_ms) == (Fault.CAMERA_OFF, at("T+14:00"))
    assert flag.measured_ms == 3 * MINUTE_MS


def test_a_fault_is_no_way_around_the_share_of_the_session() -> None:
    log = both_there()
    for start in ("T+5:00", "T+8:00", "T+11:00", "T+14:00"):
        log.ana("camera_off", start)
        log.ana("camera_off", at(start) + ms("1:50"), cause="busy")
    [flag] = flags(log.ana("camera_on", "T+17:00"))
    assert flag.measured_ms == 4 * ms("1:50")


def test_the_relay_s_word_without_a_cause_ends_the_excuse() -> None:
    log = broken(both_there()).ana("camera_off", "T+12:00", witness=SFU)
    assert faults(log) == {ANA: "camera_off"}


@pytest.mark.parametrize(("waited", "fault"), [("4:59.999", "early_leave"), ("5:00.000", None)])
def test_after_five_minutes_of_a_broken_camera_the_partner_may_leave(
    waited: str, fault: str | None
) -> None:
    left = at("T+10:00") + ms(waited)
    assert faults(broken(both_there()).ben("leave", left)) == ({BEN: fault} if fault else {})


def test_a_camera_that_works_again_frees_nobody() -> None:
    log = broken(both_there()).ana("camera_on", "T+16:00").ben("leave", "T+21:00")
    assert faults(log) == {BEN: "early_leave"}


def test_a_camera_broken_before_t_is_waited_for_from_t() -> None:
    log = broken(both_there(), "T-0:20").ben("leave", "T+4:59")
    assert faults(log) == {BEN: "early_leave"}


def test_the_own_broken_camera_is_no_leave_to_go() -> None:
    assert faults(broken(both_there()).ana("leave", "T+30:00")) == {ANA: "early_leave"}


# One session, one fault.


def test_the_heaviest_fault_is_the_only_one() -> None:
    log = Log().ana("join", "T+3:00").ben("join", "T-1:00").ana("camera_off", "T+3:00")
    assert faults(log) == {ANA: "late"}
    assert faults(log.ana("leave", "T+30:00")) == {ANA: "early_leave"}


# Cancelling.


def a_cancel(
    notice: str,
    *,
    booked: str = "600:00",
    pair: str | None = "p1",
    by_system: bool = False,
    free: bool = False,
    **more: Any,
) -> Cancelled:
    return Cancelled(
        at_ms=T - ms(notice),
        booking="b1",
        member=ANA,
        start_ms=T,
        length_min=50,
        created_ms=T - ms(booked),
        pair=pair,
        partner=BEN,
        by_system=by_system,
        free=free,
        **more,
    )


@pytest.mark.parametrize(
    ("notice", "late"), [("60:00.001", False), ("60:00.000", False), ("59:59.999", True)]
)
def test_cancelling_within_the_hour_is_late(notice: str, late: bool) -> None:
    flag = judge_cancel(a_cancel(notice), DEFAULT)
    assert (flag is not None) is late
    if flag:
        assert (flag.fault, flag.measured_ms) == (Fault.LATE_CANCEL, ms(notice))
        assert (flag.at_ms, flag.limit_ms) == (T - ms(notice), 60 * MINUTE_MS)


def test_cancelling_unmatched_or_by_the_system_is_never_late() -> None:
    assert judge_cancel(a_cancel("10:00", pair=None), DEFAULT) is None
    assert judge_cancel(a_cancel("10:00", by_system=True), DEFAULT) is None


@pytest.mark.parametrize(
    ("parted", "late"), [("60:00", False), ("59:59.999", True), ("12:00", True)]
)
def test_who_parts_by_a_change_and_cancels_then_let_the_partner_down_at_the_change(
    parted: str, late: bool
) -> None:
    told = a_cancel("10:00", pair=None, gave_up="p1", gave_up_ms=T - ms(parted))
    flag = judge_cancel(told, DEFAULT)
    assert (flag is not None) is late
    if flag:
        assert (flag.fault, flag.pair, flag.at_ms) == (Fault.LATE_CANCEL, "p1", T - ms("10:00"))


def test_whose_lock_in_was_given_up_by_the_other_may_go_at_any_time() -> None:
    assert judge_cancel(a_cancel("10:00", free=True), DEFAULT) is None


@pytest.mark.parametrize(
    ("booked", "notice", "late"),
    [
        ("15:00", "10:00.000", False),
        ("15:00", "9:59.999", True),
        ("60:00", "55:00", False),
        ("60:00.001", "57:00", True),
    ],
)
def test_a_booking_made_inside_the_hour_can_be_regretted_for_five_minutes(
    booked: str, notice: str, late: bool
) -> None:
    assert (judge_cancel(a_cancel(notice, booked=booked), DEFAULT) is not None) is late


# Whatever happens.

KINDS = st.sampled_from(Seen)
STAMPS = st.one_of(
    st.sampled_from([T, at("T+2:00"), at("T+5:00"), at("E-2:00"), E]),
    st.integers(min_value=T - 10 * MINUTE_MS, max_value=E + 5 * MINUTE_MS),
)
MEMBERS = st.sampled_from([ANA, BEN])


@st.composite
def logs(draw: st.DrawFn) -> list[PresenceEvent]:
    drawn = draw(
        st.lists(
            st.tuples(
                MEMBERS,
                KINDS,
                STAMPS,
                st.sampled_from(Witness),
                st.integers(0, 6),
                st.booleans(),
            ),
            max_size=24,
        )
    )
    return [
        PresenceEvent(
            id=f"h:{i}",
            member=m,
            seen=s,
            at_ms=t,
            witness=w,
            minutes=n,
            closed=c and s is Seen.DROP,
        )
        for i, (m, s, t, w, n, c) in enumerate(drawn)
    ]


@given(logs(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_delivery_changes_a_flag(log, chance) -> None:  # type: ignore[no-untyped-def]
    delivered = log + chance.sample(log, k=len(log) // 2)
    chance.shuffle(delivered)
    assert judge(a_pair(), delivered, DEFAULT) == judge(a_pair(), log, DEFAULT)


@given(logs())
def test_a_member_gets_one_flag_at_most_and_late_excludes_absent(log: list[PresenceEvent]) -> None:
    found = judge(a_pair(), log, DEFAULT)
    assert len({flag.member for flag in found}) == len(found)
    for flag in found:
        assert flag.fault is Fault.LATE_CANCEL or flag.measured_ms > flag.limit_ms


@given(logs())
def test_no_line_that_was_merely_lost_is_an_early_leave(log: list[PresenceEvent]) -> None:
    lost = [
        msgspec.structs.replace(event, closed=False)
        for event in log
        if event.seen is not Seen.LEAVE
    ]
    assert Fault.EARLY_LEAVE not in {flag.fault for flag in judge(a_pair(), lost, DEFAULT)}


@given(logs())
def test_what_is_measured_of_a_leave_is_no_more_than_the_session(log: list[PresenceEvent]) -> None:
    for flag in judge(a_pair(), log, DEFAULT):
        if flag.fault is Fault.EARLY_LEAVE:
            assert T <= flag.at_ms < E
            assert flag.measured_ms == E - flag.at_ms


@given(logs())
def test_an_outage_over_all_of_a_session_leaves_no_flag(log: list[PresenceEvent]) -> None:
    whole = (T - 10 * MINUTE_MS, E + 5 * MINUTE_MS)
    assert judge(a_pair(), log, DEFAULT, [whole]) == []


@given(logs(), st.lists(st.tuples(STAMPS, STAMPS).map(sorted), max_size=4))
def test_an_outage_makes_nobody_late_absent_or_invisible(log, outages) -> None:  # type: ignore[no-untyped-def]
    weight = {fault: number for number, fault in enumerate(reversed(Fault))}
    before = {flag.member: weight[flag.fault] for flag in judge(a_pair(), log, DEFAULT)}
    for flag in judge(a_pair(), log, DEFAULT, outages):
        assert flag.measured_ms > flag.limit_ms
        if flag.fault is Fault.NO_SHOW:
            assert before[flag.member] == weight[flag.fault]
        if flag.fault is Fault.LATE:
            assert before.get(flag.member, -1) >= weight[flag.fault]


@given(logs(), STAMPS, st.integers(1, 6))
def test_declaring_a_break_never_makes_it_worse(
    log: list[PresenceEvent], at_ms: int, minutes: int
) -> None:
    rest = PresenceEvent(id="h:break", member=ANA, seen=Seen.BREAK, at_ms=at_ms, minutes=minutes)
    before = {flag.member: flag for flag in judge(a_pair(), log, DEFAULT)}
    after = {flag.member: flag for flag in judge(a_pair(), [*log, rest], DEFAULT)}
    assert set(after) <= set(before)
    for member, flag in after.items():
        assert flag.fault == before[member].fault


@given(logs())
def test_flags_survive_being_written_down(log: list[PresenceEvent]) -> None:
    found = judge(a_pair(), log, DEFAULT)
    kept = msgspec.json.decode(msgspec.json.encode(log), type=list[PresenceEvent])
    assert judge(a_pair(), kept, DEFAULT) == found


# Straight from another session.


@pytest.mark.parametrize(
    ("joined", "fault"),
    [
        ("T+3:00.000", None),
        ("T+3:00.001", "late"),
        ("T+5:00.000", "late"),
        ("T+5:00.001", "no_show"),
    ],
)
def test_whose_session_before_ended_at_t_has_a_minute_longer(
    joined: str, fault: str | None
) -> None:
    pair = msgspec.structs.replace(a_pair(), zero_gap=(True, False))
    log = Log().ana("join", joined).ben("join", "T-1:00")
    assert verdict(pair, log) == ({ANA: fault} if fault else {})


def test_the_partner_of_who_comes_from_another_room_has_no_longer() -> None:
    pair = msgspec.structs.replace(a_pair(), zero_gap=(True, False))
    log = Log().ana("join", "T+2:30").ben("join", "T+2:30")
    assert verdict(pair, log) == {BEN: "late"}


def test_a_late_flag_after_another_session_names_its_own_limit() -> None:
    pair = msgspec.structs.replace(a_pair(), zero_gap=(True, False))
    log = Log().ana("join", "T+4:00").ben("join", "T-1:00")
    [flag] = judge(pair, log.events, DEFAULT)
    assert (flag.measured_ms, flag.limit_ms) == (4 * MINUTE_MS, DEFAULT.zero_gap_late_ms)


# Changes of partner.


def verdict(pair: Pair, log: Log) -> dict[str, str]:
    return {flag.member: flag.fault.value for flag in judge(pair, log.events, DEFAULT)}


def left_behind(parted: str, by: str = ANA) -> Pair:
    """A pair that one left for another partner."""
    return msgspec.structs.replace(a_pair(), parted_ms=at(parted), parted_by=by)


@pytest.mark.parametrize(
    ("joined", "fault"),
    [("T+3:01", "late"), ("T+5:00.000", "late"), ("T+5:00.001", "no_show"), (None, "no_show")],
)
def test_who_was_given_up_is_late_or_missing_by_the_pair_they_missed(
    joined: str | None, fault: str
) -> None:
    log = Log().ana("join", "T-1:00")
    if joined:
        log.ben("join", joined)
    assert verdict(left_behind("T+3:00"), log) == {BEN: fault}


def test_who_goes_on_is_not_judged_by_the_pair_they_left_for_what_came_after() -> None:
    log = Log().ana("join", "T+1:00").ana("camera_off", "T+1:01").ana("leave", "T+5:10")
    assert verdict(left_behind("T+5:05"), log) == {BEN: "no_show"}


@pytest.mark.parametrize(
    ("joined", "zero_gap", "fault"),
    [
        ("T+2:00", False, None),
        ("T+2:00.001", False, "late"),
        ("T+3:00", True, None),
        ("T+5:00", False, "late"),
        ("T+7:00", False, "no_show"),
        ("T+7:00", True, "no_show"),
    ],
)
def test_going_on_with_another_undoes_no_coming_late(
    joined: str, zero_gap: bool, fault: str | None
) -> None:
    log = Log().ben("join", "T-1:00").ana("join", joined).ben("leave", "T+5:01")
    log.events.sort(key=lambda event: event.at_ms)
    pair = msgspec.structs.replace(left_behind("T+7:30"), zero_gap=(zero_gap, False))
    assert verdict(pair, log).get(ANA) == fault


def test_who_went_on_had_come_even_if_the_log_lacks_it() -> None:
    assert verdict(left_behind("T+7:30"), Log()) == {BEN: "no_show"}


def test_two_brought_together_after_t_are_not_late_if_one_goes_on_again() -> None:
    pair = msgspec.structs.replace(left_behind("T+20:00"), met_ms=at("T+6:00"))
    assert verdict(pair, Log().ana("join", "T+6:00").ben("join", "T+6:00")) == {}


def test_who_left_for_good_before_being_given_up_left_early() -> None:
    log = both_there().ben("leave", "T+10:00")
    assert verdict(left_behind("T+11:30"), log) == {BEN: "early_leave"}


def test_who_was_lost_and_given_up_did_nothing_wrong() -> None:
    log = both_there().ben("drop", "T+10:00")
    assert verdict(left_behind("T+11:30"), log) == {}
    assert (
        verdict(left_behind("T+11:30"), log.ben("rejoin", "T+12:00").ben("leave", "T+13:00")) == {}
    )


def test_who_was_given_up_is_not_asked_for_a_picture_there() -> None:
    log = both_there().ben("camera_off", "T+0:00").ben("drop", "T+10:00").ben("rejoin", "T+12:00")
    assert verdict(left_behind("T+11:30"), log) == {}


def met(clock: str) -> Pair:
    """Two brought together after T."""
    return msgspec.structs.replace(a_pair(), met_ms=at(clock))


def test_nobody_is_late_to_a_session_made_after_t() -> None:
    log = Log().ana("join", "T+6:00").ben("join", "T+6:00")
    assert verdict(met("T+6:00"), log) == {}
    assert verdict(met("T+6:00"), Log().ana("join", "T+6:00")) == {}


def test_a_session_made_after_t_is_left_early_like_any_other() -> None:
    log = Log().ana("join", "T+6:00").ben("join", "T+6:00").ana("leave", "T+10:00")
    [flag] = judge(met("T+6:00"), log.events, DEFAULT)
    assert (flag.member, flag.fault, flag.measured_ms) == (
        ANA,
        Fault.EARLY_LEAVE,
        E - at("T+10:00"),
    )


@pytest.mark.parametrize(("off_until", "fault"), [("T+34:00", None), ("T+34:00.001", "camera_off")])
def test_the_share_of_time_without_a_picture_is_of_the_time_they_had(
    off_until: str, fault: str | None
) -> None:
    """Met at T+30: of twenty minutes two may go without, in bits of one minute each."""
    log = Log().ana("join", "T+30:00").ben("join", "T+30:00")
    log.ana("camera_off", "T+31:00").ana("camera_on", "T+32:00")
    log.ana("camera_off", "T+33:00").ana("camera_on", off_until)
    assert verdict(met("T+30:00"), log) == ({ANA: fault} if fault else {})


# Cameras off, agreed by both


def test_what_both_agreed_to_is_no_misconduct() -> None:
    log = both_there().ana("off_agreed", "T+5:00").ben("off_agreed", "T+5:00")
    assert faults(log.ana("camera_off", "T+5:01").ben("camera_off", "T+5:02")) == {}


def test_it_takes_both() -> None:
    log = both_there().ana("off_agreed", "T+5:00").ana("camera_off", "T+5:01")
    assert faults(log) == {ANA: "camera_off"}


def test_from_the_moment_it_is_taken_back_cameras_count() -> None:
    log = both_there().ana("off_agreed", "T+5:00").ben("off_agreed", "T+5:00")
    log.ana("camera_off", "T+5:01").ana("off_over", "T+30:00").ben("off_over", "T+30:00")
    [flag] = flags(log)
    assert (flag.fault, flag.at_ms) == (Fault.CAMERA_OFF, at("T+30:00"))

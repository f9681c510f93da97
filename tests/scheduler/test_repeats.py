"""Repeats keep their owner's wall time: over every clock change of sixteen zones from 2025 to 2030.

`golden/zones.json` holds those changes as the C library's `zdump` reads them from the tzdata package we
ship; what a wall time must be is worked out from that table alone, and compared.
"""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.bookings import Booking, State
from scheduler.errors import BadField, BadLength, OffGrid, SchedulerError
from scheduler.repeats import (
    DateState,
    Kept,
    Repeat,
    checked,
    coming,
    instant_of,
    next_look_ms,
    occurrences,
    shifts,
    today_in,
    undecided,
)
from scheduler.rules import DAY_MS, DEFAULT, MINUTE_MS, of

ZONES = json.loads((Path(__file__).parents[1] / "golden/zones.json").read_text())


@pytest.fixture(autouse=True, scope="module")
def _our_own_zone_data() -> Iterator[None]:
    """The table is of the package we ship, not of whatever this machine has."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=before)
    ZoneInfo.clear_cache()


def ms(written: str) -> int:
    return round(datetime.fromisoformat(written).timestamp() * 1_000)


def wall(at_ms: int, zone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1_000, ZoneInfo(zone)).strftime("%a %d %H:%M")


def a_repeat(**given: object) -> Repeat:
    base = {
        "id": "r1", "member": "ben", "days": (0, 1, 2, 3, 4), "time": "15:00", "zone": "Europe/Berlin",
        "length_min": 50, "first": date(2027, 3, 1), "created_ms": ms("2027-03-01T00:00Z"),
    }  # fmt: skip
    return Repeat(**{**base, **given})  # type: ignore[arg-type]


# The table


CHANGES = {
    zone: [(ms(since), minutes * MINUTE_MS) for since, minutes in each["changes"]]
    for zone, each in ZONES.items()
}


def offset_at(zone: str, at_ms: int) -> int:
    passed = [offset for since, offset in CHANGES[zone] if since <= at_ms]
    return passed[-1] if passed else ZONES[zone]["offset_min"] * MINUTE_MS


def by_looking(zone: str, day: date, hour: int, minute: int) -> int:
    """The first instant at which the clock on the wall shows this; past a gap by what it left out."""
    asked = (
        round(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp()) * 1_000
    )
    offsets = {offset_at(zone, asked + days * DAY_MS) for days in (-1, 0, 1)}
    there = [asked - offset for offset in offsets if offset_at(zone, asked - offset) == offset]
    return min(there) if there else asked - offset_at(zone, asked - DAY_MS)


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_hour_around_every_change_is_where_the_table_has_it(zone: str) -> None:
    for since, _ in ZONES[zone]["changes"] or [["2028-02-29T12:00:00Z", 0]]:
        middle = datetime.fromisoformat(since).date()
        for day in (middle + timedelta(days=days) for days in (-1, 0, 1)):
            for quarter in range(96):
                hour, minute = divmod(quarter * 15, 60)
                found = instant_of(day, f"{hour:02}:{minute:02}", zone)
                assert found.start_ms == by_looking(zone, day, hour, minute)


@pytest.mark.parametrize("zone", ZONES)
def test_a_weekly_repeat_shows_the_same_wall_time_in_every_week_of_six_years(zone: str) -> None:
    repeat = a_repeat(zone=zone, days=(6,), time="09:15", first=date(2025, 1, 1))
    found = occurrences(repeat, ms("2025-01-01T00:00Z"), ms("2031-01-01T00:00Z"))
    assert len(found) in (312, 313)
    assert {wall(each.start_ms, zone)[-5:] for each in found} == {"09:15"}
    assert {(after.date - before.date).days for before, after in pairwise(found)} == {7}
    assert not any(each.start_ms % DEFAULT.grid_ms for each in found)


def test_the_table_has_thirty_and_forty_five_minute_zones_and_a_half_hour_change() -> None:
    offsets = {zone: each["offset_min"] % 60 for zone, each in ZONES.items()}
    assert (offsets["Asia/Kathmandu"], offsets["Asia/Kolkata"], offsets["Pacific/Chatham"]) == (
        45,
        30,
        45,
    )
    assert {minutes for _, minutes in ZONES["Australia/Lord_Howe"]["changes"]} == {630, 660}
    assert len(ZONES) >= 12


# D15, by its numbers


def new_york_hours(from_: str, to: str) -> dict[str, str]:
    found = occurrences(a_repeat(first=date(2027, 1, 1)), ms(from_), ms(to))
    return {each.date.isoformat(): wall(each.start_ms, "America/New_York")[-5:] for each in found}


def test_D15_1_weekdays_at_15_in_Berlin_move_for_New_York_between_the_two_changes() -> None:
    spring = new_york_hours("2027-03-01T00:00Z", "2027-04-10T00:00Z")
    assert {hour for day, hour in spring.items() if day <= "2027-03-12"} == {"09:00"}
    assert {hour for day, hour in spring.items() if "2027-03-15" <= day <= "2027-03-26"} == {
        "10:00"
    }
    assert {hour for day, hour in spring.items() if day >= "2027-03-29"} == {"09:00"}
    autumn = new_york_hours("2027-10-25T00:00Z", "2027-11-13T00:00Z")
    assert {day for day, hour in autumn.items() if hour == "10:00"} == {
        "2027-11-01", "2027-11-02", "2027-11-03", "2027-11-04", "2027-11-05",
    }  # fmt: skip
    assert set(autumn.values()) == {"09:00", "10:00"}


def test_D15_1_it_can_be_told_beforehand_which_weeks_differ() -> None:
    repeat = a_repeat(first=date(2027, 1, 1))
    told = shifts(repeat, "America/New_York", ms("2027-03-01T00:00Z"), ms("2027-04-10T00:00Z"))
    assert told == [(date(2027, 3, 15), "10:00"), (date(2027, 3, 29), "09:00")]
    assert shifts(repeat, "Europe/Berlin", ms("2027-03-01T00:00Z"), ms("2027-04-10T00:00Z")) == []


def test_D15_2_the_owners_wall_time_is_the_anchor() -> None:
    found = occurrences(a_repeat(), ms("2027-03-01T00:00Z"), ms("2027-05-01T00:00Z"))
    assert {wall(each.start_ms, "Europe/Berlin")[-5:] for each in found} == {"15:00"}


def test_D15_3_a_missing_half_past_two_moves_to_half_past_three_and_says_so() -> None:
    gone = instant_of(date(2027, 3, 14), "02:30", "America/New_York")
    assert gone.moved
    assert wall(gone.start_ms, "America/New_York") == "Sun 14 03:30"
    assert not instant_of(date(2027, 3, 15), "02:30", "America/New_York").moved
    repeat = a_repeat(days=(6,), time="02:30", zone="America/New_York")
    [told] = [each for each in coming(repeat, {}, ms("2027-03-07T12:00Z")) if each.date.day == 14][
        :1
    ]
    assert told.state is DateState.MOVED


def test_D15_4_of_a_double_half_past_one_the_first_is_taken() -> None:
    found = instant_of(date(2027, 11, 7), "01:30", "America/New_York")
    assert found.start_ms == ms("2027-11-07T05:30Z")  # EDT; the second, EST, is an hour later
    assert not found.moved


def test_D15_5_a_session_across_the_change_has_fifty_real_minutes() -> None:
    start = instant_of(date(2027, 3, 28), "01:45", "Europe/Berlin").start_ms
    booking = Booking(
        id="b1",
        member="ana",
        start_ms=start,
        length_min=50,
        state=State.WAITING,
        created_ms=0,
        version=1,
    )
    assert booking.end_ms - start == 50 * MINUTE_MS
    assert wall(booking.end_ms, "Europe/Berlin") == "Sun 28 03:35"


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu"])
def test_D15_edge_half_hour_shifts_and_odd_offsets_stay_on_the_grid(zone: str) -> None:
    repeat = checked(a_repeat(zone=zone, time="09:00"), DEFAULT, ms("2027-03-01T00:00Z"))
    year = occurrences(repeat, ms("2027-03-01T00:00Z"), ms("2028-03-01T00:00Z"))
    assert {each.start_ms % DEFAULT.grid_ms for each in year} == {0}
    assert {wall(each.start_ms, zone)[-5:] for each in year} == {"09:00"}


def test_D15_edge_a_leap_day_is_a_day_like_any_other() -> None:
    repeat = a_repeat(days=(1,), first=date(2028, 2, 1))
    found = occurrences(repeat, ms("2028-02-20T00:00Z"), ms("2028-03-10T00:00Z"))
    assert [each.date for each in found] == [date(2028, 2, 22), date(2028, 2, 29), date(2028, 3, 7)]


def test_D15_edge_the_owners_date_may_be_another_day_elsewhere() -> None:
    found = instant_of(date(2027, 1, 1), "08:00", "Pacific/Auckland")
    assert wall(found.start_ms, "America/New_York") == "Thu 31 14:00"


# What can be repeated


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"days": ()}, "days"),
        ({"days": (7,)}, "days"),
        ({"time": "24:00"}, "time"),
        ({"time": "9:00"}, "time"),
        ({"time": "09:00\n"}, "time"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"title": "t" * 101}, "title"),
        ({"first": date(2030, 1, 1)}, "from"),
        ({"until": date(2027, 2, 1)}, "until"),
        ({"days": (0,), "until": date(2027, 3, 2), "first": date(2027, 3, 2)}, "until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(BadField) as refusal:
        checked(a_repeat(**given), DEFAULT, ms("2027-03-01T00:00Z"))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"length_min": 33}, BadLength), ({"time": "15:10"}, OffGrid)],
)
def test_what_could_not_be_booked_is_refused(
    given: dict[str, object], refusal: type[SchedulerError]
) -> None:
    with pytest.raises(refusal):
        checked(a_repeat(**given), DEFAULT, ms("2027-03-01T00:00Z"))


def test_a_repeat_that_leaves_the_grid_when_the_clocks_change_is_refused_at_once() -> None:
    hourly = of(community="small")
    repeat = a_repeat(zone="Australia/Lord_Howe", time="09:00")
    with pytest.raises(OffGrid) as refusal:
        checked(repeat, hourly, ms("2027-03-01T00:00Z"))
    assert refusal.value.data["date"] == "2027-04-05"  # +11:00 until then, +10:30 from then on


def test_days_come_in_order_and_once() -> None:
    assert checked(a_repeat(days=(4, 0, 4)), DEFAULT, ms("2027-03-01T00:00Z")).days == (0, 4)


# What is to be booked


NOW = ms("2027-03-01T08:00Z")
HORIZON = DEFAULT.horizon_ms


def test_every_date_inside_the_horizon_is_to_be_booked_once() -> None:
    dates = undecided(a_repeat(), {}, NOW, HORIZON)
    assert len(dates) == 20
    assert dates[0].start_ms == ms("2027-03-01T14:00Z")
    kept = {
        each.date.isoformat(): Kept(state=DateState.BOOKED, start_ms=each.start_ms)
        for each in dates
    }
    assert undecided(a_repeat(), kept, NOW, HORIZON) == []
    [next_one] = undecided(a_repeat(), kept, NOW + DAY_MS, HORIZON)
    assert next_one.date == date(2027, 3, 29)


def test_new_zone_rules_change_what_is_not_booked_and_nothing_that_is() -> None:
    start = ms("2027-03-02T14:00Z")
    before = {
        "2027-03-02": Kept(state=DateState.BOOKED, start_ms=start - 60 * MINUTE_MS, booking="b1")
    }
    assert date(2027, 3, 2) not in [
        each.date for each in undecided(a_repeat(), before, NOW, HORIZON)
    ]
    shown = {each.date.day: each for each in coming(a_repeat(), before, NOW)}
    assert shown[2].start_ms == start - 60 * MINUTE_MS
    taken = {
        "2027-03-02": Kept(state=DateState.TAKEN, start_ms=start - 60 * MINUTE_MS, why="overlap")
    }
    assert undecided(a_repeat(), taken, NOW, HORIZON)[1].start_ms == start


def test_a_date_taken_or_skipped_stays_so() -> None:
    start = ms("2027-03-02T14:00Z")
    for state in (DateState.TAKEN, DateState.SKIPPED):
        kept = {"2027-03-02": Kept(state=state, start_ms=start)}
        assert date(2027, 3, 2) not in [
            each.date for each in undecided(a_repeat(), kept, NOW, HORIZON)
        ]


@pytest.mark.parametrize("why", ["off_grid", "bad_length"])
def test_a_date_that_the_rules_of_the_instance_do_not_offer_waits_for_other_rules(why: str) -> None:
    start = ms("2027-03-02T14:00Z")
    kept = {"2027-03-02": Kept(state=DateState.TAKEN, start_ms=start, why=why)}
    assert date(2027, 3, 2) in [each.date for each in undecided(a_repeat(), kept, NOW, HORIZON)]


def test_it_is_looked_at_again_when_the_next_date_comes_inside_the_horizon() -> None:
    assert next_look_ms(a_repeat(), NOW, HORIZON) == ms("2027-03-29T13:00Z") - HORIZON
    rare = a_repeat(days=(6,))
    assert next_look_ms(rare, NOW, HORIZON) == NOW + DAY_MS


def test_after_its_last_date_it_is_not_looked_at_any_more() -> None:
    ends = a_repeat(until=date(2027, 3, 5))
    assert next_look_ms(ends, NOW, HORIZON) is not None
    assert next_look_ms(ends, ms("2027-03-06T00:00Z"), HORIZON) is None


def test_a_wish_of_a_repeat_carries_its_settings() -> None:
    wish = a_repeat(title="Thesis", quiet=True, also_shorter=True).wish(NOW)
    assert (wish.start_ms, wish.length_min, wish.title, wish.quiet) == (NOW, 50, "Thesis", True)
    assert wish.also_shorter
    assert not a_repeat().wish(NOW).also_shorter


def test_today_is_the_zones_own() -> None:
    assert today_in("Pacific/Auckland", ms("2027-03-01T13:00Z")) == date(2027, 3, 2)
    assert today_in("America/New_York", ms("2027-03-01T03:00Z")) == date(2027, 2, 28)
